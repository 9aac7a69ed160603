package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// chord presses a key with what is held down beside it, as the toolkit hands it
// out: first to the menu, then to the entry that has the focus, then to the
// window.
func (d *desk) chord(s stroke) {
	d.t.Helper()
	name := s.shortcut().ShortcutName()
	focused, takes := d.win.Canvas().Focused().(fyne.Shortcutable)
	switch {
	case s.mod == 0:
		d.key(s.key)
	case slices.ContainsFunc(d.win.MainMenu().Items, func(m *fyne.Menu) bool { return menuTakes(m, name) }):
	case takes:
		focused.TypedShortcut(s.shortcut())
	default:
		d.windowShortcut(s.shortcut())
	}
	d.hear()
}

// menuTakes does what the item with a shortcut does, if there is one.
func menuTakes(m *fyne.Menu, shortcut string) bool {
	for _, i := range m.Items {
		if i.Shortcut != nil && i.Shortcut.ShortcutName() == shortcut && i.Action != nil {
			i.Action()
			return true
		}
		if i.ChildMenu != nil && menuTakes(i.ChildMenu, shortcut) {
			return true
		}
	}
	return false
}

// menuLabels are the labels of the menu, with those of the menus in it.
func menuLabels(items []*fyne.MenuItem) []string {
	var all []string
	for _, i := range items {
		if i.ChildMenu != nil {
			all = append(all, menuLabels(i.ChildMenu.Items)...)
		}
		all = append(all, i.Label)
	}
	return all
}

func TestEveryCommandIsInTheMenu(t *testing.T) {
	d := openShop(t)
	var labels []string
	for _, m := range d.win.MainMenu().Items {
		labels = append(labels, menuLabels(m.Items)...)
	}
	taken := map[stroke]string{}
	d.eachCommand(func(c command) {
		if c.text() == "" || !slices.Contains(labels, c.text()) {
			t.Errorf("the menu has no %q", c.text())
		}
		if c.do == nil && c.list == nil {
			t.Errorf("%q does nothing", c.text())
		}
		for _, s := range c.strokes() {
			if other, twice := taken[s]; twice {
				t.Errorf("%s means %q and %q", s.text(), other, c.text())
			}
			taken[s] = c.text()
		}
	})
	if len(taken) < 40 {
		t.Errorf("only %d keys mean something", len(taken))
	}
}

// keyEffects are the keys of the window and what each is there for. Dialogs are
// named by their title.
func (d *desk) keyEffects() map[stroke]string {
	return map[stroke]string{
		bare(fyne.KeyF1): textKeys.say(), ctrl(fyne.KeySlash): textKeys.say(),
		ctrl(fyne.KeyO): textCarts.say(), ctrlShift(fyne.KeyN): textNewProduct.say(),
		historyKeys[0]: textHistoryTitle.say(), ctrl(fyne.KeyL): textActivity.with("cart", d.titleOf(d.tab)),
		ctrl(fyne.KeyE): textNameCart.say(), bare(fyne.KeyF9): textCheckOutTitle.say(),
		ctrl(fyne.KeyReturn): textCheckOutTitle.say(), ctrl(fyne.KeyEnter): textCheckOutTitle.say(),
	}
}

func TestKeysOpenTheirDialogs(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	for key, title := range d.keyEffects() {
		for where, focus := range d.places() {
			d.win.Canvas().Focus(focus)
			d.chord(key)
			if !d.alerts.open() || d.alerts.current.spec.Title != title {
				t.Errorf("%s in %s: %s", key.text(), where, d.picture())
			}
			for d.alerts.open() {
				d.alerts.current.close()
			}
		}
	}
}

// places are what can have the focus in the window.
func (d *desk) places() map[string]fyne.Focusable {
	return map[string]fyne.Focusable{"the box": d.search, "the products": d.products, "the cart": d.lines,
		"a quantity": d.line("espresso").amount.Focusable(), "the tabs": d.tabBar, "a button": d.clear, "nothing": nil}
}

func TestKeysOfTheCarts(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	titles := func() string {
		var all []string
		for _, t := range d.tabs {
			title := brief(t.model.state.Cart)
			if t == d.tab {
				title = "[" + title + "]"
			}
			all = append(all, title)
		}
		return strings.Join(all, " ")
	}
	for _, step := range []struct {
		key  stroke
		want string
	}{
		{ctrl(fyne.KeyN), "1 espresso []"}, {ctrl(fyne.KeyN), "1 espresso  []"},
		{ctrl(fyne.Key1), "[1 espresso]  "}, {ctrl(fyne.Key3), "1 espresso  []"}, {ctrl(fyne.Key7), "1 espresso  []"},
		{control(fyne.KeyTab), "[1 espresso]  "}, {control(fyne.KeyPageDown), "1 espresso [] "},
		{control(fyne.KeyPageUp), "[1 espresso]  "}, {ctrl(fyne.Key2), "1 espresso [] "},
		{bare(fyne.KeyF4), "1 espresso []"}, {ctrl(fyne.KeyS), "[1 espresso]"}, {ctrl(fyne.KeyW), "[]"},
		{ctrlShift(fyne.KeyT), " [1 espresso]"},
	} {
		d.chord(step.key)
		d.until(step.key.text()+" leads to "+step.want, func() bool { return titles() == step.want })
	}
}

func TestKeysOfTheLines(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.searchFor("latte")
	d.shows("2 espresso, 1 latte")
	d.chord(bare(fyne.KeyF6))
	d.chord(ctrl(fyne.KeyBackspace))
	d.shows("1 latte")
	d.chord(ctrl(fyne.KeyZ))
	d.until("it is back", func() bool { return strings.Contains(d.cart(), "2 espresso") })
	d.chord(ctrl(fyne.KeyY))
	d.shows("1 latte")
	d.chord(ctrlShift(fyne.KeyBackspace))
	d.shows("")
	d.chord(bare(fyne.KeyF2))
	d.expectFocusInSearch()
}

func TestTypingIsUndoneBeforeTheCart(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.write("latte macchiato")
	d.chord(ctrl(fyne.KeyBackspace))
	if d.search.Text != "latte " {
		t.Errorf("without its last word the box holds %q", d.search.Text)
	}
	d.chord(ctrl(fyne.KeyZ))
	if d.search.Text != "latte macchiato" {
		t.Errorf("with its last word back the box holds %q", d.search.Text)
	}
	d.chord(ctrl(fyne.KeyZ))
	if strings.HasPrefix(d.search.Text, "latte m") {
		t.Errorf("with the typing undone the box holds %q", d.search.Text)
	}
	d.chord(ctrl(fyne.KeyY))
	if d.cart() != "1 espresso" {
		t.Errorf("undoing the typing left %s", d.cart())
	}
	d.search.SetText("")
	d.chord(ctrl(fyne.KeyZ))
	d.shows("")
}

func TestNoCommandActsBehindADialog(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.lines.sel("espresso")
	d.about()
	before := d.picture()
	d.eachCommand(func(c command) {
		if c.quits || c.label == textKeys || c.label == "Full screen" {
			return
		}
		for _, s := range c.strokes() {
			d.chord(s)
		}
		d.perform(c)
	})
	if after := d.picture(); after != before || len(d.tabs) != 1 || len(d.alerts.waiting) > 0 {
		t.Errorf("before: %s; after: %s", before, after)
	}
	d.chord(bare(fyne.KeyF1))
	if d.keySheet != nil {
		t.Error("the sheet of keys opened behind a dialog")
	}
	d.expectStored("1 espresso")
}

func TestMenuSaysWhatUndoDoes(t *testing.T) {
	d := openShop(t)
	undo := d.win.MainMenu().Items[1].Items[0]
	d.searchFor("espresso")
	d.shows("1 espresso")
	if undo.Label != d.undoLabel() || !strings.Contains(undo.Label, "Espresso") {
		t.Errorf("the menu says %q, undo would be %q", undo.Label, d.undoLabel())
	}
	clearItem := d.win.MainMenu().Items[1].Items[4]
	if clearItem.Label != textClear.say() || clearItem.Disabled {
		t.Errorf("with an item in the cart %q is grey: %t", clearItem.Label, clearItem.Disabled)
	}
	d.chord(ctrl(fyne.KeyZ))
	d.shows("")
	if !clearItem.Disabled {
		t.Error("an empty cart can be cleared")
	}
}

// The menu is built anew to be drawn, which closes it: not for every scan.
func TestMenuIsDrawnNowAndThen(t *testing.T) {
	d := openShop(t)
	now := d.model.now()
	d.model.now = func() time.Time { return now }
	d.menu.stale, d.menu.drawn = true, now.Add(-menuPause/2)
	d.menu.update()
	if !d.menu.stale {
		t.Error("it was drawn again at once")
	}
	now = now.Add(menuPause)
	d.menu.update()
	if d.menu.stale {
		t.Error("it was not drawn when time had passed")
	}
}

// openedTitle has the focus as the title of a menu has that is open. Menus of a
// window without a screen have no widgets.
type openedTitle struct {
	widget.Entry
	menu *widget.Menu
}

func (t *openedTitle) Child() *widget.Menu { return t.menu }

func TestMenuIsNotDrawnWhileItIsOpen(t *testing.T) {
	d := openShop(t)
	title := &openedTitle{menu: widget.NewMenu(fyne.NewMenu(""))}
	title.ExtendBaseWidget(title)
	d.win.Canvas().Overlays().Add(title)
	d.win.Canvas().Focus(title)
	d.menu.stale, d.menu.drawn = true, time.Time{}
	d.menu.update()
	d.win.Canvas().Unfocus() // as by a click on a line between two items
	d.menu.update()
	if !d.menu.stale {
		t.Error("it was drawn, which closes it")
	}
	title.menu.Hide()
	d.menu.update()
	if d.menu.stale {
		t.Error("it was not drawn when it was closed")
	}
}

func TestRedoIsForWhatWasUndone(t *testing.T) {
	d := openShop(t)
	redo := func() *fyne.MenuItem {
		d.menu.update()
		for _, r := range d.menu.rows {
			if r.command.label == textRedo {
				return r.item
			}
		}
		return nil
	}
	d.searchFor("latte")
	d.shows("1 latte")
	if !redo().Disabled {
		t.Error("there is something to redo before anything was undone")
	}
	d.undo()
	d.shows("")
	if redo().Disabled {
		t.Error("what was undone cannot be made again")
	}
}
