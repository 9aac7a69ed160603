package backendtest

import (
	"fmt"
	"strings"
	"time"

	"trolley/data"
)

var readCases = []testCase{
	{"ReadOfACartThatIsNotThereIsEmpty", Options{}, testReadNothing},
	{"ReadOfAKnownCartIsSame", long, testSame},
	{"ReadSaysWhetherAnOperationIsIn", Options{}, testMine},
	{"ReadCountsTheLinesOverTheLimit", Options{}, testMore},
}

func testReadNothing(s *shop) {
	r := s.read(data.Token{}, "")
	if r.Same || r.Mine || len(r.Cart.Lines) != 0 || r.Cart.Token != (data.Token{}) || r.Cart.ID != theCart {
		s.Errorf("reading is %+v", r)
	}
	if age := time.Since(r.Cart.ReadAt); age < 0 || age > time.Minute {
		s.Errorf("it was read %v ago", age)
	}
}

func testSame(s *shop) {
	s.stock("espresso")
	old := s.do(add("espresso", 1)).Token
	e := s.do(add("espresso", 1))
	r := s.read(e.Token, e.Token.Op)
	if !r.Same || !r.Mine || len(r.Cart.Lines) != 0 {
		s.Errorf("reading of the known cart is %+v", r)
	}
	if r.Cart.Expires.IsZero() || r.Cart.ReadAt.IsZero() {
		s.Errorf("times of the known cart: %v, %v", r.Cart.Expires, r.Cart.ReadAt)
	}
	for _, known := range []data.Token{old, {}, {Version: e.Token.Version, Op: old.Op}} {
		if r := s.read(known, ""); r.Same || len(r.Cart.Lines) != 1 {
			s.Errorf("reading of the cart known as %q is %+v", known, r)
		}
	}
}

func testMine(s *shop) {
	s.stock("espresso")
	first, later := add("espresso", 1), add("espresso", 1)
	s.do(first)
	wantEqual(s, "not yet", s.read(data.Token{}, later.Op).Mine, false)
	s.do(later)
	wantEqual(s, "the last", s.read(data.Token{}, later.Op).Mine, true)
	wantEqual(s, "an earlier one", s.read(data.Token{}, first.Op).Mine, true)
	wantEqual(s, "none asked about", s.read(data.Token{}, "").Mine, false)
}

func testMore(s *shop) {
	s.stock("a", "b", "c", "d", "e")
	for _, id := range []data.ProductID{"a", "b", "c", "d", "e"} {
		s.do(add(id, 1))
	}
	narrow := s.counter(Options{Limits: data.Limits{Lines: 2}})
	r, err := narrow.Read(s.Context(), theCart, data.Token{}, "")
	if err != nil {
		s.Fatal(err)
	}
	wantEqual(s, "lines", len(r.Cart.Lines), 2)
	wantEqual(s, "more", r.Cart.More, 3)
}

var catalogueCases = []testCase{
	{"ProductComesBackAsItWas", Options{}, testProductFields},
	{"CreateProductRefusesUnsoundProducts", Options{}, testCreateInvalid},
	{"CreateProductMayBeRepeatedButNotReplaced", Options{}, testCreateTwice},
	{"UnknownProductIsRefused", Options{}, testUnknownProduct},
	{"ProductsComeInPagesUntilToldToStop", Options{}, testPages},
	{"EmptyCatalogueHasNoProducts", Options{}, testNoProducts},
}

func testProductFields(s *shop) {
	products := []data.Product{
		{ID: "espresso", Name: "Espresso", Price: 240, Barcode: "4006381333931", Stock: data.Unlimited},
		{ID: "cake", Name: "Crème brûlée 🍮", Price: 0, Stock: 0},
		{ID: "A.b_c-9", Name: strings.Repeat("x", data.MaxNameLen), Price: data.MaxPrice, Stock: 9_007_199_254_740_000},
	}
	other := s.second()
	for _, want := range products {
		s.create(want)
		got, err := other.Product(s.Context(), want.ID)
		if err != nil || got != want {
			s.Errorf("Product(%q) = %+v, %v; want %+v", want.ID, got, err, want)
		}
	}
	s.do(add("espresso", 1))
	l, _ := s.cart().Line("espresso")
	wantEqual(s, "product of the line", l.Product, products[0])
}

func testCreateInvalid(s *shop) {
	for _, p := range []data.Product{{ID: "a"}, {ID: "a", Name: "A", Price: -1}, {ID: "a", Name: "A", Price: data.MaxPrice + 1},
		{ID: "a", Name: "A\x00"}, {ID: "a", Name: "A", Stock: -2}, {ID: "a", Name: "A", Barcode: "1 2"}} {
		refusal[*data.InvalidError](s, s.CreateProduct(s.Context(), p))
	}
	_, err := s.Product(s.Context(), "a")
	wantIs(s, err, data.ErrUnknownProduct)
}

func testCreateTwice(s *shop) {
	p := data.Product{ID: "cake", Name: "Cake", Price: 350, Barcode: "4006381333931", Stock: 5}
	s.create(p)
	s.create(p)
	others := []data.Product{p, p, p, p, p}
	others[0].Name, others[1].Price, others[2].Barcode, others[3].Stock, others[4].Stock = "Pie", 351, "", 6, data.Unlimited
	for _, other := range others {
		wantIs(s, s.CreateProduct(s.Context(), other), data.ErrProductExists)
	}
	got, err := s.Product(s.Context(), "cake")
	if err != nil || got != p {
		s.Errorf("Product = %+v, %v; want %+v", got, err, p)
	}
}

func testUnknownProduct(s *shop) {
	_, err := s.Product(s.Context(), "unicorn")
	wantIs(s, err, data.ErrUnknownProduct)
}

func testPages(s *shop) {
	const count = 1200
	for i := range count {
		s.create(data.Product{ID: data.ProductID(fmt.Sprintf("p-%d", i)), Name: fmt.Sprintf("Product %d", i), Price: data.Money(i), Stock: data.Unlimited})
	}
	seen := make(map[data.ProductID]data.Product)
	pages, total := 0, 0
	err := s.Products(s.Context(), func(page []data.Product) bool {
		pages++
		for _, p := range page {
			total++
			seen[p.ID] = p
		}
		return true
	})
	if err != nil || total != count || len(seen) != count || pages < 2 {
		s.Fatalf("Products: %v; %d products, %d of them different, in %d pages; want %d", err, total, len(seen), pages, count)
	}
	wantEqual(s, "product", seen["p-77"], data.Product{ID: "p-77", Name: "Product 77", Price: 77, Stock: data.Unlimited})
	pages = 0
	if err := s.Products(s.Context(), func([]data.Product) bool { pages++; return false }); err != nil || pages != 1 {
		s.Errorf("told to stop at once: %v, %d pages", err, pages)
	}
}

func testNoProducts(s *shop) {
	err := s.Products(s.Context(), func(page []data.Product) bool {
		if len(page) > 0 {
			s.Errorf("got %+v", page)
		}
		return true
	})
	if err != nil {
		s.Fatal(err)
	}
}
