package data

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

var stock = []Product{
	{ID: "esp-1", Name: "Espresso", Barcode: "4006381333931"},
	{ID: "esp-2", Name: "Espresso doppio", Barcode: "4006381333948"},
	{ID: "beans", Name: "Beans for espresso", Barcode: "5449000000996"},
	{ID: "brulee", Name: "Crème brûlée"},
	{ID: "tea", Name: "TEA green"},
	{ID: "4006381333948", Name: "A product whose id is a barcode"},
}

// ids lists products in order, separated by spaces.
func ids(products []Product) string {
	var out []string
	for _, p := range products {
		out = append(out, string(p.ID))
	}
	return strings.Join(out, " ")
}

func joined(ids []ProductID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	c := NewCatalogue(stock)
	for query, want := range map[string]string{
		"":               "4006381333948 beans brulee esp-1 esp-2 tea",
		"  ":             "4006381333948 beans brulee esp-1 esp-2 tea",
		"espresso":       "esp-1 esp-2 beans", // name, begin of a name, a word of it
		"ESPR":           "esp-1 esp-2 beans",
		"presso":         "beans esp-1 esp-2", // in the middle of a word: by name
		"doppio espr":    "esp-2",             // every word, in any order
		"espresso tea":   "",
		"tea":            "tea",
		"creme brulee":   "brulee",
		"CRÈME":          "brulee",
		"cre\u0300me":    "brulee", // the accent as a character of its own
		"  green   tea ": "tea",
		"4006381333931":  "esp-1",               // barcode
		"4006381333948":  "4006381333948 esp-2", // an id goes before a barcode
		"esp-2":          "esp-2",
		"ESP-2":          "esp-2",
		"40063":          "4006381333948 esp-1 esp-2",
	} {
		if got := joined(c.Search(query)); got != want {
			t.Errorf("Search(%q) finds %q, want %q", query, got, want)
		}
	}
}

func TestSearchKnowsLettersThatAKeyboardMayNotHave(t *testing.T) {
	c := NewCatalogue([]Product{{ID: "boat", Name: "Łódka"}, {ID: "map", Name: "Straßenkarte"}, {ID: "bread", Name: "Smørrebrød"},
		{ID: "egg", Name: "Œuf à la coque"}, {ID: "fish", Name: "Đurđica lækker"}, {ID: "jug", Name: "Crème Brûlée"}})
	for query, want := range map[string]string{"lodka": "boat", "ŁÓDKA": "boat", "strasse": "map", "STRASSEN": "map", "straße": "map",
		"smorrebrod": "bread", "oeuf": "egg", "durdica": "fish", "laekker": "fish", "brulee": "jug", "Straßenkarte": "map"} {
		if got := joined(c.Search(query)); got != want {
			t.Errorf("Search(%q) finds %q, want %q", query, got, want)
		}
	}
	if near := c.Near("lodke", 1); len(near) != 1 || near[0].ID != "boat" {
		t.Errorf("near %q", ids(near))
	}
}

// TestOrderOfALanguage holds the order against that of dictionaries.
func TestOrderOfALanguage(t *testing.T) {
	for tag, names := range map[string][]string{
		"en": {"apple", "Apple", "äpple", "Zebra", "zebu"},
		"de": {"Apfel", "Äpfel", "Apfelsaft", "Masse", "Maße", "Zucker"},
		"es": {"nube", "nuez", "ñame", "ñora", "oca"},
		"pl": {"lody", "lustro", "łosoś", "łódka", "mak", "żurek"},
		"fr": {"cote", "côte", "eau", "éclair", "œuf", "olive"},
	} {
		checkOrder(t, language.MustParse(tag), names)
	}
	checkOrder(t, language.German, []string{"0 Grad", "7up", "10er Pack", "Wasser 0,33 l", "Wasser 0,5 l", "Wasser 2 l",
		"Wasser 10 l", "Wasser 10 l still"})
}

func checkOrder(t *testing.T, tag language.Tag, names []string) {
	t.Helper()
	var shelf []Product
	for i, name := range names {
		shelf = append(shelf, Product{ID: ProductID(fmt.Sprint(9 - i)), Name: name}) // by the ids it is the other way round
	}
	slices.Reverse(shelf)
	c := NewCatalogue(shelf[1:]).In(tag)
	for what, sorted := range map[string]*Catalogue{"sorted": NewCatalogue(shelf).In(tag), "one added": c.With(shelf[0])} {
		var got []string
		for _, p := range sorted.Products() {
			got = append(got, p.Name)
		}
		if !slices.Equal(got, names) {
			t.Errorf("%s, %s: %q, want %q", tag, what, got, names)
		}
		if p, ok := sorted.Find(string(shelf[0].ID)); !ok || p != shelf[0] {
			t.Errorf("%s, %s: finds %+v", tag, what, p)
		}
	}
	if c.In(tag) != c {
		t.Errorf("%s: sorted again", tag)
	}
}

// TestShelfIsSortedAnew changes the language of products that are there.
func TestShelfIsSortedAnew(t *testing.T) {
	shelf := newShelf(nil, time.Hour, slog.New(slog.DiscardHandler))
	shelf.put(NewCatalogue([]Product{{ID: "1", Name: "nuez"}, {ID: "2", Name: "ñora"}, {ID: "3", Name: "nzo"}}))
	for tag, want := range map[language.Tag]string{language.Spanish: "1 3 2", language.English: "2 1 3"} {
		shelf.sortAs(tag)
		shelf.learn(Product{ID: "4", Name: "zzz"})
		if got := ids(shelf.current.Products()); got != want+" 4" {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}

func TestFindIsExact(t *testing.T) {
	c := NewCatalogue(stock)
	for code, want := range map[string]ProductID{
		"esp-1": "esp-1", "4006381333931": "esp-1", "4006381333948": "4006381333948", "5449000000996": "beans",
		"espresso": "", "ESP-1": "", "": "", "400638133393": "",
	} {
		if p, ok := c.Find(code); p.ID != want || ok != (want != "") {
			t.Errorf("Find(%q) = %q, %v", code, p.ID, ok)
		}
	}
	if _, ok := c.Product("4006381333931"); ok {
		t.Error("a barcode was taken for an id")
	}
}

func TestNearFindsWhatWasMeant(t *testing.T) {
	c := NewCatalogue(stock)
	for text, want := range map[string]ProductID{
		"expresso":      "esp-1",
		"Espreso":       "esp-1",
		"dopio":         "esp-2",
		"creme brule":   "brulee",
		"4006381339331": "esp-1", // two digits swapped
		"5449000000969": "beans",
	} {
		near := c.Near(text, 3)
		if len(near) == 0 || near[0].ID != want || len(near) > 3 {
			t.Errorf("near %q: %q, want %q first", text, ids(near), want)
		}
	}
	if near := c.Near("zzzzzz", 3); len(near) != 0 {
		t.Errorf("near nothing: %q", ids(near))
	}
	if near := c.Near("", 3); len(near) != 0 {
		t.Errorf("near no text: %q", ids(near))
	}
}

func TestCatalogueWith(t *testing.T) {
	c := NewCatalogue(stock)
	dearer := stock[0]
	dearer.Price = 300
	d := c.With(dearer).With(Product{ID: "new", Name: "Aniseed", Barcode: "1"})
	if p, _ := d.Product("esp-1"); p.Price != 300 || d.Len() != len(stock)+1 || d.Products()[1].ID != "new" {
		t.Errorf("the new catalogue holds %q", ids(d.Products()))
	}
	if p, _ := d.Find("1"); p.ID != "new" {
		t.Errorf("the new barcode finds %q", p.ID)
	}
	if p, _ := c.Product("esp-1"); p.Price != 0 || c.Len() != len(stock) {
		t.Error("the old catalogue was changed")
	}
	if c.With(stock[0]) != c {
		t.Error("a product that is there as it is made another catalogue")
	}
}

func TestCatalogueEqual(t *testing.T) {
	c, other := NewCatalogue(stock), slices.Clone(stock)
	slices.Reverse(other)
	var never *Catalogue
	for name, s := range map[string]struct {
		a, b *Catalogue
		want bool
	}{
		"another order":  {c, NewCatalogue(other), true},
		"one less":       {c, NewCatalogue(stock[1:]), false},
		"another price":  {c, c.With(Product{ID: "tea", Price: 1}), false},
		"empty or never": {never, NewCatalogue(nil), false},
		"never":          {never, nil, true},
	} {
		if s.a.Equal(s.b) != s.want || s.b.Equal(s.a) != s.want {
			t.Errorf("%s: equal is not %v", name, s.want)
		}
	}
}

func TestCatalogueThatWasNeverLoaded(t *testing.T) {
	var c *Catalogue
	if _, ok := c.Find("x"); ok || c.Len() != 0 || c.Search("x") != nil || c.Near("x", 3) != nil {
		t.Error("it holds something")
	}
	if c.With(Product{ID: "x"}).Len() != 1 {
		t.Error("a product cannot be added to it")
	}
}

// bigShelf makes n products with names as shops have them.
func bigShelf(n int) []Product {
	kinds := []string{"Espresso", "Crème brûlée", "Green tea", "Mineral water", "Rye bread", "Olive oil", "Dark chocolate"}
	products := make([]Product, n)
	for i := range products {
		products[i] = Product{
			ID:      ProductID(fmt.Sprintf("p-%06d", i)),
			Name:    fmt.Sprintf("%s %s no. %d", kinds[i%len(kinds)], kinds[i/7%len(kinds)], i),
			Barcode: fmt.Sprintf("40%011d", i), Price: Money(i), Stock: Unlimited,
		}
	}
	return products
}

// BenchmarkKeystroke types into the search box over 100,000 products. The bar
// is 16 ms at p99, one frame of the window.
func BenchmarkKeystroke(b *testing.B) {
	c := NewCatalogue(bigShelf(100_000))
	var typed []string
	for _, text := range []string{"espresso tea", "crème br", "400000004", "p-0999", "zzz"} {
		for i := range text {
			typed = append(typed, text[:i+1])
		}
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		c.Search(typed[i%len(typed)])
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func BenchmarkNear(b *testing.B) {
	c := NewCatalogue(bigShelf(100_000))
	for b.Loop() {
		c.Near("expresso", 3)
	}
}

func BenchmarkNewCatalogue(b *testing.B) {
	products := bigShelf(100_000)
	for b.Loop() {
		NewCatalogue(products)
	}
}

func BenchmarkOtherLanguage(b *testing.B) {
	c, next := NewCatalogue(bigShelf(100_000)), []language.Tag{language.German, language.Polish}
	for i := 0; b.Loop(); i++ {
		c = c.In(next[i%2])
	}
}
