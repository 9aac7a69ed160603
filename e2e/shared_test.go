//go:build e2e && linux

package e2e

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redistest"
	"trolley/data/sample"
	"trolley/e2e/desk"
)

// newLoneCounter opens a counter on the cart of a server, on a screen of its
// own: so two of them can be typed in at the same time.
func newLoneCounter(t *testing.T, server *redistest.Server, name string, env ...string) *desk.Window {
	t.Helper()
	const width, height = 1000, 700
	d := newDesk(t, desk.Options{Width: width + 20, Height: height + 60})
	w := launch(t, d, name, delivered, append(env, "TROLLEY_LOG=debug", "TROLLEY_REDIS_URL="+server.URL(),
		"TROLLEY_CART="+cart, "TROLLEY_COUNTER="+name)...)
	check(t, w.Place(10, 40, width, height))
	shows(t, w, "live: 0 lines")
	return w
}

// editing is how long the counters are edited at random.
const editing = 12 * time.Second

func TestTwoCountersEditAtRandomAndNothingIsLost(t *testing.T) {
	seed := redistest.Seed(t)
	server := newServer(t)
	r := keepRecord(t, server)
	hands := make([]*hand, 2)
	for i := range hands {
		name := fmt.Sprintf("counter-%d", i+1)
		hands[i] = &hand{window: newLoneCounter(t, server, name, "TROLLEY_CART_TIMEOUT=0"), name: name,
			rng: rand.New(rand.NewPCG(seed, uint64(i))), tidies: i == 0}
	}
	until := time.Now().Add(redistest.Duration(t, editing))
	var working sync.WaitGroup
	for _, h := range hands {
		working.Go(func() { h.work(until) })
	}
	working.Wait()
	for _, h := range hands {
		check(t, h.failed)
		expectShown(t, h.window, r)
		t.Logf("%s did %v", h.name, h.done)
	}
	r.expectWhole(t)
	for _, h := range hands {
		r.expectAccountOf(t, h.name, h.window)
	}
}

// expectShown waits until the window shows the cart as it is stored.
func expectShown(t *testing.T, w *desk.Window, r *record) {
	t.Helper()
	var want string
	err := w.Until("the window shows what is stored", func() (bool, error) {
		c := r.stored(t)
		sum, _ := c.Total()
		want = fmt.Sprintf("live: %d lines, %d items, total %s, 0 waiting, expired false", len(c.Lines), c.Items(), sum)
		return lastShown(w) == want, nil
	})
	if err != nil {
		t.Fatalf("%v: it shows %q, stored is %q", err, lastShown(w), want)
	}
}

// hand works at a window at random, as a restless person would. It draws from
// the same few products as the other hand, so that they meet.
type hand struct {
	window *desk.Window
	name   string
	rng    *rand.Rand
	tidies bool // also clears the cart and puts it aside; one hand only, or a cart would be empty when it is put aside
	done   map[string]int
	failed error
}

// act is one thing that a hand does, and how often compared with the others.
type act struct {
	name  string
	often int
	do    func() error
}

func (h *hand) acts() []act {
	all := []act{
		{"add", 6, func() error { return h.window.Enter(h.product()) }},
		{"add some", 3, func() error { return h.window.Enter(fmt.Sprintf("%d*%s", 2+h.rng.IntN(8), h.product())) }},
		{"scan", 4, func() error { return h.window.Scan(15*time.Millisecond, h.barcode()) }},
		{"take", 2, func() error { return h.window.Enter("-" + h.product()) }},
		{"one more", 5, func() error { return h.onLine("plus") }},
		{"one fewer", 4, func() error { return h.onLine("minus") }},
		{"type", 4, func() error { return h.onLine(fmt.Sprint(1+h.rng.IntN(9)), "Return") }},
		{"remove", 2, func() error { return h.onLine("Delete") }},
		{"undo", 4, func() error { return h.window.Key("ctrl+z") }},
		{"redo", 2, func() error { return h.window.Key("ctrl+shift+z") }},
	}
	if h.tidies {
		return append(all, act{"clear", 1, func() error { return h.window.Key("ctrl+shift+BackSpace") }},
			act{"put aside and take up", 1, h.putAsideAndTakeUp})
	}
	return append(all, act{"look into another cart", 1, func() error { return h.leaveAnd("ctrl+n", "ctrl+w") }})
}

// work does one thing after another until the time is over. Whatever dialog the
// last one has brought up is closed before the next.
func (h *hand) work(until time.Time) {
	h.done = map[string]int{}
	var draw []act
	for _, a := range h.acts() {
		for range a.often {
			draw = append(draw, a)
		}
	}
	for time.Now().Before(until) && h.failed == nil {
		a := draw[h.rng.IntN(len(draw))]
		h.done[a.name]++
		if err := errors.Join(h.window.Key("Escape", "ctrl+f", "Escape"), a.do()); err != nil {
			h.failed = fmt.Errorf("%s, %s: %w", h.name, a.name, err)
		}
	}
	if h.failed == nil {
		h.failed = h.finish()
	}
}

// finish adds a product that no hand draws: when that was taken, so was every
// key before it. A dialog that comes up meanwhile may swallow it.
func (h *hand) finish() error {
	const last = "mint-tea"
	var pressed time.Time
	return h.window.Until("the last key was taken", func() (bool, error) {
		if strings.Contains(h.window.Log(), "kind=add product="+last) {
			return true, nil
		}
		if time.Since(pressed) < desk.Patience/3 {
			return false, nil
		}
		pressed = time.Now()
		return false, errors.Join(h.window.Key("Escape", "ctrl+f", "Escape"), h.window.Enter(last))
	})
}

// product draws one that never runs out.
func (h *hand) product() string {
	few := []string{"espresso", "chai", "americano", "doppio"}
	return few[h.rng.IntN(len(few))]
}

// barcode draws one of a product of which there are several.
func (h *hand) barcode() string {
	var codes []string
	for _, p := range sample.Products() {
		if p.Barcode != "" && p.Stock == data.Unlimited {
			codes = append(codes, p.Barcode)
		}
	}
	return codes[h.rng.IntN(len(codes))]
}

// onLine presses keys on one of the first lines of the cart.
func (h *hand) onLine(keys ...string) error {
	way := []string{"ctrl+j", "Home"}
	for range h.rng.IntN(4) {
		way = append(way, "Down")
	}
	return h.window.Key(append(way, keys...)...)
}

// putAsideAndTakeUp closes the cart's tab and opens it again at once. Something
// is put in before: a cart without lines would not be taken up again.
func (h *hand) putAsideAndTakeUp() error {
	if err := h.window.Enter("2*" + h.product()); err != nil {
		return err
	}
	return h.leaveAnd("ctrl+w", "ctrl+shift+t")
}

// leaveAnd presses keys that leave the cart and come back to it.
func (h *hand) leaveAnd(keys ...string) error {
	if err := h.window.Key(keys...); err != nil {
		return err
	}
	return h.window.Until("the cart is back on screen", func() (bool, error) {
		title, err := h.window.Title()
		return strings.HasSuffix(title, " "+cart), err
	})
}

// What is typed at one counter stays as typed whatever the other one does.
func TestTypingIsNeverDisturbedByTheOtherCounter(t *testing.T) {
	server := newServer(t)
	first, second := newLoneCounter(t, server, "counter-1"), newLoneCounter(t, server, "counter-2")
	enter(t, first, "espresso")
	shows(t, second, "live: 1 lines, 1 items")
	check(t, first.Key("ctrl+f", "ctrl+j", "Home", "4"))
	typesQuantity(t, first)
	// The line changes below the cursor, and another one comes.
	enter(t, second, "2*espresso")
	enter(t, second, "chai")
	shows(t, first, "live: 2 lines, 4 items")
	check(t, first.Key("2", "Return"))
	asks(t, first, "counter-2 changed this quantity too")
	check(t, first.Key("Left", "Return")) // Use 42
	awaitScore(t, server, "espresso", "42")
	shows(t, second, "live: 2 lines, 43 items")
}

// So does what is typed in the search box.
func TestSearchIsNeverDisturbedByTheOtherCounter(t *testing.T) {
	server := newServer(t)
	first, second := newLoneCounter(t, server, "counter-1"), newLoneCounter(t, server, "counter-2")
	check(t, first.Key("ctrl+f"))
	check(t, first.Type("3*ameri"))
	for _, line := range []string{"espresso", "4*chai", "-2*chai"} {
		enter(t, second, line)
	}
	shows(t, first, "live: 2 lines, 3 items")
	check(t, first.Enter("cano"))
	awaitScore(t, server, "americano", "3")
	shows(t, second, "live: 3 lines, 6 items")
}

// A menu that is open stays so, although other commands can be used by then.
func TestMenuStaysOpenWhileTheOtherCounterWorks(t *testing.T) {
	server := newServer(t)
	first, second := newLoneCounter(t, server, "counter-1"), newLoneCounter(t, server, "counter-2")
	check(t, first.Key("Alt_L"))
	enter(t, second, "espresso")
	enter(t, second, "2*chai")
	shows(t, first, "live: 2 lines, 3 items")
	check(t, first.Key("Up", "Up", "Return")) // the last but one of the first menu
	asks(t, first, "Add another counter")
}
