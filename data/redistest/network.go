package redistest

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

// Network is the way of clients to any number of servers: each is reached
// through a Proxy of its own, made when somebody first goes there. Its methods
// may be called from any goroutine.
type Network struct {
	t testing.TB

	mu      sync.Mutex
	proxies map[string]*Proxy // address asked for -> the way there
	cut     bool              // new ways are cut as well
}

// NewNetwork makes a network in which nothing is cut. It ends with the test.
func NewNetwork(t testing.TB) *Network {
	return &Network{t: t, proxies: map[string]*Proxy{}}
}

// Dial connects to addr through its proxy. It fits the hook for connections
// that clients have. A client sees the address it asked for at the other end.
func (n *Network) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	asked, err := net.ResolveTCPAddr(network, addr)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: 2 * time.Second}
	conn, err := dialer.DialContext(ctx, network, n.Proxy(addr).Addr)
	if err != nil {
		return nil, err
	}
	return &detour{conn.(*net.TCPConn), asked}, nil
}

// Proxy returns what stands between the clients and the server at addr.
func (n *Network) Proxy(addr string) *Proxy {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.proxies[addr]
	if p == nil {
		p = NewProxy(n.t, addr)
		n.proxies[addr] = p
		if n.cut {
			p.BlackHole()
		}
	}
	return p
}

// Cut lets nothing through to the servers at these addresses and nothing back,
// as a pulled cable does. Without addresses that holds for all servers, also
// for those that nobody has asked for yet.
func (n *Network) Cut(addrs ...string) {
	for _, p := range n.ways(addrs, true) {
		p.BlackHole()
	}
}

// Heal undoes Cut and whatever else holds back the proxies of these addresses,
// or of all. What was held back goes on its way.
func (n *Network) Heal(addrs ...string) {
	for _, p := range n.ways(addrs, false) {
		p.Resume()
	}
}

// ways returns the proxies of the given addresses. Without any it returns all,
// and notes whether new ones are to be cut.
func (n *Network) ways(addrs []string, cut bool) []*Proxy {
	var some []*Proxy
	for _, addr := range addrs {
		some = append(some, n.Proxy(addr))
	}
	if len(addrs) > 0 {
		return some
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = cut
	for _, p := range n.proxies {
		some = append(some, p)
	}
	return some
}

// detour is a connection that does not show the proxy in its way.
type detour struct {
	*net.TCPConn
	asked net.Addr
}

// RemoteAddr returns the address that was asked for.
func (d *detour) RemoteAddr() net.Addr { return d.asked }
