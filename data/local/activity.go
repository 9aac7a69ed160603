package local

import (
	"context"
	"database/sql"
	"errors"

	"trolley/data"
)

// slot is where the change that made a version is kept in its cart's ring.
func slot(version int64) int64 { return version % data.MaxActivity }

// An event that is cut cannot be understood.
var selectActivity = "SELECT " + cut("payload", data.MaxEventLen+1) + " FROM activity WHERE cart = ? AND "

// Activity implements [data.Backend]. What cannot be understood is left out.
func (s *Store) Activity(ctx context.Context, cart data.CartID) ([]data.Event, error) {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return nil, err
	}
	var payloads []string
	err := s.view(ctx, "reading what was done to the cart", func(ctx context.Context, t *sql.Tx) error {
		rows, err := t.QueryContext(ctx, selectActivity+"at > ? ORDER BY seq DESC LIMIT ?", cart, pastBegins(s.now()), data.MaxActivity)
		if err != nil {
			return err
		}
		payloads, err = collect(rows, func(rows *sql.Rows) (p string, err error) { return p, rows.Scan(&p) })
		return err
	})
	var events []data.Event
	for _, p := range payloads {
		if e, bad := data.ParseEvent(p); bad == nil {
			events = append(events, e)
		}
	}
	return events, err
}

// lastChange returns the change that made the cart what it is; one without a
// token: unknown.
func lastChange(ctx context.Context, t *sql.Tx, row cartRow) (data.Event, error) {
	var payload string
	err := t.QueryRowContext(ctx, selectActivity+"slot = ?", row.id, slot(row.count())).Scan(&payload)
	if errors.Is(err, sql.ErrNoRows) {
		return data.Event{}, nil
	}
	e, bad := data.ParseEvent(payload)
	if err != nil || bad != nil || e.Token.Version != row.version {
		return data.Event{}, err
	}
	return e, nil
}
