package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data/config"
)

// counterForm are the settings that the shop is opened with: to apply them, it
// is closed and opened again behind the window. That is done when the person
// has left the control, and not at every letter and arrow.
type counterForm struct {
	form     *settingsForm
	name     *formEntry
	nameRow  *settingRow
	timeout  *strip
	waitRow  *settingRow
	choices  []time.Duration
	busy     bool // they are being applied
	tried    config.Settings
	again    bool   // something else was chosen meanwhile
	closing  bool   // and then the dialog closes
	next     func() // and then this is done; may be nil
	insisted bool   // the person was told of the name that cannot be used
}

func newCounterForm(f *settingsForm) *counterForm {
	w := f.window
	now := w.opt.Connector.Settings()
	c := &counterForm{form: f, name: newFormEntry(), choices: timeouts(now.Timeout)}
	c.nameRow = newSettingRow(textCounterName.say(), c.name)
	c.name.watch, c.name.onLeft = w.watch, c.apply
	c.name.OnChanged = func(string) { c.tellName() }
	c.name.label = func() string { return strings.TrimSpace(textCounterName.say() + " " + c.nameRow.note.text()) }
	labels := make([]string, len(c.choices))
	for i, d := range c.choices {
		labels[i] = textTimeout(d)
	}
	c.waitRow = choose(textCartsClose, slices.Index(c.choices, now.Timeout), func(int) {}, labels...)
	c.timeout = c.waitRow.control.(*strip)
	c.timeout.onSettle = c.apply
	c.show()
	c.lock(config.FieldCounter, c.nameRow)
	c.lock(config.FieldTimeout, c.waitRow)
	return c
}

func (c *counterForm) group() settingGroup {
	return newSettingGroup(textThisCounter, c.nameRow, c.waitRow)
}

// lock keeps what the environment says as it is.
func (c *counterForm) lock(f config.Field, row *settingRow) {
	if c.form.window.opt.Connector.Locked(f) {
		row.control.(fyne.Disableable).Disable()
		row.say(textGivenOutside.say(), colorMuted)
	}
}

// joinAlert gives the entry its keys: Enter applies what was typed.
func (c *counterForm) joinAlert(al *alert) {
	c.name.onShown = func() { al.reveal(c.name) }
	c.name.routeKeys(func(key fyne.KeyName) bool {
		if key == fyne.KeyReturn || key == fyne.KeyEnter {
			c.apply()
			return true
		}
		return al.typedInField(key)
	})
}

// show fills the controls with what stands.
func (c *counterForm) show() {
	now := c.form.window.opt.Connector.Settings()
	changed := c.name.OnChanged
	c.name.OnChanged = nil
	c.name.SetText(now.Counter)
	c.name.CursorColumn = len([]rune(now.Counter))
	c.name.OnChanged = changed
	c.timeout.turn(max(0, slices.Index(c.choices, now.Timeout)))
}

// wanted is what the controls say.
func (c *counterForm) wanted() config.Settings {
	s := c.form.window.opt.Connector.Settings()
	if !c.name.Disabled() {
		s.Counter = strings.TrimSpace(c.name.Text)
	}
	if !c.timeout.locked {
		s.Timeout = c.choices[c.timeout.active]
	}
	return s
}

// usable is wanted, with the name as it stands while the one that is typed cannot
// be used.
func (c *counterForm) usable() config.Settings {
	s := c.wanted()
	if problemWith(s, config.FieldCounter) != "" {
		s.Counter = c.form.window.opt.Connector.Settings().Counter
	}
	return s
}

// tellName shows what is wrong with the name, if anything is.
func (c *counterForm) tellName() string {
	problem := problemWith(c.wanted(), config.FieldCounter)
	if problem != c.nameRow.note.text() {
		c.nameRow.say(problem, theme.ColorNameError)
		c.insisted = false
		c.form.arrange()
	}
	return problem
}

// apply opens the shop with the settings, when they have changed and can be
// used.
func (c *counterForm) apply() {
	w, s := c.form.window, c.usable()
	if c.again = c.busy; c.busy || w.alerts.current != c.form.alert || s == w.opt.Connector.Settings() || len(s.Check()) > 0 {
		return
	}
	c.busy, c.tried = true, s
	c.form.alert.say(textApplying.say())
	w.applySettings(s, c.applied)
}

// applied goes on with what was entered while the shop was opened. That stays in
// the controls whatever has become of the settings that were tried.
func (c *counterForm) applied(err error) {
	again := c.again
	c.busy, c.again = false, false
	c.form.alert.say("")
	switch {
	case err != nil:
		if c.wanted() == c.tried {
			c.show()
		}
		c.closing = false
		c.form.alert.say(textWhyNot(err))
	case again:
		c.apply()
	}
	if c.busy {
		return
	}
	if c.closing {
		c.form.alert.close()
	}
	if next := c.next; next != nil {
		c.next = nil
		next()
	}
}

// afterwards calls f as soon as nothing is being applied.
func (c *counterForm) afterwards(f func()) {
	if c != nil && c.busy {
		c.next = f
		return
	}
	f()
}

// close keeps what was typed before the dialog goes. A name that cannot be used
// is told once, and given up when the person closes all the same.
func (c *counterForm) close() error {
	if !c.busy && c.tellName() != "" && !c.insisted {
		c.insisted = true
		c.form.window.win.Canvas().Focus(c.name)
		return errAlertStays
	}
	c.apply()
	if c.busy {
		c.closing = true
		return errAlertStays
	}
	return nil
}
