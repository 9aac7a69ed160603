package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// Times of one attempt. Whoever calls retries, so that all of them are short.
const (
	dialTimeout = 2 * time.Second
	ioTimeout   = time.Second
)

// Ways in which a port of another kind than expected shows itself.
var (
	errCutAtOnce   = errors.New("closed before any answer")
	errNoHandshake = errors.New("a plain answer to the TLS handshake")
	errNeedsCert   = errors.New("the server wants a certificate, and there is none")
	errRefusesCert = errors.New("the server asked for the certificate and ended the connection")
)

// dialer connects to a server. The driver leaves TLS to a dialer of one's own.
type dialer struct {
	tls    *tls.Config                                                       // nil: plain
	plain  func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the network's
	heard  atomic.Bool                                                       // the server has once spoken as expected
	notTLS atomic.Bool                                                       // it answered a TLS handshake in plain
	letIn  atomic.Bool                                                       // it answered over TLS: the certificate, or none, is good enough
	away   atomic.Bool                                                       // a plain connection left this computer
	way    way                                                               // how far it comes
}

func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := d.connect(ctx, network, addr)
	if err != nil {
		d.notTLS.Store(false)
		return nil, err
	}
	d.way.pass(passedReach)
	if d.tls != nil {
		return d.secure(ctx, conn, network, addr)
	}
	if to, ok := conn.RemoteAddr().(*net.TCPAddr); ok && !to.IP.IsLoopback() {
		d.away.Store(true)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && !d.heard.Load() {
		return &firstConn{TCPConn: tcp, heard: &d.heard}, nil
	}
	return conn, nil
}

func (d *dialer) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	if d.plain != nil {
		return d.plain(ctx, network, addr)
	}
	nd := net.Dialer{
		Timeout:         dialTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 5 * time.Second, Count: 3},
	}
	conn, err := nd.DialContext(d.way.watch(ctx), network, addr)
	if tcp, ok := conn.(*net.TCPConn); ok {
		// An attempt that was given up ends with its connection. The system
		// would go on for minutes to deliver what was written, and a change
		// that was refused since could still be made.
		_ = tcp.SetLinger(0)
	}
	return conn, err
}

// secure speaks TLS on a connection, and closes it where that fails.
func (d *dialer) secure(ctx context.Context, conn net.Conn, network, addr string) (net.Conn, error) {
	secure := d.client(conn, addr)
	err := handshake(ctx, secure.Conn)
	if err == nil {
		d.heard.Store(true)
		d.notTLS.Store(false)
		d.way.secured(secure.ConnectionState())
		if !secure.asked && len(d.tls.Certificates) == 0 {
			d.way.pass(passedSecure) // else the server may still say no
		}
		return secure, nil
	}
	_ = conn.Close()
	if timedOut(err) && ctx.Err() == nil && !d.heard.Load() {
		plain := d.answersPlain(ctx, network, addr)
		d.notTLS.Store(plain)
		if plain {
			err = fmt.Errorf("%w: %w", errNoHandshake, err)
		}
	}
	return nil, secure.refused(err, isAlert(err))
}

// client returns the client's side of a TLS connection, still silent.
func (d *dialer) client(conn net.Conn, addr string) *secureConn {
	c, conf := &secureConn{letIn: &d.letIn, shows: len(d.tls.Certificates) > 0}, d.tls.Clone()
	if conf.ServerName == "" {
		conf.ServerName, _, _ = net.SplitHostPort(addr)
	}
	conf.GetClientCertificate = func(wanted *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		c.asked = true
		for i := range conf.Certificates {
			if wanted.SupportsCertificate(&conf.Certificates[i]) == nil {
				return &conf.Certificates[i], nil
			}
		}
		return &tls.Certificate{}, nil // which is none
	}
	c.Conn = tls.Client(conn, conf)
	return c
}

// handshake leaves a quarter of the time for answersPlain.
func handshake(ctx context.Context, secure *tls.Conn) error {
	wait := dialTimeout
	if end, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(end))
	}
	ctx, cancel := context.WithTimeout(ctx, wait*3/4)
	defer cancel()
	return secure.HandshakeContext(ctx)
}

// answersPlain tells a plain server from one that is gone, where nobody
// answered a handshake: a plain one takes that for the start of a long command,
// and waits. It gets to hear no secret.
func (d *dialer) answersPlain(ctx context.Context, network, addr string) bool {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout/8)
	defer cancel()
	conn, err := d.connect(ctx, network, addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	end, _ := ctx.Deadline()
	_ = conn.SetDeadline(end)
	_, _ = conn.Write([]byte("PING\r\n"))
	first := make([]byte, 1)
	_, err = conn.Read(first)
	return err == nil && (first[0] == '+' || first[0] == '-')
}

// secureConn is a TLS connection to a server that may want a certificate which
// we do not have, or refuse ours. Since TLS 1.3 it says so only after the
// handshake, and where we have written meanwhile all that may arrive is that the
// connection was reset.
type secureConn struct {
	*tls.Conn
	shows bool         // we have a certificate
	asked bool         // for one
	letIn *atomic.Bool // it has answered before
}

func (c *secureConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.asked && !c.letIn.Load() {
		c.letIn.Store(true)
	}
	return n, c.refused(err, !timedOut(err))
}

func (c *secureConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	return n, c.refused(err, !timedOut(err))
}

// refused says why a connection ended before the server said a word, where an
// error ended it that means so.
func (c *secureConn) refused(err error, ended bool) error {
	if err == nil || !ended || !c.asked || c.letIn.Load() {
		return err
	}
	if c.shows {
		return fmt.Errorf("%w: %w", errRefusesCert, err)
	}
	return fmt.Errorf("%w: %w", errNeedsCert, err)
}

// isAlert reports whether the other side refused a TLS handshake in words.
func isAlert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// firstConn is a plain connection to a server that has never answered yet. A
// TLS port closes such a connection at the first word, and a full server after
// one of its own, which the driver takes for the answer to an optional command.
type firstConn struct {
	*net.TCPConn
	heard   *atomic.Bool
	refusal atomic.Pointer[string] // what it said before it hung up
}

func (c *firstConn) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	if n > 0 && !c.heard.Load() {
		c.listen(b[:n])
	}
	return n, c.why(err)
}

func (c *firstConn) Write(b []byte) (int, error) {
	n, err := c.TCPConn.Write(b)
	if c.refusal.Load() == nil {
		return n, err
	}
	return n, c.why(err)
}

// listen tells a server that will serve us from one that turns us away.
func (c *firstConn) listen(first []byte) {
	for _, words := range []string{"-ERR max number of clients", "-DENIED"} {
		if strings.HasPrefix(string(first), words) {
			line, _, _ := strings.Cut(string(first[1:]), "\r\n")
			c.refusal.Store(&line)
			return
		}
	}
	c.heard.Store(true)
}

// why says more of an error that ended the connection, where more is known.
func (c *firstConn) why(err error) error {
	if err == nil || timedOut(err) || c.heard.Load() {
		return err
	}
	if text := c.refusal.Load(); text != nil {
		return &turnedAway{*text, err}
	}
	return fmt.Errorf("%w: %w", errCutAtOnce, err)
}

// turnedAway is the error of a connection that a server ended with a few words.
type turnedAway struct {
	text  string
	cause error
}

func (e *turnedAway) Error() string { return e.text }

func (e *turnedAway) Unwrap() error { return e.cause }
