package backendtest

import "trolley/data"

var oversellCases = []testCase{
	{"OversellTakesLinesAboveTheStock", Options{}, testOversellLines},
	{"OversellKeepsAllOtherRules", small, testOversellRules},
	{"OversoldCheckoutTakesTheStockToZero", Options{}, testOversellCheckout},
	{"OversoldCheckoutWithoutStockTellsNoStock", Options{}, testOversellSignal},
	{"OversoldCartIsRefusedWhereOthersSellNoMore", Options{}, testOversellByOthers},
	{"OversellIsNoOtherChange", Options{}, testOversellRepeat},
	{"CheckoutNamesTheSameShortProductEverywhere", Options{}, testShortOrder},
}

// oversold returns the change of a counter that sells more than is counted.
func oversold(c data.Change) data.Change {
	c.Oversell = true
	return c
}

func testOversellLines(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 3})
	s.create(data.Product{ID: "pie", Name: "Pie", Price: 400, Stock: 0})
	s.do(oversold(add("cake", 4)))
	s.do(oversold(step("cake", 2)))
	s.wantQuantity("cake", 6)
	s.do(oversold(set("cake", 6, 9)))
	s.do(oversold(add("pie", 1)))
	s.wantQuantity("cake", 9)
	s.wantQuantity("pie", 1)
	s.wantStock("cake", 3)
	for _, c := range []data.Change{add("cake", 1), step("cake", 1), set("cake", 9, 10)} {
		left := refusal[*data.StockError](s, s.refused(c))
		wantEqual(s, "refusal", *left, data.StockError{Product: "cake", Have: 9, Left: 3})
	}
	s.do(step("cake", -1)) // less is fine for everybody, although it still is too much
	s.do(set("cake", 8, 5))
	s.wantQuantity("cake", 5)
}

func testOversellRules(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 1})
	s.stock("tea", "milk", "bun")
	wantIs(s, s.refused(oversold(add("ghost", 1))), data.ErrUnknownProduct)
	refusal[*data.NotInCartError](s, s.refused(oversold(step("cake", 1))))
	s.do(oversold(add("cake", s.options.Limits.Quantity)))
	refusal[*data.QuantityError](s, s.refused(oversold(step("cake", 1))))
	for _, id := range []data.ProductID{"tea", "milk", "bun"}[:s.options.Limits.Lines-1] {
		s.do(oversold(add(id, 1)))
	}
	s.create(data.Product{ID: "pie", Name: "Pie", Price: 400, Stock: 0})
	refusal[*data.FullError](s, s.refused(oversold(add("pie", 1))))
}

func testOversellCheckout(s *shop) {
	s.stock("tea")
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 3})
	s.create(data.Product{ID: "pie", Name: "Pie", Price: 400, Stock: 0})
	s.create(data.Product{ID: "bun", Name: "Bun", Price: 85, Stock: 5})
	s.do(oversold(add("cake", 4)))
	s.do(oversold(add("pie", 2)))
	s.do(add("bun", 2))
	seen := s.do(add("tea", 1)).Token
	left := refusal[*data.StockError](s, s.refused(checkout(seen)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "pie", Have: 2, Left: 0})
	s.wantStock("bun", 5)
	before := s.cart()
	c := oversold(checkout(seen))
	e := s.do(c)
	wantRepeat(s.T, s.Backend, c, e)
	s.wantStock("cake", 0)
	s.wantStock("pie", 0)
	s.wantStock("bun", 3)
	s.wantStock("tea", data.Unlimited)
	s.wantPast(true, asPast(data.CheckedOut, before, e)) // the order has all that was sold
}

func testOversellSignal(s *shop) {
	s.create(data.Product{ID: "pie", Name: "Pie", Price: 400, Stock: 0})
	f := s.follow(s.second())
	s.do(oversold(checkout(s.do(oversold(add("pie", 2))).Token)))
	s.create(data.Product{ID: "bun", Name: "Bun", Price: 85, Stock: data.Unlimited})
	for i, want := range []data.SignalKind{data.SignalEvent, data.SignalEvent, data.SignalCatalogue} {
		if got := f.next(); got.Kind != want { // the catalogue changed with the last only
			s.Fatalf("signal %d is %+v, want kind %v", i, got, want)
		}
	}
}

func testOversellByOthers(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 5})
	other := s.doIn("counter-2", oversold(add("cake", 9))).Token
	seen := s.do(add("cake", 4)).Token
	s.doIn("counter-2", oversold(checkout(other)))
	s.wantStock("cake", 0)
	left := refusal[*data.StockError](s, s.refused(checkout(seen)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "cake", Have: 4, Left: 0})
	s.do(oversold(checkout(seen)))
	s.wantStock("cake", 0)
	wantEqual(s, "orders", len(s.past(true)), 2)
}

func testOversellRepeat(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 1})
	c := add("cake", 2)
	refusal[*data.StockError](s, s.refused(c))
	e := s.do(oversold(c)) // the id of what was refused is free
	wantRepeat(s.T, s.Backend, c, e)
	wantRepeat(s.T, s.second(), oversold(c), e)
	s.wantQuantity("cake", 2)
}

func testShortOrder(s *shop) {
	for _, id := range []data.ProductID{"b", "a", "c"} {
		s.create(data.Product{ID: id, Name: "Product " + string(id), Price: 100, Stock: 1})
	}
	s.do(oversold(add("c", 3)))
	s.do(oversold(add("b", 2)))
	seen := s.do(oversold(add("a", 3))).Token
	left := refusal[*data.StockError](s, s.refused(checkout(seen)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "b", Have: 2, Left: 1})
	seen = s.do(remove("b")).Token
	left = refusal[*data.StockError](s, s.refused(checkout(seen)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "a", Have: 3, Left: 1})
}
