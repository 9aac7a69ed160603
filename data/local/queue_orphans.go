package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// orphan is a file that its program left behind.
type orphan struct {
	*heldFile
	left []row
}

// takeOver moves the rows of all files that nobody holds to own. They are on the
// disk there before they go away here: a crash in between leaves both, and the
// next move finds out that they are the same.
func takeOver(ctx context.Context, own *heldFile, log *slog.Logger) error {
	orphans, err := holdOrphans(ctx, own.path, log)
	defer func() { // those that are still full stay
		for _, o := range orphans {
			o.leave(log)
		}
	}()
	if err != nil {
		return err
	}
	rows := merge(orphans)
	if len(rows) == 0 {
		return nil
	}
	if err := own.insert(ctx, rows); err != nil {
		return err
	}
	log.Info("changes left behind were taken over", "changes", len(rows), "files", len(orphans))
	for _, o := range orphans {
		o.empty(ctx, log)
	}
	return nil
}

// empty removes all rows, so that whoever gets the file before it is removed
// finds nothing to send. When it fails they are taken over once more.
func (f *heldFile) empty(ctx context.Context, log *slog.Logger) {
	if _, err := f.conn.ExecContext(context.WithoutCancel(ctx), "DELETE FROM waiting"); err != nil {
		log.Warn("a file whose changes were taken over could not be emptied", "file", f.path, "error", err)
	}
}

// holdOrphans gets hold of all files but own that nobody holds.
func holdOrphans(ctx context.Context, own string, log *slog.Logger) ([]orphan, error) {
	dir := filepath.Dir(own)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("looking for changes left behind: %w", err)
	}
	var orphans []orphan
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() || path == own || !strings.HasPrefix(e.Name(), heldPrefix) || !strings.HasSuffix(e.Name(), heldSuffix) {
			continue
		}
		o, err := holdOrphan(ctx, path)
		switch {
		case err == nil:
			orphans = append(orphans, o)
		case ctx.Err() != nil:
			return orphans, err
		default:
			passOver(path, err, log)
		}
	}
	return orphans, nil
}

func holdOrphan(ctx context.Context, path string) (orphan, error) {
	f, err := hold(ctx, path)
	if err != nil {
		return orphan{}, err
	}
	rows, err := f.rows(ctx, "")
	if err != nil {
		return orphan{}, errors.Join(fmt.Errorf("reading changes left behind: %w", err), f.close())
	}
	return orphan{f, rows}, nil
}

// passOver does what there is to do about a file that was not to be had.
func passOver(path string, err error, log *slog.Logger) {
	_, gone := os.Lstat(path)
	switch {
	case isBusy(err), errors.Is(gone, fs.ErrNotExist): // of a program that runs, or did a moment ago
	case unusable(err):
		moved := setAside(path)
		log.Warn("a damaged file of waiting changes was put aside", "file", path+putAside, "error", errors.Join(err, moved))
	default:
		log.Warn("a file of waiting changes cannot be read at the moment", "file", path, "error", err)
	}
}

// unusable tells what is wrong with the content of a file from what may pass.
func unusable(err error) bool {
	if errors.Is(err, errForeign) || errors.Is(err, errDamaged) {
		return true
	}
	switch resultCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR:
		return true
	}
	return false
}

func setAside(path string) error {
	var errs []error
	for _, side := range append([]string{""}, sideFiles...) {
		if err := os.Rename(path+side, path+putAside+side); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// merge returns the rows of all files by the time their changes were made.
// Those of one file keep their order, also where a clock was set back.
func merge(orphans []orphan) []row {
	type timed struct {
		row
		at int64
	}
	var all []timed
	for _, o := range orphans {
		at := int64(0)
		for _, r := range o.left {
			at = max(at, r.made)
			all = append(all, timed{r, at})
		}
	}
	slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
	rows := make([]row, len(all))
	for i, t := range all {
		rows[i] = t.row
	}
	return rows
}
