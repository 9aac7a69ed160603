package backendtest

import (
	"time"

	"trolley/data"
)

var (
	brief = Options{Timeout: 400 * time.Millisecond}
	long  = Options{Timeout: time.Hour}
)

var timeoutCases = []testCase{
	{"CartWithoutTimeoutNeverExpires", Options{}, testNoTimeout},
	{"CartIsGoneAfterItsTimeoutThoughItIsPolled", brief, testExpiry},
	{"ChangeToAnExpiredCartStartsItAnew", brief, testAnew},
	{"RepeatOfAnOperationOfAnExpiredCartDoesNothing", brief, testRepeatAfterExpiry},
	{"ChangeRenewsTheTimeout", long, testChangeRenews},
	{"KeepRenewsTheTimeoutAndNothingElse", long, testKeepRenews},
	{"ReadAndRefusalDoNotRenewTheTimeout", long, testReadDoesNotRenew},
	{"KeepOfACartThatIsNotThereDoesNothing", long, testKeepNothing},
	{"KeepDoesNotBringAnExpiredCartBack", brief, testKeepExpired},
}

func testNoTimeout(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 1))
	if c := s.cart(); !c.Expires.IsZero() {
		s.Errorf("the cart expires at %v", c.Expires)
	}
}

// expired waits until the cart's timeout is over.
func (s *shop) expired() data.Cart {
	s.Helper()
	return s.eventually("its end", func(c data.Cart) bool { return c.Token == data.Token{} })
}

func testExpiry(s *shop) {
	s.stock("espresso")
	began := time.Now()
	s.do(add("espresso", 1))
	c := s.expired()
	if took := time.Since(began); took < brief.Timeout*3/4 {
		s.Errorf("the cart was gone after %v, its timeout is %v", took, brief.Timeout)
	}
	wantEqual(s, "lines", len(c.Lines), 0)
	if !c.Expires.IsZero() {
		s.Errorf("nothing is there, yet it expires at %v", c.Expires)
	}
}

func testAnew(s *shop) {
	s.stock("espresso", "tea")
	s.do(add("espresso", 1))
	s.do(remove("espresso"))
	old := s.do(add("tea", 1))
	s.expired()
	// Nothing of the old cart shows, in no answer.
	gone := refusal[*data.NotInCartError](s, s.refused(remove("tea")))
	wantEqual(s, "taken out by", gone.By, "")
	gone = refusal[*data.NotInCartError](s, s.refused(remove("espresso")))
	wantEqual(s, "taken out by", gone.By, "")
	wantIs(s, s.refused(clearCart(old.Token)), data.ErrCartChanged)
	e := s.do(add("espresso", 2))
	wantEqual(s, "version goes on", e.Token.Version, old.Token.Version+1)
	wantEqual(s, "operation before", e.Prev, "")
	wantEqual(s, "quantity before", e.Was, 0)
	wantEqual(s, "added", e.Added.UnixMilli(), e.At.UnixMilli())
	if e.Added.Before(old.At) {
		s.Errorf("the line came in at %v, before the old cart's last change at %v", e.Added, old.At)
	}
}

func testRepeatAfterExpiry(s *shop) {
	s.stock("espresso")
	c := add("espresso", 1)
	first := s.do(c)
	s.expired()
	wantRepeat(s.T, s.Backend, c, first)
	wantEqual(s, "lines", len(s.cart().Lines), 0)
}

// aWhile is how far these tests let the clock go; half of it is more than two
// readings of the same deadline differ.
const aWhile = 300 * time.Millisecond

// letPass reads the cart until a while has passed since it was first read,
// which also is the poll that must not keep a cart alive.
func (s *shop) letPass(since data.Cart) data.Cart {
	s.Helper()
	return s.eventually("be older", func(c data.Cart) bool { return c.ReadAt.Sub(since.ReadAt) > aWhile })
}

func (s *shop) wantRenewed(before data.Cart) {
	s.Helper()
	if later := s.cart().Expires.Sub(before.Expires); later < aWhile/2 {
		s.Errorf("the cart expires %v later, want about %v", later, aWhile)
	}
}

func testChangeRenews(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 5))
	changes := []data.Change{add("espresso", 1), step("espresso", -1), set("espresso", 5, 2), remove("espresso"), rename("Table 4")}
	for _, c := range changes {
		before := s.cart()
		if d := before.Expires.Sub(before.ReadAt); d < long.Timeout-time.Minute || d > long.Timeout+time.Second {
			s.Errorf("the cart expires in %v, want %v", d, long.Timeout)
		}
		s.letPass(before)
		s.do(c)
		s.wantRenewed(before)
	}
	before := s.cart()
	s.letPass(before)
	s.do(clearCart(before.Token))
	s.wantRenewed(before)
}

func testKeepRenews(s *shop) {
	s.stock("espresso")
	f := s.follow(s.Backend)
	added := s.do(add("espresso", 1))
	before := s.cart()
	s.letPass(before)
	if err := s.Keep(s.Context(), theCart); err != nil {
		s.Fatal(err)
	}
	s.wantRenewed(before)
	wantCart(s, s.cart(), before)
	next := s.do(add("espresso", 1))
	f.wantEvents(added, next) // and none between them
}

func testReadDoesNotRenew(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 1))
	before := s.cart()
	after := s.letPass(before)
	s.refused(step("tea", 1))
	s.read(before.Token, "")
	for _, c := range []data.Cart{after, s.cart(), s.read(before.Token, "").Cart} {
		if later := c.Expires.Sub(before.Expires).Abs(); later > aWhile/2 {
			s.Errorf("reading moved the end by %v", later)
		}
	}
}

func testKeepNothing(s *shop) {
	if err := s.Keep(s.Context(), theCart); err != nil {
		s.Fatal(err)
	}
	c := s.cart()
	wantEqual(s, "token", c.Token, data.Token{})
	if !c.Expires.IsZero() {
		s.Errorf("nothing is there, yet it expires at %v", c.Expires)
	}
}

func testKeepExpired(s *shop) {
	s.stock("espresso")
	old := s.do(add("espresso", 1))
	s.expired()
	if err := s.Keep(s.Context(), theCart); err != nil {
		s.Fatal(err)
	}
	wantEqual(s, "token", s.cart().Token, data.Token{})
	wantEqual(s, "version of the next change", s.do(add("espresso", 1)).Token.Version, old.Token.Version+1)
}
