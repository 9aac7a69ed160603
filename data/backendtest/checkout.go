package backendtest

import "trolley/data"

var checkoutCases = []testCase{
	{"CheckoutMakesTheCartAnOrder", long, testCheckout},
	{"CheckoutOfAnotherCartThanSeenIsRefused", Options{}, testCheckoutStale},
	{"CheckoutCountsTheStockDownOnce", Options{}, testCheckoutStock},
	{"CheckoutWithoutEnoughStockChangesNothing", Options{}, testCheckoutShort},
	{"CheckoutTellsOfTheStock", Options{}, testCheckoutSignal},
	{"OrdersKeepTheirPricesAndOthersAreApart", Options{}, testOrdersApart},
	{"OfTwoCheckoutsOneMakesTheOrder", Options{}, testTwoCheckouts},
	{"LastItemIsCheckedOutOnce", Options{}, testLastItemCheckedOut},
}

func (s *shop) wantStock(id data.ProductID, want int64) {
	s.Helper()
	p, err := s.Product(s.Context(), id)
	if err != nil || p.Stock != want {
		s.Errorf("stock of %q is %d (%v), want %d", id, p.Stock, err, want)
	}
}

func testCheckout(s *shop) {
	c, last := s.filled()
	e := s.do(by("Till 3", checkout(last.Token)))
	wantEqual(s, "version", e.Token.Version, last.Token.Version+1)
	wantEqual(s, "operation before", e.Prev, last.Token.Op)
	wantEqual(s, "lines before", e.Was, 2)
	wantEqual(s, "quantity", e.Quantity, 0)
	wantEqual(s, "product", e.Product, "")
	want := asPast(data.CheckedOut, c, e)
	empty := s.cart()
	wantEqual(s, "token", empty.Token, e.Token)
	wantEqual(s, "name", empty.Name, "")
	wantEqual(s, "lines", len(empty.Lines), 0)
	s.wantEnded(want)
	s.wantPast(true, want)
	s.wantPast(false)
	gone := refusal[*data.NotInCartError](s, s.refused(remove("tea")))
	wantEqual(s, "taken out by", gone.By, "Till 3")
	s.do(add("tea", 1))
	if c := s.cart(); c.Ended != nil || c.Name != "" {
		s.Errorf("the cart after the order is %+v", c)
	}
	s.wantPast(true, want)
}

func testCheckoutStale(s *shop) {
	s.stock("tea")
	wantIs(s, s.refused(checkout(data.Token{})), data.ErrCartChanged)
	seen := s.do(add("tea", 1)).Token
	s.do(add("tea", 1))
	for _, t := range []data.Token{seen, {}, {Version: 2, Op: seen.Op}} {
		wantIs(s, s.refused(checkout(t)), data.ErrCartChanged)
	}
	s.wantQuantity("tea", 2)
	empty := s.do(remove("tea")).Token
	wantIs(s, s.refused(checkout(empty)), data.ErrCartChanged)
	named := s.do(rename("Table 4")).Token
	wantIs(s, s.refused(checkout(named)), data.ErrCartChanged)
	s.wantPast(true)
}

func testCheckoutStock(s *shop) {
	s.stock("tea")
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 5})
	s.create(data.Product{ID: "bun", Name: "Bun", Price: 85, Stock: 3})
	s.create(data.Product{ID: "pie", Name: "Pie", Price: 400, Stock: 7})
	s.do(add("tea", 4))
	s.do(add("cake", 2))
	c := checkout(s.do(add("bun", 3)).Token)
	first := s.do(c)
	wantRepeat(s.T, s.Backend, c, first)
	wantRepeat(s.T, s.second(), by("Till 9", c), first)
	s.wantStock("cake", 3)
	s.wantStock("bun", 0)
	s.wantStock("pie", 7)
	s.wantStock("tea", data.Unlimited)
	left := refusal[*data.StockError](s, s.refused(add("cake", 4)))
	wantEqual(s, "refusal", *left, data.StockError{Product: "cake", Left: 3})
	again := s.do(add("cake", 3)) // the operation of a completed cart makes no second order
	wantRepeat(s.T, s.Backend, c, first)
	c.Token = again.Token
	wantIs(s, s.applyRefused(c), data.ErrOpReused)
	s.wantStock("cake", 3)
	wantEqual(s, "orders", len(s.past(true)), 1)
}

func testCheckoutShort(s *shop) {
	s.create(data.Product{ID: "apple", Name: "Apple", Price: 50, Stock: 9})
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 5})
	s.create(data.Product{ID: "pie", Name: "Pie", Price: 400, Stock: 9})
	s.doIn("counter-2", checkout(s.doIn("counter-2", add("cake", 4)).Token))
	s.do(add("apple", 2))
	other := s.doIn("counter-3", add("cake", 1)).Token
	s.do(add("cake", 1))
	seen := s.do(add("pie", 2)).Token
	s.doIn("counter-3", checkout(other))
	c := checkout(seen)
	short := refusal[*data.StockError](s, s.refused(c))
	wantEqual(s, "refusal", *short, data.StockError{Product: "cake", Have: 1, Left: 0})
	s.wantStock("apple", 9)
	s.wantStock("cake", 0)
	s.wantStock("pie", 9)
	wantEqual(s, "orders", len(s.past(true)), 2)
	c.Token = s.do(remove("cake")).Token
	s.do(c) // the id of what was refused is free
	s.wantStock("apple", 7)
	s.wantStock("pie", 7)
}

func testCheckoutSignal(s *shop) {
	s.stock("tea")
	s.create(data.Product{ID: "cake", Name: "Cake", Stock: 5})
	f := s.follow(s.second())
	s.do(checkout(s.do(add("tea", 1)).Token))
	full := s.do(add("cake", 1)).Token
	for range 3 { // no stock was counted down so far
		if signal := f.next(); signal.Kind != data.SignalEvent {
			s.Fatalf("got signal %+v, want an event", signal)
		}
	}
	s.do(checkout(full))
	came := map[data.SignalKind]int{}
	for range 2 { // in any order
		came[f.next().Kind]++
	}
	wantEqual(s, "events", came[data.SignalEvent], 1)
	wantEqual(s, "news of the catalogue", came[data.SignalCatalogue], 1)
}

func testOrdersApart(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Crème brûlée 🍮 100 %", Price: 350, Stock: 50})
	sold := s.do(add("cake", 2)).Token
	order := s.cart()
	first := s.do(checkout(sold))
	seen := s.do(add("cake", 5)).Token
	thrown := s.cart()
	cleared := s.do(clearCart(seen))
	s.wantPast(true, asPast(data.CheckedOut, order, first))
	s.wantPast(false, asPast(data.Emptied, thrown, cleared))
	wantEqual(s, "orders before the first", len(s.pastBefore(true, first.At)), 0)
	s.wantEnded(asPast(data.Emptied, thrown, cleared))
}

func testTwoCheckouts(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 9})
	seen := s.do(add("cake", 2)).Token
	errs := s.everywhere(8, func(b data.Backend, _ int) error {
		_, err := b.Apply(s.Context(), theCart, checkout(seen))
		return err
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantIs(s, err, data.ErrCartChanged)
	}
	wantEqual(s, "orders made", won, 1)
	wantEqual(s, "orders kept", len(s.past(true)), 1)
	s.wantStock("cake", 7)
}

func testLastItemCheckedOut(s *shop) {
	const carts = 8
	s.create(data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 5})
	errs := s.everywhere(carts, func(b data.Backend, i int) error {
		cart := data.CartID("counter-" + string(rune('a'+i)))
		r, err := b.Apply(s.Context(), cart, add("cake", 2))
		if err != nil {
			return err
		}
		_, err = b.Apply(s.Context(), cart, checkout(r.Event.Token))
		return err
	})
	for _, err := range errs {
		if err != nil {
			refusal[*data.StockError](s, err)
		}
	}
	s.wantStock("cake", 1)
	wantEqual(s, "orders", len(s.past(true)), 2)
}
