package data

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// origin is a cart that is copied to another shop.
//
// Its copy keeps the id if the other shop has nothing in a cart of that id.
// Otherwise it gets an id of its own, aside, which is made of the id and of the
// mark: two shops have a cart of one id, but not with the same mark. A claim
// decides once and for all: it empties the empty cart, which the other shop does
// only while nobody has changed it.
//
// All operations are derived from the id, the mark and the product, so that the
// other shop makes each of them once, whoever asks for it how often. It remembers
// them for [OpLife]. What has been in the cart for longer may have been copied
// before that: there the last changes of the copy tell, and what it holds.
type origin struct {
	Cart
	mark string
	old  bool // it may have been copied at a time that stores have forgotten
}

// newOrigin returns the cart c, which the list of carts told as info. Its mark is
// the moment in which its first line came in: it stays until the cart is empty
// again, and then it is another cart.
func newOrigin(c Cart, info CartInfo) origin {
	began := info.Began
	if began.IsZero() {
		began = c.Lines[0].Added
	}
	mark := c.Token.String() // of a cart made by hand nothing else is known
	if !began.IsZero() {
		mark = strconv.FormatInt(began.UnixMicro(), 10)
	}
	return origin{Cart: c, mark: mark, old: forgotten(began)}
}

// forgotten reports whether stores may no longer know what was done then. An hour
// is for clocks that differ.
func forgotten(at time.Time) bool { return time.Since(at) > OpLife-time.Hour }

// byCopy begins the id of every operation of a copy: an empty cart that it was
// the last one on has been claimed.
const byCopy = "share-"

// op returns the id of an operation on the copy.
func (o origin) op(parts ...string) OpID {
	return byCopy + DerivedOp(append([]string{byCopy, string(o.ID), o.mark}, parts...)...)
}

// lineOp returns the id of the operation that adds to a line of which n were
// copied before. So what was copied is the sum of a chain of operations, each of
// which the shop makes once and then tells what it added.
func (o origin) lineOp(p ProductID, n int64) OpID {
	return o.op("line", string(p), strconv.FormatInt(n, 10))
}

// aside returns the id of the copy where the cart's own is taken.
func (o origin) aside() CartID {
	mark := "-" + string(o.op("aside")[len(byCopy):][:8])
	return o.ID[:min(len(o.ID), MaxIDLen-len(mark))] + CartID(mark)
}

// copiedBy reports whether an operation is one of the copy.
func (o origin) copiedBy(op OpID) bool {
	return op == o.op("claim") || op == o.op("aside") || op == o.op("name", o.Name) ||
		slices.ContainsFunc(o.Lines, func(l Line) bool { return op == o.lineOp(l.Product.ID, 0) })
}

// copied is the cart in the other shop that the lines go to.
type copied struct {
	Cart                  // as it was before
	before bool           // some lines may have been copied earlier
	ops    map[OpID]int64 // its last changes, where operations may be forgotten: by how much each raised its line
}

// cart copies one cart.
func (s *sharing) cart(ctx context.Context, info CartInfo) error {
	var r Reading
	err := again(ctx, func() (err error) {
		r, err = s.from.Read(ctx, info.ID, Token{}, "")
		return err
	})
	if damaged(err) {
		s.leaveOut(LeftOut{Cart: info.ID, Name: info.Name, More: info.Lines, Err: err})
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading cart %q to share it: %w", info.ID, err)
	}
	c := r.Cart
	s.so.All += len(c.Lines) + c.More - info.Lines // it may have changed since it was listed
	if len(c.Lines) == 0 {
		s.did(c.More)
		return nil
	}
	if err := s.copy(ctx, newOrigin(c, info)); err != nil {
		return fmt.Errorf("sharing cart %q: %w", c.ID, err)
	}
	if c.More > 0 {
		s.leaveOut(LeftOut{Cart: c.ID, Name: c.Name, More: c.More, Err: &FullError{Max: len(c.Lines)}})
	}
	return nil
}

func (s *sharing) leaveOut(l LeftOut) {
	s.so.LeftOut = append(s.so.LeftOut, l)
	s.did(max(1, l.More))
}

// copy copies a cart that has lines.
func (s *sharing) copy(ctx context.Context, o origin) error {
	t, err := s.place(ctx, o)
	if err != nil {
		return err
	}
	if t.Token == o.Token && t.Token != (Token{}) { // both are the same shop
		s.did(len(o.Lines))
		return nil
	}
	if t.ID != o.ID {
		s.so.Aside = append(s.so.Aside, Aside{Cart: o.ID, Copy: t.ID})
	}
	if err := s.rename(ctx, o, t); err != nil {
		return err
	}
	for _, l := range o.Lines {
		err := s.line(ctx, o, t, l)
		switch {
		case err == nil:
			s.did(1)
		case refusesLine(err):
			s.leaveOut(LeftOut{Cart: o.ID, Name: o.Name, Line: l, Err: err})
		default:
			return fmt.Errorf("line %q: %w", Clean(string(l.Product.ID), MaxIDLen), err)
		}
	}
	return nil
}

// refusesLine reports whether the other shop will never take a line.
func refusesLine(err error) bool {
	var (
		full     *FullError
		quantity *QuantityError
		invalid  *InvalidError
	)
	return errors.Is(err, ErrUnknownProduct) || damaged(err) || errors.As(err, &full) ||
		errors.As(err, &quantity) || errors.As(err, &invalid)
}

// line copies one line.
func (s *sharing) line(ctx context.Context, o origin, t copied, l Line) error {
	if l.Damaged != "" {
		return &DamagedError{What: "quantity " + l.Damaged + " of a line"}
	}
	n, err := s.forgotten(ctx, o, t, l)
	for err == nil && n < l.Quantity {
		err = s.add(ctx, t.ID, o.lineOp(l.Product.ID, n), l.Product.ID, l.Quantity-n)
		var before *OpReusedError
		if !errors.As(err, &before) {
			return err
		}
		err = nil
		n += max(1, before.Quantity-before.Was)
	}
	return err
}

// forgotten returns how many of a line were copied at a time that the other shop
// may have forgotten; of all else it tells by itself.
func (s *sharing) forgotten(ctx context.Context, o origin, t copied, l Line) (n int64, err error) {
	if !t.before || !forgotten(l.Added) {
		return 0, nil
	}
	r, err := s.read(ctx, t.ID, o.lineOp(l.Product.ID, 0))
	if err != nil || r.Mine {
		return 0, err
	}
	for {
		more := t.ops[o.lineOp(l.Product.ID, n)]
		if more <= 0 {
			break
		}
		n += more
	}
	if n == 0 {
		is, _ := r.Cart.Line(l.Product.ID)
		n = is.Quantity
	}
	return n, nil
}

// add puts more of a product in a cart of the other shop. Nothing may get lost
// for a stock that is counted differently there.
func (s *sharing) add(ctx context.Context, to CartID, op OpID, p ProductID, n int64) error {
	return s.apply(ctx, to, Change{Op: op, Kind: KindAdd, Product: p, Quantity: n, Oversell: true})
}

func (s *sharing) apply(ctx context.Context, to CartID, c Change) error {
	c.By = s.by
	return again(ctx, func() error {
		_, err := s.to.Apply(ctx, to, c)
		return err
	})
}

// read reads a cart of the other shop, and whether mine was done to it.
func (s *sharing) read(ctx context.Context, id CartID, mine OpID) (r Reading, err error) {
	err = again(ctx, func() (err error) {
		r, err = s.to.Read(ctx, id, Token{}, mine)
		return err
	})
	return r, err
}

// mostClaims is how often another counter may be quicker in a cart that was
// empty a moment before.
const mostClaims = 5

// place finds the cart of the other shop that the lines go to.
func (s *sharing) place(ctx context.Context, o origin) (copied, error) {
	for range mostClaims {
		t, found, err := s.find(ctx, o)
		if found || err != nil {
			return t, err
		}
		if len(t.Lines)+t.More > 0 || strings.HasPrefix(string(t.Token.Op), byCopy) {
			break
		}
		taken, err := s.claim(ctx, o, t)
		if taken || err != nil {
			return t, err
		}
	}
	return s.placeAside(ctx, o)
}

// find looks for the copy. When there is none, it returns the cart of the other
// shop that has the same id.
func (s *sharing) find(ctx context.Context, o origin) (t copied, found bool, err error) {
	if t, found, err = s.known(ctx, o, o.aside(), o.op("aside")); found || err != nil {
		return t, found, err
	}
	if t.Token != (Token{}) { // nobody else comes to this id
		t.before = true
		return t, true, nil
	}
	t, found, err = s.known(ctx, o, o.ID, o.op("claim"))
	if damaged(err) { // there is something, only no cart
		t.More = 1
		return t, false, nil
	}
	return t, found || t.Token == o.Token && t.Token != (Token{}), err
}

// known reads a cart of the other shop and reports whether the copy began there,
// with the operation first.
func (s *sharing) known(ctx context.Context, o origin, id CartID, first OpID) (t copied, found bool, err error) {
	r, err := s.read(ctx, id, first)
	if err != nil {
		return t, false, err
	}
	t = copied{Cart: r.Cart, before: r.Mine}
	if !o.old {
		return t, t.before, nil
	}
	var events []Event
	err = again(ctx, func() (err error) {
		events, err = s.to.Activity(ctx, id)
		return err
	})
	t.ops = make(map[OpID]int64, len(events))
	for _, e := range events {
		t.ops[e.Token.Op] = e.Quantity - e.Was
		t.before = t.before || o.copiedBy(e.Token.Op)
	}
	t.before = t.before || s.untouched(t.Cart, o.Cart)
	return t, t.before, err
}

// untouched reports whether a cart of the other shop is as a copy of long ago left
// it: it has the lines that were there then, all from this counter, and the name.
func (s *sharing) untouched(there, here Cart) bool {
	if there.Name != here.Name || len(there.Lines) == 0 {
		return false
	}
	other := func(l Line) bool {
		mine, _ := here.Line(l.Product.ID)
		return mine.Quantity != l.Quantity || l.By != s.by
	}
	missing := func(l Line) bool { return forgotten(l.Added) && there.index(l.Product.ID) < 0 }
	return !slices.ContainsFunc(there.Lines, other) && !slices.ContainsFunc(here.Lines, missing)
}

// claim takes an empty cart of the other shop for the copy; false: it is not
// empty any more, or taken.
func (s *sharing) claim(ctx context.Context, o origin, t copied) (bool, error) {
	err := s.apply(ctx, t.ID, Change{Op: o.op("claim"), Kind: KindClear, Token: t.Token})
	if errors.Is(err, ErrCartChanged) || errors.Is(err, ErrOpReused) {
		return false, nil
	}
	if err != nil || o.Name != "" || t.Name == "" {
		return err == nil, err
	}
	return true, s.name(ctx, t.ID, o.op("name", t.Name), t.Name) // emptying took it away
}

// placeAside begins the copy beside the cart that has its id.
func (s *sharing) placeAside(ctx context.Context, o origin) (copied, error) {
	id := o.aside()
	return copied{Cart: Cart{ID: id}}, s.name(ctx, id, o.op("aside"), nameAside(o.Name, s.by))
}

// nameAside says in a cart's name where it comes from: "Table 4 (Counter 2)".
func nameAside(name, by string) string {
	by = Clean(by, MaxCartNameLen/2)
	if name == "" {
		return by
	}
	by = " (" + by + ")"
	return Clean(name, MaxCartNameLen-len(by)) + by
}

// rename gives the copy the name of the cart, once: whoever names it afterwards
// wins.
func (s *sharing) rename(ctx context.Context, o origin, t copied) error {
	op := o.op("name", o.Name)
	_, named := t.ops[op]
	if o.Name == "" || t.ID != o.ID || t.Name == o.Name {
		return nil
	}
	if o.old && t.before && (t.Name != "" || named) { // the shop may have forgotten that it was named
		return nil
	}
	return s.name(ctx, t.ID, op, o.Name)
}

func (s *sharing) name(ctx context.Context, id CartID, op OpID, name string) error {
	err := s.apply(ctx, id, Change{Op: op, Kind: KindName, Text: name})
	if errors.Is(err, ErrOpReused) { // it had another name once
		return nil
	}
	return err
}
