package ui

import (
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
)

const unknownTitle = "No product has this name or code"

func TestUnknownProductOffersWhatIsAlike(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*expresso")
	d.dialog(unknownTitle)
	first, ok := d.win.Canvas().Focused().(*choice)
	if !ok || !strings.HasPrefix(first.Text, "Espresso") {
		t.Fatalf("the focus is on %T; %s", d.win.Canvas().Focused(), d.picture())
	}
	d.key(fyne.KeyDown)
	second := d.win.Canvas().Focused().(*choice)
	if second == first {
		t.Error("Down stays on the first match")
	}
	d.key(fyne.KeyUp, fyne.KeyReturn)
	d.shows("2 espresso")
	d.expectFocusInSearch()
}

func TestUnknownProductCanBeSkipped(t *testing.T) {
	d := openShop(t)
	d.searchFor("5901234123457")
	d.dialog(unknownTitle)
	if !strings.Contains(d.alerts.current.spec.Body, "5901234123457") {
		t.Errorf("the dialog says %q", d.alerts.current.spec.Body)
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
	d.expectFocusInSearch()
	d.expectStored("")
}

func TestScanBehindTheUnknownDialogPicksNothing(t *testing.T) {
	d := openShop(t)
	d.searchFor("expresso")
	d.dialog(unknownTitle)
	d.write("2004000008330")
	d.key(fyne.KeyReturn)
	if !d.alerts.open() {
		t.Fatal("a scan picked a product in the dialog")
	}
	d.key(fyne.KeyEscape)
	d.shows("1 oat-milk")
}

// A barcode that is a part of a known one is still unknown.
func TestPartOfABarcodeIsNoProduct(t *testing.T) {
	d := openShop(t)
	d.searchFor("20040000")
	d.dialog(unknownTitle)
	d.key(fyne.KeyEscape)
	d.expectStored("")
}

func TestProductOfAnotherCounterIsLookedUp(t *testing.T) {
	b := localShop(t, 0, goods...)
	d := openDesk(t, b, Options{})
	d.ready(len(goods))
	stock(t, b, data.Product{ID: "fresh", Name: "Fresh Juice", Price: 420, Barcode: "5901234123457", Stock: data.Unlimited})
	d.searchFor("5901234123457")
	d.shows("1 fresh")
}

func TestUnknownProductBecomesANewOne(t *testing.T) {
	d := openShop(t)
	d.searchFor("3*Ginger Shot")
	d.dialog(unknownTitle)
	d.press(textAddNew.say())
	d.dialog(textNewProduct.say())
	name, price, _ := formFields(d)
	if name.Text() != "Ginger Shot" || d.win.Canvas().Focused() != fyne.Focusable(price.entry) {
		t.Fatalf("the name is %q, the focus on %T", name.Text(), d.win.Canvas().Focused())
	}
	for _, bad := range []string{"cheap", "-1", "1.234", ""} {
		d.key(fyne.KeyBackspace) // what was refused is selected
		d.write(bad)
		d.key(fyne.KeyReturn)
		if !d.alerts.open() || price.problem.Text == "" || price.entry.Text != bad || name.Text() != "Ginger Shot" {
			t.Fatalf("price %q: problem %q, the form holds %q, %q", bad, price.problem.Text, name.Text(), price.entry.Text)
		}
	}
	d.write("2,50")
	d.key(fyne.KeyReturn)
	d.shows("3 ginger-shot")
	d.noDialog()
	d.expectFocusInSearch()
	if p, err := d.store.Product(t.Context(), "ginger-shot"); err != nil || p.Name != "Ginger Shot" || p.Price != 250 {
		t.Errorf("stored: %+v, %v", p, err)
	}
}

// formFields returns the fields of the dialog for a new product.
func formFields(d *desk) (name, price, code *field) {
	d.t.Helper()
	form := d.alerts.current.spec.Content.(*fyne.Container).Objects
	return form[0].(*field), form[1].(*field), form[2].(*field)
}

func TestUnknownBarcodeStandsInItsField(t *testing.T) {
	d := openShop(t)
	d.searchFor("5901234123457")
	d.dialog(unknownTitle)
	d.press(textAddNew.say())
	name, price, code := formFields(d)
	if code.Text() != "5901234123457" || name.Text() != "" || d.win.Canvas().Focused() != fyne.Focusable(name.entry) {
		t.Fatalf("code %q, name %q, focus on %T", code.Text(), name.Text(), d.win.Canvas().Focused())
	}
	d.write("Elderflower")
	price.SetText("3")
	code.SetText("{main}")
	d.key(fyne.KeyReturn)
	if code.problem.Text == "" || !d.alerts.open() {
		t.Fatalf("braces were taken as a code; %s", d.picture())
	}
	code.SetText("espresso")
	d.key(fyne.KeyReturn)
	d.until("it says that the code is taken", func() bool { return strings.Contains(d.alerts.current.problem.Text, "has this code already") })
	code.SetText("5901234123457")
	d.key(fyne.KeyReturn)
	d.shows("1 5901234123457")
	d.searchFor("elderf")
	d.shows("2 5901234123457")
}

func TestNewProductFromTheMenuStaysOutOfTheCart(t *testing.T) {
	d := openShop(t)
	d.menuItem("New product…")
	d.dialog(textNewProduct.say())
	name, price, _ := formFields(d)
	d.key(fyne.KeyReturn)
	if name.problem.Text == "" || !d.alerts.open() {
		t.Fatal("a product without a name was taken")
	}
	name.SetText("Espresso")
	price.SetText("1")
	d.key(fyne.KeyReturn)
	d.until("the dialog has closed", func() bool { return !d.alerts.open() })
	d.until("it is listed", func() bool { return len(d.products.keys) == len(goods)+1 })
	d.expectStored("")
	if _, ok := d.model.state.Catalogue.Product("espresso-2"); !ok {
		t.Errorf("the products are %v", d.products.keys)
	}
}

func TestQuantityOfALineThatWasRemoved(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.searchFor("latte")
	d.shows("2 espresso, 1 latte")
	d.typeQuantity("espresso", "3")
	d.by(d.join("Till"), data.Change{Kind: data.KindRemove, Product: "espresso"})
	d.until("the line is gone", func() bool { return d.cart() == "1 latte" })
	row := d.line("espresso")
	d.until("it says who removed it", func() bool { return row.mark.full == "Removed by Till just now" })
	if row.amount.entry.Text != "3" || row.strike.Hidden {
		t.Errorf("the row says %q, %q", row.amount.entry.Text, row.mark.full)
	}
	d.key(fyne.KeyReturn)
	d.dialog("“Espresso” is no longer in this cart")
	if body := d.alerts.current.spec.Body; !strings.HasPrefix(body, "Till removed it at ") || !strings.HasSuffix(body, "The new quantity (3) was not saved.") {
		t.Errorf("it says %q", body)
	}
	if f, ok := d.win.Canvas().Focused().(*alertPush); !ok || f.Text != "Add 3 again" {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	d.key(fyne.KeyReturn)
	d.shows("1 latte, 3 espresso")
	d.expectStored("1 latte, 3 espresso")
}

func TestEscapeLeavesALineThatWasRemoved(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.shows("2 espresso")
	d.typeQuantity("espresso", "3")
	d.by(d.join("Till"), data.Change{Kind: data.KindRemove, Product: "espresso"})
	d.until("the line is gone", func() bool { return d.cart() == "" })
	d.key(fyne.KeyEscape)
	if d.lines.rows["espresso"] != nil || len(d.lines.keys) != 0 {
		t.Error("the row of a line that is gone stays")
	}
	d.expectFocusInSearch()
	d.expectStored("")
}

// raced has another counter remove the espresso, and this one act on it before
// it could see that.
func raced(t *testing.T, act func(d *desk, l data.Line)) *desk {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.shows("2 espresso")
	l, _ := d.model.state.Cart.Line("espresso")
	other := d.join("Till")
	d.by(other, data.Change{Kind: data.KindRemove, Product: "espresso"})
	other.Drain(t.Context())
	act(d, l)
	return d
}

func TestRemovingALineThatIsGone(t *testing.T) {
	d := raced(t, func(d *desk, l data.Line) { d.remove(l) })
	d.dialog("“Espresso” is not in this cart")
	if !strings.Contains(d.alerts.current.spec.Body, "Till removed it at ") {
		t.Errorf("it says %q", d.alerts.current.spec.Body)
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
	d.undo()
	d.expectStored("")
}

func TestSteppingALineThatIsGone(t *testing.T) {
	d := raced(t, func(d *desk, l data.Line) { d.step(l, 1) })
	d.dialog("“Espresso” is no longer in this cart")
	d.key(fyne.KeyEscape)
	d.expectStored("")
}

var conflictText = regexp.MustCompile(`^“Espresso” was 2 when this edit began\. Till set 5 at \d\d:\d\d; this counter set 3( at \d\d:\d\d)?\.$`)

func TestTypedQuantityThatMetAnother(t *testing.T) {
	for answer, want := range map[string]string{"Enter": "6 espresso", "Escape": "5 espresso", "Use 3": "3 espresso"} {
		d := openShop(t)
		d.searchFor("2*espresso")
		d.shows("2 espresso")
		d.typeQuantity("espresso", "3")
		d.by(d.join("Till"), data.Change{Kind: data.KindSet, Product: "espresso", Quantity: 5, Seen: 2})
		d.until("the other's quantity is here", func() bool { return d.cart() == "5 espresso" })
		if text := d.line("espresso").amount.entry.Text; text != "3" {
			t.Errorf("the typed text became %q", text)
		}
		d.key(fyne.KeyReturn)
		d.dialog("Till changed this quantity too")
		body := d.alerts.current.spec.Body
		if !conflictText.MatchString(body) {
			t.Errorf("it says %q", body)
		}
		switch answer {
		case "Enter":
			d.key(fyne.KeyReturn)
		case "Escape":
			d.key(fyne.KeyEscape)
		default:
			d.press(answer)
		}
		d.noDialog()
		d.shows(want)
		d.expectStored(want)
	}
}

func TestKeysHelpAndAboutCloseByKey(t *testing.T) {
	d := openShop(t)
	for label, key := range map[string]fyne.KeyName{textKeys.say(): fyne.KeyReturn, "About Trolley": fyne.KeyEscape} {
		d.menuItem(label)
		if !d.alerts.open() {
			t.Errorf("%s shows nothing", label)
		}
		d.key(key)
		d.noDialog()
	}
}
