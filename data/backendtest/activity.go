package backendtest

import "trolley/data"

var activityCases = []testCase{
	{"ActivityTellsEveryChangeNewestFirst", Options{}, testActivity},
	{"ActivityKeepsTheLastChangesOnly", Options{}, testActivityBound},
	{"ActivityOutlivesTheTimeout", brief, testActivityExpiry},
}

// activity returns what was done to a cart, newest first.
func (s *shop) activity(cart data.CartID) []data.Event {
	s.Helper()
	events, err := s.Activity(s.Context(), cart)
	if err != nil {
		s.Fatalf("Activity: %v", err)
	}
	if len(events) == 0 {
		s.Fatalf("nothing is known of what was done to %s", cart)
	}
	return events
}

// wantActivity finds the events, given in the order they came, turned round.
func (s *shop) wantActivity(cart data.CartID, want ...data.Event) {
	s.Helper()
	got := s.activity(cart)
	if len(got) != len(want) {
		s.Fatalf("%d changes of %s are known, want %d: %+v", len(got), cart, len(want), got)
	}
	for i, e := range got {
		wantEqual(s, "change", e.Encode(), want[len(want)-1-i].Encode())
	}
}

func testActivity(s *shop) {
	s.stock("tea", "espresso")
	none, err := s.Activity(s.Context(), theCart)
	if err != nil || len(none) > 0 {
		s.Errorf("activity of a cart that never was: %+v, %v", none, err)
	}
	var done []data.Event
	for _, c := range []data.Change{by("Kasse ünï 7", add("tea", 2)), step("tea", 3), set("tea", 5, 4), rename("Table 4"),
		by("Till 2", add("espresso", 1)), remove("tea")} {
		done = append(done, s.do(c))
	}
	repeated := add("tea", 7)
	done = append(done, s.do(repeated))
	wantRepeat(s.T, s.Backend, repeated, done[len(done)-1])
	s.refused(add("unicorn", 1))
	done = append(done, s.do(clearCart(s.cart().Token)))
	last := s.do(add("tea", 1))
	done = append(done, last, s.do(by("Till 3", checkout(last.Token))))
	other := s.doIn("counter-2", add("tea", 9))
	s.wantActivity(theCart, done...)
	s.wantActivity("counter-2", other)
	events, err := s.second().Activity(s.Context(), theCart)
	if err != nil || len(events) != len(done) {
		s.Errorf("another counter knows of %d changes (%v), want %d", len(events), err, len(done))
	}
}

func testActivityBound(s *shop) {
	s.stock("tea")
	quiet := s.doIn("counter-2", add("tea", 9))
	var done []data.Event
	for range data.MaxActivity + 5 {
		done = append(done, s.do(add("tea", 1)))
	}
	s.wantActivity(theCart, done[5:]...)
	s.wantActivity("counter-2", quiet)
}

func testActivityExpiry(s *shop) {
	s.stock("tea")
	first := s.do(add("tea", 2))
	s.expired()
	s.wantActivity(theCart, first)
	s.list()
	s.wantActivity(theCart, first)
	s.wantActivity(theCart, first, s.do(by("Till 2", add("tea", 1))))
}
