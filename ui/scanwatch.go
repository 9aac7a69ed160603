package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// scanWatch listens to the keys of a window for scans. The toolkit gives keys
// to the widget that has the focus and to nobody else, so every widget that
// gets keys tells the watch first. What a scan has typed somewhere is taken
// out again when it ends.
//
// A nil watch hears nothing, for widgets outside of a window with scans.
type scanWatch struct {
	scanner scanner
	stall   *stallMeter // nil: the window is never held up
	onScan  func(code string, from scanOrigin)
	// remember returns what brings back the present state of all that a burst
	// can change.
	remember func() scanOrigin
	origin   scanOrigin // of the burst that is coming in
	steps    []func()   // take back what its keys did at once

	// onKey and onShortcut do what a key means wherever it is pressed; they are
	// true when it means something. May be nil.
	onKey      func(fyne.KeyName) bool
	onShortcut func(fyne.Shortcut) bool
}

// scanOrigin is where the first key of a burst went.
type scanOrigin struct {
	Search bool              // into the search box, also by way of a list or a button
	back   func()            // puts everything as it was before the first key
	taken  func(string) bool // offers the code to the field; nil: it takes none
}

// typed is told of every rune before it is typed.
func (w *scanWatch) typed(r rune) {
	if w == nil {
		return
	}
	w.heldUp()
	if w.scanner.add(r) {
		w.origin, w.steps = w.remember(), nil
	}
}

// heldUp returns for how long the window was held up so far, and goes on
// measuring while keys come in.
func (w *scanWatch) heldUp() time.Duration {
	if w.stall == nil {
		return 0
	}
	held := w.stall.held()
	w.stall.watch()
	return held
}

// took is told of every key before it does anything. It is true when the key
// ends a scan, or means the same everywhere, and is to do nothing else.
func (w *scanWatch) took(key fyne.KeyName) bool {
	if w == nil {
		return false
	}
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		if w.scanner.trailing() || w.end() {
			return true
		}
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyEscape, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight,
		fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown:
		w.scanner.forget() // scanners do not edit
	}
	return w.meant(key)
}

// meant does what a key means everywhere; false: nothing.
func (w *scanWatch) meant(key fyne.KeyName) bool { return w != nil && w.onKey != nil && w.onKey(key) }

// meantShortcut is meant for a key with Ctrl.
func (w *scanWatch) meantShortcut(sc fyne.Shortcut) bool {
	return w != nil && w.onShortcut != nil && w.onShortcut(sc)
}

func (w *scanWatch) end() bool {
	code, ok := w.scanner.end()
	if ok {
		w.takeOut()
		w.onScan(code, w.origin)
	}
	return ok
}

// scanning reports whether a Tab would be a scan's. Widgets that get keys keep
// it then, as it would move the focus otherwise.
func (w *scanWatch) scanning() bool {
	return w != nil && (w.scanner.scanning() || w.scanner.trailing())
}

// rushing reports whether what comes in is a scan's most likely.
func (w *scanWatch) rushing() bool { return w != nil && w.scanner.rushing() }

// undoneBy notes what takes back the effect of the newest key, for keys that do
// something before they can be known for a scan's.
func (w *scanWatch) undoneBy(f func()) {
	if w != nil {
		w.steps = append(w.steps, f)
	}
}

// yield takes out what a scan has typed so far, before something else gets the
// focus in the middle of it. The rest may follow there.
func (w *scanWatch) yield() {
	if w.rushing() {
		w.takeOut()
	}
}

// takeOut puts everything as it was before the burst, once.
func (w *scanWatch) takeOut() {
	if back := w.origin.back; back != nil {
		w.origin.back = nil
		back()
	}
	for _, undo := range w.steps {
		undo()
	}
	w.steps = nil
}

// rememberer is a field that can be put back into its present state.
type rememberer interface {
	fyne.Focusable
	remember() (back func())
}

var _ = []rememberer{(*searchBox)(nil), (*spinnerEntry)(nil), (*fieldEntry)(nil)}

func (s *searchBox) remember() func()  { return rememberEntry(&s.Entry) }
func (e *fieldEntry) remember() func() { return rememberEntry(&e.Entry) }

// remember also keeps whether the person was in the middle of typing. If not,
// the quantity shows that the cart has by then.
func (e *spinnerEntry) remember() func() {
	s := e.spinner
	editing, seen, back := s.editing, s.seen, rememberEntry(&e.Entry)
	return func() {
		if !editing {
			s.cancel()
			return
		}
		s.showing = true
		back()
		s.showing = false
		s.editing, s.seen = true, seen
	}
}

// rememberEntry returns what brings back the text, the cursor and the selection
// of an entry of one line.
func rememberEntry(e *widget.Entry) (back func()) {
	text, cursor, selected := e.Text, e.CursorColumn, e.SelectedText()
	return func() {
		if e.Text == text && e.CursorColumn == cursor && e.SelectedText() == selected {
			return
		}
		e.SetText(text)
		e.CursorColumn = cursor
		selectBeside(e, selected)
		e.Refresh()
	}
}

// selectBeside selects this text beside the cursor, on the side where it
// stands. The toolkit lets a program do so only by the keys that a person would
// use.
func selectBeside(e *widget.Entry, selected string) {
	text, n, cursor := []rune(e.Text), len([]rune(selected)), e.CursorColumn
	if n == 0 {
		return
	}
	way, from := fyne.KeyRight, cursor-n
	if from < 0 || string(text[from:cursor]) != selected {
		way, from = fyne.KeyLeft, cursor+n
	}
	e.CursorColumn = from
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	e.KeyDown(shift)
	for range n {
		e.TypedKey(&fyne.KeyEvent{Name: way})
	}
	e.KeyUp(shift)
}

// watchKeys lets a watch hear what is typed in the field of a spinner.
func (s *Spinner) watchKeys(w *scanWatch) { s.entry.watch = w }

// AcceptsTab implements fyne.Tabbable, here and below: the Tab that ends a scan
// moves no focus.
func (e *fieldEntry) AcceptsTab() bool { return e.watch.scanning() }

// AcceptsTab implements fyne.Tabbable.
func (p *alertPush) AcceptsTab() bool { return p.alert.owner.watch.scanning() }

// AcceptsTab implements fyne.Tabbable.
func (c *choice) AcceptsTab() bool { return c.alert != nil && c.alert.owner.watch.scanning() }
