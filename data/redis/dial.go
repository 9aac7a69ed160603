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
	errNoHandshake = errors.New("no answer to the TLS handshake")
)

// dialer connects to a server. The driver leaves TLS to a dialer of one's own.
type dialer struct {
	tls   *tls.Config // nil: plain
	heard atomic.Bool // the server has once spoken as expected
	mute  atomic.Bool // it left a first TLS handshake without an answer
}

func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	nd := net.Dialer{
		Timeout:         dialTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 5 * time.Second, Count: 3},
	}
	conn, err := nd.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if d.tls != nil {
		return d.handshake(ctx, conn, addr)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && !d.heard.Load() {
		return &firstConn{TCPConn: tcp, heard: &d.heard}, nil
	}
	return conn, nil
}

func (d *dialer) handshake(ctx context.Context, conn net.Conn, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conf := d.tls
	if conf.ServerName == "" {
		conf = conf.Clone()
		conf.ServerName, _, _ = net.SplitHostPort(addr)
	}
	secure := tls.Client(conn, conf)
	err := secure.HandshakeContext(ctx)
	if err == nil {
		d.heard.Store(true)
		d.mute.Store(false)
		return secure, nil
	}
	_ = conn.Close()
	if timedOut(err) && !d.heard.Load() {
		// A plain Redis takes the handshake for the start of a long command.
		d.mute.Store(true)
		err = fmt.Errorf("%w: %w", errNoHandshake, err)
	}
	return nil, err
}

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
