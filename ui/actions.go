package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"trolley/data"
)

// command guards what a menu, a shortcut or a button does: nothing happens
// behind an open dialog (the toolkit lets shortcuts through, fyne#2627).
func (w *Window) command(f func()) func() {
	return func() {
		if !w.alerts.open() {
			f()
		}
	}
}

func (w *Window) menu() *fyne.MainMenu {
	return fyne.NewMainMenu(
		fyne.NewMenu("File",
			w.item("New product…", fyne.KeyN, 0, func() { w.newProduct(draft{}, 0) }),
			w.item(textUseSamples, "", 0, w.loadSamples)),
		fyne.NewMenu("Cart",
			w.item("Undo last removal", "", 0, w.undoLast),
			w.item("Remove line", "", 0, w.removeSelected),
			w.item(textClear, fyne.KeyBackspace, fyne.KeyModifierShift, w.clearCart),
			fyne.NewMenuItemSeparator(),
			w.item(textKeepCart+" open", fyne.KeyK, 0, func() { w.place.Shop.Keep() }),
			w.item(textBringBackCart, fyne.KeyB, 0, w.bringBack)),
		fyne.NewMenu("Go",
			w.item("Search box", fyne.KeyF, 0, w.focusSearch),
			w.item("Products or cart", fyne.KeyJ, 0, w.jump),
			fyne.NewMenuItemSeparator(),
			w.item("Try connection now", fyne.KeyR, 0, w.retry),
			w.item(textCheck, "", 0, func() { w.checkConnection() })),
		fyne.NewMenu("Help",
			w.item(textKeys, fyne.KeySlash, 0, w.keysHelp),
			w.item("About Trolley", "", 0, w.about)),
	)
}

// item makes a command of the main menu; its shortcut has Ctrl, or Cmd on a Mac.
func (w *Window) item(label string, key fyne.KeyName, more fyne.KeyModifier, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, w.command(do))
	if key != "" {
		i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | more}
	}
	return i
}

// shortcuts adds the keys that a menu cannot have. Undo must not be a menu's:
// it would be taken from every entry.
func (w *Window) shortcuts() {
	c := w.win.Canvas()
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.command(w.undoLast)() })
	c.SetOnTypedRune(w.typeInSearch)
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeyEscape {
			w.focusSearch()
			w.search.TypedKey(e)
		}
	})
}

// typeInSearch brings a letter that was typed elsewhere to the search box.
func (w *Window) typeInSearch(r rune) {
	w.focusSearch()
	w.search.TypedRune(r)
}

// filter narrows the products while the person types. A quantity before the
// name, and the minus of taking out, are no part of what is searched.
func (w *Window) filter(text string) {
	query := text
	if req, err := parseEntry(text, w.place.Shop.Limits().Quantity); err == nil || errors.Is(err, errProductAwaited) {
		query = req.Text
	}
	w.model.filter(strings.TrimSpace(query))
	w.products.sel("")
	w.products.top()
	w.listProducts()
}

// enter does what a text in the search box asks for. A product that the arrows
// have chosen meanwhile is meant rather than what the text stands for.
func (w *Window) enter(text string, chosen data.ProductID) {
	if p, ok := w.model.state.Catalogue.Find(strings.TrimSpace(text)); ok && chosen == "" {
		w.add(p, 1) // whatever its code looks like
		return
	}
	req, err := parseEntry(text, w.place.Shop.Limits().Quantity)
	var wrong *inputError
	switch {
	case errors.Is(err, errNothingTyped):
		w.addChosen(chosen, 1)
	case chosen != "" && !errors.As(err, &wrong) && !req.Take:
		w.addChosen(chosen, req.Quantity)
	case errors.Is(err, errProductAwaited):
		w.search.SetText(text)
		w.search.CursorColumn = len([]rune(text))
		w.toasts.show("Now type or scan the product.")
	case errors.As(err, &wrong):
		w.search.SetText(text)
		w.search.CursorColumn = len([]rune(text))
		w.toasts.show(wrong.Reason)
	case req.Take:
		w.take(req)
	default:
		w.put(req)
	}
}

// addChosen adds the product that the arrows have chosen.
func (w *Window) addChosen(id data.ProductID, n int64) {
	if p, ok := w.model.state.Catalogue.Product(id); ok {
		w.add(p, n)
	}
}

// put adds what was typed. What this computer does not know is looked up in
// the shop before anybody is bothered.
func (w *Window) put(req entryRequest) {
	if p, ok := w.model.best(req.Text); ok {
		w.add(p, req.Quantity)
		return
	}
	shop, known := w.place.Shop, w.model.state.Catalogue
	w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		found, err := shop.Lookup(ctx, req.Text, known)
		return func() {
			if found.OK {
				w.add(found.Product, req.Quantity)
				return
			}
			w.ask(func() { w.unknownProduct(req.Text, req.Quantity, found.Near, err != nil) })
		}
	})
}

// take takes what was typed out of the cart. Whether it is in there is for the
// shop to say: the cart on screen may be a moment old.
func (w *Window) take(req entryRequest) {
	l, there := w.model.bestLine(req.Text)
	if !there {
		p, known := w.model.best(req.Text)
		if !known {
			w.nothingToTake(req.Text)
			return
		}
		l = data.Line{Product: p}
	}
	if l.Damaged != "" {
		w.remove(l)
		return
	}
	op, ok := w.submit(data.Change{Kind: data.KindStep, Product: l.Product.ID, Quantity: -req.Quantity,
		Name: lineName(l), Want: l.Quantity - req.Quantity})
	if ok && l.Quantity == req.Quantity {
		w.offerUndo(removal{op: op, text: textRemoved(lineName(l)), back: func() {
			w.restore([]data.Line{{Product: l.Product, Quantity: req.Quantity}}, op)
		}})
	}
}

func (w *Window) add(p data.Product, n int64) {
	if p.Damaged != "" {
		w.tellProblem(quoted(string(p.ID))+" cannot be sold", textDamagedProduct(p)+".")
		return
	}
	w.reveal = p.ID
	w.submit(data.Change{Kind: data.KindAdd, Product: p.ID, Quantity: n, Name: p.Name})
	delete(w.model.pick, p.ID)
	w.products.update(p.ID)
}

func (w *Window) addID(id data.ProductID, n int64) {
	if p, ok := w.model.state.Catalogue.Product(id); ok {
		w.add(p, n)
		w.focusSearch()
	}
}

func (w *Window) step(l data.Line, by int64) {
	w.submit(data.Change{Kind: data.KindStep, Product: l.Product.ID, Quantity: by, Name: lineName(l), Want: l.Quantity + by})
}

// setQuantity sends a typed quantity with the one the person saw, 0 standing
// for a damaged one.
func (w *Window) setQuantity(l data.Line, seen, n int64) {
	if l.Damaged != "" {
		seen = 0
	}
	w.submit(data.Change{Kind: data.KindSet, Product: l.Product.ID, Quantity: n, Seen: seen, Name: lineName(l), Want: n})
}

// remove takes a line out and offers to take that back.
func (w *Window) remove(l data.Line) {
	op, ok := w.submit(data.Change{Kind: data.KindRemove, Product: l.Product.ID, Name: lineName(l)})
	if !ok {
		return
	}
	w.offerUndo(removal{op: op, text: textRemoved(lineName(l)), back: func() {
		n := l.Quantity
		if e, done := w.model.event(op); done {
			n = e.Was // another counter may have changed it a moment before
		}
		w.restore([]data.Line{{Product: l.Product, Quantity: n}}, op)
	}})
}

func (w *Window) removeSelected() {
	if l, ok := w.model.state.Cart.Line(w.lines.selected); ok {
		w.remove(l)
	}
}

func (w *Window) clearCart() {
	c := w.model.state.Cart
	if len(c.Lines) == 0 {
		return
	}
	op, ok := w.submit(data.Change{Kind: data.KindClear, Token: c.Token})
	if ok {
		w.offerUndo(removal{op: op, text: textCleared(c.Items()), whole: true, back: func() { w.restore(w.model.emptied(op, c.Lines), op) }})
	}
}

// bringBack puts an expired cart's lines back.
func (w *Window) bringBack() {
	if c := w.model.state.Expired; c != nil {
		w.restore(c.Lines, c.Token.Op)
	}
}

// restore adds lines again that an operation took away. The ids of the changes
// are derived from it, so that however many counters do so, and however often,
// the lines come back once.
func (w *Window) restore(lines []data.Line, after data.OpID) {
	for _, l := range lines {
		if l.Quantity > 0 {
			w.submit(data.Change{Op: data.RestoreOp(after, l.Product.ID), Kind: data.KindAdd,
				Product: l.Product.ID, Quantity: l.Quantity, Name: lineName(l)})
		}
	}
}

// removal is something that was taken out and can be taken back.
type removal struct {
	op       data.OpID
	text     string
	whole    bool   // of the cart; the store may say no to that
	back     func() // takes it back
	withdraw func() // the toast that offers it
}

// keptUndos is how many removals can be taken back one after another.
const keptUndos = 20

// offerUndo says what was taken out. Only the last removal is offered on the
// screen, so that its button can mean no other one.
func (w *Window) offerUndo(r removal) {
	if n := len(w.undos); n > 0 {
		w.undos[n-1].withdraw()
	}
	r.withdraw = w.toasts.showAction(r.text, textUndo, w.undoLast)
	w.undos = append(w.undos[max(0, len(w.undos)+1-keptUndos):], r)
}

// undoLast takes the last removal back. What was really taken out is known with
// its answer, and that is a moment away. While the shop is away the picture the
// person saw has to do; but not for a whole cart: if that is not emptied in the
// end, its lines would be in it twice.
func (w *Window) undoLast() {
	n := len(w.undos)
	if n == 0 {
		return
	}
	r := w.undos[n-1]
	w.undos = w.undos[:n-1]
	r.withdraw()
	reachable := w.model.state.Link.Usable()
	if !w.model.waits(r.op) || !r.whole && !reachable {
		r.back()
		return
	}
	w.returning = append(w.returning, r)
	if !reachable {
		w.toasts.show(textComesBack)
	}
}

// bringReturning takes back what waited for the answer to its removal.
func (w *Window) bringReturning() {
	due := func(r removal) bool { return !w.model.waits(r.op) }
	ready := slices.DeleteFunc(slices.Clone(w.returning), func(r removal) bool { return !due(r) })
	w.returning = slices.DeleteFunc(w.returning, due)
	for _, r := range ready {
		r.back()
	}
}

// dropUndo forgets a removal that did not come about.
func (w *Window) dropUndo(op data.OpID) {
	is := func(r removal) bool { return r.op == op }
	for _, r := range w.undos {
		if is(r) {
			r.withdraw()
		}
	}
	w.undos = slices.DeleteFunc(w.undos, is)
	w.returning = slices.DeleteFunc(w.returning, is)
}

// submit hands a change to the shop. What cannot be sent is said at once.
func (w *Window) submit(c data.Change) (data.OpID, bool) {
	if c.Op == "" {
		c.Op = data.NewOp()
	}
	c.By = w.place.Shop.Counter()
	if _, err := w.place.Shop.Submit(c); err != nil {
		w.toasts.show(textInvalid(err))
		return "", false
	}
	w.model.submitted(c)
	if w.model.state.Link.Usable() || !w.place.Durable {
		w.showLines() // otherwise it shows when it is on the disk, in a moment
	}
	return c.Op, true
}

// refusedText tells why a typed quantity was put back.
func (w *Window) refusedText(name, text, reason string) {
	w.toasts.show(quoted(text) + " was not taken for " + quoted(name) + ". " + reason)
}

func (w *Window) retry() { w.place.Shop.Retry() }

// jump moves the focus between the products and the cart.
func (w *Window) jump() {
	if w.win.Canvas().Focused() == fyne.Focusable(w.lines) {
		w.win.Canvas().Focus(w.products)
		return
	}
	w.win.Canvas().Focus(w.lines)
}

func (w *Window) productKey(id data.ProductID, e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		w.addID(id, w.model.picked(id))
	case fyne.KeyEscape:
		w.focusSearch()
	default:
		return false
	}
	return true
}

func (w *Window) lineKey(id data.ProductID, e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		w.removeSelected()
	case fyne.KeyReturn, fyne.KeyEnter:
		w.editLine(id, 0)
	case fyne.KeyEscape:
		w.focusSearch()
	default:
		return false
	}
	return true
}

// lineRune steps the selected line, opens its quantity with a digit, and sends
// every letter to the search box.
func (w *Window) lineRune(id data.ProductID, r rune) {
	l, ok := w.model.state.Cart.Line(id)
	switch {
	case ok && r == '+':
		w.step(l, 1)
	case ok && r == '-' && l.Quantity > 1:
		w.step(l, -1)
	case ok && r >= '0' && r <= '9':
		w.editLine(id, r)
	case r != '+' && r != '-':
		w.typeInSearch(r)
	}
}

// editLine puts the cursor in a line's quantity, and types a digit there.
func (w *Window) editLine(id data.ProductID, first rune) {
	r, ok := w.lines.rows[id].(*lineRow)
	if !ok {
		return
	}
	w.win.Canvas().Focus(r.amount.Focusable())
	if first != 0 {
		r.amount.Focusable().TypedRune(first)
	}
}

// loadSamples puts the sample catalogue into an empty shop.
func (w *Window) loadSamples() {
	load := w.place.LoadSamples
	w.run(func(ctx context.Context) func() {
		err := load(ctx)
		return func() {
			switch {
			case err == nil:
				w.toasts.show("The sample products are in the shop.")
			case errors.Is(err, data.ErrNotEmpty):
				w.tellProblem("This shop has products already", "The sample catalogue is only loaded into an empty shop. Nothing was changed.")
			default:
				w.tellProblem("The sample products were not loaded", textFault(data.FaultOf(err), addrOf(err)))
			}
		}
	})
}

func (w *Window) about() {
	where := "this computer"
	if !w.place.Local {
		where = w.place.Addr
	}
	w.tellProblem("Trolley "+w.opt.Version, "A shopping cart that several counters see at once.\n\nShop on "+where+
		", counter "+quoted(w.model.me)+".")
}
