package backendtest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"trolley/data"
)

// roundLen is how many changes one cart of [Differential] gets: more than
// stores keep of its activity.
const roundLen = 3 * data.MaxActivity

// Differential makes the same random changes in two stores and fails the test
// at the first answer or cart in which they differ. Both stores are empty and
// opened with the limits [Tight] and no timeout. A failure is repeated by the
// same seed.
func Differential(t *testing.T, a, b data.Backend, steps int, seed uint64) {
	t.Helper()
	t.Logf("seed %d", seed)
	d := &difference{T: t, a: a, b: b, random: rand.New(rand.NewPCG(seed, 0))}
	for round := 0; round*roundLen < steps; round++ {
		cart := data.CartID(fmt.Sprintf("round-%d", round))
		products := assortment(cart)
		for _, p := range products {
			mustCreate(t, a, p)
			mustCreate(t, b, p)
		}
		g := &generator{cart: cart, products: products, draw: d.random.IntN}
		d.changes(g, min(roundLen, steps-round*roundLen))
		d.wantAlike("the activity", func(s data.Backend) string { return describeActivity(t, s, cart) })
		d.wantAlike("the lists", func(s data.Backend) string { return describeList(t, s) })
	}
}

// difference compares two stores.
type difference struct {
	*testing.T
	a, b   data.Backend
	random *rand.Rand
}

func (d *difference) wantAlike(what string, describe func(data.Backend) string) {
	d.Helper()
	if one, two := describe(d.a), describe(d.b); one != two {
		d.Fatalf("%s differ:\n%s\n%s", what, one, two)
	}
}

func (d *difference) changes(g *generator, steps int) {
	d.Helper()
	var seen data.Cart
	for i := range steps {
		c := g.next(seen)
		what := fmt.Sprintf("%s, step %d, %+v: ", g.cart, i, c)
		d.wantAlike(what+"the answers", func(s data.Backend) string { return verdict(s.Apply(d.Context(), g.cart, c)) })
		known := data.Token{}
		if d.random.IntN(2) == 0 {
			known = seen.Token
		}
		var r data.Reading
		d.wantAlike(what+"the carts", func(s data.Backend) string {
			r = mustRead(d.T, s, g.cart, known, c.Op)
			return fmt.Sprintf("same %t, mine %t, %s", r.Same, r.Mine, describeLines(r.Cart))
		})
		if !r.Same {
			seen = r.Cart
		}
	}
}

func mustCreate(t *testing.T, b data.Backend, p data.Product) {
	t.Helper()
	if err := b.CreateProduct(t.Context(), p); err != nil {
		t.Fatalf("CreateProduct(%q): %v", p.ID, err)
	}
}

func mustRead(t *testing.T, b data.Backend, cart data.CartID, known data.Token, mine data.OpID) data.Reading {
	t.Helper()
	r, err := b.Read(t.Context(), cart, known, mine)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return r
}

// describeActivity writes down what was done to a cart, without the times.
func describeActivity(t *testing.T, b data.Backend, cart data.CartID) (s string) {
	t.Helper()
	events, err := b.Activity(t.Context(), cart)
	if err != nil {
		t.Fatalf("Activity: %v", err)
	}
	for _, e := range events {
		e.Added, e.At = time.Time{}, time.Time{}
		s += e.Encode() + "\n"
	}
	return s
}

// describeList writes down the open carts, the orders and the other carts that
// ended, without the times.
func describeList(t *testing.T, b data.Backend) (s string) {
	t.Helper()
	open, err := b.Carts(t.Context(), data.Visit{Session: "onlooker", Counter: "Office"})
	if err != nil {
		t.Fatalf("Carts: %v", err)
	}
	slices.SortFunc(open, func(a, b data.CartInfo) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range open {
		s += fmt.Sprintf("%s %q %d %d %s %t [%s]\n", c.ID, c.Name, c.Lines, c.Items, c.Total, c.Exact, c.Last.Token)
	}
	for _, orders := range []bool{true, false} {
		past, err := b.Past(t.Context(), orders, time.Time{})
		if err != nil {
			t.Fatalf("Past: %v", err)
		}
		for _, p := range past {
			s += describePast(p) + "\n"
		}
	}
	return s
}
