package backendtest

import (
	"math/rand/v2"
	"testing"

	"trolley/data"
)

// Differential makes the same random changes in two stores and fails the test
// at the first answer or cart in which they differ. Both stores are empty and
// opened with the limits [Tight] and no timeout. A failure is repeated by the
// same seed.
func Differential(t *testing.T, a, b data.Backend, steps int, seed uint64) {
	t.Helper()
	for _, p := range assortment {
		mustCreate(t, a, p)
		mustCreate(t, b, p)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	g := &generator{cart: theCart, draw: random.IntN}
	var seen data.Cart
	for i := range steps {
		c := g.next(seen)
		first, second := verdict(a.Apply(t.Context(), theCart, c)), verdict(b.Apply(t.Context(), theCart, c))
		if first != second {
			t.Fatalf("seed %d, step %d, %+v: the answers differ:\n%s\n%s", seed, i, c, first, second)
		}
		known := data.Token{}
		if random.IntN(2) == 0 {
			known = seen.Token
		}
		one, two := mustRead(t, a, known, c.Op), mustRead(t, b, known, c.Op)
		if one.Same != two.Same || one.Mine != two.Mine || describeLines(one.Cart) != describeLines(two.Cart) {
			t.Fatalf("seed %d, step %d, %+v: the carts differ:\n%+v\n%+v", seed, i, c, one, two)
		}
		if !one.Same {
			seen = one.Cart
		}
	}
}

func mustCreate(t *testing.T, b data.Backend, p data.Product) {
	t.Helper()
	if err := b.CreateProduct(t.Context(), p); err != nil {
		t.Fatalf("CreateProduct(%q): %v", p.ID, err)
	}
}

func mustRead(t *testing.T, b data.Backend, known data.Token, mine data.OpID) data.Reading {
	t.Helper()
	r, err := b.Read(t.Context(), theCart, known, mine)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return r
}
