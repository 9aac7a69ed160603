package local

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

func whole(kind data.Kind, seen data.Token) data.Change {
	return data.Change{Op: data.NewOp(), Kind: kind, Token: seen, By: "Till 1"}
}

func name(text string) data.Change {
	return data.Change{Op: data.NewOp(), Kind: data.KindName, Text: text, By: "Till 1"}
}

func past(t *testing.T, s *Store, orders bool, before time.Time) []data.Past {
	t.Helper()
	all, err := s.Past(t.Context(), orders, before)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// describe writes down what a person sees of a past cart.
func describe(p data.Past) string {
	s := fmt.Sprintf("%s %q %s by %q:", p.Cart.ID, p.Cart.Name, p.How, p.By)
	for _, l := range p.Cart.Lines {
		s += fmt.Sprintf(" %d%s x %s %s", l.Quantity, l.Damaged, l.Product.Name, l.Product.Price)
	}
	return s
}

// wantPast wants that these carts, the newest first, have ended otherwise than
// as orders.
func wantPast(t *testing.T, s *Store, want ...string) []data.Past {
	t.Helper()
	all := past(t, s, false, time.Time{})
	got := make([]string, len(all))
	for i, p := range all {
		got[i] = describe(p)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the past is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return all
}

// wantEnded wants that the cart is empty and tells that it ended like this.
func wantEnded(t *testing.T, s *Store, want data.Past) {
	t.Helper()
	c := read(t, s, "").Cart
	if len(c.Lines) > 0 || c.Ended == nil {
		t.Fatalf("the cart is %+v", c)
	}
	if got := *c.Ended; got.ID != want.ID || !got.At.Equal(want.At) || describe(got) != describe(want) {
		t.Errorf("the cart tells of %s %v\n%s\nwant %s %v\n%s", got.ID, got.At, describe(got), want.ID, want.At, describe(want))
	}
}

func TestExpiredCartIsPutToThePastByWhoeverMeetsIt(t *testing.T) {
	meet := map[string]func(t *testing.T, s *Store){
		"a change":    func(t *testing.T, s *Store) { do(t, s, add("tea", 1)) },
		"the list":    func(t *testing.T, s *Store) { list(t, s, visit("a")) },
		"the tidying": tidy,
	}
	for by, met := range meet {
		t.Run(by, func(t *testing.T) {
			s, c := timed(t, time.Hour)
			stock(t, s, "espresso", "tea")
			do(t, s, add("espresso", 2))
			last := do(t, s, name("Table 4"))
			end := time.UnixMilli(last.At.Add(time.Hour).UnixMilli())
			c.advance(2 * time.Hour)
			const text = `counter-1 "Table 4" expired by "": 2 x espresso 2.40`
			before := read(t, s, "").Cart.Ended
			if before == nil || before.ID != last.Token.Op || !before.At.Equal(end) || describe(*before) != text {
				t.Fatalf("before anybody met it, the cart tells of %+v", before)
			}
			met(t, s)
			all := wantPast(t, s, text)
			if len(all) != 1 || all[0].ID != last.Token.Op || !all[0].At.Equal(end) {
				t.Errorf("the past holds %+v", all)
			}
		})
	}
}

func TestVersionsCountOnAfterAnExpiry(t *testing.T) {
	s, c := timed(t, time.Hour)
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 1))
	do(t, s, add("espresso", 1))
	c.advance(2 * time.Hour)
	tidy(t, s)
	if got := read(t, s, "").Cart; got.Token != (data.Token{}) || got.Ended == nil {
		t.Errorf("the expired cart reads as %+v", got)
	}
	e := do(t, s, add("tea", 1))
	if e.Token.Version != 3 || e.Prev != "" {
		t.Errorf("the first change of the new cart is %+v", e)
	}
	if got := read(t, s, "").Cart; len(got.Lines) != 1 || got.Ended != nil || got.Name != "" {
		t.Errorf("the new cart is %+v", got)
	}
}

func TestPastKeepsNamesAndPricesAsTheyWere(t *testing.T) {
	s, _ := timed(t, 0)
	stock(t, s, "espresso", "tea")
	do(t, s, add("espresso", 2))
	do(t, s, add("tea", 1))
	sqlExec(t, s.Path(), "DELETE FROM product WHERE id = 'tea'")
	e := do(t, s, whole(data.KindClear, read(t, s, "").Cart.Token))
	sqlExec(t, s.Path(), "UPDATE product SET name = 'Espresso doppio', price = 999")
	all := wantPast(t, s, `counter-1 "" emptied by "Till 1": 2 x espresso 2.40 1 x  0.00`)
	if tea, _ := all[0].Cart.Line("tea"); tea.Known {
		t.Errorf("the line of a product that was not known is %+v", tea)
	}
	wantEnded(t, s, all[0])
	if all[0].ID != e.Token.Op || !all[0].At.Equal(e.At) {
		t.Errorf("the past holds %+v", all[0])
	}
	do(t, s, name("Table 4")) // of the next cart
	wantEnded(t, s, all[0])
	do(t, s, add("espresso", 1))
	do(t, s, data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: "espresso", By: "Till 1"})
	if got := read(t, s, "").Cart; got.Ended != nil {
		t.Errorf("a cart whose last line was taken out tells of %+v", got.Ended)
	}
}

func TestPastComesInPages(t *testing.T) {
	s, c := timed(t, 0)
	stock(t, s, "espresso")
	for i := range data.PastPage + 10 {
		c.advance(time.Second)
		kind := data.KindCheckout
		if i%10 == 9 {
			kind = data.KindClear
		}
		do(t, s, whole(kind, do(t, s, add("espresso", int64(i+1))).Token))
	}
	first := past(t, s, true, time.Time{})
	second := past(t, s, true, first[len(first)-1].At)
	if len(first) != data.PastPage || len(second) != 4 || len(past(t, s, false, time.Time{})) != 6 {
		t.Fatalf("pages of %d and %d", len(first), len(second))
	}
	if last := second[3]; last.Cart.Lines[0].Quantity != 1 {
		t.Errorf("the first order is %s", describe(last))
	}
}

func TestPastIsForgottenAfterItsLife(t *testing.T) {
	s, c := timed(t, 0)
	stock(t, s, "espresso")
	do(t, s, whole(data.KindClear, do(t, s, add("espresso", 1)).Token))
	c.advance(data.PastLife - time.Hour)
	do(t, s, whole(data.KindClear, do(t, s, add("espresso", 2)).Token))
	tidy(t, s)
	wantRows(t, s, "SELECT count(*) FROM past", "2")
	c.advance(2 * time.Hour)
	wantPast(t, s, `counter-1 "" emptied by "Till 1": 2 x espresso 2.40`)
	tidy(t, s)
	wantRows(t, s, "SELECT count(*) || ' ' || (SELECT group_concat(quantity) FROM past_line) FROM past", "1 2")
	c.advance(data.PastLife)
	if got := read(t, s, "").Cart.Ended; got != nil {
		t.Errorf("after its life the cart tells of %+v", got)
	}
}

func TestOrderTakesFromStockOnceOrNotAtAll(t *testing.T) {
	s, _ := timed(t, 0)
	for _, id := range []data.ProductID{"bun", "cake"} {
		if err := s.CreateProduct(t.Context(), data.Product{ID: id, Name: string(id), Price: 100, Stock: 5}); err != nil {
			t.Fatal(err)
		}
	}
	do(t, s, add("bun", 2))
	seen := do(t, s, add("cake", 3)).Token
	sqlExec(t, s.Path(), "UPDATE product SET stock = 2 WHERE id = 'cake'")
	var short *data.StockError
	if _, err := s.Apply(t.Context(), theCart, whole(data.KindCheckout, seen)); !errors.As(err, &short) || *short != (data.StockError{Product: "cake", Have: 3, Left: 2}) {
		t.Errorf("with too little in stock: %v", err)
	}
	wantRows(t, s, "SELECT group_concat(stock) FROM product", "5,2")
	sqlExec(t, s.Path(), "UPDATE product SET stock = 3 WHERE id = 'cake'")
	heard := listen(t, s)
	c := whole(data.KindCheckout, seen)
	do(t, s, c)
	if r, err := s.Apply(t.Context(), theCart, c); err != nil || !r.Duplicate {
		t.Errorf("the repeat gives %+v, %v", r, err)
	}
	wantRows(t, s, "SELECT group_concat(stock) FROM product", "3,0")
	if sig := nextSignal(t, heard); sig.Kind != data.SignalCatalogue {
		t.Errorf("first heard %+v, want the catalogue", sig)
	}
	if e := nextEvent(t, heard); e.Kind != data.KindCheckout || e.Was != 2 {
		t.Errorf("then heard %+v", e)
	}
}

func TestNothingDamagedIsSold(t *testing.T) {
	for _, spoil := range []string{"line SET quantity = -3", "line SET quantity = 1 << 60", "product SET price = -1", "product SET stock = -7",
		"product SET price = 1000000000000", "cart SET version = -1"} {
		s := open(t, Config{Dir: t.TempDir()})
		stock(t, s, "espresso")
		do(t, s, add("espresso", 1))
		sqlExec(t, s.Path(), "UPDATE line SET quantity = 9000000000000000")
		sqlExec(t, s.Path(), "UPDATE "+spoil)
		var bad *data.DamagedError
		if _, err := s.Apply(t.Context(), theCart, whole(data.KindCheckout, read(t, s, "").Cart.Token)); !errors.As(err, &bad) {
			t.Errorf("%s: %v", spoil, err)
		}
		if got := read(t, s, "").Cart; len(got.Lines) != 1 || len(past(t, s, true, time.Time{})) > 0 {
			t.Errorf("%s: afterwards the cart is %+v", spoil, got)
		}
	}
}
