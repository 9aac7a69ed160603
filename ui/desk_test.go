package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
	"trolley/data/local"
	"trolley/data/sample"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// hurried sessions ask all the time.
var hurried = data.Pace{Poll: 30 * time.Millisecond, Reread: 100 * time.Millisecond, Catalogue: 100 * time.Millisecond, Attempt: time.Second}

// goods are the products of most tests.
var goods = []data.Product{
	{ID: "espresso", Name: "Espresso", Price: 240, Stock: data.Unlimited},
	{ID: "doppio", Name: "Doppio", Price: 310, Stock: data.Unlimited},
	{ID: "espresso-beans", Name: "Espresso Beans 250 g", Price: 890, Barcode: "2004000001485", Stock: data.Unlimited},
	{ID: "latte", Name: "Caffè Latte", Price: 390, Stock: data.Unlimited},
	{ID: "oat-milk", Name: "Oat Milk 1 l", Price: 269, Barcode: "2004000008330", Stock: data.Unlimited},
}

// desk is a counter's window on a real shop. The test's goroutine is its UI
// goroutine: what other goroutines have for it is done while the test waits.
type desk struct {
	*Window
	t     *testing.T
	store data.Backend
	loop  chan func()
	said  []string     // all that toasts have said
	left  bool         // the window was closed
	keys  *typingClock // when keys come; by hand, unless a test scans
}

// localShop makes a shop in a file, with these products in it.
func localShop(t *testing.T, timeout time.Duration, products ...data.Product) *local.Store {
	t.Helper()
	s, err := local.Open(t.Context(), local.Config{Dir: t.TempDir(), Shop: "main", Timeout: timeout})
	if err != nil {
		t.Fatalf("open the shop: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the shop: %v", err)
		}
	})
	stock(t, s, products...)
	return s
}

func stock(t *testing.T, b data.Backend, products ...data.Product) {
	t.Helper()
	for _, p := range products {
		if err := b.CreateProduct(t.Context(), p); err != nil {
			t.Fatalf("put %s on the shelf: %v", p.ID, err)
		}
	}
}

// placeOf opens the cart "c" of a store at a counter.
func placeOf(b data.Backend, counter string) Place {
	s := data.OpenShop(b, data.Options{Counter: counter, Pace: hurried})
	end := func() []data.Change {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // what waits is the test's business
		return s.Close(ctx)
	}
	return Place{Shop: OpenShop(s), Carts: []data.CartID{"c"}, Close: end,
		LoadSamples: func(ctx context.Context) error { return sample.Load(ctx, b) }}
}

// openDesk shows the window of a counter on a store, as Run does.
func openDesk(t *testing.T, b data.Backend, o Options) *desk {
	t.Helper()
	o.Place = placeOf(b, "Counter 1")
	o.Place.Local = o.Connector == nil
	d := deskOf(t, dress(t, theme.VariantLight), o)
	d.store = b
	return d
}

// deskOf is the window of an app, as openDesk makes it.
func deskOf(t *testing.T, app fyne.App, o Options) *desk {
	t.Helper()
	d := &desk{t: t, loop: make(chan func(), 64)}
	d.Window = New(app, o)
	d.async = func(f func()) { d.post(f) }
	d.sync = func(f func()) {
		done := make(chan struct{})
		if d.post(func() { f(); close(done) }) {
			select {
			case <-done:
			case <-d.ctx.Done():
			}
		}
	}
	d.toasts.after = func(time.Duration, func()) func() { return func() {} }
	d.keys = newTypingClock()
	d.watch.scanner, d.watch.stall = scanner{now: d.keys.now, rules: usualRules}, nil
	d.win.SetOnClosed(func() { d.left = true })
	d.start()
	t.Cleanup(func() {
		d.end()
		d.place.Close()
	})
	return d
}

// post hands f to the test's goroutine; false: the window has ended.
func (d *desk) post(f func()) bool {
	select {
	case d.loop <- f:
		return true
	case <-d.ctx.Done():
		return false
	}
}

// openShop is openDesk on a new local shop with the goods, once they show.
func openShop(t *testing.T) *desk {
	t.Helper()
	d := openDesk(t, localShop(t, 0, goods...), Options{})
	d.ready(len(goods))
	return d
}

func (d *desk) ready(products int) {
	d.t.Helper()
	d.until("the shop is open", func() bool {
		return d.model.state.Loaded && d.model.state.Catalogue.Len() == products && d.model.state.Link.Phase == data.Live
	})
}

// until does what there is for the UI goroutine until cond holds.
func (d *desk) until(what string, cond func() bool) {
	d.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	look := time.NewTicker(10 * time.Millisecond) // cond may ask the store
	defer look.Stop()
	for !cond() {
		select {
		case f := <-d.loop:
			f()
		case <-look.C:
		case <-deadline.C:
			d.t.Fatalf("not seen in time: %s; %s", what, d.picture())
		}
		d.hear()
	}
}

// hear notes what the toast says and makes room for the next one, except for
// one with a button.
func (d *desk) hear() {
	for t := d.toasts; t.current != nil && (len(d.said) == 0 || d.said[len(d.said)-1] != t.current.text); {
		d.said = append(d.said, t.current.text)
		if t.current.label == "" {
			t.next()
		}
	}
}

// picture tells in words what the window shows.
func (d *desk) picture() string {
	dialog := "none"
	if d.alerts.open() {
		dialog = d.alerts.current.spec.Title
	}
	return fmt.Sprintf("cart [%s], %d waiting, link %s %s, dialog %q, said %q",
		d.cart(), len(d.model.state.Waiting), d.model.state.Link.Phase, d.model.state.Link.Fault, dialog, d.said)
}

// cart is what the cart shows, as in "2 espresso, 1 latte".
func (d *desk) cart() string { return brief(d.model.state.Cart) }

func brief(c data.Cart) string {
	var parts []string
	for _, l := range c.Lines {
		parts = append(parts, fmt.Sprintf("%d %s", l.Quantity, l.Product.ID))
	}
	return strings.Join(parts, ", ")
}

// shows waits until the cart on the screen is this one and nothing waits.
func (d *desk) shows(cart string) {
	d.t.Helper()
	d.until("the cart is "+cart, func() bool { return d.cart() == cart && len(d.model.state.Waiting) == 0 })
}

// stored is the cart in the store, when all this counter asked for is done.
func (d *desk) stored() string {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	d.Window.cart.(*data.Session).Drain(ctx)
	r, err := d.store.Read(ctx, "c", data.Token{}, "")
	if err != nil {
		d.t.Fatalf("read the cart: %v", err)
	}
	return brief(r.Cart)
}

// expectStored fails unless the store's cart is this one.
func (d *desk) expectStored(want string) {
	d.t.Helper()
	if got := d.stored(); got != want {
		d.t.Errorf("the store holds [%s], want [%s]", got, want)
	}
}

// key presses keys, where the focus is.
func (d *desk) key(names ...fyne.KeyName) {
	for _, name := range names {
		e := &fyne.KeyEvent{Name: name}
		if f := d.win.Canvas().Focused(); f != nil {
			f.TypedKey(e)
		} else if h := d.win.Canvas().OnTypedKey(); h != nil {
			h(e)
		}
	}
	d.hear()
}

// write types a text, where the focus is.
func (d *desk) write(text string) {
	for _, r := range text {
		if f := d.win.Canvas().Focused(); f != nil {
			f.TypedRune(r)
		} else if h := d.win.Canvas().OnTypedRune(); h != nil {
			h(r)
		}
	}
}

// search types in the search box and presses Enter.
func (d *desk) searchFor(text string) {
	d.focusSearch()
	d.write(text)
	d.key(fyne.KeyReturn)
}

// menuItem does what a command of the main menu does.
func (d *desk) menuItem(label string) {
	d.t.Helper()
	for _, m := range d.win.MainMenu().Items {
		for _, i := range m.Items {
			if i.Label == label {
				i.Action()
				d.hear()
				return
			}
		}
	}
	d.t.Fatalf("the menu has no %q", label)
}

// dialog waits for the dialog with this title.
func (d *desk) dialog(title string) {
	d.t.Helper()
	d.until("the dialog "+title, func() bool { return d.alerts.open() && d.alerts.current.spec.Title == title })
}

// noDialog fails when one is open.
func (d *desk) noDialog() {
	d.t.Helper()
	if d.alerts.open() {
		d.t.Errorf("the dialog %q is open", d.alerts.current.spec.Title)
	}
}

// press clicks a button of the open dialog.
func (d *desk) press(label string) {
	d.t.Helper()
	for _, p := range d.alerts.current.pushes {
		if p.Text == label {
			test.Tap(p)
			return
		}
	}
	d.t.Fatalf("the dialog %q has no button %q", d.alerts.current.spec.Title, label)
}

// line is the row of a product in the cart.
func (d *desk) line(id data.ProductID) *lineRow {
	d.t.Helper()
	r, ok := d.lines.rows[id].(*lineRow)
	if !ok {
		d.t.Fatalf("the cart has no row for %s; %s", id, d.picture())
	}
	return r
}

// product is the row of a product on the left.
func (d *desk) product(id data.ProductID) *productRow {
	d.t.Helper()
	r, ok := d.products.rows[id].(*productRow)
	if !ok {
		d.t.Fatalf("the list has no row for %s", id)
	}
	return r
}

// typeQuantity writes into a cart line's spinner, without Enter.
func (d *desk) typeQuantity(id data.ProductID, text string) {
	d.t.Helper()
	d.win.Canvas().Focus(d.line(id).amount.Focusable())
	d.write(text)
}

// expectSaid waits for a toast with these words.
func (d *desk) expectSaid(words string) {
	d.t.Helper()
	d.until("a toast that says "+words, func() bool {
		return slices.ContainsFunc(d.said, func(s string) bool { return strings.Contains(s, words) })
	})
}

// expectFocusInSearch fails unless typing goes to the search box.
func (d *desk) expectFocusInSearch() {
	d.t.Helper()
	if f := d.win.Canvas().Focused(); f != fyne.Focusable(d.search) {
		d.t.Errorf("the focus is on %T", f)
	}
}

// join opens the same cart at another counter, without a window.
func (d *desk) join(counter string) *data.Session {
	s := data.Open(d.store, data.Options{Cart: "c", Counter: counter, Pace: hurried})
	d.t.Cleanup(func() { s.Close() })
	return s
}

// by makes a change at another counter.
func (d *desk) by(other *data.Session, c data.Change) {
	d.t.Helper()
	if _, err := other.Submit(c); err != nil {
		d.t.Fatalf("%s: %v", other.Counter(), err)
	}
}
