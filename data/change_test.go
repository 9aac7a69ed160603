package data

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestChangeCheck(t *testing.T) {
	limits := Limits{Quantity: 10}
	foreign := ProductID("by hand: {x}")
	for name, c := range map[string]Change{
		"add":                  {Kind: KindAdd, Product: "p", Quantity: 10},
		"step up":              {Kind: KindStep, Product: "p", Quantity: 10},
		"step down":            {Kind: KindStep, Product: "p", Quantity: -10},
		"set":                  {Kind: KindSet, Product: "p", Quantity: 1, Seen: 4},
		"remove foreign":       {Kind: KindRemove, Product: foreign},
		"repair foreign":       {Kind: KindSet, Product: foreign, Quantity: 1},
		"remove longest":       {Kind: KindRemove, Product: ProductID(strings.Repeat("x", 256))},
		"clear":                {Kind: KindClear, Token: Token{3, "o"}},
		"clear without change": {Kind: KindClear},
	} {
		c.Op, c.By = NewOp(), "Till"
		if err := c.Check(limits); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChangeCheckRefuses(t *testing.T) {
	limits := Limits{Quantity: 10}
	for name, c := range map[string]Change{
		"no kind":          {Product: "p", Quantity: 1},
		"other kind":       {Kind: "swap", Product: "p"},
		"add nothing":      {Kind: KindAdd, Product: "p"},
		"add below zero":   {Kind: KindAdd, Product: "p", Quantity: -1},
		"add too many":     {Kind: KindAdd, Product: "p", Quantity: 11},
		"add foreign":      {Kind: KindAdd, Product: "a:b", Quantity: 1},
		"add no product":   {Kind: KindAdd, Quantity: 1},
		"step by nothing":  {Kind: KindStep, Product: "p"},
		"step too far":     {Kind: KindStep, Product: "p", Quantity: -11},
		"set to nothing":   {Kind: KindSet, Product: "p"},
		"set too many":     {Kind: KindSet, Product: "p", Quantity: 11},
		"remove some":      {Kind: KindRemove, Product: "p", Quantity: 1},
		"remove nothing":   {Kind: KindRemove},
		"remove long":      {Kind: KindRemove, Product: ProductID(strings.Repeat("x", 257))},
		"clear some":       {Kind: KindClear, Quantity: 1},
		"hostile op":       {Op: "a b", Kind: KindClear},
		"long op":          {Op: OpID(strings.Repeat("x", 65)), Kind: KindClear},
		"hostile counter":  {By: "a\x00", Kind: KindClear},
		"no counter given": {By: " ", Kind: KindClear},
	} {
		if c.Op == "" {
			c.Op = NewOp()
		}
		if c.By == "" {
			c.By = "Till"
		}
		if c.Check(limits) == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	c := Change{Op: NewOp(), By: "Till", Kind: KindAdd, Product: "p", Quantity: DefaultMaxQuantity + 1}
	var quantity *QuantityError
	if err := c.Check(Limits{}); !errors.As(err, &quantity) || quantity.Max != DefaultMaxQuantity {
		t.Errorf("without limits the defaults hold: %v", err)
	}
}

func TestFingerprintsTellChangesApart(t *testing.T) {
	seen := map[string]Change{}
	for _, c := range []Change{
		{Kind: KindAdd, Product: "p", Quantity: 1}, {Kind: KindAdd, Product: "p", Quantity: 2}, {Kind: KindAdd, Product: "q", Quantity: 1},
		{Kind: KindStep, Product: "p", Quantity: 1}, {Kind: KindStep, Product: "p", Quantity: -1}, {Kind: KindRemove, Product: "p"},
		{Kind: KindSet, Product: "p", Quantity: 1}, {Kind: KindSet, Product: "p", Quantity: 1, Seen: 2}, {Kind: KindSet, Product: "2 p", Quantity: 1},
		{Kind: KindClear}, {Kind: KindClear, Token: Token{1, "a"}},
	} {
		if other, there := seen[c.Fingerprint()]; there {
			t.Errorf("%+v and %+v look the same", c, other)
		}
		seen[c.Fingerprint()] = c
		again := c
		again.By, again.Name, again.Want = "other", "n", 7
		if again.Fingerprint() != c.Fingerprint() {
			t.Errorf("who asked changes what %+v does", c)
		}
	}
}

// nothing is a lookup that knows no product.
func nothing(ProductID) (Product, bool) { return Product{}, false }

// cartOf makes a cart with lines of these quantities, oldest first; the
// products are a, b, c and so on.
func cartOf(quantities ...int64) Cart {
	c := Cart{ID: "c", Token: Token{int64(len(quantities)), "before"}}
	for i, n := range quantities {
		p := Product{ID: ProductID(rune('a' + i)), Name: "n", Price: 100, Stock: Unlimited}
		c.Lines = append(c.Lines, Line{Product: p, Known: true, Quantity: n, Added: time.UnixMilli(int64(1000 + i))})
	}
	return c
}

// brief writes lines as "a2 b1*": product, quantity and whether it waits.
func brief(c Cart) string {
	var out []string
	for _, l := range c.Lines {
		s := string(l.Product.ID) + Money(l.Quantity*100).String()
		s = strings.TrimSuffix(s, ".00")
		if l.Damaged != "" {
			s += "!"
		}
		if l.Waiting {
			s += "*"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestOverlay(t *testing.T) {
	add := func(p ProductID, n int64) Change { return Change{Kind: KindAdd, Product: p, Quantity: n} }
	step := func(p ProductID, n int64) Change { return Change{Kind: KindStep, Product: p, Quantity: n} }
	set := func(p ProductID, n int64) Change { return Change{Kind: KindSet, Product: p, Quantity: n} }
	remove := func(p ProductID) Change { return Change{Kind: KindRemove, Product: p} }
	empty := Change{Kind: KindClear}
	damaged := cartOf(2, 0)
	damaged.Lines[1].Damaged = "1.5"
	for name, c := range map[string]struct {
		cart    Cart
		waiting []Change
		want    string
	}{
		"nothing":             {cartOf(2, 1), nil, "a2 b1"},
		"add to a line":       {cartOf(2, 1), []Change{add("a", 3)}, "a5* b1"},
		"add a line":          {cartOf(2), []Change{add("z", 3)}, "a2 z3*"},
		"step":                {cartOf(2, 1), []Change{step("a", -1), step("b", 1)}, "a1* b2*"},
		"step to zero":        {cartOf(2, 1), []Change{step("b", -1)}, "a2"},
		"step on no line":     {cartOf(2), []Change{step("z", 1)}, "a2"},
		"set":                 {cartOf(2, 1), []Change{set("a", 9)}, "a9* b1"},
		"set on no line":      {cartOf(2), []Change{set("z", 9)}, "a2"},
		"remove":              {cartOf(2, 1), []Change{remove("a")}, "b1"},
		"remove and add":      {cartOf(2, 1), []Change{remove("a"), add("a", 1)}, "b1 a1*"},
		"clear":               {cartOf(2, 1), []Change{empty}, ""},
		"clear and add":       {cartOf(2, 1), []Change{empty, add("b", 4)}, "b4*"},
		"in order":            {cartOf(2), []Change{add("a", 1), set("a", 7), add("a", 1)}, "a8*"},
		"repair":              {damaged, []Change{set("b", 4)}, "a2 b4*"},
		"remove damaged":      {damaged, []Change{remove("b")}, "a2"},
		"add to damaged line": {damaged, []Change{add("b", 4)}, "a2 b0!*"},
	} {
		before := brief(c.cart)
		if got := brief(Overlay(c.cart, c.waiting, nothing)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if brief(c.cart) != before {
			t.Errorf("%s: the store's cart became %q", name, brief(c.cart))
		}
	}
}

func TestOverlayKeepsTheRest(t *testing.T) {
	c := cartOf(1)
	c.Name, c.More = "Anna", 7
	known := func(id ProductID) (Product, bool) { return Product{Name: "Tea", Price: 5}, true }
	got := Overlay(c, []Change{{Kind: KindAdd, Product: "tea", Quantity: 1, By: "me"}}, known)
	l, ok := got.Line("tea")
	if !ok || !l.Known || l.Product.ID != "tea" || l.Product.Name != "Tea" || l.By != "me" || !l.Waiting {
		t.Errorf("the new line is %+v", l)
	}
	if got.Token != c.Token || got.Name != "Anna" || got.More != 7 || !l.Added.After(got.Lines[0].Added) {
		t.Errorf("the cart is %+v", got)
	}
	if got := Overlay(c, []Change{{Kind: KindClear}}, known); got.Name != "" || got.More != 0 || len(got.Lines) != 0 {
		t.Errorf("an emptied cart is still called %q, and has %d lines and %d more", got.Name, len(got.Lines), got.More)
	}
}

// someChange draws a change that could be in the queue of a counter.
func someChange(t *rapid.T) Change {
	c := Change{
		Op: NewOp(), By: "me",
		Kind:    rapid.SampledFrom([]Kind{KindAdd, KindAdd, KindStep, KindSet, KindRemove, KindClear}).Draw(t, "kind"),
		Product: ProductID(rapid.StringMatching("[a-d]").Draw(t, "product")),
	}
	switch c.Kind {
	case KindAdd, KindSet:
		c.Quantity = rapid.Int64Range(1, 9).Draw(t, "n")
	case KindStep:
		c.Quantity = rapid.SampledFrom([]int64{-2, -1, 1, 2}).Draw(t, "n")
	case KindClear:
		c.Product = ""
	}
	return c
}

// applied is the plainest model of a cart in which every change succeeds.
func applied(quantities map[ProductID]int64, c Change) {
	n, there := quantities[c.Product]
	switch {
	case c.Kind == KindClear:
		clear(quantities)
		return
	case c.Kind != KindAdd && !there:
		return
	case c.Kind == KindAdd, c.Kind == KindStep:
		n += c.Quantity
	case c.Kind == KindSet:
		n = c.Quantity
	case c.Kind == KindRemove:
		n = 0
	}
	quantities[c.Product] = n
	if n <= 0 {
		delete(quantities, c.Product)
	}
}

func TestOverlayAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart := cartOf(rapid.SliceOfN(rapid.Int64Range(1, 9), 0, 4).Draw(t, "lines")...)
		waiting := rapid.SliceOf(rapid.Custom(someChange)).Draw(t, "waiting")
		want := map[ProductID]int64{}
		for _, l := range cart.Lines {
			want[l.Product.ID] = l.Quantity
		}
		for _, c := range waiting {
			applied(want, c)
		}
		before := Cart{ID: cart.ID, Token: cart.Token, Lines: slices.Clone(cart.Lines)}
		shown := Overlay(cart, waiting, nothing)
		got := map[ProductID]int64{}
		for _, l := range shown.Lines {
			got[l.Product.ID] = l.Quantity
		}
		if !reflect.DeepEqual(got, want) || len(got) != len(shown.Lines) {
			t.Fatalf("shown %q, want %v", brief(shown), want)
		}
		if !reflect.DeepEqual(cart, before) {
			t.Fatal("the store's cart was changed")
		}
	})
}
