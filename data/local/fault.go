package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"trolley/data"
)

// What is wrong with a file that SQLite itself can read.
var (
	errForeign = errors.New("the file is not one of this program")
	errNewer   = errors.New("the file was written by a newer version of this program")
	errDamaged = errors.New("the file is damaged")
)

// fault makes an error of the file or of SQLite the [data.UnavailableError] it
// is; doing says what was being tried.
func (s *Store) fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	if s.life.Err() != nil && classify(err) == data.FaultTimeout {
		return fmt.Errorf("%s: %w", doing, data.ErrClosed)
	}
	return unavailable(s.path, doing, err)
}

// unavailable makes an error met with a file the [data.UnavailableError] it is.
func unavailable(path, doing string, err error) error {
	if err == nil {
		return nil
	}
	return &data.UnavailableError{Fault: classify(err), Addr: path, Cause: fmt.Errorf("%s: %w", doing, err)}
}

func classify(err error) data.Fault {
	switch {
	case errors.Is(err, errForeign):
		return data.FaultForeign
	case errors.Is(err, errNewer):
		return data.FaultNewer
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return data.FaultTimeout
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return data.FaultReadOnly
	case errors.Is(err, syscall.ENOSPC):
		return data.FaultFull
	}
	return faultOfCode(resultCode(err))
}

func faultOfCode(code int) data.Fault {
	switch code {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return data.FaultBusy
	case sqlite3.SQLITE_INTERRUPT:
		return data.FaultTimeout
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return data.FaultReadOnly
	case sqlite3.SQLITE_FULL:
		return data.FaultFull
	case sqlite3.SQLITE_NOTADB:
		return data.FaultForeign
	}
	return data.FaultFile
}

// resultCode returns SQLite's primary result code, 0 when the error is none of
// SQLite's.
func resultCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

func isBusy(err error) bool { return resultCode(err) == sqlite3.SQLITE_BUSY }
