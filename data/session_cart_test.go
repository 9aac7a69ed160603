package data_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"trolley/data"
)

func TestChangeShowsAsWaitingThenInTheCart(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		g := &gate{open(), make(chan struct{})}
		c := join(t, g, "Till", unhurried).ready()
		op := c.add("tea", 2)
		s := c.until("it waits", func(s data.State) bool { return len(s.Waiting) == 1 })
		if brief(s.Cart) != "tea 2*" || s.Waiting[0].Op != op || s.Waiting[0].By != "Till" {
			t.Errorf("while it waits: %s", show(s))
		}
		close(g.open)
		s = c.shows("tea 2")
		if total, exact := s.Cart.Total(); total != 480 || !exact || s.Cart.Items() != 2 {
			t.Errorf("%d items, total %s, exact %v", s.Cart.Items(), total, exact)
		}
		if n := len(s.News); n != 1 || s.News[0].By != "Till" || s.News[0].Token.Op != op {
			t.Errorf("news: %+v", s.News)
		}
	})
}

func TestAnotherCounterSeesItWithoutAsking(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		b := open()
		here, there, sameShop := join(t, b, "Here", unhurried).ready(), join(t, open(), "There", unhurried).ready(), join(t, b, "Same", unhurried).ready()
		here.add("tea", 2)
		here.add("milk", 1)
		there.shows("milk 1, tea 2")
		there.submit(data.Change{Kind: data.KindStep, Product: "tea", Quantity: -1})
		there.submit(data.Change{Kind: data.KindRemove, Product: "milk"})
		for _, c := range []*counter{here, there, sameShop} {
			s := c.shows("tea 1")
			if l, _ := s.Cart.Line("tea"); l.By != "There" {
				t.Errorf("%s: last changed by %q", c.Counter(), l.By)
			}
		}
	})
}

func TestManyCountersAddUp(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		var counters []*counter
		for _, name := range []string{"One", "Two", "Three", "Four"} {
			counters = append(counters, join(t, open(), name, data.Pace{}))
		}
		for range 10 {
			for _, c := range counters {
				c.add("tea", 1)
			}
		}
		for _, c := range counters {
			c.shows("tea 40")
		}
	})
}

func TestUnknownProductIsRefused(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		c := join(t, open(), "Till", unhurried).ready()
		c.add("nope", 1)
		if err := c.refused(); !errors.Is(err, data.ErrUnknownProduct) {
			t.Errorf("refused with %v", err)
		}
		c.shows("")
	})
}

func TestStepOnALineThatIsGoneTellsWhoTookIt(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		here, there := join(t, open(), "Here", unhurried).ready(), join(t, open(), "There", unhurried).ready()
		here.add("tea", 2)
		there.shows("tea 2")
		there.submit(data.Change{Kind: data.KindRemove, Product: "tea"})
		there.shows("")
		here.submit(data.Change{Kind: data.KindStep, Product: "tea", Quantity: 1})
		var missing *data.NotInCartError
		if err := here.refused(); !errors.As(err, &missing) || missing.By != "There" || missing.Product != "tea" || missing.At.IsZero() {
			t.Errorf("refused with %#v", err)
		}
		here.shows("")
	})
}

func TestSetOfALineThatChangedTellsWhoChangedIt(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		here, there := join(t, open(), "Here", unhurried).ready(), join(t, open(), "There", unhurried).ready()
		here.add("tea", 2)
		there.shows("tea 2")
		there.submit(data.Change{Kind: data.KindSet, Product: "tea", Quantity: 5, Seen: 2})
		there.shows("tea 5")
		here.submit(data.Change{Kind: data.KindSet, Product: "tea", Quantity: 9, Seen: 2})
		var conflict *data.ConflictError
		if err := here.refused(); !errors.As(err, &conflict) || conflict.By != "There" || conflict.Now != 5 || conflict.Seen != 2 {
			t.Errorf("refused with %#v", err)
		}
		here.shows("tea 5")
	})
}

func TestClearOfACartThatChangedIsRefused(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		here, there := join(t, open(), "Here", unhurried).ready(), join(t, open(), "There", unhurried).ready()
		here.add("tea", 2)
		seen := here.shows("tea 2").Cart.Token
		there.add("milk", 1)
		here.shows("milk 1, tea 2")
		here.submit(data.Change{Kind: data.KindClear, Token: seen})
		if err := here.refused(); !errors.Is(err, data.ErrCartChanged) {
			t.Errorf("refused with %v", err)
		}
		now := here.shows("milk 1, tea 2").Cart.Token
		here.submit(data.Change{Kind: data.KindClear, Token: now})
		here.shows("")
		there.shows("")
	})
}

func TestClearRightBehindOwnChanges(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		g := &gate{open(), make(chan struct{})}
		c := join(t, g, "Till", unhurried).ready()
		c.add("tea", 2)
		c.add("milk", 1)
		s := c.until("both wait", func(s data.State) bool { return len(s.Waiting) == 2 })
		c.submit(data.Change{Kind: data.KindClear, Token: s.Cart.Token})
		close(g.open)
		s = c.until("all is answered", func(s data.State) bool { return len(s.Waiting) == 0 })
		if len(s.Refused) != 0 {
			t.Errorf("refused with %v", s.Refused[0].Err)
		}
		c.shows("")
	})
}

func TestSubmitRefusesWhatCannotBe(t *testing.T) {
	c := join(t, localShop(t, 0)(), "Till", unhurried)
	if _, err := c.Submit(data.Change{Kind: data.KindAdd, Product: "tea", Quantity: data.DefaultMaxQuantity + 1}); err == nil {
		t.Error("too many were taken")
	}
	c.Close()
	if _, err := c.Submit(data.Change{Kind: data.KindAdd, Product: "tea", Quantity: 1}); !errors.Is(err, data.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if again := c.Close(); again != nil {
		t.Errorf("a second Close returns %v", again)
	}
}

func TestCartThatRanOutIsBroughtBackOnce(t *testing.T) {
	onBoth(t, 1500*time.Millisecond, func(t *testing.T, open opener) {
		counters := []*counter{join(t, open(), "Here", hurried).ready(), join(t, open(), "There", hurried).ready()}
		counters[0].add("tea", 2)
		counters[0].add("milk", 3)
		for _, c := range counters {
			s := c.until("it ran out", func(s data.State) bool { return s.Cart.Ended != nil })
			if e := s.Cart.Ended; e.How != data.Expired || brief(e.Cart) != "milk 3, tea 2" || len(s.Cart.Lines) != 0 {
				t.Fatalf("%s: ran out with %q, shown %s", c.Counter(), brief(e.Cart), show(s))
			}
		}
		for _, c := range counters {
			bringBack(c)
		}
		for _, c := range counters {
			if s := c.shows("milk 3, tea 2"); s.Cart.Ended != nil || len(s.Refused) != 0 {
				t.Errorf("%s: %s", c.Counter(), show(s))
			}
		}
	})
}

// bringBack adds the lines of the cart that ran out, as every counter would.
func bringBack(c *counter) {
	old := c.last.Cart.Ended
	for _, l := range old.Cart.Lines {
		id := l.Product.ID
		c.submit(data.Change{Op: data.RestoreOp(old.ID, id), Kind: data.KindAdd, Product: id, Quantity: l.Quantity})
	}
}

func TestKeepRenewsTheTimeout(t *testing.T) {
	onBoth(t, 20*time.Second, func(t *testing.T, open opener) {
		c := join(t, open(), "Till", unhurried).ready()
		c.add("tea", 1)
		c.shows("tea 1")
		c.Keep()
		first := c.until("it has a timeout", func(s data.State) bool { return !s.Cart.Expires.IsZero() }).Cart.Expires
		c.until("it is renewed", func(s data.State) bool {
			if !s.Cart.Expires.After(first.Add(50 * time.Millisecond)) {
				c.Keep()
				return false
			}
			return true
		})
	})
}

func TestStatesNeverChange(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		c, other := join(t, open(), "Till", hurried).ready(), join(t, open(), "Other", hurried).ready()
		var seen, copies []data.State
		keep := func(s data.State) bool {
			seen, copies = append(seen, s), append(copies, deepCopy(s))
			return len(s.Waiting) == 0
		}
		for range 5 {
			c.add("tea", 1)
			c.add("nope", 1)
			other.add("milk", 2)
			c.submit(data.Change{Kind: data.KindStep, Product: "tea", Quantity: 1})
			c.submit(data.Change{Kind: data.KindRemove, Product: "tea"})
			c.until("something waits", func(s data.State) bool { keep(s); return len(s.Waiting) > 0 || len(s.Refused) > 0 })
			c.until("all is answered", keep)
		}
		for i := range seen {
			if !reflect.DeepEqual(seen[i], copies[i]) {
				t.Fatalf("state %d of %d was changed: %s, was %s", i, len(seen), show(seen[i]), show(copies[i]))
			}
		}
	})
}

func deepCopy(s data.State) data.State {
	s.Cart.Lines = slices.Clone(s.Cart.Lines)
	s.Waiting, s.Refused, s.News = slices.Clone(s.Waiting), slices.Clone(s.Refused), slices.Clone(s.News)
	return s
}

func TestCloseReturnsWhatWaits(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		c := join(t, &gate{open(), make(chan struct{})}, "Till", unhurried).ready()
		want := []data.OpID{c.add("tea", 1), c.add("milk", 2), c.submit(data.Change{Kind: data.KindClear})}
		var got []data.OpID
		for _, left := range c.Close() {
			got = append(got, left.Op)
		}
		if !slices.Equal(got, want) {
			t.Errorf("left: %v, want %v", got, want)
		}
		for range c.States() { // ends because Close closed it
		}
	})
}

func TestDrainWaitsForTheAnswers(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		g := &gate{open(), make(chan struct{})}
		c := join(t, g, "Till", unhurried).ready()
		c.Drain(t.Context()) // nothing waits
		c.add("tea", 1)
		c.add("nope", 1)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		c.Drain(ended) // given up
		close(g.open)
		c.Drain(t.Context())
		if left := c.Close(); len(left) != 0 {
			t.Errorf("left after Drain: %v", left)
		}
		c.Drain(t.Context()) // closed: there is nothing to wait for
	})
}

func TestOpeningAndClosingLeavesNothing(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		b := open()
		for range 50 {
			c := join(t, b, "Till", data.Pace{})
			c.add("tea", 1)
			c.Close()
		}
	})
}
