package redistest

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy stands between clients and a server and can spoil their connection.
// Its methods may be called from any goroutine.
type Proxy struct {
	Addr string // where clients connect to

	t  testing.TB
	wg sync.WaitGroup

	mu       sync.Mutex
	upstream string
	listener net.Listener  // nil while refusing
	hole     chan struct{} // not nil: nothing passes until it is closed
	delay    time.Duration // how long replies are held back
	hurry    chan struct{} // closed when they no longer are
	pairs    map[*pair]bool
	swallow  map[string]int // command name -> replies to lose
	seen     map[string]int // command name -> how often it was passed on
	lost     int            // replies
	closed   bool
}

// pair is one client's connection and the one made for it to the server.
type pair struct {
	client, server net.Conn
	once           sync.Once
	dead           chan struct{}
	silent         atomic.Bool // nothing reaches either side any more
	lose           atomic.Bool // the next reply is lost and the connection with it
	deaf           atomic.Bool // no published message reaches the client
	stream         atomic.Bool // what the server says next are no replies, but a copy of its data
}

// NewProxy starts a proxy in front of the server at upstream. It ends with the
// test.
func NewProxy(t testing.TB, upstream string) *Proxy {
	t.Helper()
	p := &Proxy{
		Addr: freeAddr(t), t: t, upstream: upstream,
		pairs: map[*pair]bool{}, swallow: map[string]int{}, seen: map[string]int{},
	}
	t.Cleanup(p.close)
	if err := p.listen(); err != nil {
		t.Fatalf("listen for the proxy: %v", err)
	}
	return p
}

// URL returns the proxy's address as redis://host:port/0.
func (p *Proxy) URL() string { return "redis://" + p.Addr + "/0" }

// Swallow loses the replies to the next n commands of that name: the server
// carries them out, and the client sees its connection close instead. A command
// may come with its first argument, such as "EVALSHA" and the hash of a script.
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

// Lost returns how many replies were swallowed so far.
func (p *Proxy) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
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

// Deafen takes published messages out of what the server says on every
// connection there is, for ever; all else passes, the answers to PING as well.
// New connections hear everything.
func (p *Proxy) Deafen() {
	for _, c := range p.current() {
		c.deaf.Store(true)
	}
}

// Redirect makes new connections go to another server.
func (p *Proxy) Redirect(upstream string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.upstream = upstream
}

// Slow holds back what the server says for d, until Resume: a command is done
// at once and answered late. Replies that come together wait together.
func (p *Proxy) Slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
	if p.hurry == nil {
		p.hurry = make(chan struct{})
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
		hangUp(l)
	}
	p.Reset()
}

// Resume ends BlackHole, Refuse and Slow. What was held back goes on its way.
func (p *Proxy) Resume() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, wait := range []*chan struct{}{&p.hole, &p.hurry} {
		if *wait != nil {
			close(*wait)
			*wait = nil
		}
	}
	if p.listener != nil || p.closed {
		return
	}
	if err := p.listen(); err != nil {
		p.t.Errorf("listen again for the proxy: %v", err)
	}
}

func (p *Proxy) listen() error {
	l, err := net.Listen("tcp", p.Addr)
	if err != nil {
		return err
	}
	p.listener = l
	p.wg.Go(func() { p.accept(l) })
	return nil
}

func (p *Proxy) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target())
		if err != nil {
			_ = client.Close()
			continue
		}
		p.join(&pair{client: client, server: server, dead: make(chan struct{})})
	}
}

func (p *Proxy) target() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.upstream
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
		p.count(c, name)
		if _, err := c.server.Write(raw); err != nil {
			return
		}
	}
}

func (p *Proxy) count(c *pair, command string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	command = strings.ToUpper(command)
	name, _, _ := strings.Cut(command, " ")
	p.seen[name]++
	for _, asked := range []string{name, command} {
		if p.swallow[asked] > 0 {
			p.swallow[asked]--
			c.lose.Store(true)
			break
		}
	}
	if name == "PSYNC" {
		c.stream.Store(true)
	}
}

// replies passes back what the server says.
func (p *Proxy) replies(c *pair) {
	defer p.leave(c)
	r := bufio.NewReader(c.server)
	for {
		fresh := r.Buffered() == 0
		raw, err := readNext(r, c.stream.Load())
		if err != nil {
			if c.silent.Load() {
				<-c.dead // the client must not learn that nobody is there
			}
			return
		}
		if p.loses(c) || fresh && !p.hold(c) || !p.pass(c) {
			return
		}
		if c.silent.Load() || c.deaf.Load() && isMessage(raw) {
			continue
		}
		if _, err := c.client.Write(raw); err != nil {
			return
		}
	}
}

// loses reports whether the reply that came in is one to be lost.
func (p *Proxy) loses(c *pair) bool {
	if !c.lose.Load() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lost++
	return true
}

// hold waits for as long as replies are held back; false means that the pair
// has ended.
func (p *Proxy) hold(c *pair) bool {
	p.mu.Lock()
	delay, hurry := p.delay, p.hurry
	p.mu.Unlock()
	if hurry == nil {
		return true
	}
	wait := time.NewTimer(delay)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-hurry:
		return true
	case <-c.dead:
		return false
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
