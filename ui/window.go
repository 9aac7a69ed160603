package ui

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// Window shows a shop and the carts that are open, one of them on screen. All
// fields belong to the UI goroutine.
type Window struct {
	*tab // the one on screen
	tabs []*tab

	app    fyne.App
	win    fyne.Window
	opt    Options
	log    *slog.Logger
	logged string // the last that was logged as shown
	place  Place

	listing data.Listing  // the shop's carts
	closed  []data.CartID // put aside here, the last one last
	back    []data.OpID   // carts that this window has brought back, by their ends

	toldStart  bool     // the dialog about the start was shown
	failed     int      // attempts there had been when the person asked for another one
	reached    bool     // the shop was, in this run
	toldOutage bool     // that it is away
	shared     int      // changes that an outage kept back and that are made now
	asks       []func() // dialogs that wait until nobody types
	quitAlert  *alert
	keySheet   *alert
	quitKept   bool // it says that changes are kept
	awayAlert  *alert

	resumed bool // that changes of an earlier run are sent was told

	ctx     context.Context
	cancel  context.CancelFunc
	jobs    chan job
	working sync.WaitGroup // all that goes on beside the UI goroutine

	async func(func()) // runs on the UI goroutine, soon
	sync  func(func()) // runs on the UI goroutine and waits; never from it
	shift func() bool  // whether Shift is held down

	entering bool // what is being done may have been asked for with Enter, which may be held down

	menu     *mainMenu
	alerts   *alerts
	toasts   *toaster
	banner   *banner
	search   *searchBox
	theme    *shopTheme
	page     *pageLayout
	body     *fyne.Container // laid out by page
	sizeTold func()          // withdraws the toast about the size of text
	lent     bool            // the products are shown because something is typed
	watch    *scanWatch
	scans    *scanQueue
	unknown  *unknownCodes
	called   map[shortLine]bool // the person, about stock that runs out

	products      *rowList
	productsEmpty *emptyState
	productsFoot  *words
	lines         *rowList
	linesEmpty    *emptyState
	tabBar        *tabBar
	carts         *commandButton
	cartName      *words
	countdown     *words
	status        *statusDot
	items         *words
	total         *words
	clear         *commandButton
	ended         *endedView // in place of the lines

	checkoutButton *commandButton
	cartList       *cartList // nil: it is not open
	pastList       *pastList // likewise
}

// New makes the window of an app. Nothing is shown before Run.
func New(app fyne.App, o Options) *Window {
	w := &Window{app: app, opt: o, place: o.Place, jobs: make(chan job, 64), shift: shiftHeld,
		called: map[shortLine]bool{}}
	w.async, w.sync = w.post, w.onUI
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.theme = rememberedTheme(app)
	app.Settings().SetTheme(w.theme)
	w.win = app.NewWindow(textTitle)
	w.alerts = newAlerts(w.win)
	if w.log = o.Log; w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	w.alerts.OnShown = func(title string) {
		w.log.Debug("dialog", "title", title)
		w.watch.stall.watch()
	}
	w.alerts.OnScan = func(text string) { w.enter(text, "") }
	w.watchScans()
	w.build()
	w.menu = newMainMenu(w)
	w.win.SetMainMenu(w.menu.menu)
	w.hearKeys()
	w.listen()
	w.win.SetCloseIntercept(w.close)
	w.win.Resize(rememberedSize(app))
	w.win.SetMaster()
	return w
}

// Run shows the window and returns when it was closed and everything it
// started has ended. The place is left open, and returned: it may be another
// one than the window began with.
func (w *Window) Run() Place {
	w.start()
	// X11 takes the name by which a desktop finds the program's entry and icon
	// from the first title, so that must be the same at every start.
	w.win.SetTitle(textTitle)
	w.win.Show()
	w.setTitle()
	runLoop(w.app)
	w.end()
	return w.place
}

// start begins all that goes on beside the UI goroutine.
func (w *Window) start() {
	w.goDo(func() { work(w.ctx, w.jobs, w.sync) })
	w.attach(w.opt.Place)
	w.focusSearch()
	w.tellSaved()
	w.lookForCrash()
	w.every(time.Second, w.tick)
}

// end ends what start and the commands began, and waits for it.
func (w *Window) end() {
	w.toasts.stop()
	w.cancel()
	w.working.Wait()
}

// goDo starts a goroutine that Run waits for.
func (w *Window) goDo(f func()) { w.working.Go(f) }

// run has a job done by the worker. A full queue says so instead of blocking.
func (w *Window) run(j job) bool {
	select {
	case w.jobs <- j:
		return true
	default:
		w.toasts.show(textBusy.say())
		return false
	}
}

// every calls f on the UI goroutine again and again, until the window closes.
func (w *Window) every(d time.Duration, f func()) {
	w.goDo(func() {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			select {
			case <-w.ctx.Done():
				return
			case <-t.C:
				w.sync(f)
			}
		}
	})
}

// after calls f on the UI goroutine once, unless that is cancelled before.
func (w *Window) after(d time.Duration, f func()) (cancel func()) {
	timer := time.AfterFunc(d, func() { w.async(f) })
	return func() { timer.Stop() }
}

// attach shows a shop and follows it.
func (w *Window) attach(p Place) {
	w.place, w.tab, w.tabs, w.closed, w.listing = p, nil, nil, nil, data.Listing{}
	w.reached, w.toldOutage, w.shared, w.logged = false, false, 0, ""
	for _, id := range p.Carts {
		t := w.openTab(id)
		if w.tab == nil {
			w.tab = t
		}
	}
	w.goDo(func() {
		shop := p.Shop
		follow(w.ctx, shop.Listings(), w.sync, func(l data.Listing) {
			if w.place.Shop == shop {
				w.list(l)
			}
		})
	})
	w.sortProducts()
	w.page.header.setPlace(p)
	w.model.filter(w.searchQuery())
	w.display()
	if p.DiskRefuses {
		w.toasts.show(textUnkeptHere.say())
	}
	if p.Elsewhere > 0 {
		w.toasts.show(textElsewhere(p.Elsewhere))
	}
}

// setTitle names the cart on screen where the system shows the window's title.
func (w *Window) setTitle() {
	w.win.SetTitle(textTitle + " – " + w.titleOf(w.tab))
	w.cartName.set(w.titleOf(w.tab), theme.ColorNameForeground)
	w.page.head.Refresh()
}

// move changes to another shop; the old one is closed behind the window's back.
func (w *Window) move(p Place) {
	old := w.place
	w.asks = nil
	w.closeAlerts()
	w.toasts.dismiss() // their buttons mean carts of the other shop
	w.resumed, w.toldStart, w.failed = false, false, 0
	clear(w.called)
	w.attach(p)
	w.scans.moved()
	w.goDo(func() { old.Close() })
}

// build makes the widgets and puts them together.
func (w *Window) build() {
	limit := w.place.Shop.Limits().Quantity
	if w.search == nil { // what is typed in it outlives the language
		w.search, w.toasts = newSearchBox(), newToaster(w.after)
	}
	w.search.SetPlaceHolder(textSearch.say())
	w.toasts.relabel()
	w.search.watch = w.watch
	w.search.OnChanged = func(text string) {
		w.filter(text)
		w.followTyping()
	}
	w.search.onEnter, w.search.onMove = w.enter, func(by int) { w.products.move(by) }
	w.search.chosen = func() data.ProductID { return w.products.selected }
	w.search.onEscape = func() { w.products.sel("") }
	w.buildProducts(limit)
	w.buildLines(limit)
	w.banner = newBanner()
	w.banner.OnRune = w.typeInSearch
	w.buildPage()
}

// buildPage puts the parts together.
func (w *Window) buildPage() {
	w.page = &pageLayout{header: w.buildHeader(), head: w.buildCartHead(), foot: w.buildCartFoot(),
		banner: w.banner, toasts: w.toasts, search: w.search,
		products: panel(w.products, w.productsEmpty), productsFoot: w.productsFoot,
		lines: container.NewStack(panel(w.lines, w.linesEmpty), container.NewPadded(w.ended))}
	w.page.choice = newSegments(textShown.say(), 2, func(n int) { w.showSide(side(n)) }, w.typeInSearch)
	w.page.choice.set(int(sideProducts), textProductsTitle.say())
	w.page.divider = newDivider(w.dragDivider, w.resetDivider)
	w.page.split = rememberedSplit(w.app)
	w.body = container.New(w.page, w.page.objects()...)
	w.banner.OnResized = w.arrange
	w.setCompact(w.app.Preferences().Bool(prefCompact))
	w.win.SetContent(w.body)
}

// arrange lays the page out again. To refresh it would draw every row anew.
func (w *Window) arrange() {
	if size := w.body.Size(); size.Width > 0 {
		w.page.Layout(nil, size)
	}
}

func (w *Window) buildProducts(limit int64) {
	create := func() row {
		r := newProductRow(limit)
		r.amount.watchKeys(w.watch)
		r.onAdd, r.onPick = w.addID, func(id data.ProductID, n int64) { w.model.pick[id] = n }
		r.amount.OnEntered = func(n int64) { w.addID(r.id, n) }
		r.amount.OnDone = w.focusSearch
		r.amount.OnRefused = func(text, reason string) { w.refusedText(r.name.Text, text, reason) }
		return r
	}
	w.products = newRowList(textProductsTitle.say(), productHeight, create, func(id data.ProductID, r row) {
		if p, ok := w.model.state.Catalogue.Product(id); ok {
			r.(*productRow).set(p, w.model.picked(id))
		}
	})
	w.products.onKey = func(id data.ProductID, e *fyne.KeyEvent) bool { return w.productKey(id, e) }
	w.products.watch, w.products.onRune = w.watch, func(_ data.ProductID, r rune) { w.insertInSearch(r) }
	w.productsEmpty = newEmptyState(w.typeInSearch)
	w.productsFoot = newWords("", colorMuted, theme.SizeNameCaptionText)
}

func (w *Window) buildLines(limit int64) {
	create := func() row {
		r := newLineRow(limit)
		r.amount.watchKeys(w.watch)
		r.onStep = func(l data.Line, by int64) { w.step(l, by) }
		r.onType, r.onRemove = w.setQuantity, w.remove
		r.onRefused = func(l data.Line, text, reason string) { w.refusedText(lineName(l), text, reason) }
		r.onDone = func() {
			w.focusSearch()
			w.dropGhost()
		}
		return r
	}
	w.lines = newRowList(textCart.say(), lineHeight, create, func(id data.ProductID, r row) {
		for _, c := range w.model.shown {
			if c.Product.ID == id {
				r.(*lineRow).set(c)
			}
		}
	})
	w.lines.onKey = func(id data.ProductID, e *fyne.KeyEvent) bool { return w.lineKey(id, e) }
	w.lines.watch, w.lines.onRune = w.watch, w.lineRune
	w.linesEmpty = newEmptyState(w.typeInSearch)
	w.ended = newEndedView(w.command(w.newCart), w.command(w.bringBack), w.typeInSearch)
}

// show takes news of the cart on screen.
func (w *Window) show(s data.State) {
	if s.Cart.Token != w.model.state.Cart.Token || len(s.Waiting) != len(w.model.state.Waiting) {
		w.watch.stall.watch() // there is something to draw
	}
	editing := w.editing()
	old := w.model.state
	news := w.model.take(s, editing)
	w.showProducts(old)
	w.showLines()
	w.showLink(s)
	w.tick()
	w.tell(news, old)
	if s.Cart.Name != old.Cart.Name {
		w.setTitle()
	}
	w.keepFocus()
	w.tellRefusals()
	w.tellOutage(old.Link)
	w.tellShared()
	w.followHistory(w.tab)
	w.logShown(s)
}

// logShown writes what stands on the screen now, whenever that is something
// else, so that a log tells what the person saw.
func (w *Window) logShown(s data.State) {
	sum, _ := s.Cart.Total()
	shown := fmt.Sprintf("%s: %d lines, %d items, total %s, %d waiting, expired %t", s.Link.Phase, len(s.Cart.Lines),
		s.Cart.Items(), sum, len(s.Waiting), s.Cart.Ended != nil && s.Cart.Ended.How == data.Expired)
	if shown != w.logged {
		w.logged = shown
		w.log.Debug("shown", "cart", shown)
	}
}

func (w *Window) showProducts(old data.State) {
	if w.model.state.Catalogue != old.Catalogue {
		w.listProducts()
	}
}

// listProducts shows the products that match, or why there are none.
func (w *Window) listProducts() {
	m := w.model
	keys := m.products
	w.products.setKeys(keys)
	switch {
	case len(keys) > 0:
		w.productsEmpty.set(emptySpec{})
	case m.state.Catalogue == nil:
		w.productsEmpty.set(emptySpec{title: textLoading.say()})
	case m.state.Catalogue.Len() == 0:
		w.productsEmpty.set(emptySpec{title: textNoProducts.say(), hint: textNoProductsHint.say(),
			action: textUseSamples.say(), do: w.command(w.loadSamples), other: textAddProductMenu.say(), doOther: w.command(func() { w.newProduct(draft{}, 0) })})
	default:
		w.productsEmpty.set(w.nothingFound())
	}
	foot := ""
	if m.state.Catalogue != nil {
		foot = w.textFound()
	}
	w.productsFoot.set(foot, colorMuted)
}

func (w *Window) showLines() {
	m := w.model
	m.shown = w.withShort(m.rows())
	keys := make([]data.ProductID, len(m.shown))
	lit := false
	for i, r := range m.shown {
		keys[i] = r.Product.ID
		lit = lit || r.Lit
	}
	w.lines.setKeys(keys)
	if lit {
		w.after(flashTime, w.showLines)
	}
	if _, there := m.state.Cart.Line(w.reveal); there {
		w.lines.reveal(w.reveal)
		w.reveal = ""
	}
	w.showEmptyCart(len(keys))
	w.showSum()
	enable(w.clear, len(m.state.Cart.Lines) > 0)
}

// showSum shows what the cart comes to, wherever that stands.
func (w *Window) showSum() {
	c := w.model.state.Cart
	sum, items := "–", ""
	if w.model.state.Loaded {
		sum = textSum(c.Total())
	}
	if len(c.Lines) > 0 {
		items = textItems(c.Items())
	}
	w.total.set(sum, theme.ColorNameForeground)
	w.items.set(items, colorMuted)
	w.showCheckout()
	w.page.choice.set(int(sideCart), textCartSide(c.Items()))
	w.arrange() // the foot may have another height
	w.page.head.Refresh()
	w.page.foot.Refresh()
}

// dropGhost lets a line go that is not there any more, when its editor is done.
func (w *Window) dropGhost() {
	if g := w.model.ghost; g != nil && w.editing() != g.line.Product.ID {
		w.model.ghost = nil
		w.showLines()
	}
}

func (w *Window) showEmptyCart(rows int) {
	m := w.model
	var ended *data.Past
	switch {
	case rows > 0:
		w.linesEmpty.set(emptySpec{})
	case !m.state.Loaded:
		w.linesEmpty.set(emptySpec{title: textLoadingCart.say()})
	case m.state.Cart.Ended != nil:
		w.linesEmpty.set(emptySpec{})
		ended = m.state.Cart.Ended
	default:
		w.linesEmpty.set(emptySpec{title: textCartEmpty.say(), hint: textCartEmptyHint.say()})
	}
	w.ended.set(ended)
}

// showLink shows the state of the link on its three surfaces: the dot always,
// the banner while it lasts, the dialog once.
func (w *Window) showLink(s data.State) {
	w.status.set(w.overall(), w.place.Local)
	w.showBanner()
	l := s.Link
	w.reached = w.reached || l.Ever
	down := isDown(l)
	w.askQuitAnew()
	if w.awayAlert != nil && !down {
		w.awayAlert.close() // it came about meanwhile
		w.awayAlert = nil
	}
	switch {
	case l.Usable():
		w.reached, w.toldOutage = true, false
	case down && !w.reached && !w.toldStart && l.Failed > w.failed:
		w.toldStart = true
		w.ask(w.connectionIfDown)
	case down && w.reached && len(s.Waiting) > 0 && !w.toldOutage:
		w.toldOutage = true
		w.ask(w.connectionIfDown)
	}
}

// tellOutage says in a toast how an outage ended, and what an earlier run of
// the program has left to do.
func (w *Window) tellOutage(before data.Link) {
	s := w.model.state
	if s.Link.Phase != before.Phase {
		w.log.Info("link", "phase", s.Link.Phase, "addr", w.addr(s.Link), "fault", s.Link.Fault)
	}
	if s.Resumed > 0 && !w.resumed && s.Link.Phase != data.Connecting {
		w.resumed = true
		w.toasts.show(textResumed(s.Resumed, s.Link.Usable()))
	}
}

// tellShared says how many changes an outage kept back, once those of all carts
// are made.
func (w *Window) tellShared() {
	for _, t := range w.tabs {
		w.shared += t.model.shared()
	}
	if w.shared == 0 || slices.ContainsFunc(w.tabs, func(t *tab) bool { return len(t.model.away) > 0 }) {
		return
	}
	if !w.place.Local {
		w.toasts.show(textBackOnline(w.shared))
	}
	w.shared = 0
}

func isDown(l data.Link) bool { return l.Phase == data.Offline || l.Phase == data.Broken }

// tick shows what only time changes.
func (w *Window) tick() {
	e := w.model.state.Cart.Expires
	left := e.Sub(w.model.now())
	running := !e.IsZero() && left > 0 && w.model.state.Loaded && len(w.model.state.Cart.Lines) > 0
	text := ""
	if running {
		text = textCloses(left)
	}
	if text != w.countdown.text.Text {
		tone := colorMuted
		if left <= lastMinutes {
			tone = colorWaiting
		}
		w.countdown.set(text, tone)
		w.page.head.Refresh()
	}
	if running && left <= lastMinute {
		w.showBanner()
	}
	w.showTabs()
	w.cartList.show()
	w.menu.update()
}

// tell says in a toast what others took out; what they put in lights up in the
// cart itself.
func (w *Window) tell(news []data.Event, old data.State) {
	for _, e := range news {
		if e.Quantity > 0 || !old.Loaded || w.model.ghost != nil {
			continue
		}
		l, there := old.Cart.Line(e.Product)
		if !there {
			l.Product, _ = w.model.state.Catalogue.Product(e.Product)
		}
		w.toasts.show(textNews(e, lineName(l)))
	}
}

func lineName(l data.Line) string {
	if l.Product.Name != "" {
		return l.Product.Name
	}
	return string(l.Product.ID)
}

func (w *Window) addr(l data.Link) string {
	if l.Addr != "" {
		return l.Addr
	}
	return w.place.Addr
}

// editing returns the product whose quantity is being typed in the cart.
func (w *Window) editing() data.ProductID {
	for id, r := range w.lines.rows {
		if r.(*lineRow).amount.Editing() {
			return id
		}
	}
	return ""
}

// close is the person's wish to close the window.
func (w *Window) close() {
	if w.sellsSoon() { // then there is an order, or the question says why not
		return
	}
	// While the shop answers, what waits is sent before the program ends.
	if u := w.unsent(); u.waiting > 0 && !u.usable {
		w.askQuit()
		return
	}
	w.quit()
}

// quit closes the window. Nothing may reach it any more from then on.
func (w *Window) quit() {
	w.rememberSize()
	w.cancel()
	w.win.Close()
}

// post has f run on the UI goroutine, soon, or not at all when the window ends
// before. It is for every other goroutine.
//
// Once the toolkit's loop is over, as after a signal, the toolkit runs f at once
// where it was posted: on a goroutine that must not touch a widget. There the
// post does not return before f begins, so f waits for the window's end.
func (w *Window) post(f func()) {
	if w.ctx.Err() != nil {
		return
	}
	posted := make(chan struct{})
	defer close(posted)
	defer outliveLoop()
	fyne.Do(func() {
		select {
		case <-posted:
		case <-w.ctx.Done():
		}
		if w.ctx.Err() == nil {
			f()
		}
	})
}

// onUI runs f on the UI goroutine and waits for it, or for the window's end.
// The toolkit's own DoAndWait can wait for ever when the program is quit.
func (w *Window) onUI(f func()) {
	done := make(chan struct{})
	w.post(func() {
		defer close(done)
		f()
	})
	select {
	case <-done:
	case <-w.ctx.Done():
	}
}
