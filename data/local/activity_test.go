package local

import (
	"testing"
	"time"

	"trolley/data"
)

func activity(t *testing.T, s *Store) []data.Event {
	t.Helper()
	events, err := s.Activity(t.Context(), theCart)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestActivityOutlivesTheCartAndTheProgram(t *testing.T) {
	dir := t.TempDir()
	first := open(t, Config{Dir: dir})
	stock(t, first, "espresso")
	added := do(t, first, add("espresso", 2))
	cleared := do(t, first, whole(data.KindClear, added.Token))
	closeStore(t, first)

	s := open(t, Config{Dir: dir, Timeout: time.Hour})
	again := do(t, s, add("espresso", 1))
	sqlExec(t, s.Path(), "UPDATE cart SET deadline = ?", time.Now().Add(-time.Minute).UnixMilli())
	tidy(t, s)
	named := do(t, s, name("Größe \"L\" 100 %"))
	got := activity(t, s)
	if len(got) != 4 || got[0] != named || got[1] != again || got[2] != cleared || got[3] != added {
		t.Errorf("the activity is %+v", got)
	}
}

func TestBusyCartPushesNobodyOut(t *testing.T) {
	s, c := timed(t, 0)
	stock(t, s, "espresso")
	quiet := do(t, s, add("espresso", 1))
	for range data.MaxActivity + 10 {
		if _, err := s.Apply(t.Context(), "busy", add("espresso", 1)); err != nil {
			t.Fatal(err)
		}
	}
	sqlExec(t, s.Path(), "DELETE FROM event")
	busy, err := s.Activity(t.Context(), "busy")
	if err != nil || len(busy) != data.MaxActivity || busy[0].Quantity != data.MaxActivity+10 || busy[data.MaxActivity-1].Quantity != 11 {
		t.Errorf("%d changes of the busy cart, from %+v (%v)", len(busy), busy[0], err)
	}
	if got := activity(t, s); len(got) != 1 || got[0] != quiet {
		t.Errorf("the quiet cart's activity is %+v", got)
	}
	c.advance(data.PastLife + time.Hour)
	if got := activity(t, s); len(got) != 0 {
		t.Errorf("after its life the activity is %+v", got)
	}
	tidy(t, s)
	wantRows(t, s, "SELECT count(*) FROM activity", "0")
}
