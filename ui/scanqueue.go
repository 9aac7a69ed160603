package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
	"trolley/ui/sound"
)

// The preferences of scans.
const (
	prefScanLength = "scan characters"
	prefScanPerKey = "scan milliseconds per key"
	prefScanLayout = "scan layout" // the id of a scanLayout; empty: as it comes
)

// What is said about a scan that no product answers to.
const (
	textScanUnknown       phrase = "No product has this barcode"
	textScanUnknownBody   phrase = "{code} is not in the catalogue."
	textScanUnknownUnsure phrase = "{code} is not in the catalogue. The shop cannot be asked at the moment, so another counter may know it."
	textScanSkip          phrase = "Skip"
	textScanAdd           phrase = "Add as new product…"
	textScanDamaged       phrase = "{code} cannot be sold"
	textScanClose         phrase = "Close"
)

var textScannedTimes = plural{"Scanned once.", "Scanned {n} times."}

// watchScans makes the window hear scans.
func (w *Window) watchScans() {
	w.scans, w.unknown = &scanQueue{window: w}, &unknownCodes{window: w}
	stall := &stallMeter{async: func(f func()) { w.async(f) }, begin: func(beat func(<-chan struct{})) {
		w.goDo(func() { beat(w.ctx.Done()) })
	}}
	w.watch = &scanWatch{scanner: scanner{now: time.Now, held: stall.held, lead: stall.lead}, stall: stall, onScan: w.scanned, remember: w.rememberTyping}
	w.watch.scanner.rules = w.scanRules()
	w.alerts.watch = w.watch
	w.alerts.OnFree = func() {
		w.scans.run()
		if len(w.asks) > 0 {
			w.askNow()
		}
	}
}

// scanRules are those of the preferences, or the usual ones.
func (w *Window) scanRules() scanRules {
	p, usual := w.app.Preferences(), usualRules
	n := p.IntWithFallback(prefScanLength, usual.Length)
	ms := p.IntWithFallback(prefScanPerKey, int(usual.PerKey/time.Millisecond))
	return scanRules{Length: max(1, n), PerKey: min(time.Duration(max(1, ms))*time.Millisecond, slowestScans)}
}

// setScanRules keeps rules and uses them from now on.
func (w *Window) setScanRules(r scanRules) {
	p := w.app.Preferences()
	p.SetInt(prefScanLength, r.Length)
	p.SetInt(prefScanPerKey, int(r.PerKey/time.Millisecond))
	w.watch.scanner.rules = r
}

// rememberTyping returns what brings back the focus, the field that has it, and
// what typing in the search box changes.
func (w *Window) rememberTyping() scanOrigin {
	focus := w.win.Canvas().Focused()
	field, isField := focus.(rememberer)
	_, isSearch := focus.(*searchBox)
	search := !w.alerts.open() && (isSearch || !isField)
	backSearch, backField := func() {}, func() {}
	if search {
		backSearch = w.rememberSearch()
	} else if isField {
		backField = field.remember()
	}
	var taken func(string) bool
	if entry, ok := focus.(*formEntry); ok {
		taken = entry.onScan
	}
	return scanOrigin{Search: search, taken: taken, back: func() {
		w.returnFocus(focus)
		backSearch()
		backField()
	}}
}

// rememberSearch returns what brings back the search box and the products it
// shows.
func (w *Window) rememberSearch() func() {
	text, back := w.search.Text, w.search.remember()
	chosen, offset := w.products.selected, w.products.scroll.Offset
	return func() {
		filtered := w.search.Text != text
		back()
		if filtered { // which has shown the list from its top
			w.products.sel(chosen)
			w.products.scroll.ScrollToOffset(offset)
			w.products.arrange(false)
		}
	}
}

// returnFocus gives the focus back to what had it. A quantity that was opened
// meanwhile is not taken for one that somebody typed.
func (w *Window) returnFocus(to fyne.Focusable) {
	c := w.win.Canvas()
	now := c.Focused()
	if now == to {
		return
	}
	if opened, ok := now.(*spinnerEntry); ok {
		opened.spinner.cancel()
	}
	if to == nil {
		c.Unfocus()
		return
	}
	c.Focus(to)
}

// scanned queues a scan. A quantity that waits in the search box for its
// product, as in "3*", is used up by it. The log is told of it, but not the code:
// it can be a word that somebody typed in a hurry.
func (w *Window) scanned(code string, from scanOrigin) {
	w.log.Debug("scanned", "characters", utf8.RuneCountInString(code), "search", from.Search, "dialog", w.alerts.open())
	w.search.typed = w.model.now()
	order := scanOrder{tab: w.tab, quantity: 1}
	order.code = strings.TrimSpace(layoutOf(w.app.Preferences().String(prefScanLayout)).correct(code))
	if order.code == "" || from.taken != nil && from.taken(order.code) {
		return
	}
	if from.Search {
		req, err := parseEntry(w.search.Text, w.cart.Limits().Quantity)
		if errors.Is(err, errProductAwaited) {
			order.quantity, order.take = req.Quantity, req.Take
			w.search.SetText("")
		}
	}
	w.scans.push(order)
}

// scanOrder is what a scan asks for.
type scanOrder struct {
	tab      *tab // the cart that was on screen
	code     string
	quantity int64 // 1 or more
	take     bool  // take that many out instead of adding them
}

// scanQueue carries scans out one after another. They wait while an alert is
// open: what it asks may decide about the next one.
type scanQueue struct {
	window  *Window
	orders  []scanOrder
	busy    bool           // one is being looked up
	unknown []*unknownScan // to be told, the first one perhaps on the screen
	asking  bool           // the first one is about to be told
}

// push takes a scan in. One that is told as unknown already counts there.
func (q *scanQueue) push(o scanOrder) {
	if u := q.unknownOf(o); u != nil && !o.take {
		u.raise(o.quantity)
		q.window.tone(sound.Look)
		return
	}
	if q.window.unknown.heard(o) {
		return
	}
	q.orders = append(q.orders, o)
	q.run()
}

func (q *scanQueue) unknownOf(o scanOrder) *unknownScan {
	for _, u := range q.unknown {
		if u.code == o.code && u.tab == o.tab && !u.answered {
			return u
		}
	}
	return nil
}

// run carries out what can be carried out now.
func (q *scanQueue) run() {
	for !q.busy && len(q.orders) > 0 && !q.window.alerts.open() {
		o := q.orders[0]
		q.orders = q.orders[1:]
		q.carryOut(o)
	}
	if q.due() != nil && !q.asking && !q.window.alerts.open() {
		q.asking = true
		q.window.ask(q.tellUnknown)
	}
}

// due returns the first unknown code of the cart on screen. Those of other
// carts are told when these are back on screen, as what is done about them goes
// into the cart on screen.
func (q *scanQueue) due() *unknownScan {
	var first *unknownScan
	for _, u := range q.unknown {
		switch {
		case u.tab == q.window.tab && first == nil:
			first = u
		case u.tab != q.window.tab && !u.held:
			u.held = true
			u.tab.held = append(u.tab.held, func() {
				u.held = false
				q.run()
			})
		}
	}
	return first
}

func (q *scanQueue) carryOut(o scanOrder) {
	w := q.window
	p, known := w.model.state.Catalogue.Find(o.code)
	_, inCart := w.model.state.Cart.Line(data.ProductID(o.code))
	switch {
	case o.take && o.tab == w.tab && (known || inCart):
		w.take(entryRequest{Quantity: o.quantity, Take: true, Text: o.code})
		w.tone(sound.Taken)
	case o.take:
		w.tone(sound.Look)
		w.nothingToTake(o.code)
	case known:
		q.add(o.tab, p, o.quantity)
	default:
		q.lookUp(o)
	}
}

func (q *scanQueue) add(t *tab, p data.Product, n int64) {
	if p.Damaged != "" {
		q.window.tone(sound.Look)
		q.show(alertSpec{Title: textScanDamaged.with("code", quoted(string(p.ID))), Body: textDamagedProduct(p) + ".",
			Buttons: []alertButton{{Label: textScanClose.say(), Role: rolePrimary}}})
		return
	}
	q.window.addTo(t, p, n)
	q.window.tone(sound.Taken)
}

// show opens an alert that gives the focus back to whatever has it: a scan
// moves nobody.
func (q *scanQueue) show(spec alertSpec) *alert {
	spec.Return = q.window.win.Canvas().Focused()
	return q.window.alerts.show(spec)
}

// lookUp asks the shop for a code that this computer does not know.
func (q *scanQueue) lookUp(o scanOrder) {
	w := q.window
	shop, cart, known := w.place.Shop, o.tab.cart, o.tab.model.state.Catalogue
	q.busy = true
	queued := w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		found, err := cart.Lookup(ctx, o.code, known)
		return func() {
			q.busy = false
			if w.place.Shop == shop {
				q.found(o, found, err != nil)
			} else { // it is the answer of another one
				o.tab = q.tabHere(o.tab)
				q.orders = slices.Insert(q.orders, 0, o)
			}
			q.run()
		}
	})
	if queued {
		return
	}
	q.orders = slices.Insert(q.orders, 0, o)
	w.after(quietTime, func() {
		q.busy = false
		q.run()
	})
}

// found goes on with what the shop knows. Unsure says that it could not be
// asked.
func (q *scanQueue) found(o scanOrder, f data.Found, unsure bool) {
	switch u := q.unknownOf(o); {
	case f.OK && q.window.alerts.open(): // it came up meanwhile
		q.orders = slices.Insert(q.orders, 0, o)
	case f.OK:
		q.add(o.tab, f.Product, o.quantity)
	case u != nil:
		u.raise(o.quantity)
		q.window.tone(sound.Look)
	case q.window.unknownRule() == unknownKept:
		q.window.unknown.add(o.tab.cart.ID(), o.code, o.quantity)
	default:
		q.unknown = append(q.unknown, &unknownScan{tab: o.tab, code: o.code, quantity: o.quantity, unsure: unsure})
		q.window.tone(sound.Look)
	}
}

// moved goes on with what was scanned before the window went to another shop,
// which may know other codes. It is for the cart of the same id, if that is open
// there as well, or else for the one on screen.
func (q *scanQueue) moved() {
	waiting := q.orders
	q.orders = nil
	for _, u := range q.unknown {
		q.orders = append(q.orders, scanOrder{tab: u.tab, code: u.code, quantity: u.quantity})
	}
	q.orders = append(q.orders, waiting...)
	for i, o := range q.orders {
		q.orders[i].tab = q.tabHere(o.tab)
	}
	q.unknown, q.asking = nil, false
}

// tabHere is the tab that a scan for a tab of another shop is for.
func (q *scanQueue) tabHere(t *tab) *tab {
	if here := q.window.tabOf(t.cart.ID()); here != nil {
		return here
	}
	return q.window.tab
}

func (q *scanQueue) forget(u *unknownScan) {
	q.unknown = slices.DeleteFunc(q.unknown, func(o *unknownScan) bool { return o == u })
}

// tellUnknown tells of the first code that nobody knows, and adds it after all
// if it has become known.
func (q *scanQueue) tellUnknown() {
	q.asking = false
	u := q.due()
	if u == nil || q.window.alerts.open() {
		return // run comes again when the alert closes
	}
	if p, ok := q.window.model.state.Catalogue.Find(u.code); ok {
		q.forget(u)
		q.add(u.tab, p, u.quantity)
		q.run()
		return
	}
	q.show(u.spec(q))
}

// unknownScan is a code that was scanned and that no product has.
type unknownScan struct {
	tab      *tab
	code     string
	quantity int64
	unsure   bool
	held     bool          // until its cart is on screen
	answered bool          // a button was pressed: the next scan is another question
	count    *widget.Label // nil until it is told
}

// raise counts a further scan of the same code.
func (u *unknownScan) raise(by int64) {
	u.quantity += by
	if u.count != nil {
		u.count.SetText(u.counted())
	}
}

func (u *unknownScan) counted() string { return textScannedTimes.of(u.quantity) }

func (u *unknownScan) spec(q *scanQueue) alertSpec {
	body := textScanUnknownBody
	if u.unsure {
		body = textScanUnknownUnsure
	}
	u.count = widget.NewLabel(u.counted())
	return alertSpec{Title: textScanUnknown.say(), Body: body.with("code", quoted(u.code)), Content: lessInset(u.count),
		Buttons: []alertButton{
			{Label: textScanSkip.say(), Role: roleSafe, Do: func() error { u.answered = true; return nil }},
			{Label: textScanAdd.say(), Role: rolePrimary, Do: func() error {
				u.answered = true
				q.window.newProduct(draftOf(u.code), u.quantity)
				return nil
			}},
		},
		OnClosed: func() { q.forget(u) }}
}
