package local

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"trolley/data"
)

// ending says how a cart ended.
type ending struct {
	id  data.OpID
	how data.Ending
	at  int64 // µs since 1970
	by  string
}

// expiry is the ending of a cart whose time is over. Where the last operation
// is unknown its id is made of what else tells this ending from others.
func (c cartRow) expiry() ending {
	id := c.token().Op
	if id == "" {
		id = data.DerivedOp("expired", string(c.id), strconv.FormatInt(c.deadline, 10))
	}
	return ending{id: id, how: data.Expired, at: c.deadline * 1000} // no overflow: it was before now
}

// putAway ends an expired cart: its lines go to the past, and what is left is
// its count of changes. It returns the row as it is stored then.
func (t *tx) putAway(c cartRow) (cartRow, error) {
	e := c.expiry()
	n, err := t.lines(c.id, 1)
	if err != nil {
		return c, err
	}
	if n > 0 && e.at > pastBegins(t.now) {
		if err := t.keepPast(c, e); err != nil {
			return c, err
		}
		c.ended = e.id
	}
	if err := t.exec("DELETE FROM line WHERE cart = ?", c.id); err != nil {
		return c, err
	}
	c = cartRow{id: c.id, version: c.count(), changed: e.at, ended: c.ended}
	return c, t.storeCart(c)
}

// pastBegins is the time before which nothing of the past is kept, in µs since
// 1970.
func pastBegins(now time.Time) int64 { return now.Add(-data.PastLife).UnixMicro() }

// Lines taken out are nobody's to bring back. A price that cannot be one is
// unknown.
var insertPastLines = fmt.Sprintf(`INSERT OR IGNORE INTO past_line (cart, past, product, quantity, name, price, added, changed, changed_by)
SELECT l.cart, ?, %s, l.quantity, %s, CASE WHEN p.price BETWEEN 0 AND %d THEN p.price END, l.added, l.changed, %s
FROM line l LEFT JOIN product p ON p.id = l.product WHERE l.cart = ? AND l.quantity IS NOT NULL`,
	cut("l.product", maxProduct+1), cut("p.name", maxName), data.MaxPrice, cut("l.changed_by", maxBy))

// keepPast keeps the cart's lines, with names and prices as they are now, and
// how it ended. They stay in the cart.
func (t *tx) keepPast(c cartRow, e ending) error {
	// Of an id that was there before, by hand, nothing may stay.
	if err := t.exec("DELETE FROM past_line WHERE cart = ? AND past = ?", c.id, e.id); err != nil {
		return err
	}
	err := t.exec("INSERT OR REPLACE INTO past (cart, id, how, at, ended_by, name) VALUES (?, ?, ?, ?, ?, ?)",
		c.id, e.id, e.how, e.at, e.by, c.name)
	if err != nil {
		return err
	}
	return t.exec(insertPastLines, e.id, c.id)
}

// What has ids longer than ours, somebody made by hand.
var selectPast = fmt.Sprintf(`SELECT %s, id, %s, at, %s, %s FROM past WHERE octet_length(id) BETWEEN 1 AND %d AND at > ? AND `,
	cut("cart", data.MaxIDLen+1), cut("how", 20), cut("ended_by", maxBy), cut("name", maxCartName), maxOp)

// Past implements [data.Backend].
func (s *Store) Past(ctx context.Context, orders bool, before time.Time) (all []data.Past, err error) {
	how := [2]data.Ending{data.Expired, data.Emptied}
	if orders {
		how = [2]data.Ending{data.CheckedOut, data.CheckedOut}
	}
	until := int64(maxNumber) // also what ended before the clock was set back
	if !before.IsZero() {
		until = before.UnixMicro()
	}
	err = s.view(ctx, "reading the past", func(ctx context.Context, t *sql.Tx) error {
		rows, err := t.QueryContext(ctx, selectPast+"at < ? AND how IN (?, ?) ORDER BY at DESC, cart, id LIMIT ?",
			pastBegins(s.now()), until, how[0], how[1], data.PastPage)
		if err != nil {
			return err
		}
		if all, err = collect(rows, scanPast); err != nil {
			return err
		}
		for i := range all {
			if err := s.readPastLines(ctx, t, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// howEnded returns how the last lines of an empty cart came to their end, nil
// when that is not known, or not any more.
func (s *Store) howEnded(ctx context.Context, t *sql.Tx, row cartRow, now time.Time) (*data.Past, error) {
	if row.ended == "" {
		return nil, nil
	}
	rows, err := t.QueryContext(ctx, selectPast+"cart = ? AND id = ? AND how IN (?, ?, ?)",
		pastBegins(now), row.id, row.ended, data.Expired, data.Emptied, data.CheckedOut)
	if err != nil {
		return nil, err
	}
	found, err := collect(rows, scanPast)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], s.readPastLines(ctx, t, &found[0])
}

func scanPast(rows *sql.Rows) (data.Past, error) {
	var p data.Past
	var at int64
	if err := rows.Scan(&p.Cart.ID, &p.ID, &p.How, &at, &p.By, &p.Cart.Name); err != nil {
		return p, err
	}
	p.At = storedTime(at)
	p.By = data.Clean(p.By, data.MaxCounterLen)
	p.Cart.ID = data.CartID(data.Clean(string(p.Cart.ID), data.MaxIDLen))
	p.Cart.Name = data.Clean(p.Cart.Name, data.MaxCartNameLen)
	return p, nil
}

var selectPastLines = fmt.Sprintf(`SELECT %s, CAST(quantity AS TEXT), added, changed, %s, price IS NOT NULL, %s, coalesce(CAST(price AS TEXT), ''), '', ''
FROM past_line WHERE cart = ? AND past = ? ORDER BY added, product LIMIT ?`,
	cut("product", maxProduct+1), cut("changed_by", maxBy), cut("name", maxName))

// readPastLines fills in the lines that a cart of the past had, up to the limit,
// and counts the others.
func (s *Store) readPastLines(ctx context.Context, t *sql.Tx, p *data.Past) error {
	rows, err := t.QueryContext(ctx, selectPastLines, p.Cart.ID, p.ID, s.limits.Lines)
	if err != nil {
		return err
	}
	if p.Cart.Lines, err = collect(rows, scanLine); err != nil {
		return err
	}
	data.SortLines(p.Cart.Lines)
	if len(p.Cart.Lines) < s.limits.Lines {
		return nil
	}
	var all int
	err = t.QueryRowContext(ctx, "SELECT count(*) FROM past_line WHERE cart = ? AND past = ?", p.Cart.ID, p.ID).Scan(&all)
	p.Cart.More = all - len(p.Cart.Lines)
	return err
}
