package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"trolley/data"
)

// pressReady confirms an order as soon as the shop can make it.
func (d *desk) pressReady(label string) {
	d.t.Helper()
	d.until("the button "+label, func() bool { return d.push(label) != nil && d.tab.checkout.ready() })
	d.press(label)
}

// push is a button of the open dialog; nil: there is none.
func (d *desk) push(label string) *alertPush {
	if d.alerts.open() {
		for _, p := range d.alerts.current.pushes {
			if p.Text == label {
				return p
			}
		}
	}
	return nil
}

// body is what the open dialog says besides its title.
func (d *desk) body() string {
	said := []string{d.alerts.current.spec.Body, d.alerts.current.problem.Text}
	if k := d.tab.checkout; k != nil {
		said = append(said, k.say.Text)
	}
	return strings.Join(said, "\n")
}

// expectBody fails unless the open dialog says these words.
func (d *desk) expectBody(words string) {
	d.t.Helper()
	if !strings.Contains(d.body(), words) {
		d.t.Errorf("the dialog %q says %q, want %q", d.alerts.current.spec.Title, d.body(), words)
	}
}

// selling is a shop with something in the cart.
func selling(t *testing.T, text, cart string) *desk {
	t.Helper()
	d := openShop(t)
	d.searchFor(text)
	d.shows(cart)
	return d
}

// confirmed waits until the shop has answered to all and the cart that is shown
// has the shop's token.
func (d *desk) confirmed() {
	d.t.Helper()
	d.until("the cart is the shop's", func() bool {
		r, err := d.store.Read(d.t.Context(), "c", data.Token{}, "")
		return err == nil && len(d.model.state.Waiting) == 0 && d.model.state.Cart.Token == r.Cart.Token
	})
}

// orders are the orders of the shop, as in "2 espresso".
func (d *desk) orders() []string {
	d.t.Helper()
	all, err := d.store.Past(d.t.Context(), true, time.Time{})
	if err != nil {
		d.t.Fatalf("list the orders: %v", err)
	}
	var out []string
	for _, p := range all {
		out = append(out, brief(p.Cart))
	}
	return out
}

func TestCheckingOut(t *testing.T) {
	d := selling(t, "2*espresso", "2 espresso")
	d.Window.rename(d.tab, "Anna")
	d.checkOut()
	d.dialog("Check out “Anna”?")
	d.expectBody("2 items, 4.80")
	d.pressReady("Check out 4.80")
	d.checkOut() // while the answer is on the way
	d.noDialog()
	d.expectSaid("Checked out: 2 items, 4.80.")
	d.shows("")
	d.expectStored("")
	if got := d.orders(); len(got) != 1 || got[0] != "2 espresso" {
		t.Errorf("the orders are %q", got)
	}
	if name := d.model.state.Cart.Name; name != "" {
		t.Errorf("the cart is still called %q", name)
	}
	d.until("the cart says so", func() bool { return strings.Contains(d.ended.title.Text, "Counter 1 checked “Anna” out") })
	if !d.checkoutButton.Disabled() {
		t.Error("an empty cart can be checked out")
	}
	test.Tap(d.toasts.card.action)
	d.dialog(textHistoryTitle.say())
	d.until("the order is listed", func() bool { return d.past().list.selected != "" })
}

func TestAHeldKeyConfirmsNothing(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	now := time.Now()
	d.model.now = func() time.Time { return now }
	d.win.Canvas().Focus(d.checkoutButton)
	d.key(fyne.KeyReturn)
	d.dialog("Check out this cart?")
	d.until("it can be confirmed", func() bool { return d.tab.checkout.ready() })
	for range 100 {
		now = now.Add(30 * time.Millisecond)
		d.key(fyne.KeyReturn)
	}
	d.dialog("Check out this cart?")
	now = now.Add(time.Second)
	d.key(fyne.KeyReturn)
	d.expectSaid("Checked out: 1 item, 2.40.")
}

func TestAScanDoesNotCheckOut(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	d.checkOut()
	d.until("it can be confirmed", func() bool { return d.tab.checkout.ready() })
	d.scan("2004000008330")
	d.dialog("Check out this cart?")
	d.key(fyne.KeyEscape)
	d.shows("1 espresso, 1 oat-milk")
}

func TestAnotherCounterChangesWhatIsCheckedOut(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	other := d.join("Counter 2")
	d.checkOut()
	d.dialog("Check out this cart?")
	d.by(other, data.Change{Kind: data.KindAdd, Product: "latte", Quantity: 1})
	d.until("the new total", func() bool { return d.push("Check out 6.30") != nil })
	d.expectBody("Counter 2 changed this cart just now.")
	d.tab.checkout.until = time.Time{}
	d.pressReady("Check out 6.30")
	d.expectSaid("Checked out: 2 items, 6.30.")
}

func TestTheOtherCounterIsFirst(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	d.checkOut()
	d.dialog("Check out this cart?")
	d.confirmed()
	d.until("it can be confirmed", func() bool { return d.tab.checkout.ready() })
	seen := d.model.state.Cart.Token
	c := data.Change{Op: data.NewOp(), Kind: data.KindCheckout, Token: seen, By: "Counter 2"}
	if _, err := d.store.Apply(t.Context(), "c", c); err != nil {
		t.Fatalf("check out at Counter 2: %v", err)
	}
	d.press("Check out 2.40") // before the window has heard of it
	d.until("it is told", func() bool {
		return d.alerts.open() && strings.HasPrefix(d.alerts.current.spec.Title, "This cart was checked out at Counter 2 (")
	})
	d.press(textClose.say())
	if got := d.orders(); len(got) != 1 {
		t.Errorf("the orders are %q", got)
	}
}

func TestAnEndingElsewhereIsSaid(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	other := d.join("Counter 2")
	d.confirmed()
	d.by(other, data.Change{Kind: data.KindCheckout, Token: d.model.state.Cart.Token})
	d.expectSaid("Counter 2 checked this cart out.")
	d.until("the cart says so", func() bool { return strings.Contains(d.ended.title.Text, "Counter 2 checked this cart out at ") })
	if !d.ended.back.Hidden {
		t.Error("an order can be brought back")
	}
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.confirmed()
	d.by(other, data.Change{Kind: data.KindClear, Token: d.model.state.Cart.Token})
	d.expectSaid("Counter 2 emptied the cart.")
	d.until("the cart says so", func() bool { return strings.Contains(d.ended.title.Text, "Counter 2 emptied this cart at ") })
	d.focusSearch()
	d.key(fyne.KeyReturn)
	d.expectStored("")
	test.Tap(d.ended.back)
	d.shows("1 espresso")
}

func TestNotEnoughForAnOrder(t *testing.T) {
	s := localShop(t, 0, data.Product{ID: "cake", Name: "Cake", Price: 500, Stock: 3})
	d := openDesk(t, s, Options{})
	d.ready(1)
	d.setStockRule(stockRefused)
	d.searchFor("2*cake")
	d.shows("2 cake")
	elsewhere := data.Open(s, data.Options{Cart: "other", Counter: "Counter 2", Pace: hurried})
	t.Cleanup(func() { elsewhere.Close() })
	d.by(elsewhere, data.Change{Kind: data.KindAdd, Product: "cake", Quantity: 2})
	elsewhere.Drain(t.Context())
	r, err := s.Read(t.Context(), "other", data.Token{}, "")
	if err != nil {
		t.Fatalf("read the other cart: %v", err)
	}
	if _, err := s.Apply(t.Context(), "other", data.Change{Op: data.NewOp(), Kind: data.KindCheckout, Token: r.Cart.Token, By: "Counter 2"}); err != nil {
		t.Fatalf("check the other cart out: %v", err)
	}
	d.checkOut()
	d.pressReady("Check out 10.00")
	d.dialog("Not enough of “Cake”")
	d.expectBody("1 in stock, 2 in the cart.")
	d.press("Set to 1")
	d.shows("1 cake")
	d.checkOut()
	d.pressReady("Check out 5.00")
	d.expectSaid("Checked out: 1 item, 5.00.")
}

func TestWhatCannotBeSoldIsNamed(t *testing.T) {
	d := openShop(t)
	s := d.model.state
	s.Cart.Lines = []data.Line{{Product: data.Product{ID: "old-thing"}, Quantity: 1}}
	d.show(s)
	d.checkOut()
	d.dialog("This cart cannot be checked out yet")
	if d.push("Check out") != nil {
		t.Error("it can be checked out all the same")
	}
}

func TestAnOrderNeedsTheShop(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	off := d.model.state
	off.Link.Phase = data.Offline
	d.model.state = off
	d.checkOut()
	d.dialog("Check out this cart?")
	d.expectBody("An order needs the shop")
	if !d.push("Check out 2.40").Disabled() {
		t.Error("an order can be made without the shop")
	}
	d.tab.cart.Retry()
	d.pressReady("Check out 2.40")
	d.expectSaid("Checked out: 1 item, 2.40.")
}

func TestCheckingOutWaitsForWhatIsSent(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	d.step(d.model.state.Cart.Lines[0], 1)
	d.checkOut()
	d.dialog("Check out this cart?")
	d.expectBody("1 change is being sent to the shop…")
	d.pressReady("Check out 4.80")
	d.expectSaid("Checked out: 2 items, 4.80.")
}

// confirmAhead adds one and confirms the order before the shop has answered.
func (d *desk) confirmAhead() *checkout {
	d.t.Helper()
	d.step(d.model.state.Cart.Lines[0], 1)
	d.checkOut()
	d.expectBody("1 change is being sent to the shop…")
	d.key(fyne.KeyReturn)
	d.expectBody("1 change is being sent to the shop… The cart is checked out right after that.")
	return d.tab.checkout
}

func TestCheckingOutIsConfirmedAheadOfTheShop(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	d.confirmAhead()
	d.expectSaid("Checked out: 2 items, 4.80.")
}

func TestNothingElseIsSoldThanWasConfirmedAhead(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	k := d.confirmAhead()
	s := d.model.state
	latte, _ := s.Catalogue.Product("latte")
	s.Cart.Lines = append(slices.Clone(s.Cart.Lines), data.Line{Product: latte, Known: true, Quantity: 1, By: "Counter 2"})
	s.Waiting, s.Taken = nil, s.Taken+1
	d.showTab(d.tab, s)
	d.dialog("Check out this cart?")
	d.expectBody("changed this cart just now.")
	if !k.ready() || k.op != "" || k.early || len(d.orders()) > 0 {
		t.Error("it is sold, or is going to be, without another look")
	}
}

func TestConfirmingAheadDoesNotOutliveAnOutage(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	k := d.confirmAhead()
	s := d.model.state
	s.Link.Phase, s.Taken = data.Offline, s.Taken+1
	d.showTab(d.tab, s)
	d.expectBody("An order needs the shop")
	d.dialog("Check out this cart?")
	d.tab.cart.Retry()
	d.until("the shop is back and has answered", k.ready)
	d.dialog("Check out this cart?")
	if k.op != "" || len(d.orders()) > 0 {
		t.Error("it is sold long after it was confirmed")
	}
}

func TestWindowStaysForAnOrderThatWasConfirmed(t *testing.T) {
	d := selling(t, "espresso", "1 espresso")
	d.confirmAhead()
	d.close()
	if d.ctx.Err() != nil {
		t.Fatal("the window has closed without the order")
	}
	d.expectSaid("Checked out: 2 items, 4.80.")
	d.close()
	if d.ctx.Err() == nil {
		t.Error("the window does not close any more")
	}
}

// The key that asked may be held down, also behind a menu or with Ctrl.
func TestAHeldKeyConfirmsNothingAhead(t *testing.T) {
	for name, ask := range map[string]func(*desk){
		"menu": func(d *desk) { d.menu.perform(command{do: d.checkOut}) },
		"keys": func(d *desk) { d.windowShortcut(ctrl(fyne.KeyReturn).shortcut()) },
	} {
		t.Run(name, func(t *testing.T) {
			d := selling(t, "espresso", "1 espresso")
			d.step(d.model.state.Cart.Lines[0], 1)
			ask(d)
			d.dialog("Check out this cart?")
			d.key(fyne.KeyReturn)
			if k := d.tab.checkout; k == nil || k.early || k.op != "" {
				t.Error("a held key has confirmed the order")
			}
		})
	}
}
