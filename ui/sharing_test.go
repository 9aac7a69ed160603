package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
	"trolley/data/config"
)

// held is a shop of this computer with something in it.
func held() *fakeConnector {
	return &fakeConnector{findings: fineStages(), holding: data.Holding{Products: 12, Carts: 2, Lines: 9}}
}

// moveToServer fills in the shop's server and presses Connect.
func moveToServer(t *testing.T, f *fakeConnector) (*desk, *connectionDialog, *connected) {
	t.Helper()
	d, c, went := openConnection(t, f)
	d.key(fyne.KeyDown)
	d.enterIn(c, config.FieldHost, "10.0.0.5")
	d.key(fyne.KeyReturn)
	return d, c, went
}

func TestWhatIsHereIsSharedIfThePersonWants(t *testing.T) {
	f := held()
	f.copied = []data.Shared{{Done: 40, All: 120}, {Done: 120, All: 120}}
	d, _, went := moveToServer(t, f)
	d.dialog(textShareTitle.say())
	if body := d.alerts.current.spec.Body; !strings.Contains(body, "12 products and 2 carts (9 lines)") {
		t.Errorf("it asks %q", body)
	}
	d.press("Share")
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
	if len(f.shared) != 1 || f.shared[0].Host != "10.0.0.5" {
		t.Errorf("shared with %+v", f.shared)
	}
}

// Whoever shares a cart goes on with it, also where the counter gets another
// name on the way, whose own cart would be another one.
func TestCartsThatAreSharedAreOpenInTheSharedShop(t *testing.T) {
	f := held()
	d, c, went := openConnection(t, f)
	d.alerts.current.close()
	d.searchFor("espresso")
	d.key(fyne.KeyReturn)
	d.shows("1 espresso")
	c.open()
	d.key(fyne.KeyDown)
	d.enterIn(c, config.FieldHost, "10.0.0.5")
	d.key(fyne.KeyReturn)
	d.dialog(textShareTitle.say())
	d.press("Share")
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	if got := RememberedCarts(d.app, f.Name(went.to[0])); !slices.Equal(got, []data.CartID{d.tab.cart.ID()}) {
		t.Errorf("the carts %q are opened there", got)
	}
}

func TestWhatIsHereCanStay(t *testing.T) {
	f := held()
	d, _, went := moveToServer(t, f)
	d.dialog(textShareTitle.say())
	d.press("Leave it here")
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
	if len(f.shared) != 0 {
		t.Error("it was shared")
	}
}

func TestSamplesAreNotAskedAbout(t *testing.T) {
	f := held()
	f.holding = data.Holding{Products: 43, Samples: true}
	d, _, went := moveToServer(t, f)
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
}

func TestLinesThatWereNotCopiedAreNamed(t *testing.T) {
	f := held()
	f.copied = []data.Shared{{Done: 2, All: 2, Full: true, LeftOut: []data.LeftOut{
		{Cart: "c", Name: "Anna", Line: data.Line{Product: goods[0], Quantity: 1}, Err: &data.FullError{Max: 1000}}, {More: 3}}}}
	d, _, _ := moveToServer(t, f)
	d.dialog(textShareTitle.say())
	d.press("Share")
	d.dialog("Not everything was copied")
	said := strings.Join(labelsOf(d.alerts.current.spec.Content), "\n")
	if !strings.Contains(said, "Espresso in “Anna” – ") || !strings.Contains(said, "3 lines that cannot be read") {
		t.Errorf("it says %s", said)
	}
}

func TestNothingHereIsNotAskedAbout(t *testing.T) {
	f := held()
	f.holding = data.Holding{}
	d, _, went := moveToServer(t, f)
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
}

func TestSharingCanBeCancelled(t *testing.T) {
	f := held()
	f.gate = make(chan struct{}, 1)
	f.gate <- struct{}{} // the test goes on
	f.copied = []data.Shared{{Done: 40, All: 120}}
	d, c, went := moveToServer(t, f)
	d.dialog(textShareTitle.say())
	d.press("Share")
	d.until("it tells how far it is", func() bool {
		return d.alerts.open() && slices.Contains(labelsOf(d.alerts.current.spec.Content), "Copying… 40 of 120")
	})
	d.key(fyne.KeyEscape)
	d.dialog("Connection")
	d.until("it is stopped", func() bool { return seen(f, func() int { return f.stopped }) == 1 })
	if len(went.to) != 0 || c.form.connection().Host != "10.0.0.5" {
		t.Errorf("connected to %v; the form holds %+v", went.to, c.form.connection())
	}
	f.gate, f.copied = nil, nil
	d.press("Connect")
	d.dialog(textShareTitle.say())
	d.press("Share")
	d.until("it is connected", func() bool { return len(went.to) == 1 })
}

func TestSharingThatBreaksOffIsTold(t *testing.T) {
	f := held()
	d, c, went := moveToServer(t, f)
	d.dialog(textShareTitle.say())
	f.copyErr = &data.UnavailableError{Fault: data.FaultTimeout, Addr: "10.0.0.5:6379"}
	d.press("Share")
	d.dialog("Connection")
	if len(went.to) != 0 {
		t.Error("it is connected")
	}
	expectSentence(t, "what broke off", c.alert.problem.Text)
}

func TestProductsThatWereNotCopiedAreNamed(t *testing.T) {
	f := held()
	f.copied = []data.Shared{{Done: 120, All: 120, Skipped: manyProducts(25)}}
	d, _, went := moveToServer(t, f)
	d.dialog(textShareTitle.say())
	d.press("Share")
	d.dialog("25 products were not copied")
	said := strings.Join(labelsOf(d.alerts.current.spec.Content), "\n")
	if strings.Count(said, "•") != mostSkipped+1 || !strings.Contains(said, "5 more") || len(went.to) != 0 {
		t.Errorf("it says %s", said)
	}
	d.key(fyne.KeyReturn)
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
}

func TestFailedMoveAfterSharingGoesBack(t *testing.T) {
	d, c, went := moveToServer(t, held())
	went.err = sentenceError("Something waits.")
	d.dialog(textShareTitle.say())
	d.press("Leave it here")
	d.dialog("Connection")
	if c.alert.problem.Text != "Something waits." || c.form.connection().Host != "10.0.0.5" {
		t.Errorf("it says %q", c.alert.problem.Text)
	}
}

func TestShopIsChangedOnceHoweverOftenEnterIsPressed(t *testing.T) {
	d, c, _ := moveToServer(t, held())
	moves, end := 0, func(error) {}
	c.onConnect = func(_ config.Connection, _ config.Settings, done func(error)) { moves, end = moves+1, done }
	d.dialog(textShareTitle.say())
	d.press("Leave it here")
	d.key(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyEscape)
	if moves != 1 {
		t.Errorf("the window changes shops %d times", moves)
	}
	d.dialog(textShareTitle.say())
	end(nil)
	d.noDialog()
}
