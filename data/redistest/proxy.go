package redistest

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Proxy stands between clients and a server and can spoil their connection.
// Its methods may be called from any goroutine.
type Proxy struct {
	Addr string // where clients connect to

	t        testing.TB
	upstream string
	wg       sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener  // nil while refusing
	hole     chan struct{} // not nil: nothing passes until it is closed
	pairs    map[*pair]bool
	swallow  map[string]int // command name -> replies to lose
	seen     map[string]int // command name -> how often it was passed on
	closed   bool
}

// pair is one client's connection and the one made for it to the server.
type pair struct {
	client, server net.Conn
	once           sync.Once
	dead           chan struct{}
	silent         atomic.Bool // nothing reaches either side any more
	lose           atomic.Bool // the next reply is lost and the connection with it
}

// NewProxy starts a proxy in front of the server at upstream. It ends with the
// test.
func NewProxy(t testing.TB, upstream string) *Proxy {
	t.Helper()
	p := &Proxy{
		Addr: "127.0.0.1:0", t: t, upstream: upstream,
		pairs: map[*pair]bool{}, swallow: map[string]int{}, seen: map[string]int{},
	}
	p.listen()
	p.Addr = p.listener.Addr().String()
	t.Cleanup(p.close)
	return p
}

// URL returns the proxy's address as redis://host:port/0.
func (p *Proxy) URL() string { return "redis://" + p.Addr + "/0" }

// Swallow loses the replies to the next n commands of that name: the server
// carries them out, and the client sees its connection close instead.
func (p *Proxy) Swallow(n int, command string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.swallow[strings.ToUpper(command)] += n
}

// Swallowed reports whether all replies that Swallow asked for were lost.
func (p *Proxy) Swallowed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.swallow {
		if n > 0 {
			return false
		}
	}
	return true
}

// Seen returns how many commands of that name came through.
func (p *Proxy) Seen(command string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[strings.ToUpper(command)]
}

// Connections returns how many clients are connected.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

// Reset breaks every connection with a TCP reset. New ones work.
func (p *Proxy) Reset() {
	for _, c := range p.current() {
		if tcp, ok := c.client.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		c.end()
	}
}

// HalfOpen makes every connection there is silent for ever, as a router that
// forgot them would. New ones work.
func (p *Proxy) HalfOpen() {
	for _, c := range p.current() {
		c.silent.Store(true)
	}
}

// BlackHole holds back everything on old and new connections until Resume.
func (p *Proxy) BlackHole() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hole == nil {
		p.hole = make(chan struct{})
	}
}

// Refuse breaks every connection and lets nobody in until Resume.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	l := p.listener
	p.listener = nil
	p.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
	p.Reset()
}

// Resume ends BlackHole and Refuse. What a black hole held back goes on its way.
func (p *Proxy) Resume() {
	p.t.Helper()
	p.mu.Lock()
	if p.hole != nil {
		close(p.hole)
		p.hole = nil
	}
	shut := p.listener == nil
	p.mu.Unlock()
	if shut {
		p.listen()
	}
}

func (p *Proxy) listen() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.Addr)
	if err != nil {
		p.t.Fatalf("listen for the proxy: %v", err)
	}
	p.mu.Lock()
	p.listener = l
	p.mu.Unlock()
	p.wg.Go(func() { p.accept(l) })
}

func (p *Proxy) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.upstream)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.join(&pair{client: client, server: server, dead: make(chan struct{})})
	}
}

func (p *Proxy) join(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.listener == nil {
		c.end()
		return
	}
	p.pairs[c] = true
	p.wg.Go(func() { p.requests(c) })
	p.wg.Go(func() { p.replies(c) })
}

// requests passes commands on, one at a time, so that it knows their names.
func (p *Proxy) requests(c *pair) {
	defer p.leave(c)
	r := bufio.NewReader(c.client)
	for {
		name, raw, err := readCommand(r)
		if err != nil {
			return
		}
		if !p.pass(c) {
			return
		}
		if c.silent.Load() {
			continue
		}
		p.count(c, strings.ToUpper(name))
		if _, err := c.server.Write(raw); err != nil {
			return
		}
	}
}

func (p *Proxy) count(c *pair, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[name]++
	if p.swallow[name] > 0 {
		p.swallow[name]--
		c.lose.Store(true)
	}
}

// replies passes back what the server says.
func (p *Proxy) replies(c *pair) {
	defer p.leave(c)
	buf := make([]byte, 32<<10)
	for {
		n, err := c.server.Read(buf)
		if c.silent.Load() && err != nil {
			<-c.dead // the client must not learn that nobody is there
		}
		if err != nil || c.lose.Load() || !p.pass(c) {
			return
		}
		if c.silent.Load() {
			continue
		}
		if _, err := c.client.Write(buf[:n]); err != nil {
			return
		}
	}
}

// pass waits while there is a black hole; false means that the pair has ended.
func (p *Proxy) pass(c *pair) bool {
	p.mu.Lock()
	hole := p.hole
	p.mu.Unlock()
	if hole == nil {
		return true
	}
	select {
	case <-hole:
		return true
	case <-c.dead:
		return false
	}
}

func (p *Proxy) current() []*pair {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []*pair
	for c := range p.pairs {
		all = append(all, c)
	}
	return all
}

// leave ends the pair when one of its sides has ended.
func (p *Proxy) leave(c *pair) {
	c.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pairs, c)
}

func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	l := p.listener
	p.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
	for _, c := range p.current() {
		c.end()
	}
	p.wg.Wait()
}

func (c *pair) end() {
	c.once.Do(func() {
		close(c.dead)
		_ = c.client.Close()
		_ = c.server.Close()
	})
}

// readCommand reads one command of a client, and returns its name and bytes.
func readCommand(r *bufio.Reader) (name string, raw []byte, err error) {
	raw, n, err := readHead(r, nil, '*')
	for i := 0; i < n && err == nil; i++ {
		var size int
		raw, size, err = readHead(r, raw, '$')
		if err != nil {
			break
		}
		start := len(raw)
		raw = append(raw, make([]byte, size+2)...)
		_, err = io.ReadFull(r, raw[start:])
		if i == 0 {
			name = string(raw[start : start+size])
		}
	}
	return name, raw, err
}

// readHead appends a line such as "*3\r\n" to raw and returns its number.
func readHead(r *bufio.Reader, raw []byte, mark byte) ([]byte, int, error) {
	line, err := r.ReadBytes('\n')
	if err != nil {
		return raw, 0, err
	}
	n := 0
	for _, b := range line[1:] {
		if b >= '0' && b <= '9' {
			n = n*10 + int(b-'0')
		}
	}
	if line[0] != mark {
		return raw, 0, io.ErrUnexpectedEOF
	}
	return append(raw, line...), n, nil
}
