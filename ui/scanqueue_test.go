package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Barcodes of the goods.
const (
	beansCode = "2004000001485"
	milkCode  = "2004000008330"
)

// typingClock tells when keys come. Every look at it is a key later.
type typingClock struct {
	at  time.Time
	gap time.Duration
}

// byHand is slow enough for every key to be a person's.
const byHand = 200 * time.Millisecond

func newTypingClock() *typingClock { return &typingClock{at: time.Unix(1000, 0), gap: byHand} }

func (c *typingClock) now() time.Time {
	c.at = c.at.Add(c.gap)
	return c.at
}

// scan types a code as a scanner does, where the focus is.
func (d *desk) scan(code string) {
	d.scanKeys(code)
	d.keys.gap = time.Millisecond
	d.key(fyne.KeyReturn)
	d.keys.gap = byHand
}

// scanKeys types a code as fast as a scanner, and does not end it.
func (d *desk) scanKeys(code string) {
	d.keys.at = d.keys.at.Add(time.Second)
	d.keys.gap = 5 * time.Millisecond
	d.write(code)
	d.keys.gap = byHand
}

// scanTab is scan by a scanner that ends with Tab, which the window's canvas
// keeps for itself unless the widget with the focus wants it.
func (d *desk) scanTab(code string) {
	d.scanKeys(code)
	d.keys.gap = time.Millisecond
	if f, ok := d.win.Canvas().Focused().(fyne.Tabbable); ok && f.AcceptsTab() {
		d.key(fyne.KeyTab)
	} else {
		d.win.Canvas().FocusNext()
	}
	d.keys.gap = byHand
}

// expectField fails unless the field has the focus, this text and this much of
// it selected.
func (d *desk) expectField(field fyne.Focusable, entry *widget.Entry, text, selected string, cursor int) {
	d.t.Helper()
	if d.win.Canvas().Focused() != field {
		d.t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	if entry.Text != text || entry.SelectedText() != selected || entry.CursorColumn != cursor {
		d.t.Errorf("the field holds %q, selected %q, cursor at %d; want %q, %q, %d",
			entry.Text, entry.SelectedText(), entry.CursorColumn, text, selected, cursor)
	}
}

func TestScanIntoAQuantityOfTheCart(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.shows("4 espresso")
	d.typeQuantity("espresso", "71")
	d.scan(beansCode)
	entry := d.line("espresso").amount.entry
	d.expectField(entry, &entry.Entry, "71", "", 2)
	d.shows("4 espresso, 1 espresso-beans")
	d.key(fyne.KeyReturn)
	d.shows("71 espresso, 1 espresso-beans")
	d.win.Canvas().Focus(d.line("espresso").amount.Focusable())
	entry = d.line("espresso").amount.entry
	d.scanTab(beansCode)
	d.expectField(entry, &entry.Entry, "71", "71", 2)
	d.shows("71 espresso, 2 espresso-beans")
	d.noDialog()
}

func TestScanIntoAQuantityOfAProduct(t *testing.T) {
	d := openShop(t)
	d.win.Canvas().Focus(d.product("latte").amount.Focusable())
	entry := d.product("latte").amount.entry
	d.scan("+" + beansCode)
	d.expectField(entry, &entry.Entry, "1", "1", 1)
	d.dialog(textScanUnknown.say())
	d.press(textScanSkip.say())
	d.scan(beansCode)
	d.shows("1 espresso-beans")
}

func TestScanIntoALineMovesNothing(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.shows("4 espresso")
	d.write("caf")
	d.until("the products are narrowed", func() bool { return len(d.products.keys) == 1 })
	d.products.sel("latte")
	d.win.Canvas().Focus(d.lines)
	d.lines.sel("espresso")
	for _, code := range []string{beansCode, "doppio"} { // a digit opens the quantity, a letter goes to the search
		d.scan(code)
		if d.win.Canvas().Focused() != fyne.Focusable(d.lines) || d.lines.selected != "espresso" {
			t.Errorf("%s: the focus is on %T, the line %q is selected", code, d.win.Canvas().Focused(), d.lines.selected)
		}
		if d.search.Text != "caf" || d.products.selected != "latte" {
			t.Errorf("%s: the search is for %q, %q is chosen", code, d.search.Text, d.products.selected)
		}
	}
	d.shows("4 espresso, 1 espresso-beans, 1 doppio")
	if len(d.said) > 0 {
		t.Errorf("it said %q", d.said)
	}
}

// A code may begin with what steps a line.
func TestScanThatBeginsWithAPlusStepsNothing(t *testing.T) {
	store := localShop(t, 0, goods...)
	stock(t, store, data.Product{ID: "plaster", Name: "Plaster", Price: 310, Barcode: "+A99912345", Stock: data.Unlimited})
	d := openDesk(t, store, Options{})
	d.ready(len(goods) + 1)
	d.searchFor("4*espresso")
	d.shows("4 espresso")
	d.win.Canvas().Focus(d.lines)
	d.lines.sel("espresso")
	d.scan("+A99912345")
	d.shows("4 espresso, 1 plaster")
	d.expectStored("4 espresso, 1 plaster")
}

func TestScanIntoTheProductsAndIntoNothing(t *testing.T) {
	d := openShop(t)
	d.win.Canvas().Focus(d.products)
	d.products.sel("latte")
	d.scanTab(milkCode)
	if d.win.Canvas().Focused() != fyne.Focusable(d.products) || d.products.selected != "latte" || d.search.Text != "" {
		t.Errorf("the focus is on %T, %q is selected, the search is for %q",
			d.win.Canvas().Focused(), d.products.selected, d.search.Text)
	}
	d.win.Canvas().Unfocus()
	d.scan(milkCode)
	if f := d.win.Canvas().Focused(); f != nil {
		t.Errorf("the focus is on %T", f)
	}
	d.win.Canvas().Focus(d.clear)
	d.scan(milkCode)
	if d.win.Canvas().Focused() != fyne.Focusable(d.clear) {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	d.shows("3 oat-milk")
}

func TestScanLeavesAHalfTypedSearch(t *testing.T) {
	d := openShop(t)
	d.focusSearch()
	d.write("esp")
	d.key(fyne.KeyDown)
	chosen := d.products.selected
	d.scan(milkCode)
	d.expectField(d.search, &d.search.Entry, "esp", "", 3)
	if d.products.selected != chosen || chosen == "" {
		t.Errorf("%q is chosen, it was %q", d.products.selected, chosen)
	}
	shift := &fyne.KeyEvent{Name: "LeftShift"}
	d.search.KeyDown(shift)
	d.key(fyne.KeyLeft, fyne.KeyLeft)
	d.search.KeyUp(shift)
	d.scanTab(milkCode)
	d.expectField(d.search, &d.search.Entry, "esp", "sp", 1)
	d.shows("2 oat-milk")
}

// What a scan says is a code, and never a part of a name.
func TestScanIsNeverGuessed(t *testing.T) {
	d := openShop(t)
	d.scan("espr")
	d.dialog(textScanUnknown.say())
	d.press(textScanSkip.say())
	d.expectStored("")
}

func TestQuantityBeforeAScan(t *testing.T) {
	d := openShop(t)
	d.focusSearch()
	d.write("3*")
	d.scan(milkCode)
	d.expectField(d.search, &d.search.Entry, "", "", 0)
	d.shows("3 oat-milk")
	d.write("-2*")
	d.scan(milkCode)
	d.shows("1 oat-milk")
	d.write("-")
	d.scan("espresso")
	d.dialog("“Espresso” is not in this cart")
	d.expectStored("1 oat-milk")
}

func TestScansAtAnAlertWait(t *testing.T) {
	d := openShop(t)
	d.focusSearch()
	d.menuItem(textKeys.say())
	for range 2 {
		d.scan(milkCode)
	}
	d.scanTab(beansCode)
	d.win.Canvas().Unfocus()
	d.scanTab("espresso")
	d.dialog(textKeys.say())
	if d.cart() != "" {
		t.Errorf("behind the dialog, the cart became %s", d.cart())
	}
	d.key(fyne.KeyEscape)
	d.shows("2 oat-milk, 1 espresso-beans, 1 espresso")
	d.expectFocusInSearch()
}

// An alert that comes up in the middle of a scan takes the rest of its keys.
func TestScanThatAnAlertInterrupts(t *testing.T) {
	d := openShop(t)
	d.searchFor("4*espresso")
	d.shows("4 espresso")
	d.win.Canvas().Focus(d.line("espresso").amount.Focusable())
	d.scanKeys(milkCode[:3])
	d.keys.gap = time.Millisecond
	d.tellProblem("Something", "Has come up.")
	d.write(milkCode[3:])
	d.key(fyne.KeyReturn)
	d.keys.gap = byHand
	d.dialog("Something")
	d.key(fyne.KeyReturn)
	d.shows("4 espresso, 1 oat-milk")
	d.expectStored("4 espresso, 1 oat-milk")
}

func TestScanIntoAForm(t *testing.T) {
	d := openShop(t)
	d.newProduct(draft{}, 0)
	d.write("Rye")
	d.scan(milkCode)
	d.dialog(textNewProduct.say())
	entry := d.win.Canvas().Focused().(*fieldEntry)
	d.expectField(entry, &entry.Entry, "Rye", "", 3)
	d.key(fyne.KeyEscape)
	d.shows("1 oat-milk")
}

func TestFiftyScansCountExactly(t *testing.T) {
	d := openShop(t)
	codes := []string{"espresso", beansCode, milkCode, "latte", "doppio"}
	for i := range 50 {
		switch i % 10 {
		case 3:
			d.win.Canvas().Focus(d.products)
		case 6:
			d.win.Canvas().Focus(d.lines)
		case 9:
			d.focusSearch()
		}
		d.scan(codes[i%len(codes)])
	}
	d.shows("10 espresso, 10 espresso-beans, 10 oat-milk, 10 latte, 10 doppio")
	d.expectStored("10 espresso, 10 espresso-beans, 10 oat-milk, 10 latte, 10 doppio")
}

// A scanner may press Enter twice; the second one means nothing.
func TestSecondEnterOfAScan(t *testing.T) {
	d := openShop(t)
	d.focusSearch()
	d.key(fyne.KeyDown)
	d.scanKeys(milkCode)
	d.keys.gap = time.Millisecond
	d.key(fyne.KeyReturn, fyne.KeyReturn)
	d.keys.gap = byHand
	d.shows("1 oat-milk")
}

func TestUnknownCodesAreToldOneByOne(t *testing.T) {
	d := openShop(t)
	for _, code := range []string{"59012345", "4006", "59012345"} {
		d.scan(code)
	}
	d.dialog(textScanUnknown.say())
	d.scan("59012345")
	d.scan(milkCode)
	count := d.scans.unknown[0].count.Text
	if body := d.alerts.current.spec.Body; !strings.Contains(body, "“59012345”") || count != "Scanned 3 times." {
		t.Errorf("it says %q, %q", body, count)
	}
	d.key(fyne.KeyReturn)
	d.dialog(textNewProduct.say())
	d.write("Rye")
	d.key(fyne.KeyReturn)
	d.write("1.20")
	d.key(fyne.KeyReturn)
	d.until("the next code is told", func() bool {
		return d.alerts.open() && strings.Contains(d.alerts.current.spec.Body, "“4006”")
	})
	d.key(fyne.KeyEscape)
	d.until("all is in the cart", func() bool {
		return strings.Contains(d.cart(), "3 59012345") && strings.Contains(d.cart(), "1 oat-milk")
	})
	d.noDialog()
}

// The shop is asked before anybody is bothered: another counter may have put
// the product on the shelf a moment ago.
func TestScanOfAProductThatIsNewInTheShop(t *testing.T) {
	d := openShop(t)
	stock(t, d.store, data.Product{ID: "rye", Name: "Rye", Price: 310, Barcode: "59012345", Stock: data.Unlimited})
	d.scan("59012345")
	d.shows("1 rye")
	d.noDialog()
}

func TestScannerSettingsAreKept(t *testing.T) {
	d := openShop(t)
	d.setScanRules(scanRules{Length: 3, PerKey: 50 * time.Millisecond})
	if got := d.scanRules(); got != (scanRules{Length: 3, PerKey: 50 * time.Millisecond}) {
		t.Errorf("kept %+v", got)
	}
	d.app.Preferences().SetString(prefScanLayout, "fr")
	d.scan(strings.NewReplacer("0", "à", "1", "&", "2", "é", "4", "'", "5", "(", "8", "_").Replace(beansCode))
	d.shows("1 espresso-beans")
}

func TestTypingIsNoScan(t *testing.T) {
	d := openShop(t)
	d.keys.gap = 80 * time.Millisecond
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.searchFor("2*caff")
	d.shows("1 espresso, 2 latte")
	test.Tap(d.clear)
	d.shows("")
	if len(d.scans.orders) > 0 {
		t.Error(fmt.Sprint("queued ", d.scans.orders))
	}
}

// The answer about a code may come when another cart is on screen.
func TestScanBelongsToTheCartThatWasOnScreen(t *testing.T) {
	d := openShop(t)
	stock(t, d.store, data.Product{ID: "rye", Name: "Rye", Price: 310, Barcode: "59012345", Stock: data.Unlimited})
	first := d.tab
	d.scan("59012345")
	d.scan("4006")
	d.newCart()
	d.until("the first cart has it", func() bool { return brief(first.model.state.Cart) == "1 rye" })
	d.until("the second code is looked up", func() bool { return len(d.scans.unknown) == 1 })
	d.noDialog()
	if d.cart() != "" {
		t.Errorf("the cart on screen became %s", d.cart())
	}
	d.switchTo(first)
	d.dialog(textScanUnknown.say())
}
