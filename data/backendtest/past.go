package backendtest

import (
	"errors"
	"fmt"
	"time"

	"trolley/data"
)

var expiryCases = []testCase{
	{"ExpiredCartIsReadAsItWas", brief, testExpiredRead},
	{"ExpiredCartGoesToThePastWhenANewOneBegins", brief, testExpiredAnew},
	{"ListPutsAnExpiredCartToThePast", brief, testExpiredList},
	{"ExpiredCartGoesToThePastOnce", brief, testExpiredOnce},
	{"CartThatExpiredEmptyLeavesNothing", brief, testExpiredEmpty},
}

// ended reads how the cart ended, which it must have.
func (s *shop) ended() data.Past {
	s.Helper()
	c := s.cart()
	if c.Ended == nil {
		s.Fatalf("nothing is known of how the cart ended: %+v", c)
	}
	return *c.Ended
}

// past lists the newest carts that ended, or the newest orders.
func (s *shop) past(orders bool) []data.Past {
	s.Helper()
	return s.pastBefore(orders, time.Time{})
}

func (s *shop) pastBefore(orders bool, before time.Time) []data.Past {
	s.Helper()
	past, err := s.Past(s.Context(), orders, before)
	if err != nil {
		s.Fatalf("Past: %v", err)
	}
	return past
}

// wantPast finds exactly these carts, newest first, among those that ended or
// among the orders.
func (s *shop) wantPast(orders bool, want ...data.Past) {
	s.Helper()
	got := s.past(orders)
	if len(got) != len(want) {
		s.Fatalf("orders %t: %d carts are kept, want %d: %+v", orders, len(got), len(want), got)
	}
	for i, w := range want {
		wantEqual(s, fmt.Sprintf("cart %d", i), describePast(got[i]), describePast(w))
		s.wantNear("it ended", got[i].At, w.At)
	}
}

// wantNear compares two times of which one may be known less exactly.
func (s *shop) wantNear(what string, got, want time.Time) {
	s.Helper()
	if off := got.Sub(want); off.Abs() > aWhile/2 {
		s.Errorf("%s at %v, %v from %v", what, got, off, want)
	}
}

// asPast says how the cart should be kept when the event ended it.
func asPast(how data.Ending, c data.Cart, e data.Event) data.Past {
	return data.Past{ID: e.Token.Op, How: how, At: e.At, By: e.By, Cart: c}
}

// filled is a named cart with two lines, the later of which sorts first, and
// its last event. Its timeout begins with that one.
func (s *shop) filled() (data.Cart, data.Event) {
	s.Helper()
	slow := s.slow()
	slow.stock("tea", "espresso")
	slow.do(add("tea", 2))
	slow.do(by("Till 2", add("espresso", 3)))
	c := s.cart()
	e := s.do(rename("Table 4"))
	c.Name, c.Token = e.Text, e.Token
	return c, e
}

// slow is a further counter on the shop's store, whose carts do not run out
// under a test that takes its time.
func (s *shop) slow() *shop {
	s.Helper()
	o := s.options
	o.Timeout = time.Hour
	return &shop{T: s.T, Backend: s.counter(o), open: s.open, options: o}
}

// afterExpiry says how the cart should be kept when it ran out after an event.
func (s *shop) afterExpiry(c data.Cart, last data.Event) data.Past {
	p := asPast(data.Expired, c, last)
	p.At, p.By = last.At.Add(s.options.Timeout), ""
	return p
}

func (s *shop) wantEnded(want data.Past) {
	s.Helper()
	got := s.ended()
	wantEqual(s, "the cart before", describePast(got), describePast(want))
	s.wantNear("it ended", got.At, want.At)
}

func testExpiredRead(s *shop) {
	c, last := s.filled()
	want := s.afterExpiry(c, last)
	empty := s.expired()
	wantEqual(s, "name", empty.Name, "")
	s.wantEnded(want)
	if err := s.Keep(s.Context(), theCart); err != nil {
		s.Fatal(err)
	}
	s.wantEnded(want)
	r, err := s.second().Read(s.Context(), theCart, c.Token, last.Token.Op)
	if err != nil || r.Same || r.Cart.Ended == nil {
		s.Fatalf("another counter reads %+v, %v", r, err)
	}
	wantEqual(s, "token", r.Cart.Token, data.Token{})
	wantEqual(s, "the cart before", describePast(*r.Cart.Ended), describePast(want))
}

func testExpiredAnew(s *shop) {
	c, last := s.filled()
	want := s.afterExpiry(c, last)
	s.expired()
	e := s.slow().do(add("tea", 1))
	wantEqual(s, "version goes on", e.Token.Version, last.Token.Version+1)
	wantEqual(s, "operation before", e.Prev, "")
	now := s.cart()
	wantEqual(s, "name", now.Name, "")
	wantEqual(s, "lines", len(now.Lines), 1)
	s.wantQuantity("tea", 1)
	if now.Ended != nil {
		s.Errorf("the new cart has lines, yet it ended: %+v", now.Ended)
	}
	s.wantPast(false, want)
	s.wantPast(true)
}

func testExpiredList(s *shop) {
	c, last := s.filled()
	want := s.afterExpiry(c, last)
	deadline := time.Now().Add(patience)
	for len(s.list()) > 0 { // which is no reason to live on
		if time.Now().After(deadline) {
			s.Fatal("the cart never left the list")
		}
	}
	s.wantPast(false, want)
	s.wantEnded(want)
	s.list()
	s.wantPast(false, want)
	s.slow().do(rename("Table 5")) // a name is no line yet
	s.wantEnded(want)
}

func testExpiredOnce(s *shop) {
	c, last := s.filled()
	want := s.afterExpiry(c, last)
	s.expired()
	errs := s.slow().everywhere(16, func(b data.Backend, i int) error {
		if i%4 == 0 {
			_, err := b.Carts(s.Context(), visit(fmt.Sprint(i), "Till 1", theCart))
			return err
		}
		_, err := b.Apply(s.Context(), theCart, add("tea", 1))
		return err
	})
	if err := errors.Join(errs...); err != nil {
		s.Fatal(err)
	}
	s.wantQuantity("tea", 12)
	s.wantPast(false, want)
}

func testExpiredEmpty(s *shop) {
	s.stock("tea")
	s.slow().do(add("tea", 1))
	s.do(remove("tea"))
	if c := s.cart(); c.Ended != nil {
		s.Errorf("a cart emptied line by line ended: %+v", c.Ended)
	}
	s.expired()
	s.list()
	s.wantPast(false)
}

var pastCases = []testCase{
	{"ClearedCartIsKept", long, testClearedKept},
	{"ClearOfAnEmptyCartKeepsNothing", Options{}, testClearedEmpty},
	{"ClearedCartIsKnownAfterItsTimeout", brief, testClearedExpired},
	{"PastComesInPagesNewestFirst", Options{}, testPastPages},
}

func testClearedKept(s *shop) {
	c, last := s.filled()
	clearing := by("Till 3", clearCart(last.Token))
	e := s.do(clearing)
	want := asPast(data.Emptied, c, e)
	wantEqual(s, "name", s.cart().Name, "")
	s.wantEnded(want)
	wantRepeat(s.T, s.second(), clearing, e)
	s.wantPast(false, want)
	s.wantPast(true)
	s.do(add("tea", 1))
	if c := s.cart(); c.Ended != nil {
		s.Errorf("the cart has lines again, yet it ended: %+v", c.Ended)
	}
	s.wantPast(false, want)
}

func testClearedEmpty(s *shop) {
	s.stock("tea")
	named := s.do(rename("Table 4"))
	e := s.do(clearCart(named.Token))
	wantEqual(s, "lines before", e.Was, 0)
	c := s.cart()
	wantEqual(s, "name", c.Name, "")
	if c.Ended != nil {
		s.Errorf("a cart that never had a line ended: %+v", c.Ended)
	}
	s.wantPast(false)
}

func testClearedExpired(s *shop) {
	c, last := s.filled()
	want := asPast(data.Emptied, c, s.do(clearCart(last.Token)))
	s.expired()
	s.wantEnded(want)
	s.slow().do(add("tea", 1))
	s.wantPast(false, want)
}

func testPastPages(s *shop) {
	const count = 2*data.PastPage + 3
	s.stock("tea")
	ended := make([]data.Event, count)
	for i := range count {
		ended[i] = s.do(clearCart(s.do(add("tea", int64(i)+1)).Token))
	}
	var got []data.Past
	for page := s.past(false); len(page) > 0; page = s.pastBefore(false, got[len(got)-1].At) {
		if len(page) > data.PastPage || len(got) > count {
			s.Fatalf("a page of %d after %d", len(page), len(got))
		}
		got = append(got, page...)
	}
	wantEqual(s, "carts of all pages", len(got), count)
	for i, p := range got {
		e := ended[count-1-i]
		if p.ID != e.Token.Op || p.At.UnixMicro() != e.At.UnixMicro() || len(p.Cart.Lines) != 1 {
			s.Fatalf("cart %d is %+v, want that of %s at %v", i, p, e.Token, e.At)
		}
	}
}
