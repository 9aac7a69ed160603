package ui

import (
	"runtime"
	"slices"

	"fyne.io/fyne/v2"

	"trolley/data"
)

// command is something that the window can be told to do. The menus, the keys
// and the sheet of keys are all made of one table of them, so that they agree.
type command struct {
	label phrase   // in the menu and on the sheet
	keys  []stroke // the first of them stands in the menu
	also  []stroke // the same keys in another place of the keyboard, which are not told
	do    func()

	now      func() string    // a label that says what it would do at the moment; nil: always label
	ready    func() bool      // whether there is something to do; nil: always
	anywhere bool             // is done behind a dialog too: it looks after itself
	list     func() []command // a menu of its own instead of something to do
	span     []stroke         // the first and the last key that list can have
	does     phrase           // on the sheet, in place of the label
	chosen   func() bool      // whether it has a tick in the menu; nil: never
	quits    bool
}

// strokes are all keys of a command.
func (c command) strokes() []stroke { return slices.Concat(c.keys, c.also) }

// usable reports whether there is something to do.
func (c command) usable() bool { return c.ready == nil || c.ready() }

// ticked reports whether the command has a tick in the menu.
func (c command) ticked() bool { return c.chosen != nil && c.chosen() }

// text is the label of the moment.
func (c command) text() string {
	if c.now != nil {
		if text := c.now(); text != "" {
			return text
		}
	}
	return c.label.say()
}

// commandMenu is a menu of the window; a line parts its groups.
type commandMenu struct {
	label  phrase
	groups [][]command
}

// onMac reports whether the keys are those of a Mac.
const onMac = runtime.GOOS == "darwin"

// historyKeys and fullScreenKeys differ on a Mac, which has other uses for the
// usual ones.
var historyKeys, fullScreenKeys = platformKeys()

func platformKeys() (history, fullScreen []stroke) {
	if onMac {
		return []stroke{ctrlShift(fyne.KeyH)}, []stroke{{fyne.KeyF, fyne.KeyModifierControl | fyne.KeyModifierSuper}}
	}
	return []stroke{ctrl(fyne.KeyH)}, []stroke{bare(fyne.KeyF11)}
}

// commands is the table of all commands.
func (w *Window) commands() []commandMenu {
	return []commandMenu{
		{"File", w.fileCommands()},
		{"Edit", w.editCommands()},
		{textCart, w.cartCommands()},
		{"View", w.viewCommands()},
		{"Help", w.helpCommands()},
	}
}

func (w *Window) fileCommands() [][]command {
	all := [][]command{
		{
			{label: "New cart", keys: []stroke{ctrl(fyne.KeyN)}, do: w.newCart},
			{label: "Carts…", keys: []stroke{ctrl(fyne.KeyO)}, do: w.showCarts},
			{label: "Put cart aside", keys: []stroke{ctrl(fyne.KeyW), bare(fyne.KeyF4), ctrl(fyne.KeyS)}, do: func() { w.putAside(w.tab) }},
			{label: "Take up last cart", keys: []stroke{ctrlShift(fyne.KeyT)}, do: w.takeUpLast},
		}, {
			{label: "New product…", keys: []stroke{ctrlShift(fyne.KeyN)}, do: func() { w.newProduct(draft{}, 0) }},
			{label: textUseSamples, do: w.loadSamples},
		}, {
			{label: "History…", keys: historyKeys, do: w.showHistory},
		}, {
			{label: "Connection…", keys: []stroke{ctrlShift(fyne.KeyC)}, do: func() { w.connectionDialog() }, ready: w.canConnect},
			{label: "Add another counter…", do: w.joinDialog, ready: w.canConnect},
		},
	}
	if onMac { // which has the command in a menu of its own
		return all
	}
	return append(all, []command{{label: textQuit, keys: []stroke{ctrl(fyne.KeyQ)}, do: w.close, anywhere: true, quits: true}})
}

func (w *Window) editCommands() [][]command {
	return [][]command{
		{
			{label: textUndo, now: w.undoLabel, keys: []stroke{ctrl(fyne.KeyZ)}, do: w.undoAnywhere, anywhere: true},
			{label: textRedo, now: w.redoLabel, keys: []stroke{ctrlShift(fyne.KeyZ), ctrl(fyne.KeyY)}, do: w.redoAnywhere, ready: w.canRedo, anywhere: true},
		}, {
			{label: "Remove line", keys: []stroke{ctrl(fyne.KeyBackspace)}, do: w.removeAnywhere, ready: w.lineChosen, anywhere: true},
			{label: textClear, keys: []stroke{ctrlShift(fyne.KeyBackspace)}, do: w.clearCart, ready: w.hasLines},
		}, {
			{label: "Search box", keys: []stroke{ctrl(fyne.KeyF), bare(fyne.KeyF2)}, do: w.searchAnew},
		}, {
			{label: "Settings…", keys: []stroke{ctrl(fyne.KeyComma)}, do: w.settingsDialog},
		},
	}
}

func (w *Window) cartCommands() [][]command {
	return [][]command{
		{
			{label: "Check out…", keys: []stroke{ctrl(fyne.KeyReturn), bare(fyne.KeyF9)}, also: []stroke{ctrl(fyne.KeyEnter)},
				do: w.checkOut, ready: w.hasLines},
			{label: "Name cart…", keys: []stroke{ctrl(fyne.KeyE)}, do: w.nameCart},
			{label: "Activity…", keys: []stroke{ctrl(fyne.KeyL)}, do: w.showActivity},
		}, {
			{label: textKeepCartOpen, keys: []stroke{ctrl(fyne.KeyK)}, do: func() { w.cart.Keep() }, ready: w.hasLines},
			{label: "Bring this cart back", keys: []stroke{ctrl(fyne.KeyB)}, do: w.bringBack, ready: w.canBringBack},
		},
	}
}

func (w *Window) viewCommands() [][]command {
	return [][]command{
		{
			{label: "Products or cart", keys: []stroke{ctrl(fyne.KeyJ), bare(fyne.KeyF6)}, do: w.jump},
		}, {
			{label: "Open carts", does: "To a cart", list: w.tabCommands, span: []stroke{ctrl(tabKeys[0]), ctrl(tabKeys[len(tabKeys)-1])}},
			{label: "Next cart", keys: []stroke{control(fyne.KeyTab), control(fyne.KeyPageDown)}, do: func() { w.nextTab(1) }},
			{label: "Previous cart", keys: []stroke{{fyne.KeyTab, fyne.KeyModifierControl | fyne.KeyModifierShift}, control(fyne.KeyPageUp)},
				do: func() { w.nextTab(-1) }},
		}, {
			{label: "Larger text", keys: []stroke{ctrl(fyne.KeyEqual)}, also: []stroke{ctrl(fyne.KeyPlus), ctrlShift(fyne.KeyEqual)}, do: w.biggerText},
			{label: "Smaller text", keys: []stroke{ctrl(fyne.KeyMinus)}, do: w.smallerText},
			{label: "Usual text", keys: []stroke{ctrl(fyne.Key0)}, do: w.usualText},
			{label: "Compact rows", keys: []stroke{ctrl(fyne.KeyD)}, do: w.toggleCompact,
				chosen: func() bool { return w.app.Preferences().Bool(prefCompact) }},
			{label: "Full screen", keys: fullScreenKeys, do: w.fullScreen, anywhere: true},
		},
	}
}

func (w *Window) helpCommands() [][]command {
	return [][]command{
		{
			{label: textKeys, keys: []stroke{ctrl(fyne.KeySlash), bare(fyne.KeyF1)}, do: w.keysHelp, anywhere: true},
		}, {
			{label: "Try connection now", keys: []stroke{ctrl(fyne.KeyR)}, do: w.retry},
			{label: textCheck, do: func() { w.checkConnection() }},
			{label: "Check scanner…", do: func() { w.checkScanner() }},
			{label: "Diagnostics…", do: func() { w.diagnostics() }},
			{label: textDataFolder, do: w.openDataFolder, ready: func() bool { return w.opt.System.DataDir != "" }},
		}, {
			{label: "About Trolley", do: w.about},
		},
	}
}

// tabKeys bring the first carts of the window on screen, with Ctrl.
var tabKeys = []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}

// tabCommands bring one of the open carts on screen.
func (w *Window) tabCommands() []command {
	all := make([]command, len(w.tabs))
	for i, t := range w.tabs {
		all[i] = command{now: func() string { return w.titleOf(t) }, do: func() { w.pickTab(t) }, chosen: func() bool { return t == w.tab }}
		if i < len(tabKeys) {
			all[i].keys = []stroke{ctrl(tabKeys[i])}
		}
	}
	return all
}

func (w *Window) hasLines() bool { return len(w.model.state.Cart.Lines) > 0 }

// canConnect reports whether other shops can be opened.
func (w *Window) canConnect() bool { return w.opt.Connector != nil }

func (w *Window) lineChosen() bool {
	_, ok := w.model.state.Cart.Line(w.lines.selected)
	return ok
}

func (w *Window) canRedo() bool { return lastOf(w.history.future) != nil }

func (w *Window) canBringBack() bool {
	e := w.model.state.Cart.Ended
	return e != nil && e.How != data.CheckedOut
}

// command guards what a menu, a key or a button does: nothing happens behind an
// open dialog (the toolkit lets shortcuts through, fyne#2627).
func (w *Window) command(f func()) func() {
	return func() {
		if !w.alerts.open() {
			f()
		}
	}
}

// perform does what a command says, where that is possible.
func (w *Window) perform(c command) {
	switch {
	case c.do == nil:
	case c.anywhere:
		c.do()
	case c.usable():
		w.command(c.do)()
	}
}

// eachCommand calls f with every command, those of the lists in menus included.
func (w *Window) eachCommand(f func(command)) {
	for _, m := range w.commands() {
		for _, c := range slices.Concat(m.groups...) {
			f(c)
			if c.list != nil {
				for _, one := range c.list() {
					f(one)
				}
			}
		}
	}
}
