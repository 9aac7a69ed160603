//go:build e2e && linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redistest"
	"trolley/e2e/desk"
)

// picturesVariable names a folder in which the day leaves pictures of its
// moments.
const picturesVariable = "TROLLEY_PICTURES"

// day is a day at a counter, by keyboard alone. A till works on the same shop.
type day struct {
	*testing.T
	server   *redistest.Server
	network  *redistest.Proxy // between the window and the server
	window   *desk.Window
	till     *data.Shop
	tillCart *data.Session
	pictures int
}

func TestDayByKeyboardAlone(t *testing.T) {
	d := &day{T: t, server: newServer(t, "--appendonly", "yes")}
	d.network = redistest.NewProxy(t, d.server.Addr)
	d.open()
	for _, part := range []struct {
		name string
		do   func()
	}{
		{"scan", d.scan},
		{"change", d.change},
		{"take-out", d.takeOut},
		{"name", d.name},
		{"till", d.seeTheTill},
		{"aside", d.putAside},
		{"tabs", d.switchTabs},
		{"outage", d.workThroughOutage},
		{"conflict", d.answerConflict},
		{"activity", d.restoreFromActivity},
		{"checkout", d.checkOut},
		{"history", d.lookIntoHistory},
		{"keys", d.readKeys},
	} {
		t.Log(part.name)
		part.do()
		d.picture(part.name)
	}
	d.quit()
}

func (d *day) open() {
	server := openStore(d.T, d.server)
	d.till = data.OpenShop(server, data.Options{Counter: "Till"})
	d.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), desk.Patience)
		defer cancel()
		d.till.Close(ctx)
	})
	screen := newDesk(d.T, desk.Options{Width: 1140, Height: 800})
	d.window = launch(d.T, screen, "counter-1", delivered, "TROLLEY_LOG=debug", "TROLLEY_REDIS_URL="+d.network.URL(),
		"TROLLEY_CART="+cart, "TROLLEY_COUNTER=counter-1")
	check(d.T, d.window.Place(10, 40, 1100, 720))
	shows(d.T, d.window, "live: 0 lines")
}

// press presses keys; enter types a line into the field that has the focus.
func (d *day) press(keys ...string) { d.Helper(); check(d.T, d.window.Key(keys...)) }

func (d *day) enter(line string) { d.Helper(); check(d.T, d.window.Enter(line)) }

func (d *day) search(line string) { d.Helper(); enter(d.T, d.window, line) }

func (d *day) await(product, want string) { d.Helper(); awaitScore(d.T, d.server, product, want) }

// asked waits for the next dialog with this in its title.
func (d *day) asked(title string) { d.Helper(); asks(d.T, d.window, title) }

// onScreen waits until a cart is on screen, by what it is called.
func (d *day) onScreen(title string) {
	d.Helper()
	check(d.T, d.window.Until(title+" is on screen", func() (bool, error) {
		got, err := d.window.Title()
		return strings.HasSuffix(got, title), err
	}))
}

// picture keeps how the window looks now, if a folder was named for it.
func (d *day) picture(name string) {
	folder := os.Getenv(picturesVariable)
	if folder == "" {
		return
	}
	d.pictures++
	check(d.T, os.MkdirAll(folder, 0o755))
	check(d.T, d.window.Still())
	check(d.T, d.window.Picture(filepath.Join(folder, fmt.Sprintf("%02d-%s.png", d.pictures, name))))
}

func (d *day) scan() {
	check(d.T, d.window.Scan(15*time.Millisecond, "2004000001485", "2004000001485"))
	d.await("beans-250", "2")
	d.search("espresso")
	d.await("espresso", "1")
}

func (d *day) change() {
	d.press("F2", "F6", "Home", "plus")
	d.await("beans-250", "3")
	d.press("5", "Return")
	d.await("beans-250", "5")
}

func (d *day) takeOut() {
	d.search("-espresso")
	d.await("espresso", "")
	d.press("ctrl+z")
	d.await("espresso", "1")
	d.press("ctrl+shift+z")
	d.await("espresso", "")
	d.press("ctrl+z")
	d.await("espresso", "1")
}

func (d *day) name() {
	d.press("ctrl+e")
	d.asked("Name of this cart")
	d.enter("Anna")
	d.onScreen("Anna")
}

// seeTheTill has the till open the cart and add to it. Both are told who else is
// there.
func (d *day) seeTheTill() {
	d.tillCart = d.till.Open(cart)
	check(d.T, desk.Until("the till is told of the counter", func() (bool, error) {
		here, there := (<-d.till.Listings()).Cart(cart)
		return there && slices.Contains(d.till.Others(here), "counter-1"), nil
	}))
	d.submit(data.Change{Kind: data.KindAdd, Product: "chai", Quantity: 2})
	shows(d.T, d.window, "live: 3 lines, 8 items")
}

func (d *day) submit(c data.Change) {
	d.Helper()
	_, err := d.tillCart.Submit(c)
	check(d.T, err)
}

// putAside leaves the cart to the shop, works on a new one, and takes the old
// one up from the list.
func (d *day) putAside() {
	d.press("ctrl+w")
	shows(d.T, d.window, "live: 0 lines")
	d.search("3*doppio")
	says(d.T, d.window, "live: 1 lines, 3 items")
	d.press("ctrl+o")
	d.asked("Open carts")
	d.enter("anna")
	d.onScreen("Anna")
}

func (d *day) switchTabs() {
	d.press("ctrl+1")
	check(d.T, d.window.Until("the other cart is on screen", func() (bool, error) {
		title, err := d.window.Title()
		return !strings.HasSuffix(title, "Anna"), err
	}))
	d.press("ctrl+2")
	d.onScreen("Anna")
	d.press("ctrl+Tab", "ctrl+shift+Tab")
	d.onScreen("Anna")
}

// workThroughOutage edits while the server is away, and meanwhile the till
// changes the same line.
func (d *day) workThroughOutage() {
	d.network.Refuse()
	says(d.T, d.window, `cart="offline: 3 lines`)
	d.search("2*americano")
	d.asked("The shop cannot be reached")
	d.press("Escape")
	d.press("ctrl+f", "ctrl+j", "Home", "9", "Return")
	says(d.T, d.window, "offline: 4 lines, 14 items, total 95.50, 2 waiting")
	d.submit(data.Change{Kind: data.KindSet, Product: "beans-250", Quantity: 7, Seen: 5})
	d.await("beans-250", "7")
}

// answerConflict lets the server back in. What was added is there; what both
// have changed is asked about.
func (d *day) answerConflict() {
	d.network.Resume()
	d.await("americano", "2")
	says(d.T, d.window, "of the waiting changes could not be made")
	d.picture("conflict-asked")
	d.press("Right", "Return") // Use 9
	d.await("beans-250", "9")
}

func (d *day) restoreFromActivity() {
	// The pictures of the order that follows tell of no change on its way.
	after(d.T, d.window, "live: 4 lines, 14 items, total 95.50, 0 waiting", func() {
		d.search("-2*americano")
		d.await("americano", "")
		d.press("ctrl+l")
		d.asked("What was done in “Anna”")
		d.picture("activity-asked")
		check(d.T, d.window.Type("americano"))
		for _, key := range []string{"Up", "Return"} { // the newest of them
			check(d.T, d.window.Still())
			d.press(key)
		}
		d.await("americano", "2")
	})
	d.press("Escape", "Escape") // what was typed, then the list
}

func (d *day) checkOut() {
	d.press("ctrl+f", "F9")
	d.asked("Check out")
	d.picture("checkout-asked")
	d.press("Return")
	d.await("beans-250", "")
	check(d.T, desk.Until("the order is in the shop", func() (bool, error) {
		orders, err := d.till.Past(d.Context(), true, time.Time{})
		return len(orders) == 1 && orders[0].Cart.Name == "Anna" && orders[0].Cart.Items() == 14, err
	}))
	shows(d.T, d.window, "live: 0 lines")
}

func (d *day) lookIntoHistory() {
	d.press("ctrl+h")
	d.asked("History of the shop")
	d.picture("history-asked")
	d.press("Escape")
}

func (d *day) readKeys() {
	d.press("F1")
	d.asked("Keyboard shortcuts")
	d.picture("keys-asked")
	d.press("Escape")
}

func (d *day) quit() {
	check(d.T, d.window.QuitBy("ctrl+q"))
	if code := d.window.ExitCode(); code != 0 {
		d.Errorf("exit code %d", code)
	}
}
