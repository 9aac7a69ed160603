package sample

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"trolley/data"
	"trolley/data/local"
)

func TestProductsCanBeStored(t *testing.T) {
	products := Products()
	if n := len(products); n < 35 || n > 50 {
		t.Errorf("the catalogue has %d products, want about 40", n)
	}
	taken := make(map[string]data.ProductID)
	for _, p := range products {
		if err := p.Check(); err != nil {
			t.Errorf("product %q: %v", p.ID, err)
		}
		if p.Price <= 0 || p.Price > 100_00 {
			t.Errorf("product %q costs %s", p.ID, p.Price)
		}
		for _, key := range []string{"id " + string(p.ID), "name " + p.Name, "barcode " + p.Barcode} {
			if other, ok := taken[key]; ok && key != "barcode " {
				t.Errorf("products %q and %q have the same %s", p.ID, other, key)
			}
			taken[key] = p.ID
		}
	}
}

func TestTypingEspressoFindsOneProduct(t *testing.T) {
	var found []data.Product
	for _, p := range Products() {
		if strings.Contains(strings.ToLower(string(p.ID)+" "+p.Name), "espresso") {
			found = append(found, p)
		}
	}
	if len(found) != 1 || found[0].ID != "espresso" || found[0].Name != "Espresso" {
		t.Errorf("found %+v", found)
	}
}

func TestBarcodesAreValid(t *testing.T) {
	count := 0
	for _, p := range Products() {
		if p.Barcode == "" {
			continue
		}
		count++
		if !validEAN13(p.Barcode) {
			t.Errorf("product %q has barcode %q, which no scanner would read", p.ID, p.Barcode)
		}
	}
	if count < 5 {
		t.Errorf("%d products have a barcode, want several", count)
	}
}

// validEAN13 says whether the last of 13 digits is the check digit of the
// others, which are weighted 1 and 3 in turn.
func validEAN13(code string) bool {
	sum := 0
	for i, r := range code {
		if r < '0' || r > '9' {
			return false
		}
		sum += int(r-'0') * (1 + i%2*2)
	}
	return len(code) == 13 && sum%10 == 0
}

func TestCatalogueShowsEveryKindOfProduct(t *testing.T) {
	kinds := map[string]func(data.Product) bool{
		"with a very long name": func(p data.Product) bool { return len(p.Name) > 150 },
		"with an accent":        func(p data.Product) bool { return strings.ContainsAny(p.Name, "éèêüñ") },
		"with counted stock":    func(p data.Product) bool { return p.Stock > 0 },
		"with endless stock":    func(p data.Product) bool { return p.Stock == data.Unlimited },
	}
	for kind, is := range kinds {
		if !slices.ContainsFunc(Products(), is) {
			t.Errorf("there is no product %s", kind)
		}
	}
}

func newShop(t *testing.T) *local.Store {
	t.Helper()
	s, err := local.Open(t.Context(), local.Config{Dir: t.TempDir(), Shop: "main"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func catalogue(t *testing.T, s *local.Store) (all []data.Product) {
	t.Helper()
	err := s.Products(t.Context(), func(page []data.Product) bool {
		all = append(all, page...)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLoadFillsAnEmptyShopOnce(t *testing.T) {
	s := newShop(t)
	if err := Load(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	want := Products()
	got := catalogue(t, s)
	slices.SortFunc(want, func(a, b data.Product) int { return strings.Compare(string(a.ID), string(b.ID)) })
	if !slices.Equal(got, want) {
		t.Errorf("the shop has %d products, want the %d of the sample", len(got), len(want))
	}
	if err := Load(t.Context(), s); !errors.Is(err, data.ErrNotEmpty) {
		t.Errorf("loaded again: %v", err)
	}
}

func TestLoadLeavesAShopWithProductsAlone(t *testing.T) {
	own := []data.Product{{ID: "tea", Name: "Tea", Price: 150, Stock: data.Unlimited},
		{ID: "espresso", Name: "Espresso", Price: 1, Stock: data.Unlimited}}
	for _, p := range own {
		s := newShop(t)
		if err := s.CreateProduct(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if err := Load(t.Context(), s); !errors.Is(err, data.ErrNotEmpty) {
			t.Errorf("loaded beside %q: %v", p.ID, err)
		}
		if got := catalogue(t, s); !slices.Equal(got, []data.Product{p}) {
			t.Errorf("the shop has %+v", got)
		}
	}
}

func TestLoadThatWasCutShortCanBeRepeated(t *testing.T) {
	s := newShop(t)
	for _, p := range Products()[:7] {
		if err := s.CreateProduct(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if err := Load(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if got := len(catalogue(t, s)); got != len(Products()) {
		t.Errorf("the shop has %d products, want %d", got, len(Products()))
	}
}

func TestLoadIntoAClosedShopFails(t *testing.T) {
	s := newShop(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Load(t.Context(), s); !errors.Is(err, data.ErrClosed) {
		t.Errorf("got %v, want %v", err, data.ErrClosed)
	}
}
