package backendtest

import "trolley/data"

var nameCases = []testCase{
	{"NameIsReadListedAndAnnounced", long, testName},
	{"LastNameWinsAndAnEmptyOneTakesItAway", Options{}, testNameLastWins},
	{"NameIsAppliedOnce", Options{}, testNameRepeat},
	{"NameEndsWithItsCart", brief, testNameExpires},
}

// names are hard to carry in a protocol of words.
var names = []string{"Table 4", `Frau "Ünal" O'Neil`, "100 % %41 %zz", "🛒 {a}:b * - \\n", "-", "1 2 3 add"}

func testName(s *shop) {
	s.stock("tea")
	f := s.follow(s.second())
	s.do(add("tea", 1))
	f.event()
	for _, name := range names {
		before := s.cart()
		e := s.do(by(name, rename(name)))
		wantEqual(s, "version", e.Token.Version, before.Token.Version+1)
		wantEqual(s, "operation before", e.Prev, before.Token.Op)
		wantEqual(s, "kind", e.Kind, data.KindName)
		wantEqual(s, "new name", e.Text, name)
		wantEqual(s, "product", e.Product, "")
		wantEqual(s, "by", e.By, name)
		f.wantEvents(e)
		c := s.cart()
		wantEqual(s, "name", c.Name, name)
		wantEqual(s, "token", c.Token, e.Token)
		wantEqual(s, "lines", len(c.Lines), 1)
		info := s.listed(theCart)
		wantEqual(s, "listed name", info.Name, name)
		wantEqual(s, "listed event", info.Last.Encode(), e.Encode())
		wantEqual(s, "activity", s.activity(theCart)[0].Encode(), e.Encode())
	}
}

func testNameLastWins(s *shop) {
	s.do(rename("Table 4"))
	s.do(by("Till 2", rename("Table 5")))
	wantEqual(s, "name", s.cart().Name, "Table 5")
	wantEqual(s, "listed without a line", s.listed(theCart).Name, "Table 5")
	e := s.do(rename(""))
	wantEqual(s, "new name", e.Text, "")
	c := s.cart()
	wantEqual(s, "name", c.Name, "")
	wantEqual(s, "token", c.Token, data.Token{Version: 3, Op: e.Token.Op})
	wantEqual(s, "listed", len(s.list()), 0)
}

func testNameRepeat(s *shop) {
	c := rename("Table 4")
	first := s.do(c)
	s.do(rename("Table 5"))
	wantRepeat(s.T, s.second(), by("Till 9", c), first)
	wantEqual(s, "name", s.cart().Name, "Table 5")
	c.Text = "Table 6"
	wantIs(s, s.applyRefused(c), data.ErrOpReused)
}

func testNameExpires(s *shop) {
	s.do(rename("Table 4"))
	c := s.expired()
	wantEqual(s, "name", c.Name, "")
	wantEqual(s, "listed", len(s.list()), 0)
	s.wantPast(false)
}
