package backendtest

import (
	"strings"
	"testing"

	"trolley/data"
)

var small = Options{Limits: data.Limits{Quantity: 20, Lines: 3}}

var ruleCases = []testCase{
	{"AddStartsAndRaisesALine", Options{}, testAdd},
	{"AddOfAnUnknownProductIsRefused", Options{}, testAddUnknown},
	{"AddAboveTheLimitIsRefused", small, testAddTooMany},
	{"AddAboveTheStockIsRefused", Options{}, testAddStock},
	{"AddOfOneLineTooManyIsRefused", small, testFull},
	{"StepRaisesAndLowers", Options{}, testStep},
	{"StepToNothingRemovesTheLine", Options{}, testStepToNothing},
	{"StepOutOfRangeIsRefused", small, testStepRange},
	{"StepOfAMissingLineIsRefused", Options{}, testStepMissing},
	{"StepUpNeedsStockStepDownDoesNot", Options{}, testStepStock},
	{"SetReplacesWhatWasSeen", Options{}, testSet},
	{"SetOfAnotherQuantityThanSeenIsAConflict", Options{}, testSetConflict},
	{"SetOfAMissingLineIsRefused", Options{}, testSetMissing},
	{"SetAboveLimitOrStockIsRefused", small, testSetRange},
	{"RemoveTakesTheLineOut", Options{}, testRemove},
	{"RemoveOfALineThatIsGoneSaysWhoTookIt", Options{}, testRemoveGone},
	{"RefusedOperationIsNotKept", Options{}, testRefusedNotKept},
	{"HostileIdsAreRefused", Options{}, testHostileIDs},
	{"UnsoundChangesAreRefused", small, testUnsoundChanges},
	{"CartsAreApart", Options{}, testCartsApart},
}

func testAdd(s *shop) {
	s.stock("espresso", "tea")
	first := s.do(add("espresso", 2))
	wantEqual(s, "quantity", first.Quantity, 2)
	wantEqual(s, "before", first.Was, 0)
	second := s.do(by("Till 2", add("espresso", 3)))
	wantEqual(s, "quantity", second.Quantity, 5)
	wantEqual(s, "before", second.Was, 2)
	s.do(add("tea", 1))

	c := s.cart()
	wantEqual(s, "lines", len(c.Lines), 2)
	l, ok := c.Line("espresso")
	if !ok || l.Quantity != 5 || !l.Known || l.Damaged != "" || l.Waiting {
		s.Errorf("line is %+v", l)
	}
	wantEqual(s, "last changed by", l.By, "Till 2")
	wantEqual(s, "added", l.Added.UnixMilli(), first.At.UnixMilli())
	wantEqual(s, "changed", l.Changed.UnixMilli(), second.At.UnixMilli())
	wantEqual(s, "name", l.Product.Name, "Product espresso")
	wantEqual(s, "id", c.ID, theCart)
}

func testAddUnknown(s *shop) {
	wantIs(s, s.refused(add("unicorn", 1)), data.ErrUnknownProduct)
	wantEqual(s, "token", s.cart().Token, data.Token{})
}

func testAddTooMany(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 18))
	q := refusal[*data.QuantityError](s, s.refused(add("espresso", 3)))
	wantEqual(s, "refusal", *q, data.QuantityError{Product: "espresso", Asked: 3, Have: 18, Max: 20})
	s.do(add("espresso", 2))
	s.wantQuantity("espresso", 20)
}

func testAddStock(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Stock: 3})
	s.do(add("cake", 2))
	left := refusal[*data.StockError](s, s.refused(add("cake", 2)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "cake", Have: 2, Left: 3})
	s.do(add("cake", 1))
}

func testFull(s *shop) {
	s.stock("a", "b", "c", "d")
	for _, id := range []data.ProductID{"a", "b", "c"} {
		s.do(add(id, 1))
	}
	full := refusal[*data.FullError](s, s.refused(add("d", 1)))
	wantEqual(s, "refusal", *full, data.FullError{Max: 3})
	s.do(add("a", 1))
	s.do(remove("b"))
	s.do(add("d", 1))
}

func testStep(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 5))
	up := s.do(step("espresso", 2))
	wantEqual(s, "up", up.Quantity, 7)
	down := s.do(step("espresso", -4))
	wantEqual(s, "down", down.Quantity, 3)
	wantEqual(s, "before", down.Was, 7)
	s.wantQuantity("espresso", 3)
}

func testStepToNothing(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 2))
	e := s.do(by("Till 2", step("espresso", -2)))
	wantEqual(s, "quantity", e.Quantity, 0)
	wantEqual(s, "lines", len(s.cart().Lines), 0)
	gone := refusal[*data.NotInCartError](s, s.refused(step("espresso", 1)))
	wantEqual(s, "taken out by", gone.By, "Till 2")
}

func testStepRange(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 5))
	low := refusal[*data.QuantityError](s, s.refused(step("espresso", -6)))
	wantEqual(s, "below", *low, data.QuantityError{Product: "espresso", Asked: -6, Have: 5, Max: 20})
	high := refusal[*data.QuantityError](s, s.refused(step("espresso", 16)))
	wantEqual(s, "above", *high, data.QuantityError{Product: "espresso", Asked: 16, Have: 5, Max: 20})
}

func testStepMissing(s *shop) {
	s.stock("espresso")
	gone := refusal[*data.NotInCartError](s, s.refused(step("espresso", 1)))
	wantEqual(s, "refusal", *gone, data.NotInCartError{Product: "espresso"})
}

func testStepStock(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Stock: 3})
	s.do(add("cake", 3))
	left := refusal[*data.StockError](s, s.refused(step("cake", 1)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "cake", Have: 3, Left: 3})
	s.do(step("cake", -1))
	s.do(step("cake", 1))
}

func testSet(s *shop) {
	s.stock("espresso")
	added := s.do(add("espresso", 5))
	up := s.do(set("espresso", 5, 9))
	wantEqual(s, "quantity", up.Quantity, 9)
	wantEqual(s, "before", up.Was, 5)
	s.do(set("espresso", 9, 1))
	s.do(set("espresso", 1, 1))
	l, _ := s.cart().Line("espresso")
	wantEqual(s, "quantity", l.Quantity, 1)
	wantEqual(s, "added", l.Added.UnixMilli(), added.At.UnixMilli())
}

func testSetConflict(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 5))
	other := s.do(by("Till 2", step("espresso", 1)))
	c := refusal[*data.ConflictError](s, s.refused(set("espresso", 5, 8)))
	wantEqual(s, "time", c.At.UnixMilli(), other.At.UnixMilli())
	c.At = other.At
	wantEqual(s, "refusal", *c, data.ConflictError{Product: "espresso", Seen: 5, Now: 6, By: "Till 2", At: other.At})
	refusal[*data.ConflictError](s, s.refused(set("espresso", 0, 8)))
}

func testSetMissing(s *shop) {
	s.stock("espresso")
	gone := refusal[*data.NotInCartError](s, s.refused(set("espresso", 1, 2)))
	wantEqual(s, "refusal", *gone, data.NotInCartError{Product: "espresso"})
	refusal[*data.NotInCartError](s, s.refused(set("espresso", 0, 2)))
}

func testSetRange(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Stock: 10})
	s.do(add("cake", 8))
	q := refusal[*data.QuantityError](s, s.refused(set("cake", 8, 21)))
	wantEqual(s, "asked", q.Asked, 21)
	wantEqual(s, "most", q.Max, 20)
	left := refusal[*data.StockError](s, s.refused(set("cake", 8, 11)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "cake", Have: 8, Left: 10})
	s.do(set("cake", 8, 10))
}

func testRemove(s *shop) {
	s.stock("espresso", "tea")
	s.do(add("espresso", 5))
	s.do(add("tea", 1))
	e := s.do(remove("espresso"))
	wantEqual(s, "quantity", e.Quantity, 0)
	wantEqual(s, "before", e.Was, 5)
	wantEqual(s, "lines", len(s.cart().Lines), 1)
	again := s.do(add("espresso", 1))
	l, _ := s.cart().Line("espresso")
	wantEqual(s, "the new line came in", l.Added.UnixMilli(), again.At.UnixMilli())
}

func testRemoveGone(s *shop) {
	s.stock("espresso")
	never := refusal[*data.NotInCartError](s, s.refused(remove("espresso")))
	wantEqual(s, "never there", *never, data.NotInCartError{Product: "espresso"})
	s.do(add("espresso", 1))
	e := s.do(by("Kasse ünï 2", remove("espresso")))
	gone := refusal[*data.NotInCartError](s, s.refused(remove("espresso")))
	wantEqual(s, "taken out by", gone.By, "Kasse ünï 2")
	wantEqual(s, "at", gone.At.UnixMilli(), e.At.UnixMilli())
}

func testRefusedNotKept(s *shop) {
	s.stock("espresso")
	c := step("espresso", 1)
	s.refused(c)
	s.do(add("espresso", 1))
	s.do(c) // the same operation has become possible
	other := set("espresso", 7, 3)
	s.refused(other)
	other.Seen = 2
	s.do(other) // and its id is still free
	s.wantQuantity("espresso", 3)
}

func testHostileIDs(s *shop) {
	for _, id := range []string{"", "a b", "a:b", "{a}", "a*", "a\x00b", "é", "a/b", "a\nb", string(make([]byte, 129))} {
		_, err := s.Apply(s.Context(), data.CartID(id), add("espresso", 1))
		refusal[*data.InvalidError](s, err)
		_, err = s.Read(s.Context(), data.CartID(id), data.Token{}, "")
		refusal[*data.InvalidError](s, err)
		refusal[*data.InvalidError](s, s.Keep(s.Context(), data.CartID(id)))
		_, err = s.Activity(s.Context(), data.CartID(id))
		refusal[*data.InvalidError](s, err)
		refusal[*data.InvalidError](s, s.CreateProduct(s.Context(), data.Product{ID: data.ProductID(id), Name: "A"}))
		refusal[*data.InvalidError](s, s.refused(add(data.ProductID(id), 1)))
		bad := add("espresso", 1)
		bad.Op = data.OpID(id)
		_, err = s.Apply(s.Context(), theCart, bad)
		refusal[*data.InvalidError](s, err)
	}
}

func testUnsoundChanges(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 5))
	for _, c := range []data.Change{add("espresso", 0), add("espresso", -1), add("espresso", 21), step("espresso", 0),
		step("espresso", -21), set("espresso", 5, 0), set("espresso", 5, -1), set("espresso", 5, 1<<60)} {
		q := refusal[*data.QuantityError](s, s.refused(c))
		wantEqual(s, "asked", q.Asked, c.Quantity)
	}
	refusal[*data.InvalidError](s, s.refused(by("", add("espresso", 1))))
	refusal[*data.InvalidError](s, s.refused(by("a\x00b", add("espresso", 1))))
	for _, name := range []string{strings.Repeat("x", data.MaxCartNameLen+1), " ", " Table", "a\x00b", "a\nb", "a\xffb"} {
		refusal[*data.InvalidError](s, s.refused(rename(name)))
	}
	s.refused(change("steal", "espresso", 1))
}

func testCartsApart(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 1))
	r, err := s.Apply(s.Context(), "counter-2", add("espresso", 4))
	if err != nil {
		s.Fatal(err)
	}
	wantEqual(s, "version of the other cart", r.Event.Token.Version, 1)
	wantEqual(s, "operation before", r.Event.Prev, "")
	s.wantQuantity("espresso", 1)
}

var clearCases = []testCase{
	{"ClearEmptiesTheCartThatWasSeen", Options{}, testClear},
	{"ClearOfAnotherCartThanSeenIsRefused", Options{}, testClearStale},
	{"ClearIsRememberedForItsLines", Options{}, testClearRemembered},
}

func testClear(s *shop) {
	s.stock("espresso", "tea")
	s.do(add("espresso", 1))
	last := s.do(add("tea", 3))
	e := s.do(by("Till 2", clearCart(last.Token)))
	wantEqual(s, "lines before", e.Was, 2)
	wantEqual(s, "quantity", e.Quantity, 0)
	wantEqual(s, "product", e.Product, "")
	c := s.cart()
	wantEqual(s, "lines", len(c.Lines), 0)
	wantEqual(s, "token", c.Token, data.Token{Version: 3, Op: e.Token.Op})
	wantEqual(s, "version goes on", s.do(add("tea", 1)).Token.Version, 4)
}

func testClearStale(s *shop) {
	s.stock("espresso")
	seen := s.do(add("espresso", 1)).Token
	s.do(add("espresso", 1))
	wantIs(s, s.refused(clearCart(seen)), data.ErrCartChanged)
	wantIs(s, s.refused(clearCart(data.Token{})), data.ErrCartChanged)
	wantIs(s, s.refused(clearCart(data.Token{Version: 2, Op: seen.Op})), data.ErrCartChanged)
	s.wantQuantity("espresso", 2)
}

func testClearRemembered(s *shop) {
	s.stock("espresso", "tea")
	s.do(add("tea", 1))
	s.do(by("Till 2", remove("tea")))
	seen := s.do(add("espresso", 1)).Token
	cleared := s.do(by("Till 3", clearCart(seen)))
	for _, c := range []data.Change{remove("espresso"), step("espresso", 1), set("espresso", 1, 2)} {
		gone := refusal[*data.NotInCartError](s, s.refused(c))
		wantEqual(s, "taken out by", gone.By, "Till 3")
		wantEqual(s, "at", gone.At.UnixMilli(), cleared.At.UnixMilli())
	}
}

var repeatCases = []testCase{
	{"RepeatOfAnOperationGivesTheFirstAnswer", Options{}, testRepeat},
	{"RepeatOfAClearGivesTheFirstAnswer", Options{}, testRepeatClear},
	{"OperationIdUsedForAnotherChangeIsRefused", Options{}, testOpReused},
	{"RepeatByAnotherCounterIsTheSame", Options{}, testRepeatElsewhere},
}

func testRepeat(s *shop) {
	s.stock("espresso", "tea")
	changes := []data.Change{add("espresso", 2), step("espresso", 3), set("espresso", 5, 4), add("tea", 1), step("tea", -1), remove("espresso")}
	first := make([]data.Event, len(changes))
	for i, c := range changes {
		first[i] = s.do(c)
	}
	after := s.cart()
	for i, c := range changes {
		wantRepeat(s.T, s.Backend, c, first[i])
	}
	wantCart(s, s.cart(), after)
}

// wantRepeat sends a change again that was answered with first.
func wantRepeat(t *testing.T, b data.Backend, c data.Change, first data.Event) {
	t.Helper()
	r, err := b.Apply(t.Context(), theCart, c)
	got, want := verdict(r, err), verdict(data.Receipt{Duplicate: true, Event: first}, nil)
	if got != want {
		t.Errorf("the repeat got\n%s\nwant\n%s", got, want)
	}
}

func testRepeatClear(s *shop) {
	s.stock("espresso")
	c := clearCart(s.do(add("espresso", 1)).Token)
	first := s.do(c)
	s.do(add("espresso", 2))
	wantRepeat(s.T, s.Backend, c, first)
	s.wantQuantity("espresso", 2)
	c.Token = s.cart().Token
	wantIs(s, s.applyRefused(c), data.ErrOpReused)
	s.wantQuantity("espresso", 2)
}

// applyRefused is refused for an operation whose id has been applied before.
func (s *shop) applyRefused(c data.Change) error {
	s.Helper()
	before := s.cart()
	_, err := s.Apply(s.Context(), theCart, c)
	wantCart(s, s.cart(), before)
	return err
}

func testOpReused(s *shop) {
	s.stock("espresso", "tea")
	c := add("espresso", 2)
	s.do(c)
	s.do(add("tea", 2))
	others := []data.Change{add("espresso", 3), add("tea", 2), step("espresso", 2), set("espresso", 2, 2),
		remove("espresso"), clearCart(s.cart().Token), checkout(s.cart().Token), rename("Table 4")}
	for _, other := range others {
		other.Op = c.Op
		wantIs(s, s.applyRefused(other), data.ErrOpReused)
	}
}

func testRepeatElsewhere(s *shop) {
	s.stock("espresso")
	c := add("espresso", 2)
	first := s.do(c)
	wantRepeat(s.T, s.second(), by("Till 9", c), first)
	s.wantQuantity("espresso", 2)
}
