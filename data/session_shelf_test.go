package data_test

import (
	"context"
	"testing"

	"trolley/data"
	"trolley/data/redistest"
)

func TestNewProductIsSeenAtOnce(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		here, there := join(t, open(), "Here", unhurried).ready(), join(t, open(), "There", unhurried).ready()
		fig := data.Product{ID: "fig", Name: "Figs", Price: 199, Barcode: "777", Stock: data.Unlimited}
		if err := here.CreateProduct(t.Context(), fig); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*counter{here, there} {
			c.until("the new product is there", func(s data.State) bool {
				p, ok := s.Catalogue.Find("777")
				return ok && p == fig
			})
		}
		there.add("fig", 2)
		if total, exact := here.shows("fig 2").Cart.Total(); total != 398 || !exact {
			t.Errorf("total %s, exact %v", total, exact)
		}
	})
}

func TestLookupFindsWhatWasAddedBehindItsBack(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		c := join(t, open(), "Till", unhurried).ready()
		known := c.last.Catalogue
		fig := data.Product{ID: "fig", Name: "Figs", Price: 199, Barcode: "777", Stock: data.Unlimited}
		if err := open().CreateProduct(t.Context(), fig); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"fig", "777"} {
			if found, err := c.Lookup(t.Context(), code, known); err != nil || !found.OK || found.Product != fig {
				t.Errorf("%q: %+v, %v", code, found, err)
			}
		}
		found, err := c.Lookup(t.Context(), "Rye bred", known)
		if err != nil || found.OK || len(found.Near) == 0 || found.Near[0].ID != "rye" {
			t.Errorf("what is not there: %+v, %v", found, err)
		}
	})
}

func TestLookupWithoutTheStoreTellsWhatIsKnown(t *testing.T) {
	server := redistest.Start(t)
	c := join(t, stocked(t, redisShop(t, server.URL(), 0))(), "Till", hurried).ready()
	known := c.last.Catalogue
	server.Kill()
	for _, code := range []string{"rye-bred", "rye bred"} { // an id, and what can be none
		found, err := c.Lookup(t.Context(), code, known)
		if data.FaultOf(err) == data.FaultNone || found.OK || len(found.Near) == 0 || found.Near[0].ID != "rye" {
			t.Errorf("%q: %+v, %v", code, found, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Lookup(ended, "rye bred", known); err == nil {
		t.Error("a lookup that was given up answers")
	}
}

// A line made by hand of a product that is not there shows its details as soon
// as somebody creates the product, without the cart changing.
func TestUnknownLineGetsItsDetails(t *testing.T) {
	server := redistest.Start(t)
	open := stocked(t, redisShop(t, server.URL(), 0))
	server.Do(t, "ZADD", "{main}:cart:c", 3, "fig")
	here, there := join(t, open(), "Here", unhurried), join(t, open(), "There", unhurried)
	here.shows("fig 3?")
	there.shows("fig 3?")
	here.ready()
	there.ready()
	if err := here.CreateProduct(t.Context(), data.Product{ID: "fig", Name: "Figs", Price: 199, Stock: data.Unlimited}); err != nil {
		t.Fatal(err)
	}
	here.shows("fig 3")
	there.shows("fig 3")
}

func TestWhatIsChangedByHandShowsUp(t *testing.T) {
	server := redistest.Start(t)
	c := join(t, stocked(t, redisShop(t, server.URL(), 0))(), "Till", hurried).ready()
	server.Do(t, "ZADD", "{main}:cart:c", 3, "tea")
	c.shows("tea 3")
	c.add("milk", 1)
	c.shows("milk 1, tea 3")
	server.Do(t, "ZADD", "{main}:cart:c", 5, "tea")
	c.shows("milk 1, tea 5")
	server.Do(t, "ZADD", "{main}:cart:c", "1.5", "milk")
	c.shows("milk 0!, tea 5")
	c.submit(data.Change{Kind: data.KindSet, Product: "milk", Quantity: 2})
	c.shows("milk 2, tea 5")
	server.Do(t, "HSET", "{main}:product:tea", "price", "300")
	c.until("the new price is on the shelf", func(s data.State) bool {
		p, _ := s.Catalogue.Product("tea")
		return p.Price == 300
	})
	c.until("and in the cart", func(s data.State) bool {
		l, _ := s.Cart.Line("tea")
		return l.Product.Price == 300
	})
	server.Do(t, "DEL", "{main}:cart:c", "{main}:cartmeta:c")
	c.shows("")
}
