package ui

import (
	"testing"

	"trolley/data"
)

func TestFootOfTheProductsSaysWhatEnterDoes(t *testing.T) {
	d := openShop(t)
	for typed, want := range map[string]string{
		"":               "5 products",
		"-":              "5 products",
		"espresso":       "2 of 5 products · Enter adds the first",
		"3*espresso":     "2 of 5 products · Enter adds 3 of the first",
		"-espresso":      "2 of 5 products · Enter takes 1 out",
		"-2*espresso":    "2 of 5 products · Enter takes 2 out",
		"nobody":         "No product matches",
		"9999999*latte":  "",
		"0*latte":        "",
		"12345678*latte": "",
	} {
		d.search.SetText(typed)
		if got := d.productsFoot.full; got != want {
			t.Errorf("%q: the foot says %q, want %q", typed, got, want)
		}
	}
}

func TestStockThatIsNotInTheCart(t *testing.T) {
	for have, want := range map[int64]string{0: "Only 2 of “Tea” in stock.", 1: "Only 2 of “Tea” in stock, and 1 in the cart already."} {
		r := data.Refusal{Change: added("tea", "Tea", 5), Err: &data.StockError{Have: have, Left: 2}}
		if got := textRefused(r); got != want {
			t.Errorf("with %d in the cart: %q", have, got)
		}
	}
}

func TestListSaysThatAQuantityCannotBeUsed(t *testing.T) {
	d := openShop(t)
	for typed, want := range map[string]string{
		"9999999*latte": "Quantities go from 1 to 9,999.",
		"0*latte":       "Quantities go from 1 to 9,999.",
		"1.5*latte":     "A quantity is a whole number.",
		"-oats":         "No product matches “oats”.",
	} {
		d.search.SetText(typed)
		if got := d.productsEmpty.spec; got.title != want || got.hint != "" {
			t.Errorf("%q: the list says %+v", typed, got)
		}
	}
}

func TestTitlesOfCartsWithoutAName(t *testing.T) {
	d := openShop(t)
	d.openCart(data.CartID("counter-" + data.IDFrom(d.place.Shop.Counter())))
	if got := d.titleOf(d.tab); got != d.place.Shop.Counter() {
		t.Errorf("the counter's own cart is called %q", got)
	}
	made := d.model.now()
	d.openCart(data.NewCartID(made))
	first := d.tab
	d.openCart(data.NewCartID(made))
	title := d.titleOf(first)
	if got := d.titleOf(d.tab); got != title+" (2)" {
		t.Errorf("the second cart of that minute is called %q, the first %q", got, title)
	}
}
