// Package backendtest is the conformance suite of the shop's stores: what
// [data.Backend] promises, every store must pass as a whole.
//
// A store's own tests hold what only they can make, such as values damaged by
// hand, and call [Run] for the rest. [Differential] puts two stores side by
// side.
package backendtest

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"trolley/data"
)

// Options say what kind of store a test wants.
type Options struct {
	// Store names the store, by the rules of a shop's name. The first opening
	// of a name must find an empty store; a further one with the same name is
	// a second counter on the same store. No two tests of a process share a
	// name.
	Store   string
	Timeout time.Duration // of carts; 0: never
	Limits  data.Limits
}

// Open opens a store for the test. It fails the test when it cannot; the suite
// closes what it returned.
type Open func(t *testing.T, o Options) data.Backend

// Run holds a store to every rule of [data.Backend].
func Run(t *testing.T, open func(t *testing.T, o Options) data.Backend) {
	cases := slices.Concat(ruleCases, clearCases, repeatCases, timeoutCases, eventCases, watchCases,
		readCases, catalogueCases, counterCases, closeCases, expiryCases, pastCases, checkoutCases, oversellCases,
		nameCases, shareCases, activityCases, listCases, visitCases, modelCases)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.run(newShop(t, open, c.options))
		})
	}
}

// testCase is one promise, tried on an empty store opened with options.
type testCase struct {
	name    string
	options Options
	run     func(s *shop)
}

// theCart is the cart of all tests that need only one.
const theCart data.CartID = "counter-1"

// patience bounds every wait. It is far above what a sound store needs on a
// busy machine.
const patience = 20 * time.Second

var stores atomic.Int64

// shop is one store under test, with a first counter on it.
type shop struct {
	*testing.T
	data.Backend
	open    Open
	options Options
}

func newShop(t *testing.T, open Open, o Options) *shop {
	t.Helper()
	o.Store = fmt.Sprintf("suite-%d", stores.Add(1))
	s := &shop{T: t, open: open, options: o}
	s.Backend = s.counter(o)
	return s
}

// counter opens one more counter on the shop's store.
func (s *shop) counter(o Options) data.Backend {
	s.Helper()
	o.Store = s.options.Store
	b := s.open(s.T, o)
	s.Cleanup(func() {
		if err := b.Close(); err != nil {
			s.Errorf("Close: %v", err)
		}
	})
	return b
}

// second opens a second counter with the options of the first.
func (s *shop) second() data.Backend {
	s.Helper()
	return s.counter(s.options)
}

// stock puts products without counted stock in the catalogue.
func (s *shop) stock(ids ...data.ProductID) {
	s.Helper()
	for i, id := range ids {
		s.create(data.Product{ID: id, Name: "Product " + string(id), Price: data.Money(100 + i), Stock: data.Unlimited})
	}
}

func (s *shop) create(p data.Product) {
	s.Helper()
	if err := s.CreateProduct(s.Context(), p); err != nil {
		s.Fatalf("CreateProduct(%q): %v", p.ID, err)
	}
}

// do makes a change that must succeed, and returns its event.
func (s *shop) do(c data.Change) data.Event {
	s.Helper()
	return s.doIn(theCart, c)
}

// doIn is do for a cart of choice.
func (s *shop) doIn(cart data.CartID, c data.Change) data.Event {
	s.Helper()
	r, err := s.Apply(s.Context(), cart, c)
	if err != nil {
		s.Fatalf("%s %d %q: %v", c.Kind, c.Quantity, c.Product, err)
	}
	if r.Duplicate {
		s.Fatalf("%s %d %q: answered as a repeat, was new", c.Kind, c.Quantity, c.Product)
	}
	return r.Event
}

// refused makes a change that must be refused and leave the cart as it was,
// and returns the refusal.
func (s *shop) refused(c data.Change) error {
	s.Helper()
	before := s.cart()
	_, err := s.Apply(s.Context(), theCart, c)
	if err == nil {
		s.Fatalf("%s %d %q: done, want a refusal", c.Kind, c.Quantity, c.Product)
	}
	reading := s.read(data.Token{}, c.Op)
	if reading.Mine {
		s.Errorf("%s %d %q: refused (%v) but kept as applied", c.Kind, c.Quantity, c.Product, err)
	}
	wantCart(s, reading.Cart, before)
	return err
}

func (s *shop) read(known data.Token, mine data.OpID) data.Reading {
	s.Helper()
	r, err := s.Read(s.Context(), theCart, known, mine)
	if err != nil {
		s.Fatalf("Read: %v", err)
	}
	return r
}

func (s *shop) cart() data.Cart {
	s.Helper()
	return s.read(data.Token{}, "").Cart
}

// quantity returns what the cart holds of a product, 0 when there is no line.
func (s *shop) quantity(id data.ProductID) int64 {
	s.Helper()
	l, _ := s.cart().Line(id)
	return l.Quantity
}

func (s *shop) wantQuantity(id data.ProductID, want int64) {
	s.Helper()
	if got := s.quantity(id); got != want {
		s.Errorf("the cart holds %d of %q, want %d", got, id, want)
	}
}

// eventually reads the cart over and over until it is as wanted.
func (s *shop) eventually(what string, ok func(data.Cart) bool) data.Cart {
	s.Helper()
	deadline := time.Now().Add(patience)
	for {
		c := s.cart()
		if ok(c) {
			return c
		}
		if time.Now().After(deadline) {
			s.Fatalf("the cart never came to %s: %+v", what, c)
		}
	}
}

func change(kind data.Kind, id data.ProductID, n int64) data.Change {
	return data.Change{Op: data.NewOp(), Kind: kind, Product: id, Quantity: n, By: "Till 1"}
}

func add(id data.ProductID, n int64) data.Change  { return change(data.KindAdd, id, n) }
func step(id data.ProductID, n int64) data.Change { return change(data.KindStep, id, n) }
func remove(id data.ProductID) data.Change        { return change(data.KindRemove, id, 0) }

func set(id data.ProductID, seen, n int64) data.Change {
	c := change(data.KindSet, id, n)
	c.Seen = seen
	return c
}

func clearCart(seen data.Token) data.Change {
	c := change(data.KindClear, "", 0)
	c.Token = seen
	return c
}

func checkout(seen data.Token) data.Change {
	c := change(data.KindCheckout, "", 0)
	c.Token = seen
	return c
}

func rename(name string) data.Change {
	c := change(data.KindName, "", 0)
	c.Text = name
	return c
}

// by returns the change as another counter makes it.
func by(counter string, c data.Change) data.Change {
	c.By = counter
	return c
}
