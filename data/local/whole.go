package local

import (
	"cmp"

	"trolley/data"
)

// clear empties the cart and completes the event. It also repairs a cart whose
// state is damaged.
func (t *tx) clear(cart cartRow, c data.Change, e *data.Event) error {
	if c.Token != cart.token() {
		return data.ErrCartChanged
	}
	return t.end(cart, data.Emptied, e)
}

// checkout makes an order of the cart and completes the event.
func (t *tx) checkout(cart cartRow, c data.Change, e *data.Event) error {
	if err := cart.check(); err != nil {
		return err
	}
	if c.Token != cart.token() {
		return data.ErrCartChanged
	}
	lines, err := t.allLines(cart.id)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return data.ErrCartChanged
	}
	if err := t.takeFromStock(lines, c.Oversell); err != nil {
		return err
	}
	return t.end(cart, data.CheckedOut, e)
}

// takeFromStock takes what is sold off the stock, which never gets below 0. One
// line that cannot be sold is enough to refuse all.
func (t *tx) takeFromStock(lines []data.Line, oversell bool) error {
	if err := mayBeSold(lines, oversell); err != nil {
		return err
	}
	counted := false
	for _, l := range lines {
		n := min(l.Quantity, l.Product.Stock)
		if n <= 0 { // nothing is left, or it is not counted
			continue
		}
		counted = true
		if err := t.exec("UPDATE product SET stock = stock - ? WHERE id = ?", n, l.Product.ID); err != nil {
			return err
		}
	}
	if !counted {
		return nil
	}
	return t.announce("", "")
}

// mayBeSold says why lines cannot become an order: one is damaged, or of which
// product there is not enough. Of several it names the one with the fewest in
// the cart, then the first by id.
func mayBeSold(lines []data.Line, oversell bool) error {
	var short *data.StockError
	for _, l := range lines {
		p := l.Product
		if _, sound := l.Total(); !sound || len(p.ID) > maxProduct {
			return &data.DamagedError{What: "line of " + data.Clean(string(p.ID), data.MaxIDLen)}
		}
		enough := oversell || p.Stock == data.Unlimited || p.Stock >= l.Quantity
		if !enough && (short == nil || cmp.Or(cmp.Compare(l.Quantity, short.Have), cmp.Compare(p.ID, short.Product)) < 0) {
			short = &data.StockError{Product: p.ID, Have: l.Quantity, Left: p.Stock}
		}
	}
	if short != nil {
		return short
	}
	return nil
}

// end empties the cart, keeps what was in it, and completes the event.
func (t *tx) end(cart cartRow, how data.Ending, e *data.Event) error {
	var err error
	if e.Was, err = t.lines(cart.id, -1); err != nil {
		return err
	}
	if e.Was > 0 {
		if err := t.keepPast(cart, ending{e.Token.Op, how, micros(e.At), e.By}); err != nil {
			return err
		}
		cart.ended = e.Token.Op
	}
	if err := t.exec("DELETE FROM line WHERE cart = ?", cart.id); err != nil {
		return err
	}
	cart.name, cart.began = "", 0
	cart.clearedBy, cart.clearedAt = e.By, micros(e.At)
	return t.putCart(cart, *e)
}

// rename gives the cart another name and completes the event.
func (t *tx) rename(cart cartRow, c data.Change, e *data.Event) error {
	if err := cart.check(); err != nil {
		return err
	}
	cart.name, e.Text = c.Text, c.Text
	return t.putCart(cart, *e)
}

// allLines reads every line of a cart that is to be sold.
func (t *tx) allLines(id data.CartID) ([]data.Line, error) {
	const all = -1
	st, err := t.store.writer.statement(t.ctx, selectLines)
	if err != nil {
		return nil, t.store.fault("preparing to read", err)
	}
	rows, err := st.QueryContext(t.ctx, id, all)
	if err != nil {
		return nil, t.store.fault("reading", err)
	}
	lines, err := collect(rows, scanLine)
	return lines, t.store.fault("reading", err)
}
