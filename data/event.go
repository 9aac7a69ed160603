package data

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// MaxEventLen is the longest event a client reads, in bytes.
const MaxEventLen = 1024

// Event tells every counter what a change made of a cart. Quantities are
// absolute, so that hearing an event twice does no harm.
type Event struct {
	Token    Token
	Prev     OpID // the operation before; a listener whose last one it is has missed nothing
	Kind     Kind
	Product  ProductID // empty for a change of the whole cart
	Text     string    // KindName: the new name
	Quantity int64     // the line's quantity afterwards
	Was      int64     // and before; for a change that ends the cart the number of lines
	Added    time.Time // when the line came in, by the store's clock
	At       time.Time // when the change was made, likewise
	By       string    // the counter that made it

	// Own says that this session made the change; it is not part of the wire.
	Own bool
}

// errEvent says that an event has not the agreed form; the listener reads the
// whole cart instead.
var errEvent = errors.New("event has an unknown form")

// Encode returns the event in wire form 1:
//
//	1 version quantity was added at kind op prev by product
//
// separated by single spaces. Times are microseconds since 1970, so fine that
// lines keep the order in which they came in. An unknown prev is "-", by is percent-encoded,
// and the product comes last as it is: a foreign id may hold spaces. Of a name
// event the last field is the name.
func (e Event) Encode() string {
	prev := e.Prev
	if prev == "" {
		prev = "-"
	}
	return fmt.Sprintf("1 %d %d %d %d %d %s %s %s %s %s", e.Token.Version, e.Quantity, e.Was,
		micros(e.Added), micros(e.At), e.Kind, e.Token.Op, prev, EscapeCounter(e.By), string(e.Product)+e.Text)
}

// ParseEvent reads what [Event.Encode] or a store's script wrote.
func ParseEvent(s string) (Event, error) {
	if len(s) > MaxEventLen {
		return Event{}, errEvent
	}
	f := strings.SplitN(s, " ", 11)
	if len(f) != 11 || f[0] != "1" {
		return Event{}, errEvent
	}
	var n [5]int64
	for i := range n {
		x, err := strconv.ParseInt(f[1+i], 10, 64)
		if err != nil || x < 0 || x > maxInt {
			return Event{}, errEvent
		}
		n[i] = x
	}
	e := Event{Token: Token{n[0], OpID(f[7])}, Quantity: n[1], Was: n[2], Added: FromMicros(n[3]), At: FromMicros(n[4]),
		Kind: Kind(f[6]), Prev: OpID(f[8]), By: UnescapeCounter(f[9]), Product: ProductID(f[10])}
	if e.Prev == "-" {
		e.Prev = ""
	}
	switch e.Kind {
	case KindAdd, KindStep, KindSet, KindRemove, KindClear, KindCheckout:
	case KindName:
		e.Text, e.Product = Clean(f[10], MaxCartNameLen), ""
	default:
		return Event{}, errEvent
	}
	if e.Token.Version < 1 || e.Token.Op == "" || (e.Product == "") != e.Kind.whole() {
		return Event{}, errEvent
	}
	return e, nil
}

// EscapeCounter makes a counter's name one word of an event or record.
func EscapeCounter(name string) string { return url.PathEscape(name) }

// UnescapeCounter reads what EscapeCounter wrote; anything else comes out as
// it is, fit to be shown.
func UnescapeCounter(s string) string {
	if name, err := url.PathUnescape(s); err == nil {
		s = name
	}
	return Clean(s, MaxCounterLen)
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// FromMicros reads a time of a store, in microseconds since 1970; 0 is the
// zero time.
func FromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us)
}

// Fold applies the event to the cart it follows on, and returns the new cart.
// It reports false when the event does not follow on it: something was missed
// and the cart must be read again. Lookup is as for [Overlay].
func (e Event) Fold(c Cart, lookup func(ProductID) (Product, bool)) (Cart, bool) {
	// A cart that comes to life again goes on counting.
	anew := c.Token == (Token{}) && len(c.Lines) == 0 && c.More == 0 && e.Prev == ""
	if !anew && (e.Token.Version != c.Token.Version+1 || e.Prev != c.Token.Op) {
		return c, false
	}
	if e.Kind.whole() {
		return e.foldWhole(c), true
	}
	i := c.index(e.Product)
	if i < 0 && c.More > 0 {
		return c, false // it may be one of the lines that were not read
	}
	lines := append([]Line(nil), c.Lines...)
	switch {
	case e.Quantity == 0 && i >= 0:
		lines = append(lines[:i], lines[i+1:]...)
	case e.Quantity == 0:
	case i >= 0:
		l := &lines[i]
		l.Quantity, l.Damaged, l.Added, l.Changed, l.By = e.Quantity, "", e.Added, e.At, e.By
	default:
		p, known := lookup(e.Product)
		p.ID = e.Product
		lines = append(lines, Line{Product: p, Known: known, Quantity: e.Quantity, Added: e.Added, Changed: e.At, By: e.By})
	}
	SortLines(lines)
	c.Token, c.Lines, c.Ended = e.Token, lines, nil
	return c, true
}

// foldWhole applies an event of the whole cart.
func (e Event) foldWhole(c Cart) Cart {
	if e.Kind == KindName {
		c.Token, c.Name = e.Token, e.Text
		return c
	}
	if len(c.Lines) > 0 {
		how := Emptied
		if e.Kind == KindCheckout {
			how = CheckedOut
		}
		c.Ended = &Past{ID: e.Token.Op, How: how, At: e.At, By: e.By, Cart: c}
	}
	c.Token, c.Name, c.Lines, c.More = e.Token, "", nil, 0
	return c
}
