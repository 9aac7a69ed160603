package local

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"trolley/data"
)

// QueueConfig says where waiting changes are kept, and for which shop.
type QueueConfig struct {
	Dir   string       // folder; made when it is not there
	Place string       // names the store and the shop, for people too; holds no secret
	Log   *slog.Logger // nil: nothing is logged
}

// Queue keeps the changes that wait for a server in a file of this computer.
// It implements [data.Queue]. Its errors are refusals of what it was given,
// [data.ErrClosed], or a [data.UnavailableError] with the fault of the file.
//
// Every Queue has a file of its own and holds it for itself alone, by a lock
// that the operating system takes back when the program dies, however it dies.
// A file that can be had is one that nobody will come back for; OpenQueue moves
// what is in it to its own. So no two programs ever send the same changes, and
// none are forgotten.
type Queue struct {
	place string
	log   *slog.Logger

	mu   sync.Mutex // guards file, and what is done with it
	file *heldFile  // nil after Close
}

var _ data.Queue = (*Queue)(nil)

// OpenQueue makes a file for the changes of this program, and takes over those
// that programs before it left in the folder, whichever shop they are for. Files
// of programs that run are left alone. One that cannot be read is put aside
// under another name, and does not keep the Queue from opening.
func OpenQueue(ctx context.Context, c QueueConfig) (*Queue, error) {
	log := cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	f, err := createHeld(ctx, c.Dir)
	if err != nil {
		return nil, unavailable(filepath.Clean(c.Dir), "making a file for waiting changes", err)
	}
	if err := takeOver(ctx, f, log); err != nil {
		f.leave(log)
		return nil, unavailable(f.path, "taking over waiting changes", err)
	}
	log.Debug("queue opened", "file", f.path)
	return &Queue{place: c.Place, log: log, file: f}, nil
}

// use runs f with the file, one caller at a time.
func (q *Queue) use(doing string, f func(*heldFile) error) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.file == nil {
		return data.ErrClosed
	}
	return unavailable(q.file.path, doing, f(q.file))
}

// Left implements [data.Queue]. What cannot be understood stays in the file and
// is left out.
func (q *Queue) Left(ctx context.Context, cart data.CartID) ([]data.Change, error) {
	var rows []row
	err := q.use("reading waiting changes", func(f *heldFile) error {
		var err error
		rows, err = f.rows(ctx, "WHERE place = ? AND cart = ?", q.place, cart)
		return err
	})
	if err != nil {
		return nil, err
	}
	changes := make([]data.Change, 0, len(rows))
	for _, r := range rows {
		c, err := r.decode()
		if err != nil {
			q.log.Debug("waiting change cannot be used", "cart", cart, "row", r.seq, "error", err)
			continue
		}
		changes = append(changes, c)
	}
	if bad := len(rows) - len(changes); bad > 0 {
		q.log.Warn("waiting changes that cannot be used are kept and not sent", "cart", cart, "changes", bad)
	}
	return changes, nil
}

// Keep implements [data.Queue]: all of the changes are kept, or none.
func (q *Queue) Keep(ctx context.Context, cart data.CartID, changes []data.Change) error {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return err
	}
	rows := make([]row, 0, len(changes))
	for _, c := range changes {
		r, err := encodeRow(q.place, cart, c)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	return q.use("keeping changes", func(f *heldFile) error { return f.insert(ctx, rows) })
}

// Drop implements [data.Queue]: all of the changes are forgotten, or none.
func (q *Queue) Drop(ctx context.Context, cart data.CartID, ops []data.OpID) error {
	return q.use("dropping changes", func(f *heldFile) error { return f.remove(ctx, q.place, cart, ops) })
}

// Waiting says how many changes wait for one cart of one shop.
type Waiting struct {
	Place string // as in the QueueConfig that they were kept with
	Cart  data.CartID
	Count int
}

// Elsewhere tells what waits for other carts than the given one, of this shop
// and of others, the oldest first. Changes of a program that runs are its own
// and not counted.
func (q *Queue) Elsewhere(ctx context.Context, cart data.CartID) ([]Waiting, error) {
	var all []Waiting
	err := q.use("counting waiting changes", func(f *heldFile) error {
		var err error
		all, err = f.count(ctx, q.place, cart)
		return err
	})
	return all, err
}

// Carts returns the carts of this shop for which changes wait that Left would
// return, the one with the oldest first.
func (q *Queue) Carts(ctx context.Context) ([]data.CartID, error) {
	var rows []row
	err := q.use("looking for waiting changes", func(f *heldFile) error {
		var err error
		rows, err = f.rows(ctx, "WHERE place = ?", q.place)
		return err
	})
	if err != nil {
		return nil, err
	}
	var carts []data.CartID
	for _, r := range rows {
		id, bad := data.ParseCartID(r.cart)
		if _, unread := r.decode(); bad == nil && unread == nil && !slices.Contains(carts, id) {
			carts = append(carts, id)
		}
	}
	return carts, nil
}

// Close lets go of the file, and removes it when nothing waits in it. Closing
// again does nothing.
func (q *Queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.file == nil {
		return nil
	}
	f := q.file
	q.file = nil
	return unavailable(f.path, "closing the file of waiting changes", f.end())
}
