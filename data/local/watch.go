package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"trolley/data"
)

const (
	// pollEvery is how often the file is asked whether another process has
	// written. It costs half a percent of a processor and is too quick to see.
	pollEvery = 50 * time.Millisecond
	// queueLen is how many signals a watcher may lag behind.
	queueLen = 256
	// eventPage is how many events are read at once.
	eventPage = 500
)

// tail reads the events of the file as they come, for all watchers of a Store.
// Its connection is its own: whether others have written is told for each
// connection.
type tail struct {
	db     *sql.DB
	conn   *sql.Conn
	kicked chan struct{} // this Store has written

	// Of the goroutine that follows only.
	version int64 // data_version when last looked
	seen    int64 // the last event read
	down    bool

	mu       sync.Mutex // guards watchers
	watchers map[*watcher]struct{}
}

func openTail(ctx context.Context, path string) (*tail, error) {
	db, err := openDB(path, 1, "query_only(1)")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the file: %w", err), db.Close())
	}
	t := &tail{db: db, conn: conn, kicked: make(chan struct{}, 1), watchers: make(map[*watcher]struct{})}
	if t.seen, err = lastEvent(ctx, conn); err != nil {
		return nil, errors.Join(fmt.Errorf("reading the last event: %w", err), t.close())
	}
	return t, nil
}

func (t *tail) close() error { return errors.Join(t.conn.Close(), t.db.Close()) }

// kick has the tail look at once. It never waits.
func (t *tail) kick() {
	select {
	case t.kicked <- struct{}{}:
	default:
	}
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// lastEvent returns the newest event's number; it outlives the event itself.
func lastEvent(ctx context.Context, q querier) (seq int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event'").Scan(&seq)
	return seq, err
}

// follow runs until the store is closed.
func (s *Store) follow() {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		select {
		case <-s.life.Done():
			return
		case <-s.tail.kicked:
		case <-poll.C:
		}
		s.look()
	}
}

// look tells the watchers what is new, and when the file cannot be read.
func (s *Store) look() {
	err := s.tail.look(s.life)
	switch {
	case s.life.Err() != nil:
	case err != nil && !s.tail.down:
		err = s.fault("following the shop", err)
		s.log.Warn("events of the shop cannot be read", "error", err)
		s.tail.tell(data.Signal{Kind: data.SignalDown, Err: err})
	case err == nil && s.tail.down:
		s.tail.tell(data.Signal{Kind: data.SignalUp})
	}
	s.tail.down = err != nil
}

func (t *tail) look(ctx context.Context) error {
	var version int64
	if err := t.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return err
	}
	if version == t.version {
		return nil
	}
	for {
		n, err := t.readPage(ctx)
		if err != nil {
			return err
		}
		if n < eventPage {
			t.version = version
			return nil
		}
	}
}

// What is cut is for no cart, or not understood.
var selectEvents = "SELECT seq, " + cut("cart", data.MaxIDLen+1) + ", " + cut("payload", data.MaxEventLen+1) +
	" FROM event WHERE seq > ? ORDER BY seq LIMIT ?"

// readPage hands out the next events and returns how many there were.
func (t *tail) readPage(ctx context.Context) (n int, err error) {
	rows, err := t.conn.QueryContext(ctx, selectEvents, t.seen, eventPage)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var cart data.CartID
		var payload string
		if err := rows.Scan(&seq, &cart, &payload); err != nil {
			return n, err
		}
		// Numbers have no gaps, but events are removed in time: this process
		// may have been stopped for long.
		if seq != t.seen+1 {
			t.tell(data.Signal{Kind: data.SignalLost})
		}
		t.hand(seq, cart, payload)
		t.seen = seq
		n++
	}
	return n, rows.Err()
}

// hand gives an event to the watchers it concerns.
func (t *tail) hand(seq int64, cart data.CartID, payload string) {
	sig := data.Signal{Kind: data.SignalCatalogue}
	if cart != "" {
		e, err := data.ParseEvent(payload)
		sig = data.Signal{Kind: data.SignalEvent, Event: e}
		if err != nil {
			sig = data.Signal{Kind: data.SignalLost}
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for w := range t.watchers {
		if seq > w.from && (cart == "" || cart == w.cart) {
			w.put(sig)
		}
	}
}

// tell gives a signal to all watchers.
func (t *tail) tell(sig data.Signal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for w := range t.watchers {
		w.put(sig)
	}
}

func (t *tail) join(w *watcher) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watchers[w] = struct{}{}
}

func (t *tail) part(w *watcher) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.watchers, w)
}

// watcher is one Watch. Its queue never holds up the tail: what does not fit
// is dropped, and the watcher told that something was.
type watcher struct {
	cart  data.CartID
	from  int64 // events up to this one were before its time
	queue chan data.Signal
	lost  atomic.Bool
}

func (w *watcher) put(sig data.Signal) {
	select {
	case w.queue <- sig:
	default:
		w.lost.Store(true)
	}
}

// Watch implements [data.Backend]. It also returns when the store is closed.
func (s *Store) Watch(ctx context.Context, cart data.CartID, sink func(data.Signal)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	w := &watcher{cart: cart, queue: make(chan data.Signal, queueLen)}
	if !s.begin(ctx, w, sink) {
		return
	}
	defer s.tail.part(w)
	for {
		select {
		case <-ctx.Done():
			return
		case sig := <-w.queue:
			sink(sig)
		}
		// Only after what is in the queue: it was before the loss.
		if len(w.queue) == 0 && w.lost.Swap(false) {
			sink(data.Signal{Kind: data.SignalLost})
		}
	}
}

// begin joins the watcher and says so. It tries until the file can be read.
func (s *Store) begin(ctx context.Context, w *watcher, sink func(data.Signal)) bool {
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for told := false; ; told = true {
		err := s.join(ctx, w)
		if ctx.Err() != nil || errors.Is(err, data.ErrClosed) {
			return false
		}
		if err == nil {
			sink(data.Signal{Kind: data.SignalUp})
			return true
		}
		if !told {
			sink(data.Signal{Kind: data.SignalDown, Err: err})
		}
		select {
		case <-ctx.Done():
			return false
		case <-again.C:
		}
	}
}

func (s *Store) join(ctx context.Context, w *watcher) (err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if w.from, err = lastEvent(ctx, s.readers); err != nil {
		return s.fault("beginning to follow the shop", err)
	}
	s.tail.join(w)
	return nil
}
