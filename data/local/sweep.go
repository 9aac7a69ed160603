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
)

// keepTidy removes what is out of date, until the store is closed. Nothing
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
	for _, remove := range []func(*tx) (int64, error){(*tx).removeCarts, (*tx).removeOps, (*tx).removeEvents} {
		for {
			n, err := s.tidyBatch(ctx, remove)
			if err != nil {
				return err
			}
			if n < batch {
				break
			}
		}
	}
	return nil
}

func (s *Store) tidyBatch(ctx context.Context, remove func(*tx) (int64, error)) (n int64, err error) {
	err = s.write(ctx, func(t *tx) error {
		n, err = remove(t)
		return err
	})
	return n, err
}

// removeCarts removes the carts whose time is over, lines first: as long as
// lines are left, the cart stays for the next batch to find.
func (t *tx) removeCarts() (int64, error) {
	now := t.now.UnixMilli()
	const expired = "SELECT id FROM cart WHERE deadline > 0 AND deadline <= ?"
	n, err := t.count("DELETE FROM line WHERE (cart, product) IN (SELECT cart, product FROM line WHERE cart IN ("+expired+") LIMIT ?)", now, batch)
	if err != nil || n > 0 {
		return max(n, batch), err
	}
	return t.count("DELETE FROM cart WHERE id IN ("+expired+" LIMIT ?)", now, batch)
}

func (t *tx) removeOps() (int64, error) {
	return t.count("DELETE FROM op WHERE (cart, id) IN (SELECT cart, id FROM op WHERE at < ? LIMIT ?)",
		t.now.Add(-data.OpLife).UnixMilli(), batch)
}

func (t *tx) removeEvents() (int64, error) {
	return t.count("DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE seq <= (SELECT max(seq) FROM event) - ? ORDER BY seq LIMIT ?)",
		eventsKept, batch)
}
