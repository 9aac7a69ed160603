package ui

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"trolley/data"
	"trolley/data/config"
)

// shopsConnector opens shops that a test has. The rest of it is made up.
type shopsConnector struct {
	fakeConnector
	open func(c config.Connection) (Place, error)

	saved    []config.Connection
	settings []config.Settings
}

func (s *shopsConnector) Name(c config.Connection) string {
	if !c.Shared {
		return "here"
	}
	return c.Host
}

func (s *shopsConnector) Open(_ context.Context, c config.Connection) (Place, error) {
	return s.open(c)
}

func (s *shopsConnector) Save(_ context.Context, c config.Connection) error {
	s.saved = append(s.saved, c)
	return nil
}

func (s *shopsConnector) SaveSettings(_ context.Context, set config.Settings) error {
	s.settings = append(s.settings, set)
	return nil
}

// connected does the UI goroutine's work until a move has ended.
func (d *desk) connected(move func(done func(error))) error {
	d.t.Helper()
	ended, result := false, error(nil)
	move(func(err error) { ended, result = true, err })
	d.until("the move has ended", func() bool { return ended })
	return result
}

func TestWindowMovesToAnotherShopAndBack(t *testing.T) {
	there := localShop(t, 0, goods[:1]...)
	shops := &shopsConnector{}
	d := openDesk(t, localShop(t, 0, goods...), Options{Connector: shops})
	d.ready(len(goods))
	closed := false
	end := d.place.Close
	d.place.Close = func() []data.Change { closed = true; return end() }
	shops.open = func(config.Connection) (Place, error) {
		p := placeOf(there, "Till")
		p.Local, p.Name = true, "there"
		return p, nil
	}
	c := config.Connection{Shared: true, Host: "there"}
	if err := d.connected(func(done func(error)) { d.connectTo(c, config.Settings{Counter: "Till"}, done) }); err != nil {
		t.Fatal(err)
	}
	d.ready(1)
	d.until("the shop that was left is closed", func() bool { return closed })
	if len(shops.saved) != 1 || shops.saved[0] != c {
		t.Errorf("kept for the next start: %v", shops.saved)
	}
	if name := d.page.header.who.full; name != "Till" {
		t.Errorf("the window calls this counter %q", name)
	}
}

func TestWindowStaysWhereAShopCannotBeOpened(t *testing.T) {
	shops := &shopsConnector{open: func(config.Connection) (Place, error) { return Place{}, errors.New("no") }}
	d := openDesk(t, localShop(t, 0, goods...), Options{Connector: shops})
	d.ready(len(goods))
	err := d.connected(func(done func(error)) {
		d.connectTo(config.Connection{Shared: true, Host: "there"}, config.Settings{}, done)
	})
	if err == nil || len(shops.saved) > 0 {
		t.Errorf("error %v, kept for the next start: %v", err, shops.saved)
	}
	d.write("espresso")
	d.key(fyne.KeyReturn)
	d.until("the cart takes changes", func() bool { return d.model.state.Cart.Items() == 1 })
}

func TestSameShopIsClosedBeforeItIsOpenedAnew(t *testing.T) {
	store := localShop(t, 0, goods...)
	shops := &shopsConnector{}
	d := openDesk(t, store, Options{Connector: shops})
	d.ready(len(goods))
	d.place.Name = "here"
	closed := false
	end := d.place.Close
	d.place.Close = func() []data.Change { closed = true; return end() }
	shops.open = func(config.Connection) (Place, error) {
		if !closed {
			t.Error("two views of one shop share what waits on the disk")
		}
		p := placeOf(store, "Till")
		p.Local, p.Name = true, "here"
		return p, nil
	}
	d.write("espresso")
	d.key(fyne.KeyReturn)
	d.until("the cart has it", func() bool { return d.model.state.Cart.Items() == 1 && d.unsent().waiting == 0 })
	settings := config.Settings{Counter: "Till", Timeout: time.Hour}
	if err := d.connected(func(done func(error)) { d.applySettings(settings, done) }); err != nil {
		t.Fatal(err)
	}
	d.until("the cart shows again", func() bool { return d.model.state.Cart.Items() == 1 })
	if len(shops.saved) > 0 || len(shops.settings) != 1 || shops.settings[0] != settings {
		t.Errorf("kept: connections %v, settings %v", shops.saved, shops.settings)
	}
}

func TestShopIsNotLeftWithChangesThatWouldBeLost(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	server.Stop()
	d.write("espresso")
	d.key(fyne.KeyReturn)
	d.until("a change waits", func() bool { return d.unsent().waiting == 1 && isDown(d.model.state.Link) })
	err := d.connected(func(done func(error)) { d.connectTo(config.Connection{}, config.Settings{}, done) })
	var sentence sentenceError
	if !errors.As(err, &sentence) {
		t.Errorf("leaving with a change in memory only: %v", err)
	}
}

// movingDesk is a desk in one shop, and its way to another one where it has this
// cart open.
func movingDesk(t *testing.T, cart data.CartID) (*desk, func()) {
	t.Helper()
	there := localShop(t, 0, goods...)
	shops := &shopsConnector{open: func(config.Connection) (Place, error) {
		p := placeOf(there, "Till")
		p.Local, p.Name, p.Carts = true, "there", []data.CartID{cart}
		return p, nil
	}}
	d := openDesk(t, localShop(t, 0, goods...), Options{Connector: shops})
	d.ready(len(goods))
	return d, func() {
		t.Helper()
		err := d.connected(func(done func(error)) {
			d.connectTo(config.Connection{Shared: true, Host: "there"}, config.Settings{}, done)
		})
		if err != nil {
			t.Fatal(err)
		}
		d.ready(len(goods))
	}
}

func TestScansAtAMoveGoIntoTheCartOnScreen(t *testing.T) {
	d, move := movingDesk(t, "elsewhere")
	d.alerts.show(alertSpec{Title: "Moving", Lasting: true, Buttons: []alertButton{{Label: "Close"}}})
	d.scan(milkCode)
	move()
	d.key(fyne.KeyEscape)
	d.shows("1 oat-milk")
	if len(d.tabs) != 1 || d.Window.cart.ID() != "elsewhere" {
		t.Errorf("%d carts are open", len(d.tabs))
	}
}

func TestUnknownCodesAreToldAfterAMove(t *testing.T) {
	d, move := movingDesk(t, "c")
	d.write("esp") // which keeps dialogs back
	d.search.typed = d.model.now()
	d.scan("4711000000000")
	d.until("it was looked up", func() bool { return d.scans.asking })
	move()
	d.search.SetText("")
	d.scan("4712000000000")
	for range 2 {
		d.dialog(textScanUnknown.say())
		d.press("Skip")
	}
}

func TestToastsOfTheShopThatWasLeftGo(t *testing.T) {
	d, move := movingDesk(t, "c")
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.putAside(d.tab)
	d.until("it can be taken up", func() bool { return d.toasts.current != nil && d.toasts.current.label == textTakeUp.say() })
	move()
	if d.toasts.trigger() {
		t.Error("a cart of the other shop can be taken up here")
	}
}

func TestCartStaysOnScreenWhenTheCounterGetsAnotherName(t *testing.T) {
	store := localShop(t, 0, goods...)
	shops := &shopsConnector{}
	d := openDesk(t, store, Options{Connector: shops})
	d.ready(len(goods))
	d.place.Name = "here"
	shops.open = func(config.Connection) (Place, error) {
		p := placeOf(store, "Till")
		p.Local, p.Name, p.Carts = true, "here", []data.CartID{"counter-till"}
		if carts := RememberedCarts(d.app, "here"); len(carts) > 0 {
			p.Carts = carts // as main does
		}
		return p, nil
	}
	d.searchFor("espresso")
	d.shows("1 espresso")
	if err := d.connected(func(done func(error)) { d.applySettings(config.Settings{Counter: "Till"}, done) }); err != nil {
		t.Fatal(err)
	}
	d.shows("1 espresso")
}

func TestWorkHereIsPressedOnce(t *testing.T) {
	opened := 0
	shops := &shopsConnector{}
	d := openDesk(t, localShop(t, 0, goods...), Options{Connector: shops})
	d.ready(len(goods))
	here := localShop(t, 0, goods[:1]...)
	shops.open = func(config.Connection) (Place, error) {
		opened++
		p := placeOf(here, "Till")
		p.Local, p.Name = true, "here"
		return p, nil
	}
	d.connectionAtStart(data.Link{Phase: data.Offline})
	d.press("Work on this computer")
	if !d.alerts.open() {
		t.Fatal("something can be done to the cart that is about to be left")
	}
	d.key(fyne.KeyReturn, fyne.KeyEscape)
	d.ready(1)
	d.until("the dialog is closed", func() bool { return !d.alerts.open() })
	if opened != 1 {
		t.Errorf("opened %d times", opened)
	}
}
