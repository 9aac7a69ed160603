package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// hearKeys makes the commands answer to the keys that a menu cannot have. The
// menu has the first stroke of every command, and gets it before an entry; any
// other goes to what has the focus, which passes it on.
func (w *Window) hearKeys() {
	w.watch.onKey, w.watch.onShortcut = w.windowKey, w.windowShortcut
	c := w.win.Canvas()
	w.eachCommand(func(cmd command) {
		for _, s := range cmd.strokes() {
			if s.mod != 0 {
				c.AddShortcut(s.shortcut(), func(sc fyne.Shortcut) { w.windowShortcut(sc) })
			}
		}
	})
	c.SetOnTypedRune(w.typeInSearch)
	c.SetOnTypedKey(w.keyNowhere)
}

// keyNowhere handles keys while nothing has the focus, as after a click.
func (w *Window) keyNowhere(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape:
		w.focusSearch()
		w.search.TypedKey(e)
	default:
		w.windowKey(e.Name)
	}
}

// windowKey does what a key means wherever in the window it is pressed; false:
// nothing.
func (w *Window) windowKey(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyTab:
		return w.moveFocus()
	case fyne.KeyEscape:
		return w.leave()
	}
	return isFunctionKey(key) && w.performStroke(func(s stroke) bool { return s == bare(key) })
}

// windowShortcut is windowKey for keys with Ctrl.
func (w *Window) windowShortcut(sc fyne.Shortcut) bool {
	w.entering = true
	defer func() { w.entering = false }()
	return w.performStroke(func(s stroke) bool { return s.mod != 0 && s.shortcut().ShortcutName() == sc.ShortcutName() })
}

func (w *Window) performStroke(is func(stroke) bool) (found bool) {
	w.eachCommand(func(c command) {
		if !found && slices.ContainsFunc(c.strokes(), is) {
			found = true
			w.perform(c)
		}
	})
	return found
}

func isFunctionKey(key fyne.KeyName) bool {
	return len(key) > 1 && strings.HasPrefix(string(key), "F") && key[1] >= '1' && key[1] <= '9'
}

// writable is an entry of the window or of a dialog.
type writable interface {
	// writing is the entry, nil while what it holds is not the person's text.
	writing() *widget.Entry
}

func (s *searchBox) writing() *widget.Entry  { return &s.Entry }
func (e *fieldEntry) writing() *widget.Entry { return &e.Entry }

func (e *spinnerEntry) writing() *widget.Entry {
	if !e.spinner.Editing() {
		return nil
	}
	return &e.Entry
}

// edit lets the entry that has the focus do something first; false: there is
// none, or its text stayed as it was.
func (w *Window) edit(do func(*widget.Entry)) bool {
	focused, ok := w.win.Canvas().Focused().(writable)
	if !ok {
		return false
	}
	e := focused.writing()
	if e == nil {
		return false
	}
	was := e.Text
	do(e)
	return e.Text != was
}

// undoAnywhere takes back what was typed, and where nothing was what was done.
func (w *Window) undoAnywhere() {
	if !w.edit((*widget.Entry).Undo) {
		w.command(w.undo)()
	}
}

// redoAnywhere makes again what undoAnywhere took back.
func (w *Window) redoAnywhere() {
	if !w.edit((*widget.Entry).Redo) {
		w.command(w.redo)()
	}
}

// removeAnywhere removes the word before the cursor, and where nothing is
// written the line that is chosen.
func (w *Window) removeAnywhere() {
	if !w.edit(removeWord) {
		w.command(w.removeSelected)()
	}
}

// removeWord does what the shortcut does in an entry that has it for itself.
func removeWord(e *widget.Entry) {
	word := fyne.KeyModifierShortcutDefault
	if onMac {
		word = fyne.KeyModifierAlt
	}
	e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyBackspace, Modifier: word})
}

// typeInSearch brings a letter that was typed elsewhere to the search box.
func (w *Window) typeInSearch(r rune) {
	w.watch.typed(r)
	w.insertInSearch(r)
}

// insertInSearch is typeInSearch for a letter that the watch has heard already.
func (w *Window) insertInSearch(r rune) {
	w.focusSearch()
	w.search.insert(r)
}

// productKey handles a key on a product in the list.
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

// lineKey handles a key on a line of the cart.
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
		w.stepByKey(l, 1)
	case ok && r == '-' && l.Quantity > 1:
		w.stepByKey(l, -1)
	case ok && r >= '0' && r <= '9':
		w.editLine(id, r)
	case r != '+' && r != '-':
		w.insertInSearch(r)
	}
}

// stepByKey steps a line, and back again if the key was the first of a scan.
func (w *Window) stepByKey(l data.Line, by int64) {
	t := w.tab
	op, made := w.step(l, by)
	w.watch.undoneBy(func() {
		if _, there := t.model.state.Cart.Line(l.Product.ID); there && made {
			w.unmake(t, op)
		}
	})
}

// editLine puts the cursor in a line's quantity, and types a digit there.
func (w *Window) editLine(id data.ProductID, first rune) {
	r, ok := w.lines.rows[id].(*lineRow)
	if !ok {
		return
	}
	w.win.Canvas().Focus(r.amount.Focusable())
	if first != 0 {
		r.amount.entry.insert(first)
	}
	w.log.Debug("typing a quantity", "product", id)
}
