package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"trolley/data"
)

// past is the history that is open.
func (d *desk) past() *pastList {
	d.t.Helper()
	if d.pastList == nil {
		d.t.Fatalf("the history is not open; %s", d.picture())
	}
	return d.pastList
}

// finish empties a cart, or checks it out, at Counter 2. It had these products,
// one of each.
func (d *desk) finish(cart data.CartID, name string, how data.Kind, products ...data.ProductID) {
	d.t.Helper()
	do := func(c data.Change) {
		c.Op, c.By = data.NewOp(), "Counter 2"
		if _, err := d.store.Apply(d.t.Context(), cart, c); err != nil {
			d.t.Fatalf("finish %s: %v", cart, err)
		}
	}
	for _, p := range products {
		do(data.Change{Kind: data.KindAdd, Product: p, Quantity: 1})
	}
	if name != "" {
		do(data.Change{Kind: data.KindName, Text: name})
	}
	r, err := d.store.Read(d.t.Context(), cart, data.Token{}, "")
	if err != nil {
		d.t.Fatalf("read %s: %v", cart, err)
	}
	do(data.Change{Kind: how, Token: r.Cart.Token})
}

// listed waits until the list shows rows with these titles.
func (d *desk) listed(l *pickList, titles ...string) {
	d.t.Helper()
	d.until(fmt.Sprintf("rows %q", titles), func() bool {
		var have []string
		for _, s := range l.shown {
			have = append(have, s.title)
		}
		return strings.Join(have, "|") == strings.Join(titles, "|")
	})
}

func TestHistory(t *testing.T) {
	d := openShop(t)
	d.finish("anna", "Anna", data.KindClear, "espresso", "latte")
	d.finish("bert", "Bert", data.KindCheckout, "doppio")
	d.showHistory()
	d.dialog(textHistoryTitle.say())
	h := d.past()
	d.listed(h.list, "Anna")
	if s := h.list.shown[0]; !strings.HasPrefix(s.caption, "Emptied ") || !strings.HasSuffix(s.caption, "by Counter 2") || s.figure != "6.30" {
		t.Errorf("the row says %+v", s)
	}
	if n := len(h.detail.Objects); n != 3 {
		t.Errorf("the detail has %d parts", n)
	}
	d.key(fyne.KeyRight)
	d.listed(h.list, "Bert")
	if !d.push("Bring back").Disabled() {
		t.Error("an order can be brought back")
	}
	d.key(fyne.KeyReturn) // which does nothing to an order
	d.dialog(textHistoryTitle.say())
	d.write("nobody")
	d.listed(h.list)
	d.key(fyne.KeyEscape, fyne.KeyLeft)
	d.listed(h.list, "Anna")
	d.key(fyne.KeyReturn)
	d.until("it is back", func() bool { return d.tab.cart.ID() == "anna" && d.cart() == "1 espresso, 1 latte" })
	d.until("with its name", func() bool { return d.model.state.Cart.Name == "Anna" && len(d.model.state.Waiting) == 0 })
	if len(d.tabs) != 1 {
		t.Errorf("%d carts are open; the empty one was to go", len(d.tabs))
	}
}

func TestCopyingAnOrder(t *testing.T) {
	d := openShop(t)
	d.finish("bert", "Bert", data.KindCheckout, "doppio")
	d.openHistory(true)
	d.listed(d.past().list, "Bert")
	d.press("Copy into a new cart")
	d.until("its lines are there", func() bool { return d.cart() == "1 doppio" && len(d.model.state.Waiting) == 0 })
	if d.tab.cart.ID() == "bert" || d.model.state.Cart.Name != "Bert" {
		t.Errorf("it is in %q, called %q", d.tab.cart.ID(), d.model.state.Cart.Name)
	}
}

func TestBringingBackAtTwoCounters(t *testing.T) {
	d := openShop(t)
	d.finish("anna", "", data.KindClear, "espresso")
	other := openDesk(t, d.store, Options{})
	other.ready(len(goods))
	past, err := d.store.Past(t.Context(), false, time.Time{})
	if err != nil || len(past) != 1 {
		t.Fatalf("the ended carts are %v, %v", past, err)
	}
	d.bringBackPast(past[0])
	other.bringBackPast(past[0])
	for _, at := range []*desk{d, other} {
		at.until("it is back", func() bool {
			return at.tab.cart.ID() == "anna" && at.cart() == "1 espresso" && len(at.model.state.Waiting) == 0
		})
	}
	d.toasts.dismiss()
	d.bringBackPast(past[0])
	d.expectSaid("was brought back before.")
	if got := d.cart(); got != "1 espresso" {
		t.Errorf("the cart is %q", got)
	}
}

func TestBringingBackBesideACartInUse(t *testing.T) {
	d := openShop(t)
	d.finish("c", "", data.KindClear, "espresso")
	d.until("it is heard of", func() bool { return d.model.state.Cart.Ended != nil })
	past := *d.model.state.Cart.Ended
	d.searchFor("latte")
	d.shows("1 latte")
	d.bringBackPast(past)
	d.until("it is in a cart of its own", func() bool { return d.tab.cart.ID() == past.Elsewhere() && d.cart() == "1 espresso" })
	if len(d.tabs) != 2 {
		t.Errorf("%d carts are open", len(d.tabs))
	}
	d.expectStored("1 latte")
}

func TestTakingUpTheLastCart(t *testing.T) {
	d := openShop(t)
	d.finish("anna", "", data.KindClear, "espresso")
	d.finish("bert", "", data.KindCheckout, "doppio")
	d.searchFor("latte")
	d.shows("1 latte")
	d.newCart()
	d.until("the new one is open", func() bool { return d.model.state.Loaded })
	d.putAside(d.tabOf("c"))
	d.takeUpLast()
	d.until("what was put aside", func() bool { return d.tab.cart.ID() == "c" })
	d.takeUpLast()
	d.until("what has ended last", func() bool {
		return d.tab.cart.ID() == "anna" && d.cart() == "1 espresso" && len(d.model.state.Waiting) == 0
	})
	d.toasts.dismiss()
	d.takeUpLast()
	d.expectSaid("No cart was put aside here")
}

// Somebody changes their mind before the last change has its answer.
func TestTakingUpACartThatHasNotGoneYet(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	line.Slow(300 * time.Millisecond)
	d.searchFor("espresso")
	d.until("it waits", func() bool { return len(d.model.state.Waiting) == 1 })
	d.putAside(d.tab)
	d.takeUpLast()
	line.Resume()
	d.until("it is confirmed", func() bool { return len(d.model.state.Waiting) == 0 })
	if d.cart() != "1 espresso" || len(d.tabs) != 1 || len(d.closed) > 0 {
		t.Errorf("on screen is %q, of %d carts", d.cart(), len(d.tabs))
	}
	server.Stop()
}

func TestHistoryTellsWhatIsBackAlready(t *testing.T) {
	d := openShop(t)
	d.finish("anna", "Anna", data.KindClear, "espresso")
	d.takeUpLast()
	d.until("it is back", func() bool { return d.cart() == "1 espresso" && len(d.model.state.Waiting) == 0 })
	d.showHistory()
	h := d.past()
	d.until("its row says so", func() bool { return len(h.list.shown) == 1 && h.list.shown[0].mark == "Brought back" })
	if !d.push("Bring back").Disabled() {
		t.Error("it can be brought back again")
	}
	d.key(fyne.KeyReturn)
	d.dialog(textHistoryTitle.say())
}

func TestEmptyHistoryHasTheDialogToItself(t *testing.T) {
	d := openShop(t)
	d.showHistory()
	h := d.past()
	d.until("there is nothing", func() bool { return h.list.empty.Text == textNoEnded.say() })
	if h.right.Visible() || h.list.Size().Width < h.alert.card.Size().Width*0.8 {
		t.Errorf("the list is %v wide in a dialog of %v", h.list.Size().Width, h.alert.card.Size().Width)
	}
}

func TestHistoryOpensAtAnOrder(t *testing.T) {
	d := openShop(t)
	d.finish("anna", "Anna", data.KindCheckout, "espresso")
	past, err := d.store.Past(t.Context(), true, time.Time{})
	if err != nil || len(past) != 1 {
		t.Fatalf("the orders are %v, %v", past, err)
	}
	d.finish("bert", "Bert", data.KindCheckout, "latte")
	d.openOrder(past[0].ID)
	d.listed(d.past().list, "Bert", "Anna")
	if p, _ := d.past().chosen(); p.Cart.Name != "Anna" {
		t.Errorf("the order of %q is chosen", p.Cart.Name)
	}
}

// pagedShop is a shop with more of the past than fits a page; it counts how
// often it was asked.
type pagedShop struct {
	Shop
	asked []time.Time
}

func (p *pagedShop) Past(_ context.Context, _ bool, before time.Time) ([]data.Past, error) {
	p.asked = append(p.asked, before)
	n, first := data.PastPage, 0
	if !before.IsZero() {
		n, first = 3, data.PastPage
	}
	out := make([]data.Past, n)
	for i := range out {
		out[i] = data.Past{ID: data.OpID(fmt.Sprint("end", first+i)), How: data.Expired, At: noon.Add(-time.Duration(first+i) * time.Minute),
			Cart: data.Cart{ID: "x", Name: fmt.Sprint("Cart ", first+i)}}
	}
	return out, nil
}

func TestOlderPagesOfTheHistory(t *testing.T) {
	d := openShop(t)
	shop := &pagedShop{Shop: d.place.Shop}
	d.place.Shop = shop
	d.showHistory()
	h := d.past()
	d.until("the first page", func() bool { return len(h.list.shown) == data.PastPage && !h.older.Hidden })
	d.key(fyne.KeyPageDown, fyne.KeyPageDown)
	if h.list.place() != 2*pickListPage || h.list.scroll.Offset.Y == 0 {
		t.Errorf("at row %d, scrolled to %v", h.list.place(), h.list.scroll.Offset.Y)
	}
	h.older.OnTapped()
	d.until("the rest", func() bool { return len(h.list.shown) == data.PastPage+3 && h.older.Hidden })
	if last := shop.asked[len(shop.asked)-1]; !last.Equal(noon.Add(-(data.PastPage - 1) * time.Minute)) {
		t.Errorf("the shop was asked for those before %v", last)
	}
}
