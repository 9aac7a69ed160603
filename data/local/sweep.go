package local

import (
	"context"
	"errors"
	"time"

	"trolley/data"
)

const (
	tidyEvery  = 30 * time.Second
	eventsKept = 10_000
	batch      = 200 // rows in one transaction, so that no counter waits for long
	cartBatch  = 20  // carts likewise; each has lines
)

// keepTidy removes what is out of date, and puts carts to the past, until the store is closed. Nothing
// depends on when it runs: expired carts are refused by their deadline.
func (s *Store) keepTidy() {
	every := time.NewTicker(tidyEvery)
	defer every.Stop()
	for {
		if err := s.tidy(s.life); err != nil && !errors.Is(err, data.ErrClosed) {
			s.log.Warn("old data could not be removed", "error", err)
		}
		select {
		case <-s.life.Done():
			return
		case <-every.C:
		}
	}
}

// tidy removes all that is out of date, in short transactions.
func (s *Store) tidy(ctx context.Context) error {
	for _, remove := range []func(*tx) (more bool, err error){
		(*tx).putAllAway, (*tx).removeCarts, (*tx).removePast, (*tx).removeActivity, (*tx).removeOps, (*tx).removeEvents} {
		for more := true; more; {
			err := s.write(ctx, func(t *tx) (err error) {
				more, err = remove(t)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// putAllAway ends carts whose time is over.
func (t *tx) putAllAway() (more bool, err error) {
	now := t.now.UnixMilli()
	for range cartBatch {
		var id data.CartID
		found, err := t.row("SELECT id FROM cart WHERE deadline > 0 AND deadline <= ? LIMIT 1", []any{now}, &id)
		if err != nil || !found {
			return false, err
		}
		if _, err := t.cart(id); err != nil {
			return false, err
		}
	}
	return true, nil
}

// removeCarts removes the rows of carts that ended so long ago that nothing
// tells of them any more.
func (t *tx) removeCarts() (more bool, err error) {
	return t.remove(`DELETE FROM cart WHERE id IN (SELECT id FROM cart WHERE op = '' AND changed < ?
		AND NOT EXISTS (SELECT 1 FROM line WHERE cart = cart.id) LIMIT ?)`, pastBegins(t.now), batch)
}

func (t *tx) removePast() (more bool, err error) {
	const old = "(SELECT cart, id FROM past WHERE at < ? ORDER BY at, cart, id LIMIT ?)"
	begins := pastBegins(t.now)
	if err := t.exec("DELETE FROM past_line WHERE (cart, past) IN "+old, begins, cartBatch); err != nil {
		return false, err
	}
	return t.remove("DELETE FROM past WHERE (cart, id) IN "+old, begins, cartBatch)
}

func (t *tx) removeActivity() (more bool, err error) {
	return t.remove("DELETE FROM activity WHERE (cart, slot) IN (SELECT cart, slot FROM activity WHERE at < ? LIMIT ?)",
		pastBegins(t.now), batch)
}

func (t *tx) removeOps() (more bool, err error) {
	return t.remove("DELETE FROM op WHERE (cart, id) IN (SELECT cart, id FROM op WHERE at < ? LIMIT ?)",
		t.now.Add(-data.OpLife).UnixMilli(), batch)
}

func (t *tx) removeEvents() (more bool, err error) {
	return t.remove("DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE seq <= (SELECT max(seq) FROM event) - ? ORDER BY seq LIMIT ?)",
		eventsKept, batch)
}

// remove executes a statement that removes rows up to a limit, and says whether
// more may be left.
func (t *tx) remove(query string, bound, limit int64) (more bool, err error) {
	n, err := t.count(query, bound, limit)
	return n >= limit, err
}
