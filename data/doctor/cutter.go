package doctor

import (
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Time from one cut to the next.
const (
	cutAfterLeast = 50 * time.Millisecond
	cutAfterMost  = 300 * time.Millisecond
)

// cutter makes connections and cuts them, one at a time. Its methods may be
// called from any goroutine.
type cutter struct {
	mu    sync.Mutex
	conns map[*conn]bool

	made atomic.Int64 // connections made
	cuts atomic.Int64 // connections cut
	over atomic.Bool  // nothing is cut any more
}

func newCutter() *cutter { return &cutter{conns: map[*conn]bool{}} }

// dial connects as a store would by itself.
func (c *cutter) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: 2 * time.Second}
	raw, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c.made.Add(1)
	made := &conn{Conn: raw, cutter: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns[made] = true
	return made, nil
}

// run cuts until ctx ends. Every other cut is one that loses a reply.
func (c *cutter) run(ctx context.Context) {
	defer c.over.Store(true)
	for reply := false; ; reply = !reply {
		select {
		case <-ctx.Done():
			return
		case <-time.After(cutAfterLeast + rand.N(cutAfterMost-cutAfterLeast)):
		}
		c.cut(reply)
	}
}

// cut closes one living connection: now, or with the reply to the next thing
// that is sent on it. Then the server has done what it was asked for, and
// nobody learns of it.
func (c *cutter) cut(reply bool) {
	victim := c.anyWhole(reply)
	switch {
	case victim == nil:
	case reply:
		victim.state.CompareAndSwap(whole, doomed)
	default:
		c.cuts.Add(1)
		_ = victim.Close()
	}
}

// anyWhole returns a connection at random that nothing was done to; nil: there
// is none. With busy it is one that was used a moment ago, and so will be soon.
func (c *cutter) anyWhole(busy bool) *conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	living := slices.Collect(maps.Keys(c.conns))
	since := time.Now().Add(-cutAfterMost).UnixNano()
	living = slices.DeleteFunc(living, func(k *conn) bool {
		return k.state.Load() != whole || busy && k.used.Load() < since
	})
	if len(living) == 0 {
		return nil
	}
	return living[rand.N(len(living))]
}

func (c *cutter) forget(k *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, k)
}

// States of a connection.
const (
	whole  = iota
	doomed // the reply to what is sent next is to be lost
	sent   // that was sent
)

// conn is a connection that a cutter made.
type conn struct {
	net.Conn
	cutter *cutter
	state  atomic.Int32
	used   atomic.Int64 // when something was sent last, in ns since 1970
}

// Write implements [net.Conn].
func (c *conn) Write(b []byte) (int, error) {
	c.used.Store(time.Now().UnixNano())
	c.state.CompareAndSwap(doomed, sent)
	return c.Conn.Write(b)
}

// Read implements [net.Conn]. A reply that is to be lost is waited for, so that
// what it answers is done.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil || c.state.Load() != sent || c.cutter.over.Load() {
		return n, err
	}
	c.cutter.cuts.Add(1)
	_ = c.Close()
	return 0, io.EOF
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	c.cutter.forget(c)
	return c.Conn.Close()
}
