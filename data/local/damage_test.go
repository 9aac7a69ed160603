package local

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

// damaged is a shop with a cart of one line whose quantity was spoilt by hand.
func damaged(t *testing.T, quantity int64) *Store {
	t.Helper()
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 2))
	sqlExec(t, s.Path(), "UPDATE line SET quantity = ?", quantity)
	return s
}

func TestDamagedLineIsShownAndNotRaised(t *testing.T) {
	for quantity, text := range map[int64]string{0: "0", -3: "-3", 1 << 60: "1152921504606846976"} {
		s := damaged(t, quantity)
		l, ok := read(t, s, "").Cart.Line("espresso")
		if !ok || l.Damaged != text || l.Quantity != 0 {
			t.Errorf("quantity %d: the line is %+v", quantity, l)
		}
		step := add("espresso", 1)
		step.Kind = data.KindStep
		for _, c := range []data.Change{add("espresso", 1), step} {
			var bad *data.DamagedError
			if _, err := s.Apply(t.Context(), theCart, c); !errors.As(err, &bad) {
				t.Errorf("%s on quantity %d: %v", c.Kind, quantity, err)
			}
		}
	}
}

func TestDamagedLineIsRepairedOrRemoved(t *testing.T) {
	repair := data.Change{Op: data.NewOp(), Kind: data.KindSet, Product: "espresso", Quantity: 4, By: "Till 1"}
	remove := data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: "espresso", By: "Till 1"}
	for _, c := range []data.Change{repair, remove} {
		s := damaged(t, -3)
		if e := do(t, s, c); e.Was != 0 || e.Quantity != c.Quantity {
			t.Errorf("%s: event %+v", c.Kind, e)
		}
		if l, _ := read(t, s, "").Cart.Line("espresso"); l.Damaged != "" || l.Quantity != c.Quantity {
			t.Errorf("%s: the line is %+v", c.Kind, l)
		}
	}
}

func TestDamagedProductIsShown(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 2))
	sqlExec(t, s.Path(), "UPDATE product SET price = -5, name = ? WHERE id = 'espresso'", "A\x00\u202eB"+strings.Repeat("x", 1_000_000))
	sqlExec(t, s.Path(), "UPDATE product SET stock = -1 WHERE id = 'tea'")
	l, _ := read(t, s, "").Cart.Line("espresso")
	if l.Product.Damaged == "" || !strings.HasPrefix(l.Product.Name, "ABx") || len(l.Product.Name) != data.MaxNameLen {
		t.Errorf("damaged product is shown as %.40q, %q", l.Product.Name, l.Product.Damaged)
	}
	var bad *data.DamagedError
	if _, err := s.Apply(t.Context(), theCart, add("tea", 1)); !errors.As(err, &bad) {
		t.Errorf("add with a damaged stock: %v", err)
	}
}

func TestLineOfADeletedProductCanBeLoweredAndRemoved(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 5))
	sqlExec(t, s.Path(), "DELETE FROM product")
	if l, _ := read(t, s, "").Cart.Line("espresso"); l.Known || l.Quantity != 5 {
		t.Errorf("the line is %+v", l)
	}
	lower := data.Change{Op: data.NewOp(), Kind: data.KindStep, Product: "espresso", Quantity: -1, By: "Till 1"}
	do(t, s, lower)
	raise := lower
	raise.Op, raise.Quantity = data.NewOp(), 1
	if _, err := s.Apply(t.Context(), theCart, raise); !errors.Is(err, data.ErrUnknownProduct) {
		t.Errorf("raising a deleted product: %v", err)
	}
	do(t, s, data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: "espresso", By: "Till 1"})
}

func TestLineOverALoweredStockCanBeLowered(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 5))
	sqlExec(t, s.Path(), "UPDATE product SET stock = 2")
	e := do(t, s, data.Change{Op: data.NewOp(), Kind: data.KindSet, Product: "espresso", Quantity: 4, Seen: 5, By: "Till 1"})
	if e.Quantity != 4 {
		t.Errorf("lowered to %d, want 4", e.Quantity)
	}
}

// wantCleared clears the cart as a person would who sees it as it reads.
func wantCleared(t *testing.T, s *Store, lines int64) {
	t.Helper()
	seen := read(t, s, "").Cart
	e := do(t, s, data.Change{Op: data.NewOp(), Kind: data.KindClear, Token: seen.Token, By: "Till 1"})
	if e.Was != lines || e.Token.Version != seen.Token.Version+1 || e.Prev != seen.Token.Op {
		t.Errorf("clear of %q: event %+v", seen.Token, e)
	}
	if got := read(t, s, "").Cart; got.Token != e.Token || len(got.Lines) != 0 {
		t.Errorf("the cleared cart is %+v", got)
	}
	if next := do(t, s, add("espresso", 1)); next.Prev != e.Token.Op {
		t.Errorf("the next change follows on %q", next.Prev)
	}
}

func TestDamagedCartIsShownAndRepairedByClear(t *testing.T) {
	for _, spoil := range []string{"version = -7", "version = 1 << 60", "op = hex(zeroblob(500000))", "version = 0, op = 'x'"} {
		s := open(t, Config{Dir: t.TempDir()})
		stock(t, s, "espresso", "tea")
		do(t, s, add("espresso", 1))
		sqlExec(t, s.Path(), "UPDATE cart SET "+spoil)
		cart := read(t, s, "").Cart
		if len(cart.Lines) != 1 || cart.Token != (data.Token{}) {
			t.Errorf("%s: the cart reads as %+v", spoil, cart)
		}
		lines := int64(1)
		var bad *data.DamagedError
		if _, err := s.Apply(t.Context(), theCart, add("tea", 1)); err == nil && strings.HasPrefix(spoil, "version = 0") {
			lines++ // it can be counted on from
		} else if !errors.As(err, &bad) {
			t.Errorf("%s: change to the cart: %v", spoil, err)
		}
		wantCleared(t, s, lines)
	}
}

func TestDamagedDeadlineCostsNobodyACart(t *testing.T) {
	for _, deadline := range []int64{-5, math.MinInt64, math.MaxInt64} {
		s, _ := timed(t, time.Hour)
		stock(t, s, "espresso")
		do(t, s, add("espresso", 1))
		sqlExec(t, s.Path(), "UPDATE cart SET deadline = ?", deadline)
		tidy(t, s)
		if cart := read(t, s, "").Cart; len(cart.Lines) != 1 || !cart.Expires.IsZero() {
			t.Errorf("deadline %d: the cart reads as %+v", deadline, cart)
		}
		if err := s.Keep(t.Context(), theCart); err != nil {
			t.Fatal(err)
		}
		if left := time.Until(read(t, s, "").Cart.Expires); left <= 0 || left > time.Hour {
			t.Errorf("deadline %d: renewed, the cart has %v left", deadline, left)
		}
	}
}

func TestDamagedDetailsOfALineAreUnknown(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 1))
	do(t, s, add("tea", 1))
	sqlExec(t, s.Path(), "UPDATE line SET added = ?, changed = ?, changed_by = char(27, 0x202e) || 'Till\n' || hex(zeroblob(500000)) WHERE product = 'tea'",
		math.MaxInt64, math.MinInt64)
	lines := read(t, s, "").Cart.Lines
	l := lines[0] // of unknown age
	if l.Product.ID != "tea" || !l.Added.IsZero() || !l.Changed.IsZero() || !strings.HasPrefix(l.By, "Till 000") || len(l.By) != data.MaxCounterLen {
		t.Errorf("the line is %+v", l)
	}
	set := data.Change{Op: data.NewOp(), Kind: data.KindSet, Product: "tea", Quantity: 4, Seen: 9, By: "Till 1"}
	var conflict *data.ConflictError
	if _, err := s.Apply(t.Context(), theCart, set); !errors.As(err, &conflict) || conflict.By != l.By || !conflict.At.IsZero() {
		t.Errorf("set: %v", err)
	}
	do(t, s, add("tea", 1))
}

func TestDamagedTraceOfAClearIsFitToBeShown(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 1))
	sqlExec(t, s.Path(), "UPDATE cart SET cleared_by = char(27) || '[1mTill' || hex(zeroblob(500000)), cleared_at = -1")
	var missing *data.NotInCartError
	_, err := s.Apply(t.Context(), theCart, data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: "tea", By: "Till 1"})
	if !errors.As(err, &missing) || !strings.HasPrefix(missing.By, "[1mTill000") || len(missing.By) != data.MaxCounterLen || !missing.At.IsZero() {
		t.Errorf("remove: %+v", err)
	}
}

func TestDamagedRecordOfAnOperationIsNotAnAnswer(t *testing.T) {
	for _, spoil := range []string{"version = 0", "version = 1 << 60", "quantity = -1", "was = -9223372036854775808", "fingerprint = hex(zeroblob(5000000))"} {
		s := open(t, Config{Dir: t.TempDir()})
		stock(t, s, "espresso")
		c := add("espresso", 1)
		first := do(t, s, c)
		sqlExec(t, s.Path(), "UPDATE op SET "+spoil)
		var bad *data.DamagedError
		if _, err := s.Apply(t.Context(), theCart, c); !errors.As(err, &bad) && !errors.Is(err, data.ErrOpReused) {
			t.Errorf("%s: the repeat gives %v", spoil, err)
		}
		if got := read(t, s, c.Op); got.Cart.Token != first.Token || !got.Mine {
			t.Errorf("%s: the cart is %+v", spoil, got)
		}
		do(t, s, add("espresso", 1))
	}
}

func TestHugeTextsDoNotHoldUpTheShop(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 1))
	sqlExec(t, s.Path(), "UPDATE product SET name = hex(zeroblob(25000000)), barcode = hex(zeroblob(2500000)) WHERE id = 'espresso'")
	sqlExec(t, s.Path(), "INSERT INTO product VALUES ('', 'Nothing', 1, '', NULL), (hex(zeroblob(2500000)), 'Long', 1, '', NULL)")
	sqlExec(t, s.Path(), "INSERT INTO line VALUES (?, hex(zeroblob(2500000)), 3, 0, 0, '')", theCart)
	cart := read(t, s, "").Cart
	if len(cart.Lines) != 2 || len(cart.Lines[0].Product.ID) > 300 || len(cart.Lines[1].Product.Name) != data.MaxNameLen {
		t.Errorf("the cart reads as %.200s", fmt.Sprint(cart))
	}
	var ids []data.ProductID
	err := s.Products(t.Context(), func(page []data.Product) bool {
		for _, p := range page {
			ids = append(ids, p.ID)
		}
		return len(ids) < 10
	})
	if err != nil || !slices.Equal(ids, []data.ProductID{"espresso", "tea"}) {
		t.Errorf("the catalogue holds %.200q (%v)", ids, err)
	}
	wantCleared(t, s, 2)
}

// More take long to make under the race detector; a read of a million lines, of
// which it takes the first, is a matter of half a second.
func TestFarTooManyLines(t *testing.T) {
	const all = 20_000
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 1))
	sqlExec(t, s.Path(), numbers(all-1)+"INSERT INTO line SELECT ?, printf('p-%07d', value), 1, 1 + value % 1000, 1, 'Till' FROM n", theCart)
	cart := read(t, s, "").Cart
	if len(cart.Lines) != data.DefaultMaxLines || cart.More != all-len(cart.Lines) {
		t.Errorf("%d lines and %d more", len(cart.Lines), cart.More)
	}
	do(t, s, add("espresso", 1))
	var full *data.FullError
	if _, err := s.Apply(t.Context(), theCart, add("tea", 1)); !errors.As(err, &full) {
		t.Errorf("a line more: %v", err)
	}
	wantCleared(t, s, all)
}

func TestHugeEventIsALoss(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	heard := listen(t, s)
	sqlExec(t, s.Path(), "INSERT INTO event (cart, payload) VALUES (hex(zeroblob(2500000)), ''), (?, '1 ' || hex(zeroblob(2500000)))", theCart)
	if sig := nextSignal(t, heard); sig.Kind != data.SignalLost {
		t.Errorf("got signal %+v, want Lost", sig)
	}
	e := do(t, s, add("espresso", 1))
	if got := nextEvent(t, heard); got.Token != e.Token {
		t.Errorf("heard %+v, want %+v", got, e)
	}
}

func TestEventThatCannotBeUnderstoodIsALoss(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	heard := listen(t, s)
	sqlExec(t, s.Path(), "INSERT INTO event (cart, payload) VALUES (?, '2 what is this')", theCart)
	if sig := nextSignal(t, heard); sig.Kind != data.SignalLost {
		t.Errorf("got signal %+v, want Lost", sig)
	}
}

func TestRemovedEventsAreALoss(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	heard := listen(t, s)
	sqlExec(t, s.Path(), `BEGIN; INSERT INTO event (cart, payload) VALUES ('x', ''), ('x', '');
		DELETE FROM event WHERE seq < (SELECT max(seq) FROM event); COMMIT`)
	if sig := nextSignal(t, heard); sig.Kind != data.SignalLost {
		t.Errorf("got signal %+v, want Lost", sig)
	}
}

func TestDamagedPastIsFitToBeShownOrLeftOut(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, whole(data.KindClear, do(t, s, add("espresso", 2)).Token))
	huge := "hex(zeroblob(50000))"
	now := time.Now().UnixMicro()
	sqlExec(t, s.Path(), "UPDATE past SET name = 'A' || char(0x202e, 10) || "+huge+", ended_by = char(27) || "+huge)
	sqlExec(t, s.Path(), "UPDATE past_line SET quantity = -3, price = -1, name = 'E' || char(7) || "+huge+", changed_by = "+huge+", added = ?", math.MinInt64)
	sqlExec(t, s.Path(), "INSERT INTO past VALUES (?1, "+huge+", 'emptied', ?2, '', ''), (?1, '', 'emptied', ?2, '', ''), (?1, 'x', 'eaten', ?2, '', ''), (?1, 'y', 'emptied', ?3, '', '')",
		theCart, now, math.MaxInt64)
	all := past(t, s, false, time.Time{})
	if len(all) != 1 {
		t.Fatalf("the past is %.500q", fmt.Sprint(all))
	}
	p, l := all[0], all[0].Cart.Lines[0]
	if len(p.Cart.Name) != data.MaxCartNameLen || !strings.HasPrefix(p.Cart.Name, "A 000") || len(p.By) != data.MaxCounterLen ||
		l.Damaged != "-3" || l.Product.Damaged == "" || len(l.Product.Name) != data.MaxNameLen || !l.Added.IsZero() {
		t.Errorf("the past is %.500q", fmt.Sprint(p))
	}
	if got := read(t, s, "").Cart.Ended; got == nil || got.By != p.By {
		t.Errorf("the cart tells of %.500q", fmt.Sprint(got))
	}
	sqlExec(t, s.Path(), "UPDATE cart SET ended = "+huge)
	if got := read(t, s, "").Cart.Ended; got != nil {
		t.Errorf("with a damaged id, the cart tells of %.500q", fmt.Sprint(got))
	}
}

func TestDamagedActivityIsLeftOut(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	e := do(t, s, add("espresso", 2))
	now := time.Now().UnixMicro()
	sqlExec(t, s.Path(), numbers(500)+"INSERT INTO activity SELECT ?, -value, -value, ?, 'what is this' || value FROM n", theCart, now)
	if got := activity(t, s); len(got) != 1 || got[0] != e {
		t.Errorf("the activity is %+v", got)
	}
	sqlExec(t, s.Path(), "DELETE FROM activity WHERE slot < 0")
	sqlExec(t, s.Path(), "UPDATE activity SET payload = '1 ' || hex(zeroblob(50000))")
	if got := list(t, s, visit("a")); len(got) != 1 || got[0].Last != (data.Event{}) || len(activity(t, s)) > 0 {
		t.Errorf("the list is %+v", got)
	}
}

func TestDamagedCartsAndVisitsDoNotSpoilTheList(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 2))
	huge := "hex(zeroblob(50000))"
	sqlExec(t, s.Path(), "INSERT INTO cart (id, version, op, deadline, cleared_by, cleared_at, name) VALUES ("+huge+", 1, 'x', 0, '', 0, 'N'), ('a b', 1, 'x', 0, '', 0, 'N')")
	sqlExec(t, s.Path(), "UPDATE cart SET name = char(27) || "+huge+", began = ?1, changed = ?1", math.MinInt64)
	soon := time.Now().Add(5 * time.Second).UnixMilli()
	sqlExec(t, s.Path(), "INSERT INTO visit VALUES ("+huge+", 'counter-1', 'T', ?1), ('b', "+huge+", 'T', ?1), ('c', 'c:d', 'T', ?1), ('d', 'counter-1', char(27) || "+huge+", ?1), ('e', 'counter-1', 'T', ?2)",
		soon, math.MaxInt64)
	all := list(t, s, visit("a"))
	if len(all) != 1 || len(all[0].Name) != data.MaxCartNameLen || !all[0].Began.IsZero() || len(all[0].Here) != 1 || len(all[0].Here[0].Counter) != data.MaxCounterLen {
		t.Errorf("the list is %.500q", fmt.Sprint(all))
	}
}

func TestDamagedCartsArePutToThePast(t *testing.T) {
	s, c := timed(t, time.Hour)
	deadline := time.Now().Add(-time.Hour).UnixMilli()
	for i, op := range []string{"'x'", "''", "hex(zeroblob(50000))"} {
		id := fmt.Sprintf("odd\x00\xff:%d", i)
		// The lines first: the sweep of the start may come in between.
		sqlExec(t, s.Path(), "INSERT INTO line VALUES (?, 'tea', 3, 0, 0, ''), (?, 'taken', NULL, 0, 0, '')", id, id)
		sqlExec(t, s.Path(), "INSERT INTO cart (id, version, op, deadline, cleared_by, cleared_at) VALUES (?, -5, "+op+", ?, '', 0)", id, deadline)
	}
	tidy(t, s)
	wantRows(t, s, "SELECT count(*) FROM past_line", "3")
	wantRows(t, s, "SELECT count(*) FROM line", "0")
	wantRows(t, s, "SELECT count(*) FROM cart WHERE version = 0 AND op = '' AND deadline = 0", "3")
	c.advance(data.PastLife)
	tidy(t, s)
	wantRows(t, s, "SELECT count(*) FROM cart", "0")
	wantRows(t, s, "SELECT count(*) FROM past", "0")
}
