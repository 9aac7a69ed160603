package local

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"trolley/data"
)

// Apply implements [data.Backend].
func (s *Store) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return data.Receipt{}, err
	}
	if err := c.Check(s.limits); err != nil {
		return data.Receipt{}, err
	}
	var r data.Receipt
	err := s.write(ctx, func(t *tx) error {
		var err error
		r, err = t.apply(cart, c)
		return err
	})
	if err != nil {
		return data.Receipt{}, err
	}
	return r, nil
}

func (t *tx) apply(id data.CartID, c data.Change) (data.Receipt, error) {
	if r, err := t.repeated(id, c); err != nil || r.Duplicate {
		return r, err
	}
	cart, err := t.cart(id)
	if err != nil {
		return data.Receipt{}, err
	}
	seen := cart.token()
	e := data.Event{
		Token: data.Token{Version: seen.Version + 1, Op: c.Op}, Prev: seen.Op,
		Kind: c.Kind, Product: c.Product, At: t.now, By: c.By,
	}
	if c.Kind == data.KindClear {
		err = t.clear(cart, c, &e)
	} else {
		err = t.changeLine(cart, c, &e)
	}
	if err != nil {
		return data.Receipt{}, err
	}
	return data.Receipt{Event: e}, t.record(id, c, e)
}

// repeated gives the first answer to an operation that has been applied.
func (t *tx) repeated(id data.CartID, c data.Change) (data.Receipt, error) {
	var same bool
	e := data.Event{Token: data.Token{Op: c.Op}, Kind: c.Kind, Product: c.Product}
	found, err := t.row("SELECT fingerprint = ?, version, quantity, was FROM op WHERE cart = ? AND id = ?",
		[]any{c.Fingerprint(), id, c.Op}, &same, &e.Token.Version, &e.Quantity, &e.Was)
	switch {
	case err != nil || !found:
		return data.Receipt{}, err
	case !same:
		return data.Receipt{}, data.ErrOpReused
	case e.Token.Version < 1 || e.Token.Version > maxNumber || !isCount(e.Quantity) || !isCount(e.Was):
		return data.Receipt{}, &data.DamagedError{What: "record of operation " + string(c.Op)}
	}
	return data.Receipt{Duplicate: true, Event: e}, nil
}

// cartRow is a stored cart; one that is not there has version 0.
type cartRow struct {
	id        data.CartID
	version   int64
	op        data.OpID
	deadline  int64
	clearedBy string
	clearedAt int64
}

// check says what makes the row unfit to be counted on from.
func (c cartRow) check() error {
	if !isCount(c.version) || len(c.op) > maxOp {
		return &data.DamagedError{What: "state of cart " + string(c.id)}
	}
	return nil
}

// token is the state that the row is in; a damaged one is like none, so that
// the cart can be cleared.
func (c cartRow) token() data.Token {
	if c.version == 0 || c.check() != nil {
		return data.Token{}
	}
	return data.Token{Version: c.version, Op: c.op}
}

// expired says whether the cart's time was over at now, in ms since 1970. Below
// zero is no time, and costs nobody a cart.
func (c cartRow) expired(now int64) bool { return c.deadline > 0 && c.deadline <= now }

var selectCart = "SELECT version, " + cut("op", maxOp+1) + ", deadline, " + cut("cleared_by", maxBy) + ", cleared_at FROM cart WHERE id = ?"

func (c *cartRow) fields() []any {
	return []any{&c.version, &c.op, &c.deadline, &c.clearedBy, &c.clearedAt}
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

// cart reads the cart that is to be changed. What is left of an expired one
// goes away, and it begins anew.
func (t *tx) cart(id data.CartID) (cartRow, error) {
	c := cartRow{id: id}
	if _, err := t.row(selectCart, []any{id}, c.fields()...); err != nil {
		return c, err
	}
	if c.expired(t.now.UnixMilli()) {
		return cartRow{id: id}, t.removeCart(id)
	}
	c.clearedBy = data.Clean(c.clearedBy, data.MaxCounterLen)
	return c, nil
}

func (t *tx) removeCart(id data.CartID) error {
	if err := t.exec("DELETE FROM line WHERE cart = ?", id); err != nil {
		return err
	}
	return t.exec("DELETE FROM cart WHERE id = ?", id)
}

// clear empties the cart and completes the event. It also repairs a cart whose
// state is damaged.
func (t *tx) clear(cart cartRow, c data.Change, e *data.Event) error {
	if c.Token != cart.token() {
		return data.ErrCartChanged
	}
	var err error
	if e.Was, err = t.lines(cart.id, -1); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM line WHERE cart = ?", cart.id); err != nil {
		return err
	}
	cart.clearedBy, cart.clearedAt = c.By, t.now.UnixMicro()
	return t.putCart(cart, *e)
}

// lines counts the cart's lines, up to most; below zero: all.
func (t *tx) lines(id data.CartID, most int) (n int64, err error) {
	_, err = t.row("SELECT count(*) FROM (SELECT 1 FROM line WHERE cart = ? AND quantity IS NOT NULL LIMIT ?)", []any{id, most}, &n)
	return n, err
}

// changeLine does every kind of change but clear, and completes the event.
func (t *tx) changeLine(cart cartRow, c data.Change, e *data.Event) error {
	if err := cart.check(); err != nil {
		return err
	}
	l, err := t.line(cart.id, c.Product)
	if err != nil {
		return err
	}
	n, err := l.after(c, cart, t.store.limits.Quantity)
	if err != nil {
		return err
	}
	if n > l.have {
		if err := t.mayRaise(cart.id, l, c, n); err != nil {
			return err
		}
	}
	e.Quantity, e.Was, e.Added = n, l.have, l.added
	if !l.there {
		e.Added = t.now
	}
	if err := t.putLine(cart.id, *e); err != nil {
		return err
	}
	return t.putCart(cart, *e)
}

// line is one stored line. One that was taken out is not there, but may still
// tell who did it.
type line struct {
	there   bool
	have    int64  // 0 when damaged
	damaged string // the stored quantity that cannot be used
	added   time.Time
	changed time.Time
	by      string
}

var selectLine = "SELECT quantity, added, changed, " + cut("changed_by", maxBy) + " FROM line WHERE cart = ? AND product = ?"

func (t *tx) line(cart data.CartID, id data.ProductID) (line, error) {
	var (
		l              line
		quantity       sql.NullInt64
		added, changed int64
	)
	found, err := t.row(selectLine, []any{cart, id}, &quantity, &added, &changed, &l.by)
	if err != nil || !found {
		return l, err
	}
	l.added, l.changed = storedTime(added), storedTime(changed)
	l.by = data.Clean(l.by, data.MaxCounterLen)
	if l.there = quantity.Valid; l.there {
		l.have, l.damaged = data.ReadQuantity(strconv.FormatInt(quantity.Int64, 10))
	}
	return l, nil
}

// after returns the quantity that the change makes of the line, or why it
// cannot.
func (l line) after(c data.Change, cart cartRow, most int64) (int64, error) {
	if !l.there && c.Kind != data.KindAdd {
		return 0, l.missing(c.Product, cart)
	}
	n := l.have + c.Quantity
	switch c.Kind {
	case data.KindRemove:
		return 0, nil
	case data.KindSet:
		// Seen 0 is meant for a damaged line only, whose have is 0 too.
		if c.Seen != l.have {
			return 0, &data.ConflictError{Product: c.Product, Seen: c.Seen, Now: l.have, By: l.by, At: l.changed}
		}
		n = c.Quantity
	default:
		if l.damaged != "" {
			return 0, &data.DamagedError{What: "quantity " + l.damaged + " of a line"}
		}
	}
	if n < 0 || n > most && n > l.have { // more than allowed, put in by hand, may be lowered
		return 0, &data.QuantityError{Product: c.Product, Asked: c.Quantity, Have: l.have, Max: most}
	}
	return n, nil
}

// missing tells who took the line out, by itself or with the whole cart.
func (l line) missing(id data.ProductID, cart cartRow) error {
	if l.by != "" {
		return &data.NotInCartError{Product: id, By: l.by, At: l.changed}
	}
	return &data.NotInCartError{Product: id, By: cart.clearedBy, At: storedTime(cart.clearedAt)}
}

// mayRaise checks what only a higher quantity needs: the product, its stock and
// room for a new line.
func (t *tx) mayRaise(cart data.CartID, l line, c data.Change, n int64) error {
	var stock sql.NullInt64
	found, err := t.row("SELECT stock FROM product WHERE id = ?", []any{c.Product}, &stock)
	switch {
	case err != nil:
		return err
	case !found:
		return data.ErrUnknownProduct
	case stock.Valid && !isCount(stock.Int64):
		return &data.DamagedError{What: "stock of " + string(c.Product)}
	case stock.Valid && n > stock.Int64:
		return &data.StockError{Product: c.Product, Have: l.have, Left: stock.Int64}
	case l.there:
		return nil
	}
	most := t.store.limits.Lines
	lines, err := t.lines(cart, most)
	if err == nil && lines >= int64(most) {
		return &data.FullError{Max: most}
	}
	return err
}

// putLine stores the line as the event has it.
func (t *tx) putLine(cart data.CartID, e data.Event) error {
	quantity := sql.NullInt64{Int64: e.Quantity, Valid: e.Quantity > 0}
	return t.exec("INSERT OR REPLACE INTO line (cart, product, quantity, added, changed, changed_by) VALUES (?, ?, ?, ?, ?, ?)",
		cart, e.Product, quantity, micros(e.Added), micros(e.At), e.By)
}

// micros is the stored form of a time, which [data.FromMicros] reads.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// putCart stores the cart's new state and renews its timeout.
func (t *tx) putCart(c cartRow, e data.Event) error {
	return t.exec("INSERT OR REPLACE INTO cart (id, version, op, deadline, cleared_by, cleared_at) VALUES (?, ?, ?, ?, ?, ?)",
		c.id, e.Token.Version, e.Token.Op, t.deadline(), c.clearedBy, c.clearedAt)
}

// deadline is the end of a cart that is renewed now, in ms since 1970.
func (t *tx) deadline() int64 {
	if t.store.timeout <= 0 {
		return 0
	}
	return t.now.Add(t.store.timeout).UnixMilli()
}

// record keeps the first answer for repeats, and announces the change.
func (t *tx) record(cart data.CartID, c data.Change, e data.Event) error {
	err := t.exec("INSERT INTO op (cart, id, fingerprint, version, quantity, was, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		cart, c.Op, c.Fingerprint(), e.Token.Version, e.Quantity, e.Was, t.now.UnixMilli())
	if err != nil {
		return err
	}
	return t.announce(cart, e.Encode())
}

// announce leaves a message for every window; no cart: about the catalogue.
func (t *tx) announce(cart data.CartID, payload string) error {
	return t.exec("INSERT INTO event (cart, payload) VALUES (?, ?)", cart, payload)
}
