package backendtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"trolley/data"
)

// refusal finds a refusal of type E in an error and fails the test when it is
// another.
func refusal[E error](t testing.TB, err error) E {
	t.Helper()
	var want E
	if !errors.As(err, &want) {
		t.Fatalf("got %T %v, want %T", err, err, want)
	}
	return want
}

func wantIs(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

func wantEqual[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// wantCart compares two readings of a cart, except for the times of reading.
func wantCart(t testing.TB, got, want data.Cart) {
	t.Helper()
	if g, w := describeCart(got), describeCart(want); g != w {
		t.Errorf("cart is\n%s\nwant\n%s", g, w)
	}
}

// describeCart writes down all of a cart that two counters see alike.
func describeCart(c data.Cart) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q [%s] %d more", c.ID, c.Name, c.Token, c.More)
	for _, l := range c.Lines {
		fmt.Fprintf(&b, "\n\t%d x %+v known %t damaged %q by %q added %d changed %d", l.Quantity, l.Product, l.Known,
			l.Damaged, l.By, l.Added.UnixMilli(), l.Changed.UnixMilli())
	}
	if c.Ended != nil {
		fmt.Fprintf(&b, "\n\tafter at %d %s", c.Ended.At.UnixMilli(), describePast(*c.Ended))
	}
	return b.String()
}

// describePast writes down what is kept of a cart that ended, without the
// time.
func describePast(p data.Past) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q (%s by %q, %s):", p.Cart.ID, p.Cart.Name, p.How, p.By, p.ID)
	for _, l := range p.Cart.Lines {
		fmt.Fprintf(&b, " %d x %s %q at %s;", l.Quantity, l.Product.ID, l.Product.Name, l.Product.Price)
	}
	sum, exact := p.Cart.Total()
	fmt.Fprintf(&b, " total %s, exact %t", sum, exact)
	return b.String()
}

// describeLines writes down what a cart holds, without the times.
func describeLines(c data.Cart) string {
	lines := make(map[data.ProductID]string)
	for _, l := range c.Lines {
		lines[l.Product.ID] = fmt.Sprintf("%d %q by %q", l.Quantity, l.Damaged, l.By)
	}
	ended := "never"
	if c.Ended != nil {
		ended = string(c.Ended.How) + " by " + string(c.Ended.ID)
	}
	return fmt.Sprintf("%q [%s] %v, ended %s", c.Name, c.Token, lines, ended) // maps print in order of their keys
}

// verdict writes down a store's answer to a change, without times and without
// who did it: how long a store remembers that is its own affair.
func verdict(r data.Receipt, err error) string {
	if err == nil {
		e := r.Event
		return fmt.Sprintf("done (repeat %t) [%s] %s %q %d, was %d", r.Duplicate, e.Token, e.Kind, e.Product, e.Quantity, e.Was)
	}
	for _, known := range []error{data.ErrUnknownProduct, data.ErrCartChanged, data.ErrOpReused} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var (
		quantity *data.QuantityError
		stock    *data.StockError
		full     *data.FullError
		missing  *data.NotInCartError
		conflict *data.ConflictError
	)
	switch {
	case errors.As(err, &quantity):
		return fmt.Sprintf("quantity %+v", *quantity)
	case errors.As(err, &stock):
		return fmt.Sprintf("stock %+v", *stock)
	case errors.As(err, &full):
		return fmt.Sprintf("full %+v", *full)
	case errors.As(err, &missing):
		return fmt.Sprintf("not in cart %q", missing.Product)
	case errors.As(err, &conflict):
		return fmt.Sprintf("conflict %q seen %d now %d", conflict.Product, conflict.Seen, conflict.Now)
	}
	return fmt.Sprintf("unexpected %T %v", err, err)
}
