package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"trolley/data"
	"trolley/data/sample"
)

func TestRemoveAndUndo(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.shows("4 espresso")
	test.Tap(d.line("espresso").remove)
	d.shows("")
	d.expectSaid("Removed “Espresso”.")
	d.undo()
	d.shows("4 espresso")
	d.expectStored("4 espresso")
	if d.toasts.current == nil || d.toasts.current.text != "Undone: remove “Espresso”." {
		t.Fatalf("the toast is %+v", d.toasts.current)
	}
	d.toasts.trigger()
	d.shows("")
	d.expectSaid("Done again: remove “Espresso”.")
}

func TestClearAndUndo(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.searchFor("latte")
	d.shows("4 espresso, 1 latte")
	test.Tap(d.clear)
	d.shows("")
	d.expectSaid("Cart emptied: 5 items.")
	if !d.clear.Disabled() {
		t.Error("an empty cart can be cleared")
	}
	d.undo()
	d.shows("4 espresso, 1 latte")
	d.expectStored("4 espresso, 1 latte")
}

func TestUndoBeforeTheAnswer(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.shows("4 espresso")
	d.clearCart()
	d.undo()
	d.until("it is back", func() bool { return d.cart() == "4 espresso" && len(d.history.owed) == 0 })
	d.expectStored("4 espresso")
}

func TestEveryRemovalHasItsUndo(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.searchFor("latte")
	d.shows("4 espresso, 1 latte")
	test.Tap(d.line("espresso").remove)
	d.shows("1 latte")
	test.Tap(d.line("latte").remove)
	d.shows("")
	if d.toasts.current == nil || d.toasts.current.text != textRemoved("Caffè Latte") {
		t.Fatalf("the toast says %+v", d.toasts.current)
	}
	d.toasts.trigger()
	d.shows("1 latte")
	d.undo()
	d.shows("1 latte, 4 espresso")
}

// A cart that another counter has changed is not emptied, and then there is
// nothing to take back.
func TestClearOfAChangedCart(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	other := d.join("Till")
	d.by(other, data.Change{Kind: data.KindAdd, Product: "latte", Quantity: 1})
	other.Drain(t.Context())
	d.clearCart()
	d.expectSaid("changed at another counter meanwhile")
	if label := d.undoLabel(); label != "Undo: add 1 × “Espresso”" {
		t.Errorf("the menu says %q", label)
	}
	d.shows("1 espresso, 1 latte")
	d.expectStored("1 espresso, 1 latte")
}

func TestExpiredCartIsBroughtBack(t *testing.T) {
	d := openDesk(t, localShop(t, 500*time.Millisecond, goods...), Options{})
	d.ready(len(goods))
	d.searchFor("3*espresso")
	d.searchFor("latte")
	d.until("the cart has expired", func() bool { return d.model.state.Cart.Ended != nil })
	if title := d.ended.title.Text; !strings.HasPrefix(title, "This cart expired at ") {
		t.Errorf("the cart says %q", title)
	}
	if hint := d.ended.hint.String(); hint != "It had 4 items (11.10). Prices and stock will be checked when it comes back." {
		t.Errorf("and %q", hint)
	}
	test.Tap(d.ended.back)
	d.shows("3 espresso, 1 latte")
}

func TestCountdownAndKeep(t *testing.T) {
	d := openDesk(t, localShop(t, 30*time.Minute, goods...), Options{})
	d.ready(len(goods))
	d.searchFor("espresso")
	d.until("it counts", func() bool { return d.countdown.text.Text == "Closes in 30 min" })
	ends := d.model.state.Cart.Expires
	d.menuItem(textKeepCartOpen.say())
	d.until("the end has moved", func() bool { return d.model.state.Cart.Expires.After(ends) })
}

func TestSamplesFillAnEmptyShop(t *testing.T) {
	d := openDesk(t, localShop(t, 0), Options{})
	d.ready(0)
	if d.productsEmpty.title.text.Text != textNoProducts.say() {
		t.Errorf("an empty shop says %q", d.productsEmpty.title.text.Text)
	}
	test.Tap(d.productsEmpty.do)
	d.until("the samples show", func() bool { return len(d.products.keys) == len(sample.Products()) })
	d.expectSaid("The sample products are in the shop.")
}

func TestSamplesAreRefusedInAShopWithProducts(t *testing.T) {
	d := openShop(t)
	d.menuItem(textUseSamples.say())
	d.dialog("This shop has products already")
	d.key(fyne.KeyReturn)
	d.expectFocusInSearch()
	if n := d.model.state.Catalogue.Len(); n != len(goods) {
		t.Errorf("the shop has %d products now", n)
	}
}

func TestDamagedProductCannotBeSold(t *testing.T) {
	d := openShop(t)
	d.add(data.ReadProduct("odd", "Odd", "many", "", ""), 1)
	d.dialog("“odd” cannot be sold")
	d.key(fyne.KeyReturn)
	d.expectStored("")
}

func TestFullQueueSaysSo(t *testing.T) {
	d := openShop(t)
	busy := make(chan struct{})
	defer close(busy)
	for range cap(d.jobs) + 2 {
		d.run(func(ctx context.Context) func() {
			select {
			case <-busy:
			case <-ctx.Done():
			}
			return nil
		})
	}
	d.expectSaid("Too much is waiting")
}

func TestScanAtAButtonGoesToTheBox(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.win.Canvas().Focus(d.clear)
	for _, r := range "espresso" {
		d.win.Canvas().Focused().TypedRune(r)
	}
	d.key(fyne.KeyReturn)
	d.shows("2 espresso")
}

// A quantity that was typed on its way to a scan is no product.
func TestNumberAloneAddsNothing(t *testing.T) {
	d := openShop(t)
	d.searchFor("4")
	d.dialog("No product has this name or code")
	d.key(fyne.KeyEscape)
	d.expectStored("")
}
