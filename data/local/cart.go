package local

import (
	"time"

	"trolley/data"
)

// cartRow is a stored cart; one that is not there has version 0. The row
// outlives what is in the cart: an expired cart that was put to the past has no
// operation, but counts its versions on.
type cartRow struct {
	id        data.CartID
	version   int64
	op        data.OpID
	deadline  int64
	clearedBy string
	clearedAt int64
	name      string
	began     int64     // µs since 1970, when the first line came in; 0: unknown
	changed   int64     // µs since 1970
	ended     data.OpID // what made the past entry of the lines it had last; empty: none
}

var selectCart = "SELECT version, " + cut("op", maxOp+1) + ", deadline, " + cut("cleared_by", maxBy) + ", cleared_at, " +
	cut("name", maxCartName) + ", began, changed, " + cut("ended", maxOp+1) + " FROM cart WHERE id = ?"

func (c *cartRow) fields() []any {
	return []any{&c.version, &c.op, &c.deadline, &c.clearedBy, &c.clearedAt, &c.name, &c.began, &c.changed, &c.ended}
}

// clean makes the row's texts fit to be shown.
func (c *cartRow) clean() {
	c.clearedBy = data.Clean(c.clearedBy, data.MaxCounterLen)
	c.name = data.Clean(c.name, data.MaxCartNameLen)
}

// check says what makes the row unfit to be counted on from.
func (c cartRow) check() error {
	if !isCount(c.version) || len(c.op) > maxOp {
		return &data.DamagedError{What: "state of cart " + string(c.id)}
	}
	return nil
}

// count is the number of changes so far. A damaged one begins anew, so that the
// cart can be cleared.
func (c cartRow) count() int64 {
	if c.check() != nil {
		return 0
	}
	return c.version
}

// token is the state that the row is in; a damaged one is like none.
func (c cartRow) token() data.Token {
	if c.count() == 0 || c.op == "" {
		return data.Token{}
	}
	return data.Token{Version: c.version, Op: c.op}
}

// expired says whether the cart's time was over at now, in ms since 1970. Below
// zero is no time, and costs nobody a cart.
func (c cartRow) expired(now int64) bool { return c.deadline > 0 && c.deadline <= now }

// expires is when the cart's time will be over; zero: never, or damaged.
func (c cartRow) expires() time.Time {
	if c.deadline <= 0 || !isCount(c.deadline) {
		return time.Time{}
	}
	return time.UnixMilli(c.deadline)
}

const (
	maxNumber = 1 << 52 // of whatever is counted; far beyond what changes come to
	maxOp     = 64      // bytes of an operation id
)

func isCount(n int64) bool { return n >= 0 && n <= maxNumber }

// storedTime reads a time in microseconds; what cannot be one is unknown.
func storedTime(us int64) time.Time {
	if !isCount(us) {
		return time.Time{}
	}
	return data.FromMicros(us)
}

// cart reads the cart that is to be changed. An expired one is put to the past,
// and begins anew.
func (t *tx) cart(id data.CartID) (cartRow, error) {
	c := cartRow{id: id}
	if _, err := t.row(selectCart, []any{id}, c.fields()...); err != nil {
		return c, err
	}
	c.clean()
	if c.expired(t.now.UnixMilli()) {
		return t.putAway(c)
	}
	return c, nil
}

// putCart stores the cart's new state and renews its timeout.
func (t *tx) putCart(c cartRow, e data.Event) error {
	c.version, c.op, c.changed, c.deadline = e.Token.Version, e.Token.Op, micros(e.At), t.deadline()
	return t.storeCart(c)
}

func (t *tx) storeCart(c cartRow) error {
	return t.exec("INSERT OR REPLACE INTO cart (id, version, op, deadline, cleared_by, cleared_at, name, began, changed, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.id, c.version, c.op, c.deadline, c.clearedBy, c.clearedAt, c.name, c.began, c.changed, c.ended)
}

// deadline is the end of a cart that is renewed now, in ms since 1970.
func (t *tx) deadline() int64 {
	if t.store.timeout <= 0 {
		return 0
	}
	return t.now.Add(t.store.timeout).UnixMilli()
}
