package local

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

// visit is that of a program at Till 1.
func visit(session string, open ...data.CartID) data.Visit {
	return data.Visit{Session: session, Counter: "Till 1", Open: open}
}

func list(t *testing.T, s *Store, v data.Visit) []data.CartInfo {
	t.Helper()
	all, err := s.Carts(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// wantList wants that a visit is answered with these carts, each followed by
// who has it open.
func wantList(t *testing.T, s *Store, v data.Visit, want ...string) {
	t.Helper()
	var got []string
	for _, c := range list(t, s, v) {
		text := string(c.ID)
		for _, h := range c.Here {
			text += " " + h.Session
		}
		got = append(got, text)
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("the list is\n%s\nwant\n%s", g, w)
	}
}

func TestProgramsOnOneFileSeeEachOther(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, Config{Dir: dir}), open(t, Config{Dir: dir})
	heard := listen(t, one)
	wantList(t, one, visit("a", "c-1"), "c-1 a")
	wantList(t, two, visit("b", "c-1", "c-2"), "c-1 a b", "c-2 b")
	wantList(t, one, visit("a", "c-2"), "c-1 b", "c-2 a b")
	wantList(t, two, visit("b"), "c-2 a")
	if len(heard) > 0 {
		t.Errorf("visits were announced: %+v", <-heard)
	}
}

func TestVisitIsOverInTime(t *testing.T) {
	s, c := timed(t, 0)
	wantList(t, s, visit("a", "c-1"), "c-1 a")
	c.advance(data.HereLife - time.Second)
	wantList(t, s, visit("b", "c-2"), "c-1 a", "c-2 b")
	c.advance(2 * time.Second)
	wantList(t, s, visit("b", "c-2"), "c-2 b")
	wantRows(t, s, "SELECT count(*) FROM visit", "1")
	c.advance(-time.Hour) // what seems to last for an hour does not
	wantList(t, s, visit("d"))
}

func TestListTellsOfACart(t *testing.T) {
	s, c := timed(t, time.Hour)
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 1))
	do(t, s, whole(data.KindClear, read(t, s, "").Cart.Token))
	first := do(t, s, add("espresso", 2))
	c.advance(time.Minute)
	do(t, s, add("tea", 1))
	do(t, s, data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: "espresso", By: "Till 1"})
	do(t, s, add("espresso", 4))
	last := do(t, s, name("Table 4"))
	all := list(t, s, visit("a"))
	if len(all) != 1 {
		t.Fatalf("the list is %+v", all)
	}
	got := all[0]
	if got.Name != "Table 4" || got.Lines != 2 || got.Items != 5 || got.Total != 5*240 || !got.Exact ||
		!got.Began.Equal(first.At) || got.Last != last || got.Expires.Before(last.At.Add(time.Hour-time.Second)) {
		t.Errorf("the cart is listed as %+v", got)
	}
	c.advance(2 * time.Hour)
	wantList(t, s, visit("a"))
}

func TestListIsBoundedAndBeginsWithTheLastChanged(t *testing.T) {
	s, c := timed(t, 0)
	for i := range data.MaxCarts + 5 {
		c.advance(time.Second)
		if _, err := s.Apply(t.Context(), data.CartID(fmt.Sprintf("c-%03d", i)), name("N")); err != nil {
			t.Fatal(err)
		}
	}
	all := list(t, s, visit("a", "c-000"))
	if len(all) != data.MaxCarts || all[0].ID != "c-204" || all[data.MaxCarts-1].ID != "c-005" {
		t.Errorf("%d carts, from %s to %s", len(all), all[0].ID, all[len(all)-1].ID)
	}
}

func TestUnsoundVisitIsRefused(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	for _, v := range []data.Visit{visit("", "c"), visit(strings.Repeat("x", 65), "c"), visit("a", "b c"),
		{Session: "a", Counter: "\x00", Open: []data.CartID{"c"}}, visit("a", make([]data.CartID, data.MaxOpen+1)...)} {
		var bad *data.InvalidError
		if _, err := s.Carts(t.Context(), v); !errors.As(err, &bad) {
			t.Errorf("%+v: %v", v, err)
		}
	}
}

func TestCartsAreListedThoughTheDiskIsFull(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	do(t, s, name("Table 4"))
	if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count=1"); err != nil {
		t.Fatal(err)
	}
	var open []data.CartID
	for i := range data.MaxOpen {
		open = append(open, data.CartID(fmt.Sprintf("%d-%s", i, strings.Repeat("x", 120))))
	}
	wantList(t, s, visit("a", open...), string(theCart))
}
