package data

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/text/language"
)

// Shop is the live view of a shop: its carts, who has them open, and its
// products. The carts that a program shows are opened from it. Its methods may be
// called from any goroutine.
type Shop struct {
	backend Backend
	opt     Options
	shelf   *shelf
	visitor string // this program, among all that visit

	listings latest[Listing]
	again    chan struct{} // look now

	mu      sync.Mutex
	open    map[CartID]*Session
	leaving map[*Session]struct{} // put aside, and not over yet

	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// Listing is what is known of a shop's carts.
type Listing struct {
	Carts []CartInfo // as last read, those changed last first
	At    time.Time  // when that was, by this computer's clock; zero: never
	Err   error      // why they could not be read since; nil: they could
}

// Cart returns what is known of one cart.
func (l Listing) Cart(id CartID) (CartInfo, bool) {
	i := slices.IndexFunc(l.Carts, func(c CartInfo) bool { return c.ID == id })
	if i < 0 {
		return CartInfo{}, false
	}
	return l.Carts[i], true
}

// OpenShop starts the live view of a shop; Cart of the options is of no
// account. It does not wait for the store and never fails. The Shop does not
// close the backend.
func OpenShop(b Backend, o Options) *Shop {
	o = o.orDefault()
	s := &Shop{
		backend: b, opt: o, visitor: string(NewOp()), shelf: newShelf(b, o.Pace.Catalogue, o.Log),
		listings: make(latest[Listing], 1), again: make(chan struct{}, 1), open: map[CartID]*Session{}, leaving: map[*Session]struct{}{},
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.ended.Go(func() { s.shelf.run(ctx) })
	s.ended.Go(func() { s.visit(ctx) })
	return s
}

// Counter returns the name under which the shop's carts are changed.
func (s *Shop) Counter() string { return s.opt.Counter }

// SortAs puts the products in the order of a language. It takes long where
// there are many; the carts have the new order as soon as it returns.
func (s *Shop) SortAs(tag language.Tag) { s.shelf.sortAs(tag) }

// Limits returns what a cart may hold.
func (s *Shop) Limits() Limits { return s.opt.Limits }

// Open returns the live view of a cart, and starts it if it is not there.
func (s *Shop) Open(id CartID) *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, there := s.open[id]; there {
		return c
	}
	o := s.opt
	o.Cart = id
	c := newSession(s.backend, o, s.shelf)
	c.left, c.over = func() { s.forget(id, c) }, func() { s.bury(c) }
	s.open[id] = c
	c.start()
	s.Look()
	return c
}

func (s *Shop) forget(id CartID, c *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[id] == c {
		delete(s.open, id)
		s.leaving[c] = struct{}{}
		s.Look()
	}
}

func (s *Shop) bury(c *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.leaving, c)
}

// sessions returns the carts that are open.
func (s *Shop) sessions() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*Session, 0, len(s.open))
	for _, c := range s.open {
		all = append(all, c)
	}
	return all
}

// all returns the carts that are open or not over yet.
func (s *Shop) all() []*Session {
	all := s.sessions()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.leaving {
		all = append(all, c)
	}
	return all
}

// Listings returns the channel on which the newest listing waits. It is closed
// by Close.
func (s *Shop) Listings() <-chan Listing { return s.listings }

// Look has the carts listed now rather than with the next visit.
func (s *Shop) Look() {
	select {
	case s.again <- struct{}{}:
	default:
	}
}

// visit tells the store now and then which carts are open here, and publishes
// what it tells of all carts.
func (s *Shop) visit(ctx context.Context) {
	defer close(s.listings)
	var l Listing
	for {
		began := time.Now()
		carts, err := s.visitOnce(ctx)
		if l.Err = err; err == nil {
			l.Carts, l.At = carts, time.Now()
		}
		s.listings.put(l)
		// A list that takes the store long, of many carts, is asked for less often.
		wait := max(s.opt.Pace.Visit, min(visitShare*time.Since(began), HereLife/2))
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-s.again:
		case <-t.C:
		}
		t.Stop()
	}
}

// visitShare is what part of the time visits may take: one in so many.
const visitShare = 20

func (s *Shop) visitOnce(ctx context.Context) ([]CartInfo, error) {
	v := Visit{Session: s.visitor, Counter: s.opt.Counter}
	for _, c := range s.sessions() {
		v.Open = append(v.Open, c.ID())
	}
	slices.Sort(v.Open)
	v.Open = v.Open[:min(len(v.Open), MaxOpen)]
	ctx, cancel := context.WithTimeout(ctx, 2*s.opt.Pace.Attempt)
	defer cancel()
	carts, err := s.backend.Carts(ctx, v)
	slices.SortStableFunc(carts, func(a, b CartInfo) int {
		return cmp.Or(b.Last.At.Compare(a.Last.At), cmp.Compare(a.ID, b.ID))
	})
	return carts, err
}

// Others returns who else has a cart open, by name: not this program.
func (s *Shop) Others(c CartInfo) []string {
	var names []string
	for _, h := range c.Here {
		if h.Session != s.visitor {
			names = append(names, h.Counter)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Past is [Backend.Past].
func (s *Shop) Past(ctx context.Context, orders bool, before time.Time) ([]Past, error) {
	return s.backend.Past(ctx, orders, before)
}

// Activity is [Backend.Activity].
func (s *Shop) Activity(ctx context.Context, cart CartID) ([]Event, error) {
	return s.backend.Activity(ctx, cart)
}

// Close ends the shop and all its carts. Until ctx ends it waits for changes
// under way to get their answers. Those without one stay in the queue for the
// next run; those that are in no queue are returned.
func (s *Shop) Close(ctx context.Context) []Change {
	var (
		mu     sync.Mutex
		unsent []Change
		all    sync.WaitGroup
	)
	for _, c := range s.all() {
		all.Go(func() {
			c.Drain(ctx)
			left := c.Close()
			mu.Lock()
			defer mu.Unlock()
			unsent = append(unsent, left...)
		})
	}
	all.Wait()
	s.cancel()
	s.ended.Wait()
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opt.Pace.Attempt/2)
	defer cancel()
	if _, err := s.backend.Carts(bye, Visit{Session: s.visitor, Counter: s.opt.Counter}); err != nil {
		s.opt.Log.Debug("the other counters are not told that this one leaves", "error", err)
	}
	return unsent
}
