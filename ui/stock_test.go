package ui

import (
	"strings"
	"testing"

	"trolley/data"
	"trolley/ui/sound"
)

// shelves are products of which the shop counts what there is.
func shelves(t *testing.T) (*desk, *ear) {
	t.Helper()
	e := &ear{}
	d := openDesk(t, localShop(t, 0,
		data.Product{ID: "cake", Name: "Cake", Price: 500, Barcode: milkCode, Stock: 1},
		data.Product{ID: "honey", Name: "Honey", Price: 700, Stock: 0},
		data.Product{ID: "tea", Name: "Tea", Price: 300, Stock: data.Unlimited}), Options{Sounds: e})
	d.ready(3)
	return d, e
}

// saysOfLine is what stands under a line of the cart when its changes are in.
func (d *desk) saysOfLine(id data.ProductID) string {
	d.t.Helper()
	d.until("nothing of the line waits", func() bool {
		l, there := d.model.state.Cart.Line(id)
		return there && !l.Waiting
	})
	return d.line(id).mark.full
}

func TestStockThatRunsOutIsWarnedOf(t *testing.T) {
	d, e := shelves(t)
	d.scan(milkCode)
	d.shows("1 cake")
	e.expect(t, "the last one", sound.Taken)
	if got := d.saysOfLine("cake"); got != "" {
		t.Errorf("the line of the last one says %q", got)
	}
	d.scan(milkCode)
	d.shows("2 cake")
	e.expect(t, "one more than there is", sound.Look, sound.Taken)
	if got := d.saysOfLine("cake"); got != "Only 1 left" {
		t.Errorf("the line says %q", got)
	}
	d.scan(milkCode)
	d.searchFor("honey")
	d.shows("3 cake, 1 honey")
	e.expect(t, "again, and of another product", sound.Taken, sound.Look)
	if got := d.saysOfLine("honey"); got != "None left" {
		t.Errorf("the line says %q", got)
	}
	d.noDialog()
	d.checkOut()
	d.dialog(textCheckOutTitle.say())
	if got := d.model.state.Cart; !strings.Contains(d.checkout.say.Text, "There is more of 2 products in the cart than in stock.") {
		t.Errorf("the question about %v says %q", brief(got), d.checkout.say.Text)
	}
	d.press("Check out 22.00")
	d.expectSaid("Checked out: 4 items, 22.00.")
	p, err := d.store.Product(t.Context(), "cake")
	if err != nil || p.Stock != 0 {
		t.Errorf("%d cakes are left, %v", p.Stock, err)
	}
}

func TestStockThatIsIgnoredSaysNothing(t *testing.T) {
	d, e := shelves(t)
	d.searchFor("3*cake")
	d.shows("3 cake")
	e.heard = nil
	d.choose(textWhenShort, textIgnore.say())
	if got := d.saysOfLine("cake"); got != "" {
		t.Errorf("the line says %q", got)
	}
	d.searchFor("2*honey")
	d.shows("3 cake, 2 honey")
	e.expect(t, "stock that nobody counts")
	d.checkOut()
	d.dialog(textCheckOutTitle.say())
	if strings.Contains(d.checkout.say.Text, "stock") {
		t.Errorf("the question says %q", d.checkout.say.Text)
	}
}

func TestStockThatIsKeptRefusesMore(t *testing.T) {
	d, e := shelves(t)
	d.choose(textWhenShort, textRefuse.say())
	again := d.restarted(3)
	again.scan(milkCode)
	again.shows("1 cake")
	again.scan(milkCode)
	again.expectSaid("in stock")
	again.shows("1 cake")
	e.expect(t, "more than there is", sound.Taken, sound.Taken, sound.Look)
}

// Another counter may let more be sold than this one; what the line says is
// this one's rule.
func TestWarningGoesWithTheStock(t *testing.T) {
	d, _ := shelves(t)
	d.searchFor("2*cake")
	d.shows("2 cake")
	d.step(d.model.state.Cart.Lines[0], -1)
	d.shows("1 cake")
	if got := d.saysOfLine("cake"); got != "" {
		t.Errorf("the line says %q", got)
	}
}
