package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"
)

// Times of one attempt. Whoever calls retries, so that all of them are short.
const (
	dialTimeout = 2 * time.Second
	ioTimeout   = time.Second
)

// Two ways in which a port of the other kind shows itself.
var (
	errCutAtOnce   = errors.New("closed before any answer")
	errNoHandshake = errors.New("a plain answer to the TLS handshake")
)

// dialer connects to a server. The driver leaves TLS to a dialer of one's own.
type dialer struct {
	tls     *tls.Config                                                       // nil: plain
	plain   func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the network's
	heard   atomic.Bool                                                       // the server has once spoken as expected
	notTLS  atomic.Bool                                                       // it answered a TLS handshake in plain
	away    atomic.Bool                                                       // a plain connection left this computer
	version atomic.Uint32                                                     // of TLS, as negotiated last
}

func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := d.connect(ctx, network, addr)
	if err != nil {
		d.notTLS.Store(false)
		return nil, err
	}
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
	conn, err := nd.DialContext(ctx, network, addr)
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
	conf := d.tls
	if conf.ServerName == "" {
		conf = conf.Clone()
		conf.ServerName, _, _ = net.SplitHostPort(addr)
	}
	secure := tls.Client(conn, conf)
	err := handshake(ctx, secure)
	if err == nil {
		d.heard.Store(true)
		d.notTLS.Store(false)
		d.version.Store(uint32(secure.ConnectionState().Version))
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
	return nil, err
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

// secureBy names the version of TLS that was negotiated last.
func (d *dialer) secureBy() string { return tls.VersionName(uint16(d.version.Load())) }

// firstConn is a plain connection to a server that has never answered yet. A
// TLS port closes such a connection at the first word, which is worth telling.
type firstConn struct {
	*net.TCPConn
	heard *atomic.Bool
}

func (c *firstConn) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	if n > 0 && !c.heard.Load() {
		c.heard.Store(true)
	}
	if err != nil && !timedOut(err) && !c.heard.Load() {
		err = fmt.Errorf("%w: %w", errCutAtOnce, err)
	}
	return n, err
}
