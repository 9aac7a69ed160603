package redis_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

// released starts a server that holds what an earlier version left there.
func released(t *testing.T, name string) *bench {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "released", name))
	if err != nil {
		t.Fatal(err)
	}
	b := start(t).withTimeout()
	for line := range strings.Lines(string(text)) {
		var command []any
		if err := json.Unmarshal([]byte(line), &command); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		b.raw(command...)
	}
	return b
}

func TestReleasedShopIsRead(t *testing.T) {
	b := released(t, "first.txt")
	var products []data.Product
	err := b.Products(t.Context(), func(page []data.Product) bool { products = append(products, page...); return true })
	slices.SortFunc(products, func(a, b data.Product) int { return strings.Compare(string(a.ID), string(b.ID)) })
	want := []data.Product{
		{ID: "croissant", Name: "Croissant", Price: 310, Stock: 9},
		{ID: "espresso", Name: "Espresso", Price: 240, Barcode: "4006381333931", Stock: data.Unlimited},
		{ID: "tea", Name: "Größe \"L\" 🛒", Price: 180, Stock: data.Unlimited},
	}
	if err != nil || !slices.Equal(products, want) {
		t.Errorf("the products are %+v (%v)", products, err)
	}
	c := b.read()
	if left := time.Until(c.Expires); c.Token != (data.Token{Version: 6, Op: "kept-06"}) || left > time.Hour || left < 50*time.Minute {
		t.Errorf("the cart is at %v and expires in %v", c.Token, left)
	}
	b.holds(cart, "3 x Espresso by Till 1", "4 x Croissant by Till 1")
	b.holds("never", "5 x Größe \"L\" 🛒 by Till 1")
	b.holds("cleared")
}

// holds wants that a cart has these lines, in this order.
func (b *bench) holds(id data.CartID, want ...string) {
	b.Helper()
	r, err := b.Read(b.Context(), id, data.Token{}, "")
	if err != nil {
		b.Fatal(err)
	}
	var got []string
	for _, l := range r.Cart.Lines {
		got = append(got, fmt.Sprintf("%d x %s by %s", l.Quantity, l.Product.Name, l.By))
	}
	if !slices.Equal(got, want) {
		b.Errorf("%s has %q, want %q", id, got, want)
	}
}

// What an earlier version did not get an answer to may be sent by this one, and
// from there the cart goes on.
func TestReleasedShopKnowsItsChangesAndGoesOn(t *testing.T) {
	b := released(t, "first.txt")
	for _, c := range []data.Change{
		{Op: "kept-01", Kind: data.KindAdd, Product: "espresso", Quantity: 2},
		{Op: "kept-02", Kind: data.KindAdd, Product: "croissant", Quantity: 3},
		{Op: "kept-03", Kind: data.KindStep, Product: "espresso", Quantity: 1},
		{Op: "kept-04", Kind: data.KindSet, Product: "croissant", Quantity: 4, Seen: 3},
		{Op: "kept-05", Kind: data.KindAdd, Product: "tea", Quantity: 1},
		{Op: "kept-06", Kind: data.KindRemove, Product: "tea"},
	} {
		c.By = "Till 1"
		if r := b.apply(c); !r.Duplicate {
			t.Errorf("the repeat of %s gives %+v", c.Op, r)
		}
	}
	clearing := data.Change{Op: "kept-22", Kind: data.KindClear, Token: data.Token{Version: 1, Op: "kept-21"}, By: "Till 1"}
	if r, err := b.Apply(t.Context(), "cleared", clearing); err != nil || !r.Duplicate {
		t.Errorf("the repeat of %s gives %+v, %v", clearing.Op, r, err)
	}
	b.apply(add("espresso", 1))
	b.apply(ending(data.KindCheckout, b.apply(named("Table 4")).Event.Token))
	b.want("5", "HGET", "{main}:product:croissant", "stock")
	orders := b.past(true)
	if len(orders) != 1 || orders[0].Cart.Name != "Table 4" || len(orders[0].Cart.Lines) != 2 {
		t.Errorf("the orders are %+v", orders)
	}
}
