//go:build e2e && linux

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/redistest"
	"trolley/data/sample"
	"trolley/e2e/desk"
)

// The one cart of these tests, and its key on a server.
const (
	cart    = "shared"
	cartKey = "{main}:cart:" + cart
)

// newServer starts a Redis server with the sample products.
func newServer(t *testing.T, args ...string) *redistest.Server {
	t.Helper()
	server := redistest.Start(t, args...)
	store, err := redis.Open(redis.Config{URL: server.URL(), Shop: "main"})
	check(t, err)
	check(t, sample.Load(t.Context(), store))
	check(t, store.Close())
	return server
}

// newCounters opens two counters side by side on the cart of a server.
func newCounters(t *testing.T, server *redistest.Server, env ...string) (first, second *desk.Window) {
	t.Helper()
	const width, height = 1000, 700
	d := newDesk(t, desk.Options{Width: 2*width + 60, Height: height + 60})
	open := func(name string, x int) *desk.Window {
		w := launch(t, d, name, checked, append(env, "TROLLEY_LOG=debug", "TROLLEY_REDIS_URL="+server.URL(),
			"TROLLEY_CART="+cart, "TROLLEY_COUNTER="+name)...)
		check(t, w.Place(x, 40, width, height))
		shows(t, w, "live: 0 lines")
		return w
	}
	return open("counter-1", 10), open("counter-2", width+40)
}

// shows waits until the window has shown a cart, as its log tells it.
func shows(t *testing.T, w *desk.Window, cart string) { t.Helper(); says(t, w, `cart="`+cart) }

// asks waits until the window has opened a dialog with this title.
func asks(t *testing.T, w *desk.Window, title string) { t.Helper(); says(t, w, `title="`+title) }

func says(t *testing.T, w *desk.Window, text string) {
	t.Helper()
	check(t, w.Until(text, func() (bool, error) { return strings.Contains(w.Log(), text), nil }))
}

// enter types a line into the search box.
func enter(t *testing.T, w *desk.Window, line string) {
	t.Helper()
	check(t, w.Key("ctrl+f", "ctrl+a"))
	check(t, w.Enter(line))
}

// awaitScore waits until the server's cart holds so many of a product; ""
// means that it has none.
func awaitScore(t *testing.T, server *redistest.Server, product, want string) {
	t.Helper()
	check(t, desk.Until(product+" is "+want, func() (bool, error) {
		got, err := server.Try("ZSCORE", cartKey, product)
		if got == nil {
			got = ""
		}
		return got == want, err
	}))
}

func TestWhatIsTypedIsInRedisAndAtTheOtherCounter(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server)
	for _, step := range []struct{ line, want, shown string }{
		{"espresso", "1", "live: 1 lines, 1 items, total 2.40"},
		{"3*espresso", "4", "live: 1 lines, 4 items, total 9.60"},
		{"-espresso", "3", "live: 1 lines, 3 items, total 7.20"},
		{"-3*espresso", "", "live: 0 lines, 0 items"},
		{"2*espresso", "2", "live: 1 lines, 2 items, total 4.80"},
	} {
		enter(t, first, step.line)
		awaitScore(t, server, "espresso", step.want)
		shows(t, first, step.shown)
		shows(t, second, step.shown)
	}
}

func TestBothCountersAddAtOnce(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server)
	for range 3 {
		enter(t, first, "2*espresso")
		enter(t, second, "espresso")
	}
	awaitScore(t, server, "espresso", "9")
	shows(t, first, "live: 1 lines, 9 items")
	shows(t, second, "live: 1 lines, 9 items")
}

func TestEditsByHandShowUp(t *testing.T) {
	server := newServer(t)
	first, _ := newCounters(t, server)
	server.Do(t, "ZADD", cartKey, 7, "espresso")
	shows(t, first, "live: 1 lines, 7 items, total 16.80")
	server.Do(t, "HSET", "{main}:product:espresso", "price", 300)
	shows(t, first, "live: 1 lines, 7 items, total 21.00")
}

func TestCartByKeyboardAlone(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server)
	enter(t, first, "espresso")
	enter(t, first, "baguette")
	awaitScore(t, server, "baguette", "1")
	// Into the cart, to its first line: one more, then typed, then removed.
	check(t, first.Key("ctrl+j", "Home", "plus"))
	awaitScore(t, server, "espresso", "2")
	check(t, first.Key("5", "Return"))
	awaitScore(t, server, "espresso", "5")
	shows(t, second, "live: 2 lines, 6 items")
	check(t, first.Key("ctrl+j", "Home", "Delete"))
	awaitScore(t, server, "espresso", "")
	check(t, first.Key("ctrl+f", "ctrl+z"))
	awaitScore(t, server, "espresso", "5")
	check(t, first.Key("ctrl+shift+BackSpace"))
	awaitScore(t, server, "baguette", "")
	shows(t, second, "live: 0 lines, 0 items")
	check(t, first.Key("ctrl+z"))
	awaitScore(t, server, "baguette", "1")
	awaitScore(t, server, "espresso", "5")
}

func TestQuantityThatCannotBeIsPutBack(t *testing.T) {
	server := newServer(t)
	first, _ := newCounters(t, server)
	enter(t, first, "espresso")
	awaitScore(t, server, "espresso", "1")
	for _, nonsense := range []string{"1.5", "10000", "4006381333931", "two"} {
		check(t, first.Key("ctrl+j", "Home", "Return"))
		check(t, first.Enter(nonsense))
	}
	enter(t, first, "baguette") // behind all of them in the same queue
	awaitScore(t, server, "baguette", "1")
	awaitScore(t, server, "espresso", "1")
}

func TestUnknownProductIsToldAndCanBeMadeNew(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server)
	enter(t, first, "moon dust")
	asks(t, first, "No product has this name or code")
	check(t, first.Key("Escape"))
	enter(t, first, "espresso")
	awaitScore(t, server, "espresso", "1")
	if n := server.Do(t, "ZCARD", cartKey); n != int64(1) {
		t.Errorf("%v lines in the cart, want 1", n)
	}
	enter(t, first, "2*moon dust")
	check(t, first.Until("a second dialog", func() (bool, error) {
		return strings.Count(first.Log(), `title="No product has`) == 2, nil
	}))
	check(t, first.Key("Return"))
	asks(t, first, "New product")
	check(t, first.Type("abc")) // the price, first wrong
	check(t, first.Key("Return", "ctrl+a"))
	check(t, first.Enter("12.50"))
	awaitScore(t, server, "moon-dust", "2")
	shows(t, second, "live: 2 lines, 3 items, total 27.40")
}

func TestUnknownProductLikeAKnownOne(t *testing.T) {
	server := newServer(t)
	first, _ := newCounters(t, server)
	enter(t, first, "expresso")
	asks(t, first, "No product has this name or code")
	check(t, first.Key("Return")) // the likest one has the focus
	awaitScore(t, server, "espresso", "1")
}

func TestLineThatSomebodyElseRemoved(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server)
	enter(t, first, "espresso")
	shows(t, second, "live: 1 lines, 1 items")
	// The quantity is being typed while the line goes away.
	check(t, second.Key("ctrl+j", "Home", "4"))
	typesQuantity(t, second)
	removeElsewhere(t, server, "espresso")
	shows(t, second, "live: 0 lines, 0 items")
	check(t, second.Key("Return"))
	asks(t, second, "“Espresso” is no longer in this cart")
	check(t, second.Key("Return"))
	awaitScore(t, server, "espresso", "4")
	// And what never was there cannot be taken out.
	enter(t, first, "-baguette")
	asks(t, first, "“Baguette” is not in this cart")
	check(t, first.Key("Escape"))
	awaitScore(t, server, "baguette", "")
}

// typesQuantity waits until the keys have opened a line's quantity: on a busy
// computer they come later than what happens to the line.
func typesQuantity(t *testing.T, w *desk.Window) {
	t.Helper()
	check(t, w.Until("a quantity is being typed", func() (bool, error) {
		return strings.Contains(w.Log(), `msg="typing a quantity"`), nil
	}))
}

// removeElsewhere removes a line as a third counter. Typing in another window
// would take the focus from the one under test, and so end its edit.
func removeElsewhere(t *testing.T, server *redistest.Server, product data.ProductID) {
	t.Helper()
	store, err := redis.Open(redis.Config{URL: server.URL(), Shop: "main"})
	check(t, err)
	_, err = store.Apply(t.Context(), cart, data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: product, By: "Counter 9"})
	check(t, err)
	check(t, store.Close())
}

func TestServerThatStandsStillLosesAndDoublesNothing(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server)
	server.Pause()
	for n := range 6 {
		enter(t, first, "espresso")
		says(t, first, fmt.Sprintf("%d items, total %d.%02d, %d waiting", n+1, 240*(n+1)/100, 240*(n+1)%100, n+1))
		if n == 0 { // once an outage, at its first edit
			asks(t, first, "The shop cannot be reached")
			check(t, first.Key("Escape"))
		}
	}
	server.Resume()
	awaitScore(t, server, "espresso", "6")
	shows(t, first, "live: 1 lines, 6 items, total 14.40, 0 waiting")
	shows(t, second, "live: 1 lines, 6 items")
	if n := strings.Count(first.Log(), `title="The shop cannot be reached`); n != 1 {
		t.Errorf("the outage was told %d times", n)
	}
}

func TestServerThatIsKilledGetsWhatWaited(t *testing.T) {
	server := newServer(t, "--appendonly", "yes", "--appendfsync", "always")
	first, second := newCounters(t, server)
	enter(t, first, "espresso")
	awaitScore(t, server, "espresso", "1")
	server.Kill()
	says(t, first, `cart="offline: 1 lines`)
	enter(t, first, "3*espresso")
	asks(t, first, "The shop cannot be reached")
	check(t, first.Key("Escape"))
	enter(t, first, "baguette")
	says(t, first, `cart="offline: 2 lines, 5 items, total 11.70, 2 waiting`)
	server.Restart()
	awaitScore(t, server, "espresso", "4")
	awaitScore(t, server, "baguette", "1")
	shows(t, second, "live: 2 lines, 5 items, total 11.70, 0 waiting")
}

func TestCartExpiresAndIsBroughtBackOnce(t *testing.T) {
	server := newServer(t)
	first, second := newCounters(t, server, "TROLLEY_CART_TIMEOUT=8s")
	enter(t, first, "3*espresso")
	shows(t, second, "live: 1 lines, 3 items")
	says(t, first, "live: 0 lines, 0 items, total 0.00, 0 waiting, expired true")
	says(t, second, "live: 0 lines, 0 items, total 0.00, 0 waiting, expired true")
	awaitScore(t, server, "espresso", "")
	// Both bring it back; it comes back once. Ctrl+B is the key of that button.
	check(t, first.Key("ctrl+b"))
	check(t, second.Key("ctrl+b"))
	awaitScore(t, server, "espresso", "3")
}

func TestShopThatCannotBeReachedAtStart(t *testing.T) {
	server := newServer(t)
	server.Stop()
	d := newDesk(t, desk.Options{})
	env := []string{"TROLLEY_LOG=debug", "TROLLEY_REDIS_URL=" + server.URL(), "TROLLEY_CART=" + cart}
	w := launch(t, d, "counter", checked, env...)
	asks(t, w, "The shop cannot be reached")
	server.Restart()
	check(t, w.Key("Return")) // Try again
	shows(t, w, "live: 0 lines")
	check(t, w.Quit())
	server.Stop()
	w = launch(t, d, "counter-again", checked, env...)
	asks(t, w, "The shop cannot be reached")
	check(t, w.Key("Left", "Return")) // Work on this computer
	shows(t, w, "live: 0 lines")
	enter(t, w, "espresso")
	shows(t, w, "live: 1 lines, 1 items")
}

func TestServerThatRefusesAtStart(t *testing.T) {
	server := newServer(t)
	server.Do(t, "CONFIG", "SET", "requirepass", "marker-secret")
	w := launch(t, newDesk(t, desk.Options{}), "counter", checked, "TROLLEY_LOG=debug", "TROLLEY_REDIS_URL="+server.URL(),
		"TROLLEY_REDIS_PASSWORD=not-the-marker")
	asks(t, w, "The shop does not let this counter in")
	check(t, w.Quit())
	if strings.Contains(w.Log(), "not-the-marker") {
		t.Error("the password is in the log")
	}
}

func TestKilledProgramLosesNothing(t *testing.T) {
	folder := t.TempDir()
	w := launch(t, newDesk(t, desk.Options{}), "counter", delivered, "TROLLEY_LOG=debug", "TROLLEY_DATA_DIR="+folder, "TROLLEY_CART="+cart)
	enter(t, w, "3*espresso")
	says(t, w, "3 items, total 7.20, 0 waiting")
	check(t, w.Kill())
	if got := quantity(t, folder, "espresso"); got != 3 {
		t.Errorf("%d in the cart after the crash, want 3", got)
	}
}

// What was done while the server was away is on the disk, and neither a crash nor
// a restart of the program loses or doubles any of it.
func TestProgramKilledWithTwentyWaitingChangesSendsExactlyThose(t *testing.T) {
	server := newServer(t, "--appendonly", "yes", "--appendfsync", "always")
	d := newDesk(t, desk.Options{})
	env := []string{"TROLLEY_LOG=debug", "TROLLEY_REDIS_URL=" + server.URL(), "TROLLEY_CART=" + cart}
	w := launch(t, d, "before", delivered, env...)
	shows(t, w, "live: 0 lines")
	enter(t, w, "espresso")
	awaitScore(t, server, "espresso", "1")
	server.Kill()
	says(t, w, `cart="offline: 1 lines`)
	enter(t, w, "espresso")
	asks(t, w, "The shop cannot be reached")
	check(t, w.Key("Escape"))
	for range 9 {
		enter(t, w, "espresso")
	}
	for range 10 {
		enter(t, w, "2*baguette")
	}
	shows(t, w, "offline: 2 lines, 31 items, total 68.40, 20 waiting")
	check(t, w.Kill())

	w = launch(t, d, "after", delivered, env...)
	says(t, w, "20 waiting")
	server.Restart()
	shows(t, w, "live: 2 lines, 31 items, total 68.40, 0 waiting")
	awaitScore(t, server, "espresso", "11")
	awaitScore(t, server, "baguette", "20")
	if ops := server.Do(t, "KEYS", "{main}:op:"+cart+":*").([]any); len(ops) != 21 {
		t.Errorf("%d changes were made, want 21", len(ops))
	}
}

// quantity returns how many of a product the cart in a folder holds.
func quantity(t *testing.T, folder string, product data.ProductID) int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	store, err := local.Open(ctx, local.Config{Dir: folder, Shop: "main"})
	check(t, err)
	reading, err := store.Read(ctx, cart, data.Token{}, "")
	check(t, err)
	check(t, store.Close())
	line, _ := reading.Cart.Line(product)
	return line.Quantity
}

func TestSettingThatCannotBeUsedIsNamed(t *testing.T) {
	w := launch(t, newDesk(t, desk.Options{}), "counter", delivered, "TROLLEY_CART_TIMEOUT=soon", "TROLLEY_SHOP={main}")
	says(t, w, "TROLLEY_CART_TIMEOUT")
	says(t, w, "TROLLEY_SHOP")
	check(t, w.QuitBy("Return"))
	if code := w.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
}
