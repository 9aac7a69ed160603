package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"trolley/data"
)

var queueSchema = schema{applicationID: 0x54726c77 /* "Trlw" */, migrations: []string{`
CREATE TABLE waiting (
	seq    INTEGER PRIMARY KEY AUTOINCREMENT, -- the order to send them in
	place  TEXT NOT NULL,
	cart   TEXT NOT NULL,
	op     TEXT NOT NULL,
	made   INTEGER NOT NULL, -- µs since 1970; 0: unknown
	change TEXT NOT NULL,    -- JSON
	UNIQUE (place, cart, op)
) STRICT;
`}}

// Names of the files in the folder.
const (
	heldPrefix = "waiting-"
	heldSuffix = ".db"
	putAside   = ".damaged" // behind the name of a file that cannot be used
)

// sideFiles are what SQLite may keep beside a file, behind its name.
var sideFiles = []string{"-journal", "-wal", "-shm"}

// heldFile is a file of waiting changes that this program has for itself alone.
// The one connection is held for good: the lock is its own.
type heldFile struct {
	path string
	db   *sql.DB
	conn *sql.Conn
}

// errGone means that somebody took a new file for one left behind, before it
// was held.
var errGone = errors.New("the file is gone")

// createHeld makes a new file under a name that was never used.
func createHeld(ctx context.Context, dir string) (*heldFile, error) {
	var err error
	for range 20 { // others that start just now may look at it first
		path := filepath.Join(dir, heldPrefix+string(data.NewOp())+heldSuffix)
		if err = createFile(path); err != nil {
			return nil, err
		}
		var f *heldFile
		if f, err = holdNew(ctx, path); err == nil {
			return f, nil
		}
		if !errors.Is(err, errGone) && !isBusy(err) {
			return nil, errors.Join(err, removeFile(path))
		}
	}
	return nil, err
}

func holdNew(ctx context.Context, path string) (*heldFile, error) {
	f, err := hold(ctx, path)
	// From here on nobody else can remove it; before, somebody may have.
	if _, lost := os.Lstat(path); errors.Is(lost, fs.ErrNotExist) {
		if err == nil {
			_ = f.close()
		}
		return nil, errGone
	}
	return f, err
}

// hold gets a file for this program alone, without waiting for it, makes sure
// that it is sound, and brings it up to date.
func hold(ctx context.Context, path string) (*heldFile, error) {
	db, err := openWith(path, 1, "busy_timeout(0)", "locking_mode(EXCLUSIVE)")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the file: %w", err), db.Close())
	}
	f := &heldFile{path: path, db: db, conn: conn}
	if err := f.secure(ctx); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *heldFile) secure(ctx context.Context) error {
	// In this locking mode, a lock once had stays to the end.
	if _, err := f.conn.ExecContext(ctx, "BEGIN EXCLUSIVE; COMMIT"); err != nil {
		return fmt.Errorf("locking the file: %w", err)
	}
	if err := queueSchema.identify(ctx, f.conn); err != nil {
		return err
	}
	if err := check(ctx, f.conn); err != nil {
		return err
	}
	return queueSchema.migrate(ctx, f.conn)
}

// rows returns the rows that the condition picks, in their order.
func (f *heldFile) rows(ctx context.Context, where string, args ...any) ([]row, error) {
	found, err := f.conn.QueryContext(ctx, "SELECT seq, place, cart, op, made, change FROM waiting "+where+" ORDER BY seq", args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var rows []row
	for found.Next() {
		var r row
		if err := found.Scan(&r.seq, &r.place, &r.cart, &r.op, &r.made, &r.change); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
		rows = append(rows, r)
	}
	return rows, found.Err()
}

// insert adds rows behind the others; those that are there stay as they are.
func (f *heldFile) insert(ctx context.Context, rows []row) error {
	return transact(ctx, f.conn, func(ctx context.Context) error {
		for _, r := range rows {
			_, err := f.conn.ExecContext(ctx, "INSERT INTO waiting (place, cart, op, made, change) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				r.place, r.cart, r.op, r.made, r.change)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *heldFile) remove(ctx context.Context, place string, cart data.CartID, ops []data.OpID) error {
	return transact(ctx, f.conn, func(ctx context.Context) error {
		for _, op := range ops {
			_, err := f.conn.ExecContext(ctx, "DELETE FROM waiting WHERE place = ? AND cart = ? AND op = ?", place, cart, op)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// count counts the rows of each cart but one.
func (f *heldFile) count(ctx context.Context, place string, cart data.CartID) ([]Waiting, error) {
	found, err := f.conn.QueryContext(ctx, `SELECT place, cart, count(*) FROM waiting
		WHERE place <> ? OR cart <> ? GROUP BY place, cart ORDER BY min(seq)`, place, cart)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []Waiting
	for found.Next() {
		var w Waiting
		if err := found.Scan(&w.Place, &w.Cart, &w.Count); err != nil {
			return nil, err
		}
		w.Place, w.Cart = data.Clean(w.Place, 256), data.CartID(data.Clean(string(w.Cart), data.MaxIDLen))
		all = append(all, w)
	}
	return all, found.Err()
}

// end lets go of the file; one with no rows goes away.
func (f *heldFile) end() error {
	var n int
	err := f.conn.QueryRowContext(context.Background(), "SELECT count(*) FROM waiting").Scan(&n)
	if err != nil || n > 0 {
		return errors.Join(err, f.close())
	}
	return f.discard()
}

// leave is end where an error of its own would help nobody.
func (f *heldFile) leave(log *slog.Logger) {
	if err := f.end(); err != nil {
		log.Warn("a file of waiting changes could not be closed or removed", "file", f.path, "error", err)
	}
}

// discard removes the file, whose rows are safe elsewhere.
func (f *heldFile) discard() error {
	// While it is held nobody can get hold of it. Windows does not remove an
	// open file, and later only if nobody has opened it meanwhile.
	_ = os.Remove(f.path)
	return errors.Join(f.close(), removeFile(f.path))
}

func (f *heldFile) close() error { return errors.Join(f.conn.Close(), f.db.Close()) }

// removeFile removes a file and what SQLite keeps beside it.
func removeFile(path string) error {
	var errs []error
	for _, side := range append([]string{""}, sideFiles...) {
		if err := os.Remove(path + side); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("removing the file: %w", err))
		}
	}
	return errors.Join(errs...)
}
