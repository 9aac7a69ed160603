package data

import (
	"fmt"
	"strconv"
	"time"
)

// Kind says what a change does.
type Kind string

const (
	// KindAdd raises a line by Quantity, and starts it when it is not there.
	KindAdd Kind = "add"
	// KindStep raises or lowers a line that must be there. Like an add it
	// commutes with what other counters do. At 0 the line is removed.
	KindStep Kind = "step"
	// KindSet sets a line to Quantity if it still holds what the person saw.
	KindSet Kind = "set"
	// KindRemove takes a line out, whatever it holds.
	KindRemove Kind = "remove"
	// KindClear empties the cart if it still is what the person saw.
	KindClear Kind = "clear"
	// KindCheckout completes the cart if it still is what the person saw: it
	// becomes an order, the stock goes down, and the cart is empty again.
	KindCheckout Kind = "checkout"
	// KindName gives the cart a name; the last one to do so wins.
	KindName Kind = "name"
)

// Ends reports whether the change takes everything out of the cart at once. It
// carries the cart that the person saw.
func (k Kind) Ends() bool { return k == KindClear || k == KindCheckout }

// whole reports whether the change is of the cart and not of one line.
func (k Kind) whole() bool { return k.Ends() || k == KindName }

// Change is one thing a person wants done to a cart. Op makes it safe to
// repeat: a store applies one Op at most once.
type Change struct {
	Op       OpID
	Kind     Kind
	Product  ProductID // empty for a change of the whole cart
	Quantity int64     // add: 1 or more; step: not 0; set: 1 or more; otherwise 0
	Text     string    // name: the new one; empty takes it away
	Seen     int64     // set: the quantity the person saw; 0: a damaged one, to be repaired
	Token    Token     // clear, checkout: the cart the person saw
	By       string    // the counter

	// Oversell lets a line hold more than the stock that is counted, and a
	// checkout sell it: the stock goes down to 0 then. It says how the counter
	// works and not what the change does, so it is no part of the Fingerprint.
	Oversell bool

	// Undoes is the change that this one takes back. If that one is refused, this
	// one goes with it. No store gets to see it.
	Undoes OpID

	// When the person made it and what they saw and wanted, for messages; no
	// store gets to see it.
	At   time.Time // by this computer's clock
	Name string    // the product's name
	Want int64     // the line's quantity afterwards
}

// Check reports what is wrong with a change before it is sent anywhere.
func (c Change) Check(l Limits) error {
	l = l.OrDefault()
	if checkID("operation id", string(c.Op)) != nil || len(c.Op) > 64 {
		return &InvalidError{What: "operation id", Value: Clean(string(c.Op), 40), Reason: "it is not one of ours"}
	}
	if err := CheckCounter(c.By); err != nil {
		return err
	}
	low, high := int64(1), l.Quantity
	switch c.Kind {
	case KindAdd, KindSet:
	case KindStep:
		low = -high
	case KindRemove, KindClear, KindCheckout, KindName:
		low, high = 0, 0
	default:
		return fmt.Errorf("unknown kind of change %q", c.Kind)
	}
	if c.Quantity < low || c.Quantity > high || c.Kind == KindStep && c.Quantity == 0 {
		return &QuantityError{Product: c.Product, Asked: c.Quantity, Max: l.Quantity}
	}
	if c.Kind == KindName {
		return CheckCartName(c.Text)
	}
	if c.Kind.whole() {
		return nil
	}
	// Lines that came in by hand may have any id and must be removable, so
	// only a line that would be new is held to the rules.
	if c.Kind == KindAdd {
		return checkID("product id", string(c.Product))
	}
	if c.Product == "" || len(c.Product) > 256 {
		return &InvalidError{What: "product id", Value: Clean(string(c.Product), 40), Reason: "it is empty or too long"}
	}
	return nil
}

// Fingerprint tells two changes apart that carry the same operation id. The
// counter is no part of it: it does not change what the change does.
func (c Change) Fingerprint() string {
	switch c.Kind {
	case KindClear, KindCheckout:
		return string(c.Kind) + " " + c.Token.String()
	case KindName:
		return string(c.Kind) + " " + c.Text
	case KindSet:
		return fmt.Sprintf("%s %d %d %s", c.Kind, c.Quantity, c.Seen, c.Product)
	}
	return string(c.Kind) + " " + strconv.FormatInt(c.Quantity, 10) + " " + string(c.Product)
}

// Receipt is a store's answer to a change that is done.
type Receipt struct {
	Duplicate bool  // done before, by the same operation id
	Event     Event // what was announced; of a duplicate only Token, Op, Kind, Product, Quantity and Was
}

// OpReusedError is an [ErrOpReused] that tells what the change of that id did to
// its line.
type OpReusedError struct{ Quantity, Was int64 }

func (e *OpReusedError) Error() string { return ErrOpReused.Error() }

// Is reports whether the target is ErrOpReused.
func (e *OpReusedError) Is(target error) bool { return target == ErrOpReused }

// Overlay lays the changes that wait for an answer over a cart of the store,
// in order, and marks the lines they touch. It is the one place where the
// window's cart and the store's differ; it changes neither argument. Lookup
// gives what is known of a product that the cart does not have yet.
func Overlay(c Cart, waiting []Change, lookup func(ProductID) (Product, bool)) Cart {
	if len(waiting) == 0 {
		return c
	}
	c.Lines = append([]Line(nil), c.Lines...)
	for _, ch := range waiting {
		switch {
		case ch.Kind.Ends():
			c.Name, c.Lines, c.More = "", nil, 0
		case ch.Kind == KindName:
			c.Name = ch.Text
		default:
			c.Lines = overlayOne(c, ch, lookup)
		}
	}
	if len(c.Lines) > 0 {
		c.Ended = nil
	}
	return c
}

func overlayOne(c Cart, ch Change, lookup func(ProductID) (Product, bool)) []Line {
	i := c.index(ch.Product)
	if i < 0 {
		if ch.Kind != KindAdd {
			return c.Lines
		}
		p, known := lookup(ch.Product)
		if p.ID = ch.Product; !known {
			p.Name = ch.Name // as the person saw it
		}
		l := Line{Product: p, Known: known, Quantity: ch.Quantity, By: ch.By, Waiting: true}
		if n := len(c.Lines); n > 0 {
			l.Added = c.Lines[n-1].Added.Add(time.Nanosecond) // stay the newest
		}
		return append(c.Lines, l)
	}
	l := &c.Lines[i]
	l.Waiting, l.By = true, ch.By
	switch ch.Kind {
	case KindAdd, KindStep:
		if l.Damaged == "" {
			l.Quantity += ch.Quantity
		}
	case KindSet:
		l.Quantity, l.Damaged = ch.Quantity, ""
	case KindRemove:
		l.Quantity, l.Damaged = 0, ""
	}
	if l.Quantity <= 0 && l.Damaged == "" {
		return append(c.Lines[:i], c.Lines[i+1:]...)
	}
	return c.Lines
}
