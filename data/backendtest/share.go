package backendtest

import "trolley/data"

// What [data.Share] builds on.
var shareCases = []testCase{
	{"EmptyCartIsClaimedByClearingItOnce", long, testClaim},
	{"ReusedOperationTellsWhatItDid", Options{}, testReuseTells},
	{"SharingTwiceBringsACartOnce", long, testShareTwice},
}

func testClaim(s *shop) {
	s.stock("tea")
	first, other := clearCart(data.Token{}), clearCart(data.Token{})
	claimed := s.do(first)
	wantEqual(s, "lines before", claimed.Was, 0)
	wantIs(s, s.refused(other), data.ErrCartChanged)
	wantRepeat(s.T, s.Backend, first, claimed)
	if r := s.read(data.Token{}, first.Op); !r.Mine || r.Cart.Token != claimed.Token || len(r.Cart.Lines) != 0 {
		s.Errorf("the claimed cart reads as %+v", r)
	}
	s.do(add("tea", 1))
	first.Token = s.cart().Token
	wantIs(s, s.applyRefused(first), data.ErrOpReused)
	s.wantQuantity("tea", 1)
	s.wantPast(false)
	s.wantPast(true)
	end := s.do(checkout(first.Token)) // a cart that has become empty is claimed just so
	s.do(clearCart(end.Token))
	wantEqual(s, "orders", len(s.past(true)), 1)
	s.wantPast(false)
}

func testReuseTells(s *shop) {
	s.stock("tea")
	s.do(add("tea", 2))
	c := add("tea", 3)
	s.do(c)
	s.do(step("tea", 1))
	c.Quantity = 4
	told := refusal[*data.OpReusedError](s, s.applyRefused(c))
	wantEqual(s, "what it did", *told, data.OpReusedError{Quantity: 5, Was: 2})
}

func testShareTwice(s *shop) {
	s.stock("tea", "milk")
	s.do(add("tea", 2))
	s.do(add("milk", 1))
	o := s.options
	to := newShop(s.T, s.open, Options{Timeout: o.Timeout})
	for range 2 {
		if err := data.Share(s.Context(), s.Backend, to, "Till 2", nil); err != nil {
			s.Fatalf("Share: %v", err)
		}
		to.wantQuantity("tea", 2)
		to.wantQuantity("milk", 1)
	}
	wantEqual(s, "carts", len(to.list()), 1)
}
