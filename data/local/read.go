package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trolley/data"
)

// Read implements [data.Backend].
func (s *Store) Read(ctx context.Context, cart data.CartID, known data.Token, mine data.OpID) (data.Reading, error) {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return data.Reading{}, err
	}
	var r data.Reading
	err := s.view(ctx, "reading the cart", func(ctx context.Context, t *sql.Tx) (err error) {
		r, err = s.snapshot(ctx, t, cart, known, mine)
		return err
	})
	if err != nil {
		return data.Reading{}, err
	}
	return r, nil
}

// view runs f in a transaction that reads, so that all it sees is of one moment.
func (s *Store) view(ctx context.Context, doing string, f func(context.Context, *sql.Tx) error) error {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	t, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return s.fault("beginning to read", err)
	}
	defer t.Rollback()
	return s.fault(doing, f(ctx, t))
}

func (s *Store) snapshot(ctx context.Context, t *sql.Tx, id data.CartID, known data.Token, mine data.OpID) (data.Reading, error) {
	r := data.Reading{Cart: data.Cart{ReadAt: s.now()}}
	var err error
	if r.Mine, err = applied(ctx, t, id, mine); err != nil {
		return r, err
	}
	row, err := readCart(ctx, t, id)
	if err != nil {
		return r, err
	}
	if row.expired(r.Cart.ReadAt.UnixMilli()) {
		r.Cart.ID = id
		r.Cart.Ended, err = s.aboutToEnd(ctx, t, row, r.Cart.ReadAt)
		return r, err
	}
	r.Cart.Expires = row.expires()
	if row.token() == known && known != (data.Token{}) {
		r.Same = true
		return r, nil
	}
	r.Cart.ID, r.Cart.Name, r.Cart.Token = id, row.name, row.token()
	if err := s.readLines(ctx, t, &r.Cart); err != nil || len(r.Cart.Lines) > 0 {
		return r, err
	}
	r.Cart.Ended, err = s.howEnded(ctx, t, row, r.Cart.ReadAt)
	return r, err
}

// readCart reads a cart's row; version 0: there is none.
func readCart(ctx context.Context, t *sql.Tx, id data.CartID) (cartRow, error) {
	row := cartRow{id: id}
	err := t.QueryRowContext(ctx, selectCart, id).Scan(row.fields()...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return row, err
	}
	row.clean()
	return row, nil
}

// aboutToEnd is howEnded for a cart whose time is over, and which the next that
// writes will put to the past.
func (s *Store) aboutToEnd(ctx context.Context, t *sql.Tx, row cartRow, now time.Time) (*data.Past, error) {
	e := row.expiry()
	if e.at <= pastBegins(now) {
		return nil, nil
	}
	p := data.Past{ID: e.id, How: e.how, At: storedTime(e.at), Cart: data.Cart{ID: row.id, Name: row.name}}
	if err := s.readLines(ctx, t, &p.Cart); err != nil {
		return nil, err
	}
	if len(p.Cart.Lines) == 0 {
		return s.howEnded(ctx, t, row, now)
	}
	return &p, nil
}

// collect reads all rows and closes them.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

// applied says whether the cart has an operation in.
func applied(ctx context.Context, t *sql.Tx, cart data.CartID, op data.OpID) (found bool, err error) {
	if op == "" {
		return false, nil
	}
	err = t.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM op WHERE cart = ? AND id = ?)", cart, op).Scan(&found)
	return found, err
}

// Longest texts read of what somebody may have made by hand, in bytes. They leave
// space for characters that are not shown.
const (
	maxBy      = 4 * data.MaxCounterLen
	maxName    = data.MaxNameLen + 100
	maxBarcode = data.MaxBarcodeLen + 100
	maxProduct = 256 // as for every change

	maxCartName = 4 * data.MaxCartNameLen
)

// cut reads a text up to a length in bytes, so that no value, of whatever size,
// holds up the counters; none is read as empty. Only bytes may be zero: a text
// would end there. Of no bytes substr makes NULL.
func cut(column string, most int) string {
	return fmt.Sprintf("coalesce(CAST(substr(CAST(%s AS BLOB), 1, %d) AS TEXT), '')", column, most)
}

// The casts keep a number that somebody made by hand a text to be looked at. The
// lines are picked before anything is read for them: there may be a million.
var selectLines = fmt.Sprintf(`SELECT %s, CAST(l.quantity AS TEXT), l.added, l.changed, %s,
	p.id IS NOT NULL, %s, coalesce(CAST(p.price AS TEXT), ''), %s, coalesce(CAST(p.stock AS TEXT), '')
FROM (SELECT product, quantity, added, changed, changed_by FROM line
	WHERE cart = ? AND quantity IS NOT NULL ORDER BY added, product LIMIT ?) l LEFT JOIN product p ON p.id = l.product
ORDER BY l.added, l.product`,
	cut("l.product", maxProduct+1), cut("l.changed_by", maxBy), cut("p.name", maxName), cut("p.barcode", maxBarcode))

// readLines fills in the cart's lines up to the limit, and counts the others.
func (s *Store) readLines(ctx context.Context, t *sql.Tx, c *data.Cart) error {
	rows, err := t.QueryContext(ctx, selectLines, c.ID, s.limits.Lines)
	if err != nil {
		return err
	}
	if c.Lines, err = collect(rows, scanLine); err != nil {
		return err
	}
	data.SortLines(c.Lines) // a time that cannot be is unknown only now
	if len(c.Lines) < s.limits.Lines {
		return nil
	}
	var all int
	err = t.QueryRowContext(ctx, "SELECT count(*) FROM line WHERE cart = ? AND quantity IS NOT NULL", c.ID).Scan(&all)
	c.More = all - len(c.Lines)
	return err
}

func scanLine(rows *sql.Rows) (data.Line, error) {
	var (
		l                           data.Line
		id                          data.ProductID
		quantity                    string
		added, changed              int64
		name, price, barcode, stock string
	)
	err := rows.Scan(&id, &quantity, &added, &changed, &l.By, &l.Known, &name, &price, &barcode, &stock)
	if err != nil {
		return l, err
	}
	l.Product = data.Product{ID: id, Name: data.Clean(name, data.MaxNameLen)} // a name that it had when it was known
	if l.Known {
		l.Product = data.ReadProduct(id, name, price, barcode, stock)
	}
	l.Quantity, l.Damaged = data.ReadQuantity(quantity)
	l.Added, l.Changed = storedTime(added), storedTime(changed)
	l.By = data.Clean(l.By, data.MaxCounterLen)
	return l, nil
}

// Keep implements [data.Backend].
func (s *Store) Keep(ctx context.Context, cart data.CartID) error {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		return t.exec("UPDATE cart SET deadline = ? WHERE id = ? AND op <> '' AND (deadline <= 0 OR deadline > ?)",
			t.deadline(), cart, t.now.UnixMilli())
	})
}
