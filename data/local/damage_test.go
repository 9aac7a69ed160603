package local

import (
	"errors"
	"strings"
	"testing"

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

func TestDamagedCartIsNotChanged(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 1))
	sqlExec(t, s.Path(), "UPDATE cart SET version = -7")
	var bad *data.DamagedError
	if _, err := s.Apply(t.Context(), theCart, add("espresso", 1)); !errors.As(err, &bad) {
		t.Errorf("change to a damaged cart: %v", err)
	}
	read(t, s, "")
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
