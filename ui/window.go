package ui

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Size of the window at its first start, in Fyne's units.
const (
	startWidth, startHeight = 1100, 720
	splitAt                 = 0.58
)

// Window shows one cart and its shop. All fields belong to the UI goroutine.
type Window struct {
	app    fyne.App
	win    fyne.Window
	opt    Options
	log    *slog.Logger
	logged string // the last that was logged as shown
	model  *model
	place  Place

	openLocal func(ctx context.Context) (Place, error)
	toldStart bool // the dialog about the start was shown
	failed    int  // attempts there had been when the person asked for another one
	outage    int  // the last outage that was told
	reveal    data.ProductID
	asks      []func()  // dialogs that wait until nobody types
	undos     []removal // what can be taken back, the last one last
	returning []removal // to be taken back when their answer is there
	quitAlert *alert
	quitKept  bool // it says that changes are kept
	awayAlert *alert

	late     *lateList
	resumed  bool       // that changes of an earlier run are sent was told
	leftLost data.Token // the lost cart that the person has dealt with

	ctx     context.Context
	cancel  context.CancelFunc
	jobs    chan job
	running chan struct{} // closed by worker and followers when they end; see wait
	workers int

	async func(func()) // runs on the UI goroutine, soon
	sync  func(func()) // runs on the UI goroutine and waits; never from it

	alerts *alerts
	toasts *toaster
	banner *banner
	search *searchBox

	products      *rowList
	productsEmpty *emptyState
	productsFoot  *words
	lines         *rowList
	linesEmpty    *emptyState
	cartName      *words
	countdown     *words
	keep          *commandButton
	status        *statusDot
	items         *words
	total         *words
	clear         *commandButton
}

// New makes the window of an app. Nothing is shown before Run.
func New(app fyne.App, o Options) *Window {
	w := &Window{app: app, opt: o, openLocal: o.OpenLocal, jobs: make(chan job, 64), running: make(chan struct{}, 8),
		async: fyne.Do}
	w.sync = w.onUI
	w.ctx, w.cancel = context.WithCancel(context.Background())
	app.Settings().SetTheme(newTheme())
	w.win = app.NewWindow(textTitle)
	w.model = newModel(o.Place.Shop.Counter())
	w.late = &lateList{window: w}
	w.alerts = newAlerts(w.win)
	if w.log = o.Log; w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	w.alerts.OnShown = func(title string) { w.log.Debug("dialog", "title", title) }
	w.alerts.OnScan = func(text string) { w.enter(text, "") }
	w.build()
	w.win.SetMainMenu(w.menu())
	w.shortcuts()
	w.win.SetCloseIntercept(w.close)
	w.win.Resize(fyne.NewSize(startWidth, startHeight))
	w.win.SetMaster()
	return w
}

// Run shows the window and returns when it was closed and everything it
// started has ended. The place is left open, and returned: it may be another
// one than the window began with.
func (w *Window) Run() Place {
	w.start()
	w.win.ShowAndRun()
	w.end()
	return w.place
}

// start begins all that goes on beside the UI goroutine.
func (w *Window) start() {
	w.goDo(func() { work(w.ctx, w.jobs, w.sync) })
	w.attach(w.opt.Place)
	w.focusSearch()
	if w.place.DiskRefuses {
		w.toasts.show(textUnkeptHere)
	}
	if n := w.place.Elsewhere; n > 0 {
		w.toasts.show(textElsewhere(n))
	}
	w.every(time.Second, w.tick)
}

// end ends what start and the commands began, and waits for it.
func (w *Window) end() {
	w.toasts.stop()
	w.cancel()
	for ; w.workers > 0; w.workers-- {
		<-w.running
	}
}

// goDo starts a goroutine that Run waits for.
func (w *Window) goDo(f func()) {
	w.workers++
	go func() {
		f()
		w.running <- struct{}{}
	}()
}

// run has a job done by the worker. A full queue says so instead of blocking.
func (w *Window) run(j job) bool {
	select {
	case w.jobs <- j:
		return true
	default:
		w.toasts.show(textBusy)
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

// after calls f on the UI goroutine once.
func (w *Window) after(d time.Duration, f func()) {
	time.AfterFunc(d, func() {
		if w.ctx.Err() == nil {
			w.async(f)
		}
	})
}

// attach shows a shop and follows it.
func (w *Window) attach(p Place) {
	w.enterPlace(p)
	shop := p.Shop
	w.goDo(func() {
		follow(w.ctx, shop.States(), w.sync, func(s data.State) {
			if w.place.Shop == shop {
				w.show(s)
			}
		})
	})
}

// enterPlace makes p the place that the window speaks of.
func (w *Window) enterPlace(p Place) {
	w.place = p
	w.win.SetTitle(textTitle + " – " + string(p.Shop.Cart()))
	w.cartName.set(string(p.Shop.Cart()), colorMuted)
	w.listProducts() // which are on their way
}

// move changes to another shop; the old one is closed behind the window's back.
func (w *Window) move(p Place) {
	old := w.place
	m := newModel(p.Shop.Counter())
	m.now = w.model.now
	w.model, w.undos, w.returning = m, nil, nil
	if w.late.alert != nil {
		w.late.alert.close()
	}
	w.late, w.resumed, w.leftLost = &lateList{window: w}, false, data.Token{}
	w.attach(p)
	w.run(func(context.Context) func() { old.Close(); return nil })
}

// build makes the widgets and puts them together.
func (w *Window) build() {
	limit := w.opt.Place.Shop.Limits().Quantity
	w.search = newSearchBox()
	w.search.OnChanged = w.filter
	w.search.onEnter, w.search.onMove = w.enter, func(by int) { w.products.move(by) }
	w.search.chosen = func() data.ProductID { return w.products.selected }
	w.search.onEscape, w.search.onUndo = func() { w.products.sel("") }, w.undoLast
	w.buildProducts(limit)
	w.buildLines(limit)
	w.toasts = newToaster()
	w.banner = newBanner()
	left := container.NewBorder(w.search, w.productsFoot, nil, nil, panel(w.products, w.productsEmpty))
	right := container.NewBorder(w.cartHead(), w.cartFoot(), nil, nil, panel(w.lines, w.linesEmpty))
	split := container.NewHSplit(container.NewPadded(left), container.NewPadded(right))
	split.SetOffset(splitAt)
	body := container.NewBorder(container.NewVBox(w.header(), w.banner), nil, nil, nil, split)
	w.banner.OnResized = body.Refresh
	w.win.SetContent(container.NewStack(body, w.toasts))
}

func (w *Window) buildProducts(limit int64) {
	create := func() row {
		r := newProductRow(limit)
		r.onAdd, r.onPick = w.addID, func(id data.ProductID, n int64) { w.model.pick[id] = n }
		r.amount.OnEntered = func(n int64) { w.addID(r.id, n) }
		r.amount.OnDone = w.focusSearch
		r.amount.OnRefused = func(text, reason string) { w.refusedText(r.name.Text, text, reason) }
		return r
	}
	w.products = newRowList("Products", productHeight, create, func(id data.ProductID, r row) {
		if p, ok := w.model.state.Catalogue.Product(id); ok {
			r.(*productRow).set(p, w.model.picked(id))
		}
	})
	w.products.onKey = func(id data.ProductID, e *fyne.KeyEvent) bool { return w.productKey(id, e) }
	w.products.onRune = func(_ data.ProductID, r rune) { w.typeInSearch(r) }
	w.productsEmpty = newEmptyState(w.typeInSearch)
	w.productsFoot = newWords("", colorMuted, theme.SizeNameCaptionText)
}

func (w *Window) buildLines(limit int64) {
	create := func() row {
		r := newLineRow(limit)
		r.onStep, r.onType, r.onRemove = w.step, w.setQuantity, w.remove
		r.onRefused = func(l data.Line, text, reason string) { w.refusedText(lineName(l), text, reason) }
		r.onDone = func() {
			w.focusSearch()
			w.dropGhost()
		}
		return r
	}
	w.lines = newRowList("Cart", lineHeight, create, func(id data.ProductID, r row) {
		for _, c := range w.model.shown {
			if c.Product.ID == id {
				r.(*lineRow).set(c)
			}
		}
	})
	w.lines.onKey = func(id data.ProductID, e *fyne.KeyEvent) bool { return w.lineKey(id, e) }
	w.lines.onRune = w.lineRune
	w.linesEmpty = newEmptyState(w.typeInSearch)
}

// header is the strip above everything: whose counter, how long, which state.
func (w *Window) header() fyne.CanvasObject {
	w.status = newStatusDot()
	w.countdown = newWords("", colorMuted, theme.SizeNameCaptionText)
	w.keep = newCommandButton(textKeep, nil, w.command(func() { w.place.Shop.Keep() }), w.typeInSearch)
	w.keep.Importance = widget.LowImportance
	w.keep.Hide()
	who := newWords(w.model.me, colorMuted, theme.SizeNameCaptionText)
	right := container.NewHBox(container.NewCenter(w.countdown), w.keep, widget.NewSeparator(), container.NewCenter(w.status))
	strip := container.NewBorder(nil, nil, container.NewHBox(gap(0), container.NewCenter(who)), container.NewHBox(right, gap(0)))
	return container.NewStack(gap(w.keep.MinSize().Height+2*theme.Padding()), strip)
}

func (w *Window) cartHead() fyne.CanvasObject {
	title := newWords("Cart", theme.ColorNameForeground, theme.SizeNameSubHeadingText).bold()
	w.cartName = newWords("", colorMuted, theme.SizeNameText)
	w.items = newWords("", colorMuted, theme.SizeNameText).trailing()
	head := container.NewBorder(nil, nil, container.NewHBox(title, container.NewCenter(w.cartName)), w.items)
	// As high as the search box beside it, so that both panels begin in line.
	return container.NewStack(gap(w.search.MinSize().Height), head)
}

func (w *Window) cartFoot() fyne.CanvasObject {
	w.total = newWords("", theme.ColorNameForeground, sizeTotal).bold().trailing()
	label := newWords(textTotal, colorMuted, theme.SizeNameSubHeadingText)
	w.clear = newCommandButton(textClear, theme.DeleteIcon(), w.command(w.clearCart), w.typeInSearch)
	w.clear.Importance = widget.LowImportance
	return container.NewBorder(nil, nil, container.NewCenter(w.clear), container.NewHBox(container.NewCenter(label), w.total))
}

// show is the only door for news from the shop.
func (w *Window) show(s data.State) {
	editing := w.editing()
	old := w.model.state
	news := w.model.take(s, editing)
	w.showProducts(old)
	w.showLines()
	w.showLink(s)
	w.tick()
	w.tell(news, old)
	if s.Expired != nil && s.Expired != old.Expired {
		title, hint := textExpired(*s.Expired)
		w.toasts.showAction(title+" "+hint, textBringBack, w.bringBack)
	}
	w.tellRefusals()
	w.tellOutage(old.Link)
	w.bringReturning()
	w.logShown(s)
}

// logShown writes what stands on the screen now, whenever that is something
// else, so that a log tells what the person saw.
func (w *Window) logShown(s data.State) {
	sum, _ := s.Cart.Total()
	shown := fmt.Sprintf("%s: %d lines, %d items, total %s, %d waiting, expired %t", s.Link.Phase, len(s.Cart.Lines),
		s.Cart.Items(), sum, len(s.Waiting), s.Expired != nil)
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
	keys := make([]data.ProductID, len(m.products))
	for i, p := range m.products {
		keys[i] = p.ID
	}
	w.products.setKeys(keys)
	switch {
	case len(keys) > 0:
		w.productsEmpty.set(emptySpec{})
	case m.state.Catalogue == nil:
		w.productsEmpty.set(emptySpec{title: textLoading})
	case m.state.Catalogue.Len() == 0:
		w.productsEmpty.set(emptySpec{title: textNoProducts, hint: textNoProductsHint,
			action: textUseSamples, do: w.command(w.loadSamples), other: textAddProductMenu, doOther: w.command(func() { w.newProduct(draft{}, 0) })})
	default:
		w.productsEmpty.set(emptySpec{title: textNoMatch(m.query), hint: textNoMatchHint})
	}
	foot := ""
	if m.state.Catalogue != nil {
		foot = textProducts(len(keys), m.state.Catalogue.Len(), m.query)
	}
	w.productsFoot.set(foot, colorMuted)
}

func (w *Window) showLines() {
	m := w.model
	m.shown = m.rows()
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
	w.total.set(textSum(m.state.Cart.Total()), theme.ColorNameForeground)
	w.items.set(textItems(m.state.Cart.Items()), colorMuted)
	enable(w.clear, len(m.state.Cart.Lines) > 0)
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
	switch {
	case rows > 0:
		w.linesEmpty.set(emptySpec{})
	case !m.state.Loaded:
		w.linesEmpty.set(emptySpec{title: textLoadingCart})
	case m.state.Expired != nil && m.state.Cart.Token == (data.Token{}):
		title, hint := textExpired(*m.state.Expired)
		w.linesEmpty.set(emptySpec{title: title, hint: hint, action: textBringBack, do: w.command(w.bringBack)})
	default:
		w.linesEmpty.set(emptySpec{title: textCartEmpty, hint: textCartEmptyHint})
	}
}

// showLink shows the state of the link on its three surfaces: the dot always,
// the banner while it lasts, the dialog once.
func (w *Window) showLink(s data.State) {
	w.status.set(w.model.state, w.place.Local)
	w.showBanner()
	l := s.Link
	down := isDown(l)
	w.askQuitAnew(w.model.state)
	if w.awayAlert != nil && !down {
		w.awayAlert.close() // it came about meanwhile
		w.awayAlert = nil
	}
	switch {
	case down && !l.Ever && !w.toldStart && l.Failed > w.failed:
		w.toldStart = true
		w.ask(w.connectionIfDown)
	case down && l.Ever && len(s.Waiting) > 0 && w.outage != l.Outage:
		w.outage = l.Outage
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
	if n := w.model.shared(); n > 0 && !w.place.Local {
		w.toasts.show(textBackOnline(n))
	}
}

func isDown(l data.Link) bool { return l.Phase == data.Offline || l.Phase == data.Broken }

// tick shows what only time changes.
func (w *Window) tick() {
	e := w.model.state.Cart.Expires
	left := e.Sub(w.model.now())
	running := !e.IsZero() && left > 0 && w.model.state.Loaded
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
		if running != w.keep.Visible() {
			w.keep.Hidden = !running
			w.keep.Refresh()
		}
	}
	if running && left <= lastMinute {
		w.showBanner()
	}
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
	// While the shop answers, what waits is sent before the program ends.
	if s := w.model.state; len(s.Waiting) > 0 && !s.Link.Usable() {
		w.askQuit()
		return
	}
	w.quit()
}

// quit closes the window. Nothing may reach it any more from then on.
func (w *Window) quit() {
	w.cancel()
	w.win.Close()
}

// onUI runs f on the UI goroutine and waits for it, or for the window's end.
// The toolkit's own DoAndWait can wait for ever when the program is quit.
func (w *Window) onUI(f func()) {
	done := make(chan struct{})
	fyne.Do(func() {
		defer close(done)
		if w.ctx.Err() == nil {
			f()
		}
	})
	select {
	case <-done:
	case <-w.ctx.Done():
	}
}

func (w *Window) focusSearch() { w.win.Canvas().Focus(w.search) }
