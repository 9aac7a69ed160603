package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// menuPause is the least time between two drawings of the menu: each builds all
// of it anew.
const menuPause = time.Second

// mainMenu shows the table of commands in the menu of the window.
type mainMenu struct {
	window *Window
	menu   *fyne.MainMenu
	rows   []menuRow
	stale  bool      // what is drawn is not what is true any more
	drawn  time.Time // when it was drawn last
	title  menuTitle // that had the focus last
}

// menuRow is a command and what stands for it in the menu.
type menuRow struct {
	command command
	item    *fyne.MenuItem
}

func newMainMenu(w *Window) *mainMenu {
	m := &mainMenu{window: w, menu: fyne.NewMainMenu()}
	for _, spec := range w.commands() {
		menu := fyne.NewMenu(spec.label.say())
		for i, group := range spec.groups {
			if i > 0 {
				menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
			}
			menu.Items = append(menu.Items, m.itemsOf(group)...)
		}
		m.menu.Items = append(m.menu.Items, menu)
	}
	return m
}

func (m *mainMenu) itemsOf(commands []command) []*fyne.MenuItem {
	items := make([]*fyne.MenuItem, len(commands))
	for i, c := range commands {
		items[i] = m.itemOf(c)
		m.rows = append(m.rows, menuRow{c, items[i]})
	}
	return items
}

func (m *mainMenu) itemOf(c command) *fyne.MenuItem {
	item := fyne.NewMenuItem(c.label.say(), func() { m.perform(c) })
	item.IsQuit, item.Checked = c.quits, c.ticked()
	if len(c.keys) > 0 {
		item.Shortcut = c.keys[0].inMenu()
	}
	if c.list != nil {
		item.Action, item.ChildMenu = nil, fyne.NewMenu("")
	}
	return item
}

// update brings the menu up to date. What the keys find in it is right at once;
// it is drawn anew when something changed, not too often, and not while the
// person has it open: that would close it under their hands.
func (m *mainMenu) update() {
	for _, r := range m.rows {
		m.updateRow(r)
	}
	if now := m.window.model.now(); m.stale && now.Sub(m.drawn) >= menuPause && !m.open() {
		m.stale, m.drawn = false, now
		m.menu.Refresh()
	}
}

// menuTitle is what the toolkit has for the title of a menu. It has the focus
// while its menu is open, but for a click on what takes none. A Mac shows menus
// itself, and draws them anew where they are.
type menuTitle interface{ Child() *widget.Menu }

// open reports whether a menu is open.
func (m *mainMenu) open() bool {
	if title, is := m.window.win.Canvas().Focused().(menuTitle); is {
		m.title = title
	}
	return m.title != nil && m.title.Child().Visible()
}

// perform does what a menu says, perhaps with Enter.
func (m *mainMenu) perform(c command) {
	m.window.entering = true
	defer func() { m.window.entering = false }()
	m.window.perform(c)
}

func (m *mainMenu) updateRow(r menuRow) {
	text, disabled, ticked := r.command.text(), !r.command.usable(), r.command.ticked()
	if r.item.Label != text || r.item.Disabled != disabled || r.item.Checked != ticked {
		r.item.Label, r.item.Disabled, r.item.Checked = text, disabled, ticked
		m.stale = true
	}
	if r.command.list == nil {
		return
	}
	items := make([]*fyne.MenuItem, 0, len(r.item.ChildMenu.Items))
	for _, c := range r.command.list() {
		item := m.itemOf(c)
		item.Label = c.text()
		items = append(items, item)
	}
	looksAlike := func(a, b *fyne.MenuItem) bool { return a.Label == b.Label && a.Checked == b.Checked }
	m.stale = m.stale || !slices.EqualFunc(items, r.item.ChildMenu.Items, looksAlike)
	r.item.ChildMenu.Items = items
}
