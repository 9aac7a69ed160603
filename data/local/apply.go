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
		Token: data.Token{Version: cart.count() + 1, Op: c.Op}, Prev: seen.Op,
		Kind: c.Kind, Product: c.Product, At: t.now, By: c.By,
	}
	switch c.Kind {
	case data.KindClear:
		err = t.clear(cart, c, &e)
	case data.KindCheckout:
		err = t.checkout(cart, c, &e)
	case data.KindName:
		err = t.rename(cart, c, &e)
	default:
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
	case e.Token.Version < 1 || e.Token.Version > maxNumber || !isCount(e.Quantity) || !isCount(e.Was):
		return data.Receipt{}, &data.DamagedError{What: "record of operation " + string(c.Op)}
	case !same:
		return data.Receipt{}, &data.OpReusedError{Quantity: e.Quantity, Was: e.Was}
	}
	return data.Receipt{Duplicate: true, Event: e}, nil
}

// lines counts the cart's lines, up to most; below zero: all.
func (t *tx) lines(id data.CartID, most int) (n int64, err error) {
	_, err = t.row("SELECT count(*) FROM (SELECT 1 FROM line WHERE cart = ? AND quantity IS NOT NULL LIMIT ?)", []any{id, most}, &n)
	return n, err
}

// changeLine does every kind of change that is of one line, and completes the
// event.
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
	if cart.began, err = t.began(cart, l.there); err != nil {
		return err
	}
	cart.ended = ""
	if err := t.putLine(cart.id, *e); err != nil {
		return err
	}
	return t.putCart(cart, *e)
}

// began returns when the first line came into the cart, in µs since 1970, as it
// is once the change is made. Known says that the line was there before.
func (t *tx) began(cart cartRow, known bool) (int64, error) {
	if known {
		return cart.began, nil
	}
	n, err := t.lines(cart.id, 1)
	if n > 0 {
		return cart.began, err
	}
	return t.now.UnixMicro(), err
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
	case stock.Valid && n > stock.Int64 && !c.Oversell:
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

// record keeps the first answer for repeats, and announces the change.
func (t *tx) record(cart data.CartID, c data.Change, e data.Event) error {
	err := t.exec("INSERT INTO op (cart, id, fingerprint, version, quantity, was, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		cart, c.Op, c.Fingerprint(), e.Token.Version, e.Quantity, e.Was, t.now.UnixMilli())
	if err != nil {
		return err
	}
	payload := e.Encode()
	if err := t.announce(cart, payload); err != nil {
		return err
	}
	return t.exec("INSERT OR REPLACE INTO activity (cart, slot, seq, at, payload) VALUES (?, ?, last_insert_rowid(), ?, ?)",
		cart, slot(e.Token.Version), micros(e.At), payload)
}

// announce leaves a message for every window; no cart: about the catalogue.
func (t *tx) announce(cart data.CartID, payload string) error {
	return t.exec("INSERT INTO event (cart, payload) VALUES (?, ?)", cart, payload)
}
