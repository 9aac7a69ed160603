package local

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"trolley/data"
)

// clock is a store's time in the test's hands.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time           { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }

// timed opens a store whose clock the test holds.
func timed(t *testing.T, timeout time.Duration) (*Store, *clock) {
	t.Helper()
	s := open(t, Config{Dir: t.TempDir(), Timeout: timeout})
	c := new(clock)
	// The writer's slot keeps the sweep of the start out of this.
	s.writer.slot <- struct{}{}
	s.now = c.now
	<-s.writer.slot
	return s, c
}

func tidy(t *testing.T, s *Store) {
	t.Helper()
	if err := s.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func wantRows(t *testing.T, s *Store, query, want string) {
	t.Helper()
	if got := ask(t, s.Path(), query); got != want {
		t.Errorf("%s: %s, want %s", query, got, want)
	}
}

func TestExpiredCartsAreRemoved(t *testing.T) {
	s, c := timed(t, time.Hour)
	sqlExec(t, s.Path(), numbers(600)+"INSERT INTO line SELECT 'old-' || (1 + value % 300), 'p-' || value, 1, 1, 1, 'Till' FROM n")
	sqlExec(t, s.Path(), numbers(300)+"INSERT INTO cart (id, version, op, deadline, cleared_by, cleared_at) SELECT 'old-' || value, 1, 'x', 1, '', 0 FROM n")
	sqlExec(t, s.Path(), "INSERT INTO cart (id, version, op, deadline, cleared_by, cleared_at) VALUES ('never', 1, 'x', 0, '', 0)")
	stock(t, s, "espresso")
	do(t, s, add("espresso", 1))
	tidy(t, s)
	wantRows(t, s, "SELECT group_concat(id, ' ' ORDER BY id) FROM cart", "counter-1 never")
	wantRows(t, s, "SELECT count(*) FROM line", "1")

	c.advance(2 * time.Hour)
	if got := read(t, s, "").Cart; got.Token != (data.Token{}) || len(got.Lines) != 0 {
		t.Errorf("the expired cart reads as %+v", got)
	}
	tidy(t, s)
	wantRows(t, s, "SELECT group_concat(id) FROM cart WHERE op <> ''", "never")
	wantRows(t, s, "SELECT count(*) FROM line", "0")
	c.advance(data.PastLife)
	tidy(t, s)
	wantRows(t, s, "SELECT group_concat(id) FROM cart", "never")
}

func TestClockThatIsSetBackKeepsTheCart(t *testing.T) {
	s, c := timed(t, time.Hour)
	stock(t, s, "espresso")
	do(t, s, add("espresso", 1))
	c.advance(-data.OpLife)
	if got := do(t, s, add("espresso", 1)).Token.Version; got != 2 {
		t.Errorf("the cart is at version %d, want 2", got)
	}
}

func TestOperationsAreForgottenAfterTheirLife(t *testing.T) {
	s, c := timed(t, 0)
	stock(t, s, "espresso")
	old := add("espresso", 1)
	do(t, s, old)
	c.advance(data.OpLife - time.Hour)
	recent := add("espresso", 1)
	do(t, s, recent)
	tidy(t, s)
	old.Quantity++
	if _, err := s.Apply(t.Context(), theCart, old); !errors.Is(err, data.ErrOpReused) {
		t.Errorf("an hour before its time: %v", err)
	}
	c.advance(2 * time.Hour)
	tidy(t, s)
	if read(t, s, old.Op).Mine || !read(t, s, recent.Op).Mine {
		t.Error("an hour after its time the first operation should be forgotten, the second not")
	}
}

func TestOldEventsAreRemoved(t *testing.T) {
	s, _ := timed(t, 0)
	heard := listen(t, s)
	sqlExec(t, s.Path(), numbers(10450)+"INSERT INTO event (cart, payload) SELECT 'x', '' FROM n")
	tidy(t, s)
	wantRows(t, s, "SELECT count(*) FROM event", "10000")
	stock(t, s, "espresso")
	for sig := nextSignal(t, heard); sig.Kind != data.SignalCatalogue; sig = nextSignal(t, heard) {
		if sig.Kind == data.SignalEvent {
			t.Fatalf("heard %+v", sig)
		}
	}
}
