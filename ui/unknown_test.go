package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
	"trolley/ui/sound"
)

// patient is a desk that keeps scanning when a code is unknown.
func patient(t *testing.T) (*desk, *ear) {
	t.Helper()
	e := &ear{}
	d := openDesk(t, localShop(t, 0, goods...), Options{Sounds: e})
	d.ready(len(goods))
	d.choose(textWhenUnknown, textKeepScanning.say())
	return d, e
}

// expectUnknown waits until these codes are collected, as in "2 4006 for c".
func (d *desk) expectUnknown(want ...string) {
	d.t.Helper()
	list := func() []string {
		out := []string{}
		for _, c := range d.unknown.all() {
			out = append(out, fmt.Sprintf("%d %s for %s", c.quantity, c.code, c.cart))
		}
		return out
	}
	d.until(fmt.Sprintf("unknown: %q", want), func() bool { return strings.Join(list(), ",") == strings.Join(want, ",") })
}

// bannerTitle is what the banner says first; empty: there is none.
func (d *desk) bannerTitle() string {
	if d.banner.spec == nil {
		return ""
	}
	return d.banner.spec.Title
}

func TestScanningGoesOnWhenCodesAreUnknown(t *testing.T) {
	d, e := patient(t)
	for _, code := range []string{"59012345", "4006", milkCode, "59012345"} {
		d.scan(code)
	}
	d.expectUnknown("2 59012345 for c", "1 4006 for c")
	d.shows("1 oat-milk")
	d.noDialog()
	if got := d.bannerTitle(); got != "2 barcodes are unknown." {
		t.Errorf("the banner says %q", got)
	}
	looks := 0
	for _, k := range e.heard {
		if k == sound.Look {
			looks++
		}
	}
	if looks != 3 || len(e.heard) != 4 {
		t.Errorf("heard %v", e.heard)
	}
	if len(d.said) > 0 {
		t.Errorf("it said %q, and the banner tells", d.said)
	}
}

func TestUnknownCodesOutliveTheProgram(t *testing.T) {
	d, _ := patient(t)
	d.scan("59012345")
	d.focusSearch()
	d.write("3*")
	d.scan("a code with spaces")
	d.expectUnknown("1 59012345 for c", "3 a code with spaces for c")
	again := d.restarted(len(goods))
	again.expectUnknown("1 59012345 for c", "3 a code with spaces for c")
	if got := again.bannerTitle(); got != "2 barcodes are unknown." {
		t.Errorf("the banner says %q", got)
	}
	again.place.Name = "another shop"
	again.showBanner()
	if again.banner.spec != nil {
		t.Errorf("another shop says %q", again.bannerTitle())
	}
}

func TestUnknownCodesAreResolvedOneAfterAnother(t *testing.T) {
	d, _ := patient(t)
	for _, code := range []string{"59012345", "4006", "4007", "59012345"} {
		d.scan(code)
	}
	d.expectUnknown("2 59012345 for c", "1 4006 for c", "1 4007 for c")
	d.banner.press(0)
	d.dialog(textScanUnknown.say())
	d.scan("59012345")
	if got := d.unknown.count.Text; got != "Scanned 3 times." {
		t.Errorf("it says %q", got)
	}
	d.key(fyne.KeyReturn)
	d.dialog(textNewProduct.say())
	d.key(fyne.KeyEscape) // not now
	d.expectUnknown("3 59012345 for c", "1 4006 for c", "1 4007 for c")
	d.banner.press(0)
	d.dialog(textScanUnknown.say())
	d.key(fyne.KeyReturn)
	d.dialog(textNewProduct.say())
	d.write("Rye")
	d.key(fyne.KeyReturn)
	d.write("1.20")
	d.key(fyne.KeyReturn)
	d.until("the next code is told", func() bool {
		return d.alerts.open() && strings.Contains(d.alerts.current.spec.Body, "“4006”")
	})
	d.press(textScanSkip.say())
	d.until("the last code is told", func() bool {
		return d.alerts.open() && strings.Contains(d.alerts.current.spec.Body, "“4007”")
	})
	d.key(fyne.KeyEscape)
	d.shows("3 59012345")
	d.expectUnknown("1 4007 for c")
	if got := d.bannerTitle(); got != "1 barcode is unknown." {
		t.Errorf("the banner says %q", got)
	}
}

// What another counter has put on the shelf meanwhile is added without a
// question.
func TestUnknownCodeThatHasBecomeKnownIsAdded(t *testing.T) {
	d, _ := patient(t)
	d.scan("59012345")
	d.scan("59012345")
	d.expectUnknown("2 59012345 for c")
	stock(t, d.store, data.Product{ID: "rye", Name: "Rye", Price: 310, Barcode: "59012345", Stock: data.Unlimited})
	d.banner.press(0)
	d.shows("2 rye")
	d.expectUnknown()
	d.noDialog()
	if d.banner.spec != nil {
		t.Errorf("the banner says %q", d.bannerTitle())
	}
}

func TestUnknownCodesStayWithTheirCart(t *testing.T) {
	d, _ := patient(t)
	d.scan("59012345")
	d.expectUnknown("1 59012345 for c")
	first := d.tab
	d.newCart()
	d.until("the banner is there", func() bool { return d.bannerTitle() == "1 barcode is unknown." })
	if got := d.banner.spec.Text; got != "It was scanned for another cart, and is in no total yet." {
		t.Errorf("the banner of another cart says %q", got)
	}
	d.banner.press(0)
	d.dialog(textScanUnknown.say())
	if d.tab != first {
		t.Error("the cart that it was scanned for is not on screen")
	}
}

func TestCheckoutTellsOfUnknownCodesFirst(t *testing.T) {
	d, _ := patient(t)
	d.searchFor("espresso")
	d.scan("59012345")
	d.expectUnknown("1 59012345 for c")
	d.shows("1 espresso")
	d.checkOut()
	d.dialog("1 barcode of this cart is unknown")
	d.key(fyne.KeyReturn)
	d.dialog(textScanUnknown.say())
	d.key(fyne.KeyEscape)
	d.checkOut()
	d.dialog("1 barcode of this cart is unknown")
	d.press(textWithoutIt.say())
	d.dialog(textCheckOutTitle.say())
	d.press("Check out 2.40")
	d.expectSaid("Checked out: 1 item, 2.40.")
	d.expectUnknown("1 59012345 for c")
}

func TestDamagedListOfUnknownCodesIsReadAsFarAsItCanBe(t *testing.T) {
	d := openShop(t)
	d.app.Preferences().SetStringList(prefUnknown+" "+d.place.Name, []string{"", "x c 1", "-1 c 2", "2 c", "2 / 3", "7 c 40 06"})
	d.restarted(len(goods)).expectUnknown("7 40 06 for c")
}

func TestUnknownCodesAreAskedAboutAtOnceUnlessChosenOtherwise(t *testing.T) {
	d := openShop(t)
	d.scan("59012345")
	d.dialog(textScanUnknown.say())
	d.expectUnknown()
}
