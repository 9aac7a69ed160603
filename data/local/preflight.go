package local

import (
	"context"
	"errors"
	"strings"

	"trolley/data"
)

// Preflight implements [data.Backend].
func (s *Store) Preflight(ctx context.Context, tell func(data.Finding)) error {
	stages := []struct {
		stage data.Stage
		try   func(context.Context) (facts string, err error)
	}{
		{data.StageReach, s.tryReading},
		{data.StageWrite, s.tryWriting},
	}
	for _, st := range stages {
		facts, err := st.try(ctx)
		if errors.Is(err, data.ErrClosed) {
			return err
		}
		if err != nil {
			tell(data.Finding{Stage: st.stage, Verdict: data.Failed, Err: err})
			return err
		}
		tell(data.Finding{Stage: st.stage, Verdict: data.Fine, Facts: facts})
	}
	return nil
}

func (s *Store) tryReading(ctx context.Context) (facts string, err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	var version string
	// From the tables that a cart is read from.
	err = s.readers.QueryRowContext(ctx, `SELECT sqlite_version() FROM (SELECT 1)
		LEFT JOIN (SELECT 1 FROM cart LIMIT 1) LEFT JOIN (SELECT 1 FROM line LIMIT 1) LEFT JOIN (SELECT 1 FROM product LIMIT 1)`).Scan(&version)
	return "SQLite " + version, s.fault("reading the shop", err)
}

// room is more than the pages that a change takes, in bytes.
const room = 64 << 10

// tryWriting makes room for changes, and commits: nothing less tells whether
// the disk takes it. What it writes it takes out in the same transaction.
func (s *Store) tryWriting(ctx context.Context) (facts string, err error) {
	return "", s.write(ctx, func(t *tx) error {
		const id = "preflight"
		err := t.exec("INSERT OR REPLACE INTO op (cart, id, fingerprint, version, quantity, was, at) VALUES ('', ?, ?, 0, 0, 0, 0)",
			id, strings.Repeat(" ", room))
		if err != nil {
			return err
		}
		return t.exec("DELETE FROM op WHERE cart = '' AND id = ?", id)
	})
}
