package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// writer is the one connection of a Store that writes. Its slot is taken for a
// whole transaction; unlike a mutex it can be waited for with a context.
type writer struct {
	slot     chan struct{}
	db       *sql.DB
	conn     *sql.Conn
	prepared map[string]*sql.Stmt // by their text
}

func openWriter(ctx context.Context, path string) (*writer, error) {
	db, err := openDB(path, 1)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the file: %w", err), db.Close())
	}
	return &writer{slot: make(chan struct{}, 1), db: db, conn: conn, prepared: make(map[string]*sql.Stmt)}, nil
}

func (w *writer) close() error {
	var errs []error
	for _, st := range w.prepared {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
}

// statement prepares a statement when it is first used.
func (w *writer) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := w.prepared[query]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.prepared[query] = st
	}
	return st, err
}

// tx is a transaction under way. The errors of its methods are data's, ready
// for the caller.
type tx struct {
	ctx   context.Context
	store *Store
	now   time.Time // one time for all of the transaction, in whole microseconds
}

// write runs f in a transaction that waits for its turn. When f fails, nothing
// is changed.
func (s *Store) write(ctx context.Context, f func(*tx) error) error {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	select {
	case s.writer.slot <- struct{}{}:
		defer func() { <-s.writer.slot }()
	case <-ctx.Done():
		return s.fault("waiting to write", ctx.Err())
	}
	// Once it has begun, a transaction is short and runs to its end: one that
	// was cut in its commit would leave open whether it was made.
	t := &tx{ctx: context.WithoutCancel(ctx), store: s}
	if err := t.begin(ctx); err != nil {
		t.rollback()
		return err
	}
	if err := f(t); err != nil {
		t.rollback()
		return err
	}
	if err := t.exec("COMMIT"); err != nil {
		t.rollback()
		return err
	}
	s.tail.kick()
	return nil
}

// begin takes the write lock, and makes sure that no newer program has changed
// the file's form since it was opened.
func (t *tx) begin(ctx context.Context) error {
	inner := t.ctx
	t.ctx = ctx
	defer func() { t.ctx = inner }()
	if err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	t.now = time.UnixMicro(t.store.now().UnixMicro())
	var version int
	if _, err := t.row("PRAGMA user_version", nil, &version); err != nil {
		return err
	}
	if version > len(shopSchema.migrations) {
		return t.store.fault("beginning to write", errNewer)
	}
	return nil
}

// rollback undoes what was done. It fails where SQLite has done so by itself.
func (t *tx) rollback() { _ = t.exec("ROLLBACK") }

func (t *tx) exec(query string, args ...any) error {
	_, err := t.count(query, args...)
	return err
}

// count executes a statement and returns how many rows it changed.
func (t *tx) count(query string, args ...any) (int64, error) {
	st, err := t.store.writer.statement(t.ctx, query)
	if err != nil {
		return 0, t.store.fault("preparing to write", err)
	}
	res, err := st.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, t.store.fault("writing", err)
	}
	n, err := res.RowsAffected()
	return n, t.store.fault("writing", err)
}

// row reads one row and says whether there is one.
func (t *tx) row(query string, args []any, dest ...any) (bool, error) {
	st, err := t.store.writer.statement(t.ctx, query)
	if err != nil {
		return false, t.store.fault("preparing to read", err)
	}
	err = st.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, t.store.fault("reading", err)
}
