// Package local keeps a shop in one SQLite file of this computer: the same
// rules as on a server, with none to install.
//
// Several windows, in one process or in several, may have the same file open;
// each hears of the others' changes. An answered change is on the disk.
//
// A [Queue] is something else: it keeps what waits for a server that cannot be
// reached, in files of its own.
//
// SQLite comes as modernc.org/sqlite, which needs no C compiler, so that every
// platform builds alike. It is used through database/sql, which it was written
// for. The one connection that writes is held for good, so that its statements
// stay prepared, and its transactions are spelled out: database/sql would roll
// one back in the background when a context ends, also during its commit.
package local

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"trolley/data"
)

// Config says where a shop is kept and by what rules.
type Config struct {
	Dir     string        // folder; made when it is not there
	Shop    string        // name of the shop, by the rules of [data.CheckShop]
	Timeout time.Duration // of carts; 0: never
	Limits  data.Limits
	Log     *slog.Logger // nil: nothing is logged
}

// Store is a shop in a file. It implements [data.Backend].
//
// It owns two goroutines, which Close ends: one follows the file's events, one
// removes what is out of date.
type Store struct {
	path    string
	timeout time.Duration
	limits  data.Limits
	log     *slog.Logger
	now     func() time.Time

	writer  *writer
	readers *sql.DB
	tail    *tail

	life  context.Context // ends with Close
	end   context.CancelFunc
	mu    sync.Mutex // guards closed, so that no call begins after Close
	done  bool
	calls sync.WaitGroup // calls and goroutines under way
}

var _ data.Backend = (*Store)(nil)

// maxReaders is how many reads go on at once; a window needs two.
const maxReaders = 4

// Open opens the shop's file and creates it when there is none. A file that
// cannot be used is left as it is, and the error is a [data.UnavailableError]
// with the fault and the file's path.
func Open(ctx context.Context, c Config) (*Store, error) { return openAt(ctx, c, time.Now) }

// openAt is Open by a clock.
func openAt(ctx context.Context, c Config, now func() time.Time) (*Store, error) {
	if err := data.CheckShop(c.Shop); err != nil {
		return nil, err
	}
	s := &Store{
		path:    filepath.Join(c.Dir, "shop-"+c.Shop+".db"),
		timeout: c.Timeout,
		limits:  c.Limits.OrDefault(),
		log:     cmp.Or(c.Log, slog.New(slog.DiscardHandler)),
		now:     now,
	}
	s.life, s.end = context.WithCancel(context.Background())
	if err := s.open(ctx); err != nil {
		s.end()
		return nil, errors.Join(s.fault("opening the shop", err), s.closeFile())
	}
	s.calls.Go(s.follow)
	s.calls.Go(s.keepTidy)
	s.log.Info("shop opened", "file", s.path)
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := createFile(s.path); err != nil {
		return err
	}
	if err := prepareFile(ctx, s.path); err != nil {
		return err
	}
	var err error
	if s.writer, err = openWriter(ctx, s.path); err != nil {
		return err
	}
	if s.readers, err = openDB(s.path, maxReaders, "query_only(1)"); err != nil {
		return err
	}
	s.tail, err = openTail(ctx, s.path)
	return err
}

// Path returns the file's path.
func (s *Store) Path() string { return s.path }

// Close ends the calls under way and closes the file. Closing again does
// nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.done
	s.done = true
	s.mu.Unlock()
	if again {
		return nil
	}
	s.end()
	s.calls.Wait()
	if err := s.closeFile(); err != nil {
		return fmt.Errorf("closing the shop: %w", err)
	}
	s.log.Info("shop closed", "file", s.path)
	return nil
}

// closeFile closes all connections. The last one that anybody has takes the
// write-ahead log back into the file.
func (s *Store) closeFile() error {
	var errs []error
	if s.tail != nil {
		errs = append(errs, s.tail.close())
	}
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	return errors.Join(errs...)
}

// enter begins a call: Close waits for it, and the context that it returns ends
// with the store. The caller calls leave at its end.
func (s *Store) enter(ctx context.Context) (inner context.Context, leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return nil, nil, data.ErrClosed
	}
	s.calls.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.life, cancel)
	return ctx, func() {
		stop()
		cancel()
		s.calls.Done()
	}, nil
}
