package redis

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"time"
)

// passed is how far a connection has come while it is being made.
type passed int

const (
	passedFind   passed = iota // the name is known
	passedReach                // the other computer has taken the connection
	passedSecure               // the TLS handshake is done
)

// way knows how the connections of a store come about, and tells it to those
// who listen. The driver makes connections on goroutines and with contexts of
// its own, so that nothing can be passed to it. The zero way is ready for use.
type way struct {
	mu        sync.Mutex
	listeners []chan passed
	names     string // addresses found for a name last
	version   uint16 // of TLS, as negotiated last; 0: none
	until     time.Time
}

// mostNames is how many addresses of one name are told.
const mostNames = 4

// listen returns a channel of what new connections pass, until stop is called.
func (w *way) listen() (steps <-chan passed, stop func()) {
	c := make(chan passed, 16)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listeners = append(w.listeners, c)
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.listeners = slices.DeleteFunc(w.listeners, func(l chan passed) bool { return l == c })
	}
}

// pass tells a step to those who listen; one who does not keep up misses it.
func (w *way) pass(step passed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.listeners {
		select {
		case l <- step:
		default:
		}
	}
}

// watch returns a context that tells when a connection made with it has found
// the addresses of a name.
func (w *way) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{DNSDone: func(d httptrace.DNSDoneInfo) {
		if d.Err != nil {
			return
		}
		var names []string
		for _, a := range d.Addrs[:min(len(d.Addrs), mostNames)] {
			names = append(names, a.String())
		}
		w.mu.Lock()
		w.names = strings.Join(names, ", ")
		w.mu.Unlock()
		w.pass(passedFind)
	}})
}

// secured notes how a connection is encrypted.
func (w *way) secured(state tls.ConnectionState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version, w.until = state.Version, time.Time{}
	if len(state.PeerCertificates) > 0 {
		w.until = state.PeerCertificates[0].NotAfter
	}
}

// found returns the addresses of the name that was looked up last.
func (w *way) found() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.names
}

// security names the version of TLS that was negotiated last, and says until
// when the server's certificate is valid.
func (w *way) security() (version string, until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.version == 0 {
		return "", time.Time{}
	}
	return tls.VersionName(w.version), w.until
}
