package data_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/local"
	"trolley/data/redistest"
)

// diary is a queue on the disk of which a test knows what it holds, and which it
// can make fail.
type diary struct {
	*local.Queue
	mu     sync.Mutex
	held   []data.OpID
	writes int
	full   bool
}

func openDiary(t *testing.T, dir string) *diary {
	t.Helper()
	q, err := local.OpenQueue(t.Context(), local.QueueConfig{Dir: dir, Place: "test"})
	if err != nil {
		t.Fatalf("open the queue: %v", err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Errorf("close the queue: %v", err)
		}
	})
	return &diary{Queue: q}
}

func (d *diary) Keep(ctx context.Context, cart data.CartID, changes []data.Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return &data.UnavailableError{Fault: data.FaultFull, Cause: errors.New("no space left on device")}
	}
	if err := d.Queue.Keep(ctx, cart, changes); err != nil {
		return err
	}
	d.writes++
	for _, c := range changes {
		d.held = append(d.held, c.Op)
	}
	return nil
}

func (d *diary) Drop(ctx context.Context, cart data.CartID, ops []data.OpID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = slices.DeleteFunc(d.held, func(op data.OpID) bool { return slices.Contains(ops, op) })
	return d.Queue.Drop(ctx, cart, ops)
}

func (d *diary) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

func (d *diary) holds() []data.OpID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.held)
}

func (d *diary) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// joinKeeping opens the cart "c" at a counter that keeps what waits.
func joinKeeping(t *testing.T, b data.Backend, q data.Queue, name string) *counter {
	return joinAt(t, b, q, name, hurried)
}

func joinAt(t *testing.T, b data.Backend, q data.Queue, name string, pace data.Pace) *counter {
	c := &counter{Session: data.Open(b, data.Options{Cart: "c", Counter: name, Pace: pace, Queue: q}), t: t}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestWhatWaitsIsOnTheDiskBeforeItIsShown(t *testing.T) {
	server := redistest.Start(t)
	open := stocked(t, redisShop(t, server.URL(), 0))
	server.Kill()
	d := openDiary(t, t.TempDir())
	c := joinKeeping(t, open(), d, "Till")
	for range 20 {
		c.add("tea", 1)
		s := c.until("it is shown", func(s data.State) bool { return len(s.Waiting) > len(c.last.Refused) })
		for _, w := range s.Waiting {
			if !slices.Contains(d.holds(), w.Op) {
				t.Fatalf("%s is shown and not on the disk", w.Op)
			}
		}
	}
	s := c.until("all are shown", func(s data.State) bool { return len(s.Waiting) == 20 })
	if s.Unkept != 0 || s.Taken != 20 || brief(s.Cart) != "tea 20?*" {
		t.Errorf("shown: %s, %d unkept, %d taken", show(s), s.Unkept, s.Taken)
	}
}

func TestServerThatAnswersGivesTheDiskNothingToDo(t *testing.T) {
	open := stocked(t, redisShop(t, redistest.Start(t).URL(), 0))
	d := openDiary(t, t.TempDir())
	c := joinKeeping(t, open(), d, "Till").ready()
	for range 5 {
		c.add("tea", 1)
	}
	c.shows("tea 5")
	if n := d.count(); n > 1 { // a slow moment may cost one
		t.Errorf("the disk was written %d times", n)
	}
}

func TestWhatWaitedIsSentByTheNextRun(t *testing.T) {
	server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	open := stocked(t, redisShop(t, server.URL(), 0))
	dir := t.TempDir()
	first := openDiary(t, dir)
	c := joinKeeping(t, open(), first, "Till").ready()
	server.Kill()
	for i := int64(1); i <= 10; i++ {
		edit(c, i)
	}
	c.until("they wait", func(s data.State) bool { return len(s.Waiting) == 20 })
	if left := c.Close(); len(left) != 0 {
		t.Fatalf("%d changes are on no disk", len(left))
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := openDiary(t, dir)
	c = joinKeeping(t, open(), second, "Till")
	s := c.until("they wait again", func(s data.State) bool { return len(s.Waiting) == 20 })
	if s.Resumed != 20 {
		t.Errorf("%d are of an earlier run, want 20", s.Resumed)
	}
	c.add("rye", 1)
	server.Restart()
	c.shows("milk 10, rye 1, tea 10")
	redistest.Await(t, "the disk has nothing left", func() bool {
		left, err := second.Left(t.Context(), "c")
		return err == nil && len(left) == 0
	})
	if c.until("it is live", func(s data.State) bool { return s.Link.Phase == data.Live }); len(c.last.Refused) != 0 {
		t.Errorf("refused: %+v", c.last.Refused)
	}
}

func TestRefusalAfterARestartIsLateAndStaysUntilItIsDealtWith(t *testing.T) {
	server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	open := stocked(t, redisShop(t, server.URL(), 0))
	dir := t.TempDir()
	d := openDiary(t, dir)
	server.Kill()
	c := joinKeeping(t, open(), d, "Till")
	op := c.add("cake", 3)
	c.until("it waits", func(s data.State) bool { return len(s.Waiting) == 1 && s.Link.Phase == data.Offline })
	server.Restart()
	s := c.until("it is refused", func(s data.State) bool { return len(s.Refused) == 1 })
	if r := s.Refused[0]; !r.Late || r.Lost || r.Change.Op != op || !errors.Is(r.Err, data.ErrUnknownProduct) {
		t.Errorf("refused as %+v", r)
	}
	c.Close()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = openDiary(t, dir)
	c = joinKeeping(t, open(), d, "Till")
	c.until("it is refused again after a restart", func(s data.State) bool { return len(s.Refused) == 1 && s.Refused[0].Late })
	c.Settle(op)
	redistest.Await(t, "the disk has nothing left", func() bool { left, err := d.Left(t.Context(), "c"); return err == nil && len(left) == 0 })
}

func TestDiskThatTakesNothingIsToldAndTriedAgain(t *testing.T) {
	server := redistest.Start(t)
	open := stocked(t, redisShop(t, server.URL(), 0))
	server.Kill()
	d := openDiary(t, t.TempDir())
	d.fill(true)
	c := joinKeeping(t, open(), d, "Till")
	c.add("tea", 1)
	c.until("it is shown as unkept", func(s data.State) bool { return len(s.Waiting) == 1 && s.Unkept == 1 })
	d.fill(false)
	c.Retry()
	c.until("it is kept", func(s data.State) bool { return len(s.Waiting) == 1 && s.Unkept == 0 })
	d.fill(true)
	c.add("tea", 2)
	c.until("both are shown", func(s data.State) bool { return len(s.Waiting) == 2 && s.Unkept == 1 })
	if left := c.Close(); len(left) != 1 || left[0].Quantity != 2 {
		t.Errorf("on no disk are %v, want the second", left)
	}
}

func TestChangeThatWaitedTooLongIsNotSent(t *testing.T) {
	open := stocked(t, redisShop(t, redistest.Start(t).URL(), 0))
	d := openDiary(t, t.TempDir())
	old := data.Change{Op: data.NewOp(), Kind: data.KindAdd, Product: "tea", Quantity: 1, By: "Till", At: time.Now().Add(-data.OpLife)}
	fresh := old
	fresh.Op, fresh.At = data.NewOp(), time.Now().Add(-24*time.Hour)
	if err := d.Keep(t.Context(), "c", []data.Change{old, fresh}); err != nil {
		t.Fatal(err)
	}
	c := joinKeeping(t, open(), d, "Till")
	s := c.until("one is refused", func(s data.State) bool { return len(s.Refused) == 1 && len(s.Waiting) == 0 })
	if r := s.Refused[0]; r.Change.Op != old.Op || !errors.Is(r.Err, data.ErrTooLate) {
		t.Errorf("refused: %+v", r)
	}
	c.shows("tea 1")
}

func TestClearThatWasMadeBeforeARestartIsDone(t *testing.T) {
	open := stocked(t, redisShop(t, redistest.Start(t).URL(), 0))
	b := open()
	d := openDiary(t, t.TempDir())
	c := joinKeeping(t, b, d, "Till").ready()
	c.add("tea", 1)
	seen := c.shows("tea 1").Cart.Token
	clear := data.Change{Op: data.NewOp(), Kind: data.KindClear, Token: seen, By: "Till", At: time.Now()}
	if _, err := b.Apply(t.Context(), "c", clear); err != nil {
		t.Fatal(err)
	}
	clear.Token = data.Token{Version: 1, Op: "before-the-restart"}
	c.submit(clear)
	s := c.until("it is answered", func(s data.State) bool { return s.Taken == 2 && len(s.Waiting) == 0 })
	if len(s.Refused) != 0 {
		t.Errorf("refused: %v", s.Refused[0].Err)
	}
	c.shows("")
}

// A counter that goes on while the server is away sends each change once, in
// order, however often the program is restarted meanwhile.
func TestRestartsWhileTheServerIsAway(t *testing.T) {
	server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	open := stocked(t, redisShop(t, server.URL(), 0))
	server.Kill()
	dir := t.TempDir()
	for run := int64(0); run < 3; run++ {
		d := openDiary(t, dir)
		c := joinKeeping(t, open(), d, "Till")
		for i := int64(1); i <= 5; i++ {
			edit(c, 5*run+i)
		}
		c.until(fmt.Sprintf("run %d waits", run), func(s data.State) bool { return len(s.Waiting) == int(run+1)*10 })
		c.Close()
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	server.Restart()
	c := joinKeeping(t, open(), openDiary(t, dir), "Till")
	c.shows("milk 15, tea 15")
	if len(c.last.Refused) != 0 {
		t.Errorf("refused: %+v", c.last.Refused)
	}
}
