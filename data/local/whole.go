package local

import (
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
	if err := t.takeFromStock(lines); err != nil {
		return err
	}
	return t.end(cart, data.CheckedOut, e)
}

// takeFromStock takes what is sold off the stock. One line that cannot be sold
// is enough to refuse all.
func (t *tx) takeFromStock(lines []data.Line) error {
	counted := false
	for _, l := range lines {
		if err := mayBeSold(l); err != nil {
			return err
		}
		if l.Product.Stock == data.Unlimited {
			continue
		}
		counted = true
		if err := t.exec("UPDATE product SET stock = stock - ? WHERE id = ?", l.Quantity, l.Product.ID); err != nil {
			return err
		}
	}
	if !counted {
		return nil
	}
	return t.announce("", "")
}

// mayBeSold says why a line cannot become part of an order.
func mayBeSold(l data.Line) error {
	p := l.Product
	_, sound := l.Total()
	switch {
	case !sound || len(p.ID) > maxProduct:
		return &data.DamagedError{What: "line of " + data.Clean(string(p.ID), data.MaxIDLen)}
	case p.Stock != data.Unlimited && p.Stock < l.Quantity:
		return &data.StockError{Product: p.ID, Have: l.Quantity, Left: p.Stock}
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
