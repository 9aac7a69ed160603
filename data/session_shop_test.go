package data_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

// shopFor opens a shop at a counter, which looks around all the time.
func shopFor(t *testing.T, b data.Backend, name string) *data.Shop {
	pace := hurried
	pace.Visit = 50 * time.Millisecond
	s := data.OpenShop(b, data.Options{Counter: name, Pace: pace})
	t.Cleanup(func() { s.Close(t.Context()) })
	return s
}

// listed waits for a listing in which ok holds.
func listed(t *testing.T, s *data.Shop, what string, ok func(data.Listing) bool) data.Listing {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	var last data.Listing
	for {
		select {
		case l, open := <-s.Listings():
			if !open {
				t.Fatalf("%s: closed while waiting until %s", s.Counter(), what)
			}
			if last = l; ok(l) {
				return l
			}
		case <-deadline.C:
			t.Fatalf("%s: not seen in time: %s; listed %+v", s.Counter(), what, last)
		}
	}
}

// there is the counter's view of a cart.
func there(t *testing.T, s *data.Shop, id data.CartID) *counter {
	return (&counter{Session: s.Open(id), t: t}).ready()
}

func TestCountersSeeEachOthersCarts(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		till, desk := shopFor(t, open(), "Till"), shopFor(t, open(), "Desk")
		anna := there(t, desk, "anna")
		anna.add("tea", 2)
		anna.submit(data.Change{Kind: data.KindName, Text: "Anna’s order"})
		anna.shows("tea 2")
		listed(t, till, "the desk's cart", func(l data.Listing) bool {
			c, _ := l.Cart("anna")
			return c.Name == "Anna’s order" && c.Items == 2 && c.Total == 480 && strings.Join(till.Others(c), ",") == "Desk"
		})
		there(t, till, "anna").shows("tea 2")
		listed(t, desk, "the till has it open", func(l data.Listing) bool {
			c, _ := l.Cart("anna")
			return strings.Join(desk.Others(c), ",") == "Till"
		})
		anna.Close()
		listed(t, till, "the desk has put it aside", func(l data.Listing) bool {
			c, is := l.Cart("anna")
			return is && len(till.Others(c)) == 0
		})
		till.Close(t.Context())
		listed(t, desk, "the till has gone", func(l data.Listing) bool {
			c, is := l.Cart("anna")
			return is && len(c.Here) == 0
		})
	})
}

func TestCartsOfAShopShareItsProducts(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		s := shopFor(t, open(), "Till")
		one, two := there(t, s, "one"), there(t, s, "two")
		if s.Open("one") != one.Session {
			t.Error("a cart that is open is opened twice")
		}
		fig := data.Product{ID: "fig", Name: "Figs", Price: 199, Stock: data.Unlimited}
		if err := one.CreateProduct(t.Context(), fig); err != nil {
			t.Fatal(err)
		}
		seen := func(st data.State) bool { _, is := st.Catalogue.Product("fig"); return is }
		a, b := one.until("the figs", seen), two.until("the figs", seen)
		if a.Catalogue != b.Catalogue {
			t.Error("each cart has products of its own")
		}
	})
}

func TestShopKeepsWhatItKnowsWhenTheStoreIsAway(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		b := open()
		s := shopFor(t, b, "Till")
		c := there(t, s, "one")
		c.add("tea", 1)
		c.shows("tea 1")
		listed(t, s, "the cart", func(l data.Listing) bool { return len(l.Carts) == 1 && l.Err == nil })
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		l := listed(t, s, "that the store is away", func(l data.Listing) bool { return l.Err != nil })
		if len(l.Carts) != 1 {
			t.Errorf("carts forgotten: %+v", l)
		}
	})
}

func TestClosingAShopSendsWhatWaits(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		s := data.OpenShop(open(), data.Options{Counter: "Till", Pace: hurried})
		for _, id := range []data.CartID{"one", "two", "three"} {
			c := &counter{Session: s.Open(id), t: t}
			c.add("tea", 1)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if left := s.Close(ctx); len(left) != 0 {
			t.Errorf("not sent: %v", left)
		}
		other := shopFor(t, open(), "Other")
		for _, id := range []data.CartID{"one", "two", "three"} {
			there(t, other, id).shows("tea 1")
		}
	})
}

func TestOneOfTwoCheckoutsMakesTheOrder(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		counters := []*counter{join(t, open(), "Till", hurried).ready(), join(t, open(), "Desk", hurried).ready()}
		counters[0].add("tea", 2)
		for _, c := range counters {
			c.shows("tea 2")
		}
		for _, c := range counters {
			c.submit(data.Change{Kind: data.KindCheckout, Token: c.last.Cart.Token})
		}
		done, refused := 0, 0
		for _, c := range counters {
			s := c.until("its answer", func(s data.State) bool {
				return len(s.Waiting) == 0 && s.Cart.Ended != nil
			})
			refused += len(s.Refused)
			if s.Cart.Ended.How == data.CheckedOut && s.Cart.Ended.By == c.Counter() {
				done++
			}
		}
		orders, err := open().Past(t.Context(), true, time.Time{})
		if err != nil || len(orders) != 1 || brief(orders[0].Cart) != "tea 2" || done != 1 || refused != 1 {
			t.Errorf("%d done, %d refused, orders %+v, %v", done, refused, orders, err)
		}
	})
}
