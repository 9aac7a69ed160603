package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// createFile makes the folder and an empty file that only this user may read,
// before SQLite would make one that others may.
//
// A file that is there is not even opened: closing any descriptor of it would
// drop the locks that another Store of this process holds.
func createFile(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating the file: %w", err)
	}
	return f.Close()
}

// settings are those of every connection. fullfsync matters on macOS only, where fsync alone
// leaves data in the disk's cache.
var settings = []string{"synchronous(FULL)", "fullfsync(1)", "checkpoint_fullfsync(1)", "trusted_schema(0)"}

// openDB opens at most size connections to a file that is there. They wait for
// others at work on it.
func openDB(path string, size int, more ...string) (*sql.DB, error) {
	return openWith(path, size, append(more, "busy_timeout(10000)")...)
}

// openWith is openDB with no settings but those of every connection and more.
func openWith(path string, size int, more ...string) (*sql.DB, error) {
	q := url.Values{"mode": {"rw"}, "_pragma": append(more, settings...)}
	u := url.URL{Scheme: "file", Path: uriPath(path), RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("opening the file: %w", err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// uriPath writes a path the way file URIs want it, which on Windows is
// /C:/folder.
func uriPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path
}

// prepareFile checks that the file is a sound shop of this version or older,
// and brings it up to date. It tries again while another window does the same,
// as SQLite does not wait by itself where the journal mode changes.
func prepareFile(ctx context.Context, path string) error {
	db, err := openDB(path, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for tries := 0; ; tries++ {
		err := prepare(ctx, db)
		if !isBusy(err) || tries == 500 {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-again.C:
		}
	}
}

func prepare(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the file: %w", err)
	}
	defer conn.Close()
	if err := shopSchema.identify(ctx, conn); err != nil {
		return err
	}
	if err := check(ctx, conn); err != nil {
		return err
	}
	if err := useWAL(ctx, conn); err != nil {
		return err
	}
	return shopSchema.migrate(ctx, conn)
}

// check reads the whole file once; it takes a tenth of a second for 100,000
// products.
func check(ctx context.Context, conn *sql.Conn) error {
	var found string
	if err := conn.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("checking the file: %w", err)
	}
	if found != "ok" {
		return fmt.Errorf("checking the file: %w: %s", errDamaged, found)
	}
	return nil
}

// useWAL lets readers go on while somebody writes. Some network folders cannot
// do it; there the classic journal, which is safe as well, stays.
func useWAL(ctx context.Context, conn *sql.Conn) error {
	var mode string
	// Asking first: setting what is set already would wait for every reader.
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("reading the journal mode: %w", err)
	}
	if mode == "wal" {
		return nil
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return fmt.Errorf("setting the journal mode: %w", err)
	}
	if mode == "wal" {
		return nil
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode=TRUNCATE").Scan(&mode); err != nil {
		return fmt.Errorf("setting the journal mode: %w", err)
	}
	return nil
}
