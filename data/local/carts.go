package local

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"trolley/data"
)

// Carts implements [data.Backend]. On a disk that takes nothing others do not
// see who is here, but the list is still given.
func (s *Store) Carts(ctx context.Context, v data.Visit) ([]data.CartInfo, error) {
	if err := checkVisit(v); err != nil {
		return nil, err
	}
	now := s.now()
	err := s.write(ctx, func(t *tx) error {
		now = t.now // a cart that the list leaves out as expired was put to the past
		if _, err := t.putAllAway(); err != nil {
			return err
		}
		return t.visit(v)
	})
	if f := data.FaultOf(err); f == data.FaultFull || f == data.FaultReadOnly {
		s.log.Debug("nobody can be told which carts are open here", "error", err)
	} else if err != nil {
		return nil, err
	}
	var all []data.CartInfo
	err = s.view(ctx, "listing the carts", func(ctx context.Context, t *sql.Tx) (err error) {
		all, err = s.list(ctx, t, now)
		return err
	})
	return all, err
}

func checkVisit(v data.Visit) error {
	if _, err := data.ParseCartID(v.Session); err != nil || len(v.Session) > maxSession {
		return &data.InvalidError{What: "session", Value: data.Clean(v.Session, 40), Reason: "it is not one of ours"}
	}
	if len(v.Open) > data.MaxOpen {
		return &data.InvalidError{What: "open carts", Reason: "they are too many"}
	}
	for _, id := range v.Open {
		if _, err := data.ParseCartID(string(id)); err != nil {
			return err
		}
	}
	if len(v.Open) == 0 {
		return nil
	}
	return data.CheckCounter(v.Counter)
}

const maxSession = 64 // bytes of a session's id

// visit notes which carts a program has open, and forgets the visits that are
// over. One that ends much later than any can was noted before the clock was
// set back.
func (t *tx) visit(v data.Visit) error {
	now, until := t.now.UnixMilli(), t.now.Add(data.HereLife).UnixMilli()
	if err := t.exec("DELETE FROM visit WHERE session = ? OR until <= ? OR until > ?", v.Session, now, tooLate(t.now)); err != nil {
		return err
	}
	for _, id := range v.Open {
		err := t.exec("INSERT OR REPLACE INTO visit (session, cart, counter, until) VALUES (?, ?, ?, ?)", v.Session, id, v.Counter, until)
		if err != nil {
			return err
		}
	}
	return nil
}

// list lists the carts that are open now.
func (s *Store) list(ctx context.Context, t *sql.Tx, now time.Time) ([]data.CartInfo, error) {
	here, err := visitors(ctx, t, now)
	if err != nil {
		return nil, err
	}
	ids, err := openCarts(ctx, t, now)
	if err != nil {
		return nil, err
	}
	all := make([]data.CartInfo, 0, len(ids))
	for _, id := range ids {
		info, err := s.info(ctx, t, id, now)
		if err != nil {
			return nil, err
		}
		info.Here = here[id]
		all = append(all, info)
	}
	return all, nil
}

// isHere picks the visits of now; its parameters are now, in ms since 1970, and
// a time that no sound visit lasts to.
var isHere = fmt.Sprintf("until > ? AND until < ? AND octet_length(session) <= %d AND octet_length(visit.cart) <= %d", maxSession, data.MaxIDLen)

// tooLate leaves room for visits that were noted while the list was made.
func tooLate(now time.Time) int64 { return now.Add(2 * data.HereLife).UnixMilli() }

// visitors returns who has which cart open.
func visitors(ctx context.Context, t *sql.Tx, now time.Time) (map[data.CartID][]data.Here, error) {
	type visit struct {
		cart data.CartID
		data.Here
	}
	rows, err := t.QueryContext(ctx, "SELECT cart, "+cut("counter", maxBy)+", session FROM visit WHERE "+isHere+" ORDER BY counter, session",
		now.UnixMilli(), tooLate(now))
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(rows *sql.Rows) (v visit, err error) {
		err = rows.Scan(&v.cart, &v.Counter, &v.Session)
		v.Counter = data.Clean(v.Counter, data.MaxCounterLen)
		return v, err
	})
	here := make(map[data.CartID][]data.Here)
	for _, v := range all {
		here[v.cart] = append(here[v.cart], v.Here)
	}
	return here, err
}

// The carts with lines or a name are picked first: many may be empty.
var selectOpen = fmt.Sprintf(`SELECT id FROM (
	SELECT id, changed FROM (SELECT id, changed FROM cart
		WHERE op <> '' AND (deadline <= 0 OR deadline > ?) AND octet_length(id) <= %d
		AND (name <> '' OR EXISTS (SELECT 1 FROM line WHERE cart = cart.id AND quantity IS NOT NULL))
		ORDER BY changed DESC LIMIT ?)
	UNION
	SELECT visit.cart, coalesce(cart.changed, 0) FROM visit LEFT JOIN cart ON cart.id = visit.cart WHERE %s
) ORDER BY changed DESC, id LIMIT ?`, data.MaxIDLen, isHere)

// openCarts returns the carts to be listed, the one that was changed last first.
func openCarts(ctx context.Context, t *sql.Tx, now time.Time) ([]data.CartID, error) {
	ms := now.UnixMilli()
	rows, err := t.QueryContext(ctx, selectOpen, ms, data.MaxCarts, ms, tooLate(now), data.MaxCarts)
	if err != nil {
		return nil, err
	}
	ids, err := collect(rows, func(rows *sql.Rows) (id data.CartID, err error) { return id, rows.Scan(&id) })
	sound := ids[:0]
	for _, id := range ids {
		if _, bad := data.ParseCartID(string(id)); bad == nil {
			sound = append(sound, id)
		}
	}
	return sound, err
}

// info tells of one cart.
func (s *Store) info(ctx context.Context, t *sql.Tx, id data.CartID, now time.Time) (data.CartInfo, error) {
	info := data.CartInfo{ID: id, Exact: true}
	row, err := readCart(ctx, t, id)
	if err != nil || row.expired(now.UnixMilli()) {
		return info, err
	}
	if info.Last, err = lastChange(ctx, t, row); err != nil {
		return info, err
	}
	cart := data.Cart{ID: id}
	if err := s.readLines(ctx, t, &cart); err != nil {
		return info, err
	}
	info.Name, info.Expires = row.name, row.expires()
	info.Lines, info.Items = len(cart.Lines)+cart.More, cart.Items()
	info.Total, info.Exact = cart.Total()
	if len(cart.Lines) > 0 {
		info.Began = storedTime(row.began)
	}
	return info, nil
}
