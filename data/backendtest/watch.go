package backendtest

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trolley/data"
)

// follower collects the signals of one Watch.
type follower struct {
	t       *testing.T
	signals chan data.Signal
	stop    context.CancelFunc
	done    chan struct{}
}

// follow watches the cart from a counter, and returns once following has begun.
func (s *shop) follow(b data.Backend) *follower {
	s.Helper()
	f := watch(s.T, b)
	if first := f.next(); first.Kind != data.SignalUp {
		s.Fatalf("the first signal is %+v, want Up", first)
	}
	return f
}

func watch(t *testing.T, b data.Backend) *follower {
	ctx, cancel := context.WithCancel(context.Background())
	f := &follower{t: t, signals: make(chan data.Signal, 10_000), stop: cancel, done: make(chan struct{})}
	go func() {
		defer close(f.done)
		b.Watch(ctx, theCart, func(s data.Signal) { f.signals <- s })
	}()
	t.Cleanup(func() {
		cancel()
		f.wait()
	})
	return f
}

// wait waits until Watch has returned.
func (f *follower) wait() {
	f.t.Helper()
	select {
	case <-f.done:
	case <-time.After(patience):
		f.t.Error("Watch did not return")
	}
}

func (f *follower) next() data.Signal {
	f.t.Helper()
	select {
	case s := <-f.signals:
		return s
	case <-time.After(patience):
		f.t.Fatal("no signal came")
		return data.Signal{}
	}
}

// event returns the next event; news of the catalogue may come between.
func (f *follower) event() data.Event {
	f.t.Helper()
	for {
		s := f.next()
		switch s.Kind {
		case data.SignalEvent:
			return s.Event
		case data.SignalCatalogue:
		default:
			f.t.Fatalf("got signal %+v, want an event", s)
		}
	}
}

// wantEvents hears exactly these events next.
func (f *follower) wantEvents(want ...data.Event) {
	f.t.Helper()
	for i, w := range want {
		if got := f.event(); got.Encode() != w.Encode() {
			f.t.Fatalf("event %d is\n%s\nwant\n%s", i, got.Encode(), w.Encode())
		}
	}
}

func (f *follower) wantCatalogue() {
	f.t.Helper()
	if s := f.next(); s.Kind != data.SignalCatalogue {
		f.t.Fatalf("got signal %+v, want news of the catalogue", s)
	}
}

var eventCases = []testCase{
	{"EveryChangeIsOneCompleteEvent", Options{}, testEvents},
	{"EventsOfAnotherCounterComeInOrder", Options{}, testEventsElsewhere},
	{"EventsFoldIntoTheCartThatIsRead", small, testFold},
	{"RefusalsAndRepeatsAreNotAnnounced", Options{}, testSilence},
	{"EventsOfOtherCartsAreNotHeard", Options{}, testOtherCart},
}

func testEvents(s *shop) {
	s.stock("espresso")
	f := s.follow(s.Backend)
	before := time.Now().Add(-time.Minute)
	changes := []data.Change{by("Kasse ünï 7", add("espresso", 2)), step("espresso", 3), set("espresso", 5, 4), remove("espresso"), add("espresso", 1)}
	wants := [][2]int64{{2, 0}, {5, 2}, {4, 5}, {0, 4}, {1, 0}} // quantity, and before
	var prev data.OpID
	for i, c := range changes {
		e := s.do(c)
		wantEqual(s, "token", e.Token, data.Token{Version: int64(i) + 1, Op: c.Op})
		wantEqual(s, "operation before", e.Prev, prev)
		wantEqual(s, "kind", e.Kind, c.Kind)
		wantEqual(s, "product", e.Product, "espresso")
		wantEqual(s, "quantities", [2]int64{e.Quantity, e.Was}, wants[i])
		wantEqual(s, "by", e.By, c.By)
		if e.At.Before(before) || e.Quantity > 0 && (e.Added.IsZero() || e.Added.After(e.At)) {
			s.Errorf("times of the event: added %v, at %v", e.Added, e.At)
		}
		f.wantEvents(e)
		prev = c.Op
	}
	seen := s.cart().Token
	f.wantEvents(s.do(clearCart(seen)))
}

func testEventsElsewhere(s *shop) {
	s.stock("espresso")
	f := s.follow(s.second())
	var want []data.Event
	for range 50 {
		want = append(want, s.do(add("espresso", 1)))
	}
	f.wantEvents(want...)
}

func testFold(s *shop) {
	names := map[data.ProductID]data.Product{}
	for _, id := range []data.ProductID{"a", "b", "c", "d"} {
		s.stock(id)
		names[id], _ = s.Product(s.Context(), id)
	}
	lookup := func(id data.ProductID) (data.Product, bool) { p, ok := names[id]; return p, ok }
	f := s.follow(s.second())
	c := s.cart()
	changes := []data.Change{add("b", 1), add("a", 2), add("c", 9), step("a", 4), set("b", 1, 3), remove("b"),
		add("d", 1), step("d", -1), add("b", 5), by("Till 2", add("b", 5))}
	follows := func(ch data.Change) {
		s.Helper()
		s.do(ch)
		c = fold(s.T, f.event(), c, lookup)
		wantCart(s, c, s.cart())
	}
	for _, ch := range changes {
		follows(ch)
	}
	follows(rename("Frau Ünal"))
	follows(clearCart(c.Token))
	follows(add("a", 2))
	follows(add("b", 1))
	follows(rename("Table 4"))
	follows(by("Till 2", checkout(c.Token)))
	follows(rename("Table 5"))
	follows(clearCart(c.Token))
}

func fold(t *testing.T, e data.Event, c data.Cart, lookup func(data.ProductID) (data.Product, bool)) data.Cart {
	t.Helper()
	c, ok := e.Fold(c, lookup)
	if !ok {
		t.Fatalf("event %s does not follow on the cart %s", e.Encode(), c.Token)
	}
	return c
}

func testSilence(s *shop) {
	s.stock("espresso")
	f := s.follow(s.Backend)
	c := add("espresso", 1)
	first := s.do(c)
	wantRepeat(s.T, s.Backend, c, first)
	s.refused(add("unicorn", 1))
	s.refused(remove("unicorn"))
	s.refused(set("espresso", 9, 1))
	last := s.do(add("espresso", 1))
	f.wantEvents(first, last)
	wantEqual(s, "operation before the last", last.Prev, c.Op)
}

func testOtherCart(s *shop) {
	s.stock("espresso")
	f := s.follow(s.Backend)
	if _, err := s.Apply(s.Context(), "counter-2", add("espresso", 1)); err != nil {
		s.Fatal(err)
	}
	f.wantEvents(s.do(add("espresso", 1)))
}

var watchCases = []testCase{
	{"WatchIsToldOfTheCatalogue", Options{}, testCatalogueSignal},
	{"WatchersDoNotDisturbEachOther", Options{}, testStuckWatcher},
	{"WatchEndsWithItsContextAndLeavesNothing", Options{}, testWatchEnds},
}

func testCatalogueSignal(s *shop) {
	own, other := s.follow(s.Backend), s.follow(s.second())
	s.stock("espresso")
	own.wantCatalogue()
	other.wantCatalogue()
}

func testStuckWatcher(s *shop) {
	s.stock("espresso")
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(s.Context())
	stuck := make(chan struct{})
	go func() {
		defer close(stuck)
		s.Watch(ctx, theCart, func(data.Signal) { <-release })
	}()
	f := s.follow(s.Backend)
	for range 300 {
		f.wantEvents(s.do(add("espresso", 1)))
	}
	cancel()
	close(release)
	<-stuck
}

func testWatchEnds(s *shop) {
	s.stock("espresso")
	ended := s.follow(s.Backend)
	ended.stop()
	ended.wait()
	before := goleak.IgnoreCurrent()
	for range 10 {
		f := s.follow(s.Backend)
		f.stop()
		f.wait()
	}
	goleak.VerifyNone(s, before)
}

var closeCases = []testCase{
	{"ClosedStoreAnswersThatItIsClosed", Options{}, testClosed},
	{"CloseEndsWatchAndLeavesNothing", Options{}, testCloseEndsWatch},
	{"EndedContextIsATimeout", Options{}, testEndedContext},
}

func testClosed(s *shop) {
	b := s.second()
	if err := b.Close(); err != nil {
		s.Fatalf("Close: %v", err)
	}
	for what, err := range callAll(s.Context(), b) {
		if err == nil {
			s.Errorf("%s: done, want ErrClosed", what)
			continue
		}
		wantIs(s, err, data.ErrClosed)
	}
	watch(s.T, b).wait()
	if err := b.Close(); err != nil {
		s.Errorf("second Close: %v", err)
	}
}

// callAll calls every method of a store that can fail.
func callAll(ctx context.Context, b data.Backend) map[string]error {
	errs := make(map[string]error)
	_, errs["Apply"] = b.Apply(ctx, theCart, add("espresso", 1))
	_, errs["Read"] = b.Read(ctx, theCart, data.Token{}, "")
	_, errs["Product"] = b.Product(ctx, "espresso")
	errs["Keep"] = b.Keep(ctx, theCart)
	errs["Products"] = b.Products(ctx, func([]data.Product) bool { return true })
	_, errs["Carts"] = b.Carts(ctx, data.Visit{Session: "one", Counter: "Till 1", Open: []data.CartID{theCart}})
	_, errs["Past"] = b.Past(ctx, false, time.Time{})
	_, errs["Activity"] = b.Activity(ctx, theCart)
	errs["CreateProduct"] = b.CreateProduct(ctx, data.Product{ID: "tea", Name: "Tea"})
	return errs
}

func testCloseEndsWatch(s *shop) {
	before := goleak.IgnoreCurrent()
	b := s.second()
	f := s.follow(b)
	if err := b.Close(); err != nil {
		s.Fatalf("Close: %v", err)
	}
	f.wait()
	goleak.VerifyNone(s, before)
}

func testEndedContext(s *shop) {
	s.stock("espresso")
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	for what, err := range callAll(ctx, s.Backend) {
		if got := data.FaultOf(err); got != data.FaultTimeout {
			s.Errorf("%s: fault %q of %v, want %q", what, got, err, data.FaultTimeout)
		}
	}
}
