package data

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Limits of a cart. The zero value means the defaults.
type Limits struct {
	Quantity int64 // most of one product, 1 to 2^53; default 9,999
	Lines    int   // most lines of a cart; default 1,000
}

// Default limits.
const (
	DefaultMaxQuantity = 9999
	DefaultMaxLines    = 1000
)

// OrDefault returns l with the defaults in place of zeros.
func (l Limits) OrDefault() Limits {
	return Limits{
		Quantity: cmp.Or(l.Quantity, DefaultMaxQuantity),
		Lines:    cmp.Or(l.Lines, DefaultMaxLines),
	}
}

// Token is the identity of one state of a cart: how many changes it has had
// since it came to life, and the id of the last one. The count alone would not
// do: after a failover that lost changes, another change can get the same
// number.
type Token struct {
	Version int64
	Op      OpID
}

// String returns the token as the stores compare it, "" for the zero token.
func (t Token) String() string {
	if t == (Token{}) {
		return ""
	}
	return strconv.FormatInt(t.Version, 10) + " " + string(t.Op)
}

// Line is one product in a cart.
type Line struct {
	Product  Product   // only the ID, and perhaps the name, is set when Known is false
	Known    bool      // the catalogue has the product
	Quantity int64     // 0 when Damaged
	Damaged  string    // the stored quantity that cannot be used; empty: it can
	Added    time.Time // when the line came in, by the store's clock; zero: unknown
	Changed  time.Time // when it was last changed, likewise
	By       string    // the counter that changed it last; empty: unknown
	Waiting  bool      // shows a change that the store has not confirmed yet
}

// Total returns the line's price, and false when it is not known or overflows.
func (l Line) Total() (Money, bool) {
	if !l.Known || l.Product.Damaged != "" || l.Damaged != "" {
		return 0, false
	}
	return l.Product.Price.Times(l.Quantity)
}

// Cart is one state of a cart.
type Cart struct {
	ID      CartID
	Name    string // that a person gave it; empty: none
	Token   Token
	Lines   []Line    // in the order they came in, at most Limits.Lines
	More    int       // further lines in the store, over the limit and not read
	Expires time.Time // by this computer's clock; zero: never, or nothing to expire
	ReadAt  time.Time // when it was read, by this computer's clock
	Ended   *Past     // of a cart without lines: how the last one with lines ended, if the store still knows
}

// Line returns the line of a product.
func (c Cart) Line(id ProductID) (Line, bool) {
	i := c.index(id)
	if i < 0 {
		return Line{}, false
	}
	return c.Lines[i], true
}

func (c Cart) index(id ProductID) int {
	return slices.IndexFunc(c.Lines, func(l Line) bool { return l.Product.ID == id })
}

// Items returns the number of single items of all sound lines.
func (c Cart) Items() int64 {
	var n int64
	for _, l := range c.Lines {
		n += l.Quantity
	}
	return n
}

// Total returns the exact sum of all lines whose price is known. Exact is false
// when a line had to be left out, or lines are not shown.
func (c Cart) Total() (sum Money, exact bool) {
	exact = c.More == 0
	for _, l := range c.Lines {
		t, ok := l.Total()
		if ok {
			t, ok = sum.Plus(t)
		}
		if !ok {
			exact = false
			continue
		}
		sum = t
	}
	return sum, exact
}

// SortLines puts lines in the order they came in; lines of unknown age, which
// somebody made by hand, come first and by id.
func SortLines(lines []Line) {
	slices.SortStableFunc(lines, func(a, b Line) int {
		return cmp.Or(a.Added.Compare(b.Added), cmp.Compare(a.Product.ID, b.Product.ID))
	})
}

// ReadQuantity makes a quantity of a stored text. Damaged repeats the text,
// fit to be shown, when it is no whole number from 1 to 2^53.
func ReadQuantity(score string) (n int64, damaged string) {
	n, err := strconv.ParseInt(score, 10, 64)
	if err != nil || n < 1 || n > maxInt {
		return 0, cmp.Or(Clean(score, 32), "?")
	}
	return n, ""
}
