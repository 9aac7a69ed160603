package data

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Holding counts what there is to share of a shop.
type Holding struct {
	Products int  // in the catalogue
	Carts    int  // with lines in them, at most MaxCarts
	Lines    int  // of those carts
	Samples  bool // the products are the samples as they were loaded, and no cart has lines
}

// Nothing reports whether there is nothing that a person would miss.
func (h Holding) Nothing() bool { return h.Carts == 0 && (h.Products == 0 || h.Samples) }

// Shared is how far a copy has come. Done counts the products and lines that
// have been dealt with, All those there are.
type Shared struct {
	Done, All int
	// Skipped are the products that the other shop has already under the same id
	// with another name, price or barcode: they stay as they are there. The stock
	// is no difference, as every sale changes it. One with Damaged set was not
	// copied for that reason.
	Skipped []Product
	// LeftOut are the lines that the other shop cannot take.
	LeftOut []LeftOut
	// Aside are the carts that have another id there, as theirs was taken.
	Aside []Aside
	// Full says that the shop may have more open carts than a list holds. They
	// are not copied.
	Full bool
}

// Aside is a cart and its copy.
type Aside struct{ Cart, Copy CartID }

// CopyOf returns the id that a cart has in the other shop.
func (s Shared) CopyOf(cart CartID) CartID {
	for _, a := range s.Aside {
		if a.Cart == cart {
			return a.Copy
		}
	}
	return cart
}

// LeftOut is a line that was not copied.
type LeftOut struct {
	Cart CartID // it is in, here
	Name string // of that cart; empty: none
	Line Line
	More int   // so many lines that cannot be read instead of Line
	Err  error // why
}

// Held counts what a shop holds. The samples are the products with which the
// shop may have been filled to be tried out: the caller knows them, as this
// package has none.
func Held(ctx context.Context, from Backend, samples ...Product) (Holding, error) {
	products, err := allProducts(ctx, from)
	if err != nil {
		return Holding{}, fmt.Errorf("reading the products: %w", err)
	}
	carts, _, err := filledCarts(ctx, from, "Trolley")
	if err != nil {
		return Holding{}, fmt.Errorf("listing the carts: %w", err)
	}
	h := Holding{Products: len(products), Carts: len(carts)}
	for _, c := range carts {
		h.Lines += c.Lines
	}
	h.Samples = h.Carts == 0 && h.Products > 0 && sameProducts(products, samples)
	return h, nil
}

// sameProducts reports whether two lists without repeats have the same products,
// equal in all.
func sameProducts(a, b []Product) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(p Product) bool { return !slices.Contains(b, p) })
}

// Share copies the products and the open carts of one shop into another one, as
// the counter by. Nothing is changed in the first. Tell, which may be nil, hears
// of every product and line that has been dealt with.
//
// A copy that was cut short, by the end of ctx or an error, may be repeated, also
// by two programs at once, and by a shop that has changed since: what is there
// already is not copied again. See [origin] for how. The timeout of carts is that
// of the other shop.
func Share(ctx context.Context, from, to Backend, by string, tell func(Shared)) error {
	if err := CheckCounter(by); err != nil {
		return err
	}
	s := &sharing{from: from, to: to, by: by, tell: tell}
	products, err := allProducts(ctx, from)
	if err != nil {
		return fmt.Errorf("reading the products to share: %w", err)
	}
	carts, full, err := filledCarts(ctx, from, by)
	if err != nil {
		return fmt.Errorf("listing the carts to share: %w", err)
	}
	s.so.All, s.so.Full = len(products), full
	for _, c := range carts {
		s.so.All += c.Lines
	}
	s.did(0)
	if err := s.products(ctx, products); err != nil {
		return err
	}
	for _, c := range carts {
		if err := s.cart(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// sharing is a copy under way.
type sharing struct {
	from, to Backend
	by       string
	tell     func(Shared)
	so       Shared // far
}

// did tells that n more products or lines have been dealt with.
func (s *sharing) did(n int) {
	s.so.Done += n
	if s.tell == nil {
		return
	}
	so := s.so // whoever is told may keep it
	so.Skipped, so.LeftOut, so.Aside = slices.Clip(so.Skipped), slices.Clip(so.LeftOut), slices.Clip(so.Aside)
	s.tell(so)
}

func (s *sharing) products(ctx context.Context, mine []Product) error {
	list, err := allProducts(ctx, s.to)
	if err != nil {
		return fmt.Errorf("reading the products of the other shop: %w", err)
	}
	theirs := make(map[ProductID]Product, len(list))
	for _, p := range list {
		theirs[p.ID] = p
	}
	for _, p := range mine {
		there, known := theirs[p.ID]
		switch {
		case p.Damaged != "", known && !alike(p, there):
			s.skip(p)
		case !known:
			if err := s.create(ctx, p); err != nil {
				return fmt.Errorf("sharing product %q: %w", Clean(string(p.ID), MaxIDLen), err)
			}
		}
		s.did(1)
	}
	return nil
}

func (s *sharing) skip(p Product) { s.so.Skipped = append(s.so.Skipped, p) }

// create puts a product in the other shop, or skips it when it cannot be there.
func (s *sharing) create(ctx context.Context, p Product) error {
	err := again(ctx, func() error { return s.to.CreateProduct(ctx, p) })
	var invalid *InvalidError
	switch {
	case errors.Is(err, ErrProductExists): // another counter was quicker
	case errors.As(err, &invalid):
		p.Damaged = invalid.Reason
	case damaged(err):
		p.Damaged = "the other shop has something else in its place"
	default:
		return err
	}
	s.skip(p)
	return nil
}

// damaged reports whether a shop has something that cannot be used where a call
// wants to read or write.
func damaged(err error) bool {
	var d *DamagedError
	return errors.As(err, &d)
}

// alike reports whether two products of one id are the same to a person.
func alike(a, b Product) bool {
	return a.Name == b.Name && a.Price == b.Price && a.Barcode == b.Barcode
}

func allProducts(ctx context.Context, b Backend) (all []Product, err error) {
	err = again(ctx, func() error {
		all = nil
		return b.Products(ctx, func(page []Product) bool {
			all = append(all, page...)
			return ctx.Err() == nil
		})
	})
	if err == nil {
		err = ctx.Err()
	}
	return all, err
}

// filledCarts lists the carts with lines in them. Full says that the list has no
// room for more.
func filledCarts(ctx context.Context, b Backend, by string) (carts []CartInfo, full bool, err error) {
	err = again(ctx, func() error {
		carts, err = b.Carts(ctx, Visit{Session: string(NewOp()), Counter: by}) // nothing is open here: nobody sees it
		return err
	})
	full = len(carts) >= MaxCarts
	return slices.DeleteFunc(carts, func(c CartInfo) bool { return c.Lines == 0 }), full, err
}

// How often a call is made that the store does not answer. A lost answer or a
// server that is started again end no copy; one that stays away does, after some
// seconds.
const (
	shareTries = 7
	shareWait  = 50 * time.Millisecond // before the second; it doubles
	shareMost  = 2 * time.Second
)

// again makes a call until it is answered.
func again(ctx context.Context, call func() error) error {
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := call()
		f := FaultOf(err)
		if f == FaultNone || f.Class() != Transient || n+1 == shareTries {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		wait := time.NewTimer(backoff(n, shareWait, shareMost))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
		}
	}
}
