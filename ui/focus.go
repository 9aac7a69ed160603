package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
)

// Tab goes from one part of the window to the next: a list is one stop, however
// many rows and fields it has. The toolkit knows no groups and would stop at
// every field, so the widgets take the Tab key themselves.

// composite is a widget with focusable parts.
type composite interface {
	content() fyne.CanvasObject // the container of the parts
}

func (e *emptyState) content() fyne.CanvasObject { return e.box }
func (b *banner) content() fyne.CanvasObject     { return b.strip }

// each calls f with every focusable object in o, which is what is hidden only
// if asked for. The fields in the rows of a list are not among them.
func eachFocusable(o fyne.CanvasObject, hidden bool, f func(fyne.Focusable)) {
	if o == nil || !hidden && !o.Visible() {
		return
	}
	for _, child := range childrenOf(o) {
		eachFocusable(child, hidden, f)
	}
	if one, ok := o.(fyne.Focusable); ok {
		f(one)
	}
}

func childrenOf(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Split:
		return []fyne.CanvasObject{o.Leading, o.Trailing}
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *container.ThemeOverride:
		return []fyne.CanvasObject{o.Content}
	case composite:
		return []fyne.CanvasObject{o.content()}
	}
	return nil
}

// stops are what Tab goes to at the moment, in the order of the window, from
// the search box on: the products, the cart and its buttons, and again from
// above.
func (w *Window) stops() []fyne.Focusable {
	var all []fyne.Focusable
	eachFocusable(w.win.Content(), false, func(f fyne.Focusable) {
		if d, ok := f.(fyne.Disableable); !ok || !d.Disabled() {
			all = append(all, f)
		}
	})
	home := max(0, slices.Index(all, fyne.Focusable(w.search)))
	return slices.Concat(all[home:], all[:home])
}

// listener is a widget that tells the watch of its keys.
type listener interface{ listen(*scanWatch) }

// listen gives the watch to all that can have the focus.
func (w *Window) listen() {
	eachFocusable(w.win.Content(), true, func(f fyne.Focusable) {
		if l, ok := f.(listener); ok {
			l.listen(w.watch)
		}
	})
}

func (b *commandButton) listen(w *scanWatch) { b.watch = w }
func (b *tabBar) listen(w *scanWatch)        { b.watch = w }
func (s *segments) listen(w *scanWatch)      { s.watch = w }

// AcceptsTab implements fyne.Tabbable, here and below: the key comes to the
// widget, which tells the watch.
func (s *searchBox) AcceptsTab() bool { return true }

// AcceptsTab implements fyne.Tabbable.
func (e *spinnerEntry) AcceptsTab() bool { return true }

// AcceptsTab implements fyne.Tabbable.
func (l *rowList) AcceptsTab() bool { return true }

// AcceptsTab implements fyne.Tabbable.
func (b *commandButton) AcceptsTab() bool { return true }

// AcceptsTab implements fyne.Tabbable.
func (b *tabBar) AcceptsTab() bool { return true }

// AcceptsTab implements fyne.Tabbable.
func (s *segments) AcceptsTab() bool { return true }

// moveFocus goes to the next stop, and with Shift to the one before. It is
// false in a dialog, where the toolkit does that.
func (w *Window) moveFocus() bool {
	if w.alerts.open() {
		return false
	}
	by := 1
	if w.shift() {
		by = -1
	}
	stops := w.stops()
	at := slices.Index(stops, w.stopOf(w.win.Canvas().Focused()))
	w.win.Canvas().Focus(stops[(max(at, 0)+by+len(stops))%len(stops)])
	return true
}

// stopOf is the list that a field in one of its rows belongs to, and otherwise
// what has the focus itself.
func (w *Window) stopOf(focused fyne.Focusable) fyne.Focusable {
	entry, ok := focused.(*spinnerEntry)
	if !ok {
		return focused
	}
	for _, l := range []*rowList{w.products, w.lines} {
		for _, r := range l.rows {
			if a, ok := r.(interface{ quantity() *Spinner }); ok && a.quantity().entry == entry {
				return l
			}
		}
	}
	return focused
}

func (r *productRow) quantity() *Spinner { return r.amount }
func (r *lineRow) quantity() *Spinner    { return r.amount }

// shiftHeld reports whether Shift is held down.
func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// keepFocus brings the focus home from a button or a list that is gone: its
// keys would go on doing what cannot be seen.
func (w *Window) keepFocus() {
	if w.alerts.open() {
		return
	}
	switch f := w.win.Canvas().Focused().(type) {
	case *commandButton, *rowList:
		if !slices.Contains(w.stops(), f) {
			w.focusSearch()
		}
	}
}

// leave goes from a button or the tabs back to the search box; false: what has
// the focus has its own use for Escape.
func (w *Window) leave() bool {
	switch w.win.Canvas().Focused().(type) {
	case *commandButton, *tabBar, *segments:
		w.focusSearch()
		return true
	}
	return false
}

func (w *Window) focusSearch() { w.win.Canvas().Focus(w.search) }

// searchAnew goes to the search box, where typing replaces what is in it.
func (w *Window) searchAnew() {
	w.focusSearch()
	if w.search.Text != "" { // selecting nothing would swallow the first letter
		w.search.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// jump moves the focus between the products and the cart. Where only one of
// them is shown it shows the other; an empty one gets no focus.
func (w *Window) jump() {
	there, back, shown := w.lines, w.products, sideCart
	if w.inCart() {
		there, back, shown = w.products, w.lines, sideProducts
	}
	if w.page.narrow {
		w.showSide(shown)
		back = there
	}
	for _, l := range []*rowList{there, back} {
		if l.Visible() {
			w.win.Canvas().Focus(l)
			return
		}
	}
	w.focusSearch()
}

// inCart reports whether the person is at the cart rather than the products.
func (w *Window) inCart() bool {
	if w.page.narrow {
		return w.page.side == sideCart
	}
	return w.stopOf(w.win.Canvas().Focused()) == fyne.Focusable(w.lines)
}
