package backendtest

import (
	"fmt"
	"slices"
	"strings"

	"trolley/data"
)

var listCases = []testCase{
	{"ListSaysWhatACartHolds", long, testListed},
	{"ListIsOfCartsThatHoldSomething", Options{}, testListedOrNot},
	{"ListAddsUpLikeTheCart", Options{}, testListedTotal},
	{"ListRenewsNoTimeout", long, testListDoesNotRenew},
	{"ListIsBounded", Options{}, testListBound},
}

// visit is what a program tells that has carts open.
func visit(session, counter string, open ...data.CartID) data.Visit {
	return data.Visit{Session: session, Counter: counter, Open: open}
}

func (s *shop) visit(b data.Backend, v data.Visit) []data.CartInfo {
	s.Helper()
	list, err := b.Carts(s.Context(), v)
	if err != nil {
		s.Fatalf("Carts(%+v): %v", v, err)
	}
	return list
}

// list lists the carts of the shop as somebody who has none open.
func (s *shop) list() []data.CartInfo {
	s.Helper()
	return s.visit(s.Backend, visit("onlooker", "Office"))
}

// listed returns the cart as it is in the list, where it must be once.
func (s *shop) listed(cart data.CartID) data.CartInfo {
	s.Helper()
	var found []data.CartInfo
	list := s.list()
	for _, c := range list {
		if c.ID == cart {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		s.Fatalf("%s is in the list %d times: %+v", cart, len(found), list)
	}
	return found[0]
}

func testListed(s *shop) {
	s.stock("tea", "espresso")
	first := s.do(add("tea", 2))
	s.do(rename("Table 4"))
	last := s.do(by("Till 2", add("espresso", 3)))
	s.doIn("counter-2", add("tea", 1))
	c, info := s.cart(), s.listed(theCart)
	wantEqual(s, "name", info.Name, "Table 4")
	wantEqual(s, "lines", info.Lines, 2)
	wantEqual(s, "items", info.Items, 5)
	wantEqual(s, "total", info.Total, 2*100+3*101)
	wantEqual(s, "exact", info.Exact, true)
	wantEqual(s, "began", info.Began.UnixMilli(), first.At.UnixMilli())
	wantEqual(s, "last change", info.Last.Encode(), last.Encode())
	wantEqual(s, "visitors", len(info.Here), 0)
	s.wantNear("it expires", info.Expires, c.Expires)
	wantEqual(s, "carts", len(s.list()), 2)

	s.do(clearCart(c.Token))
	again := s.do(add("tea", 1))
	info = s.listed(theCart)
	wantEqual(s, "name of the next", info.Name, "")
	wantEqual(s, "the next began", info.Began.UnixMilli(), again.At.UnixMilli())
	wantEqual(s, "total of the next", info.Total, 100)
}

func testListedOrNot(s *shop) {
	s.stock("tea")
	wantEqual(s, "at first", len(s.list()), 0)
	s.do(add("tea", 1))
	if e := s.listed(theCart).Expires; !e.IsZero() {
		s.Errorf("a cart that never expires does so at %v", e)
	}
	s.do(remove("tea"))
	wantEqual(s, "without its line", len(s.list()), 0)
	s.do(clearCart(s.do(add("tea", 1)).Token))
	wantEqual(s, "cleared", len(s.list()), 0)
	s.do(checkout(s.do(add("tea", 1)).Token))
	wantEqual(s, "checked out", len(s.list()), 0)
	s.do(rename("Table 4"))
	info := s.listed(theCart)
	wantEqual(s, "named", info.Name, "Table 4")
	wantEqual(s, "lines", info.Lines, 0)
	wantEqual(s, "total", info.Total, 0)
	s.do(add("tea", 1))
	s.do(remove("tea"))
	wantEqual(s, "named and emptied by hand", s.listed(theCart).Name, "Table 4")
}

func testListedTotal(s *shop) {
	s.create(data.Product{ID: "odd", Name: "Odd", Price: data.MaxPrice - 1, Stock: data.Unlimited})
	s.create(data.Product{ID: "one", Name: "One", Price: 1, Stock: data.Unlimited})
	s.do(add("odd", data.DefaultMaxQuantity))
	s.do(add("one", 2))
	want, exact := s.cart().Total()
	info := s.listed(theCart)
	wantEqual(s, "total", info.Total, want)
	wantEqual(s, "exact", info.Exact, exact)
	wantEqual(s, "items", info.Items, data.DefaultMaxQuantity+2)
}

func testListDoesNotRenew(s *shop) {
	s.stock("tea")
	s.do(add("tea", 1))
	before := s.cart()
	s.letPass(before)
	s.visit(s.Backend, visit("one", "Till 1", theCart))
	s.wantNear("the list has it expire", s.listed(theCart).Expires, before.Expires)
	s.wantNear("it expires", s.cart().Expires, before.Expires)
}

func testListBound(s *shop) {
	s.stock("tea")
	for i := range data.MaxCarts + 1 {
		s.doIn(data.CartID(fmt.Sprintf("counter-%d", i)), add("tea", 1))
	}
	wantEqual(s, "carts", len(s.list()), data.MaxCarts)
}

var visitCases = []testCase{
	{"VisitsComeMoveAndGo", Options{}, testVisits},
	{"SessionsOfOneCounterAreTwoVisits", Options{}, testVisitsOfOneName},
	{"VisitsAreNotAnnounced", long, testVisitsSilent},
	{"UnsoundVisitsAreRefused", Options{}, testUnsoundVisits},
}

// here writes down who has which cart open.
func here(list []data.CartInfo) string {
	open := make(map[data.CartID]string)
	for _, c := range list {
		for _, h := range c.Here {
			open[c.ID] += h.Counter + "/" + h.Session + ","
		}
	}
	return fmt.Sprint(open) // maps print in order of their keys
}

func testVisits(s *shop) {
	other := s.second()
	list := s.visit(s.Backend, visit("one", "Kasse ünï 100 %", "a", "b"))
	wantEqual(s, "the first", here(list), "map[a:Kasse ünï 100 %/one, b:Kasse ünï 100 %/one,]")
	wantEqual(s, "carts that nothing is in", len(list), 2)
	wantEqual(s, "changes of one", list[0].Last.Token, data.Token{})
	list = s.visit(other, visit("two", "Büro", "b", "c"))
	wantEqual(s, "both", here(list), "map[a:Kasse ünï 100 %/one, b:Büro/two,Kasse ünï 100 %/one, c:Büro/two,]")
	wantEqual(s, "seen by an onlooker", here(s.list()), here(list))
	list = s.visit(s.Backend, visit("one", "Kasse ünï 100 %", "c"))
	wantEqual(s, "moved", here(list), "map[b:Büro/two, c:Büro/two,Kasse ünï 100 %/one,]")
	list = s.visit(other, visit("two", "Office", "c"))
	wantEqual(s, "called otherwise", here(list), "map[c:Kasse ünï 100 %/one,Office/two,]")
	list = s.visit(s.Backend, visit("one", "Kasse ünï 100 %"))
	wantEqual(s, "gone", here(list), "map[c:Office/two,]")
	wantEqual(s, "all gone", len(s.visit(other, visit("two", "Office"))), 0)
}

func testVisitsOfOneName(s *shop) {
	s.visit(s.Backend, visit("one", "Till 1", theCart))
	list := s.visit(s.second(), visit("two", "Till 1", theCart))
	if len(list) != 1 || len(list[0].Here) != 2 {
		s.Fatalf("the list is %+v, want one cart with two visitors", list)
	}
	s.visit(s.Backend, visit("one", "Till 1"))
	wantEqual(s, "the other stays", here(s.list()), "map[counter-1:Till 1/two,]")
}

func testVisitsSilent(s *shop) {
	s.stock("tea")
	f := s.follow(s.second())
	s.visit(s.Backend, visit("one", "Till 1", theCart))
	if c := s.cart(); c.Token != (data.Token{}) || !c.Expires.IsZero() {
		s.Errorf("the visit made a cart: %+v", c)
	}
	first := s.do(add("tea", 1))
	s.visit(s.Backend, visit("one", "Till 1", theCart))
	second := s.do(add("tea", 1))
	wantEqual(s, "operation before", second.Prev, first.Token.Op)
	f.wantEvents(first, second)
}

func testUnsoundVisits(s *shop) {
	for _, v := range []data.Visit{visit("", "Till 1", "a"), visit("a b", "Till 1", "a"), visit(strings.Repeat("x", 65), "Till 1", "a"),
		visit("one", "", "a"), visit("one", "a\x00b", "a"), visit("one", "Till 1", "a b"), visit("one", "Till 1", "{a}"),
		visit("one", "Till 1", slices.Repeat([]data.CartID{"a"}, data.MaxOpen+1)...)} {
		_, err := s.Carts(s.Context(), v)
		refusal[*data.InvalidError](s, err)
	}
	wantEqual(s, "carts", len(s.list()), 0)
}
