package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
)

// counter is another counter with a cart open in which there is one espresso.
func (d *desk) counter(name string, cart data.CartID, called string) *data.Shop {
	d.t.Helper()
	s := data.OpenShop(d.store, data.Options{Counter: name, Pace: hurried})
	d.t.Cleanup(func() { s.Close(d.t.Context()) })
	c := s.Open(cart)
	d.by(c, data.Change{Kind: data.KindAdd, Product: "espresso", Quantity: 1})
	if called != "" {
		d.by(c, data.Change{Kind: data.KindName, Text: called})
	}
	c.Drain(d.t.Context())
	return s
}

// listsCart waits until the open list has a row that says all of this.
func (d *desk) listsCart(words ...string) {
	d.t.Helper()
	d.until("a cart listed with "+strings.Join(words, ", "), func() bool {
		d.place.Shop.Look()
		for _, s := range d.cartList.list.shown {
			label, all := s.label(), true
			for _, word := range words {
				all = all && strings.Contains(label, word)
			}
			if all {
				return true
			}
		}
		return false
	})
}

func TestTheListOfCarts(t *testing.T) {
	d := openShop(t)
	d.counter("Counter 2", "anna", "Anna")
	d.counter("Counter 3", "bert", "Bert")
	d.showCarts()
	d.dialog("Open carts")
	d.listsCart("Anna", "1 item", "2.40", "Counter 2")
	d.listsCart("Bert", "Counter 3")
	d.listsCart("On screen", "you")
	d.write("count 3")
	d.listed(d.cartList.list, "Bert")
	d.key(fyne.KeyEscape)
	d.dialog("Open carts")
	d.write("anna")
	d.listed(d.cartList.list, "Anna")
	if !d.push("Put aside").Disabled() {
		t.Error("a cart that is not open here can be put aside")
	}
	d.key(fyne.KeyReturn)
	d.until("it is on screen", func() bool { return d.tab.cart.ID() == "anna" && d.cart() == "1 espresso" })
	d.noDialog()
	if len(d.tabs) != 2 {
		t.Errorf("%d carts are open", len(d.tabs))
	}
}

func TestPuttingAsideFromTheList(t *testing.T) {
	d := openShop(t)
	d.searchFor("latte")
	d.shows("1 latte")
	d.Window.rename(d.tab, "Mine")
	d.newCart()
	d.showCarts()
	d.listsCart("Mine", "Open here", "you")
	d.write("mine")
	d.listed(d.cartList.list, "Mine")
	d.key(fyne.KeyDelete) // of the text
	d.press("Put aside")
	d.dialog("Open carts")
	d.listsCart("Mine", "At no counter")
	if d.tabOf("c") != nil {
		t.Error("it is still open")
	}
	d.key(fyne.KeyReturn)
	d.until("it is taken up", func() bool { return d.tab.cart.ID() == "c" && d.cart() == "1 latte" })
}

func TestAListWithoutTheShop(t *testing.T) {
	d := openShop(t)
	d.listing = data.Listing{Err: data.ErrClosed}
	d.showCarts()
	l := d.cartList
	if got := l.list.empty.Text; got != textShopSilent.say() {
		t.Errorf("the list says %q", got)
	}
	d.list(data.Listing{At: noon, Err: data.ErrClosed})
	if got := l.note.text.Text; !strings.Contains(got, "This is how things stood at") {
		t.Errorf("the note says %q", got)
	}
	d.list(data.Listing{At: noon})
	if got := l.list.empty.Text; got != textNoCarts.say() {
		t.Errorf("the list says %q", got)
	}
}
