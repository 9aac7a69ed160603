package ui

import (
	"context"
	"slices"

	"trolley/data/config"
)

// connectTo moves the window to the shop of a connection, which was tested, and
// keeps connection and settings for the next start. Done is called on the UI
// goroutine when the shop is there; with an error the window is where it was.
// An alert must be open until then: nothing may be changed on the way.
func (w *Window) connectTo(c config.Connection, s config.Settings, done func(error)) {
	w.moveTo(moving{to: c, settings: s, save: true}, done)
}

// applySettings opens the shop on screen anew with other settings, and keeps
// them. What is said of connectTo holds here.
func (w *Window) applySettings(s config.Settings, done func(error)) {
	w.moveTo(moving{to: w.opt.Connector.Connection(), settings: s}, done)
}

// workHere moves the window to the shop of this computer, for this time only.
// The alert that offers it stays until that is on screen.
func (w *Window) workHere(al *alert) error {
	here := w.opt.Connector.Connection()
	here.Shared = false
	al.allow(false)
	w.moveTo(moving{to: here, settings: w.opt.Connector.Settings()}, func(err error) {
		if err == nil {
			al.close()
			return
		}
		al.allow(true)
		al.say(textNotConnected(err))
	})
	return errAlertStays
}

func (w *Window) moveTo(m moving, done func(error)) {
	if err := w.mayLeave(); err != nil {
		done(err)
		return
	}
	if slices.ContainsFunc(w.tabs, (*tab).inUse) {
		w.remember() // they open again, even if the counter's own cart is another one by then
	}
	m.window, m.connector, m.old = w, w.opt.Connector, w.place
	w.goDo(func() { m.run(w.ctx, done) })
}

// mayLeave returns why the shop on screen cannot be left at the moment: what was
// entered must not be lost.
func (w *Window) mayLeave() error {
	w.focusSearch() // a quantity that is being typed counts
	for _, t := range w.tabs {
		if len(t.model.state.Refused) > 0 {
			return sentenceError(textAsideRefused.with("cart", w.titleOf(t)))
		}
	}
	u := w.unsent()
	lost := u.unkept
	if !w.place.Durable {
		lost = u.waiting
	}
	if lost > 0 && !u.usable { // otherwise they are sent before it closes
		return sentenceError(textLeaveWaits.of(int64(lost)))
	}
	return nil
}

var textLeaveWaits = plural{
	"{n} change waits for the shop, in this window only. Connect again when it is sent.",
	"{n} changes wait for the shop, in this window only. Connect again when they are sent.",
}

// sentenceError is an error whose text is a sentence for people.
type sentenceError string

func (e sentenceError) Error() string { return string(e) }

// moving is a way from one shop to another, or to the same one with other
// settings.
type moving struct {
	window    *Window
	connector Connector
	to        config.Connection
	settings  config.Settings
	save      bool // for the next start
	old       Place
	closed    bool // the old one is, already
}

func (m *moving) run(ctx context.Context, done func(error)) {
	before := m.connector.Settings()
	place, err := m.open(ctx)
	if err != nil && ctx.Err() == nil {
		place = m.back(ctx, before)
	}
	taken, opened := false, place.Shop != nil
	m.window.sync(func() {
		taken = true
		if opened {
			m.window.move(place)
		}
		done(err)
	})
	if opened && !taken { // the window has gone meanwhile
		place.Close()
	}
}

// back is the way back when the new shop does not open. It returns the old one,
// opened again, if that was closed already.
func (m *moving) back(ctx context.Context, before config.Settings) Place {
	w := m.window
	if err := m.connector.SaveSettings(ctx, before); err != nil {
		w.log.Warn("the settings that were not applied are kept", "error", err)
	}
	if !m.closed {
		return Place{}
	}
	place, err := m.connector.Open(ctx, m.connector.Connection())
	if err != nil {
		w.log.Error("the shop that was left does not open again", "error", err)
		return Place{}
	}
	return place
}

// open opens the new shop. Two programs of one shop share what waits for it on
// the disk between them, so the same one is closed first.
func (m *moving) open(ctx context.Context) (Place, error) {
	if err := m.connector.SaveSettings(ctx, m.settings); err != nil {
		return Place{}, err
	}
	if m.connector.Name(m.to) == m.old.Name {
		if err := m.keep(ctx); err != nil {
			return Place{}, err
		}
		m.old.Close()
		m.closed = true
		return m.connector.Open(ctx, m.to)
	}
	place, err := m.connector.Open(ctx, m.to)
	if err != nil {
		return Place{}, err
	}
	if err := m.keep(ctx); err != nil {
		place.Close()
		return Place{}, err
	}
	return place, nil
}

func (m *moving) keep(ctx context.Context) error {
	if !m.save {
		return nil
	}
	return m.connector.Save(ctx, m.to)
}

// closeAlerts closes what is asked about the shop that is left. An alert that
// changes shops itself stays.
func (w *Window) closeAlerts() {
	for _, al := range slices.Clone(w.alerts.waiting) {
		al.close()
	}
	for w.alerts.open() && !w.alerts.current.spec.Lasting {
		w.alerts.current.close()
	}
}

const textConnectionMenu phrase = "Connection…"

// tellSaved says what is wrong with the connection or the settings that were
// kept, and leads to where it is mended.
func (w *Window) tellSaved() {
	err := w.opt.SavedErr
	if err == nil {
		return
	}
	_, body := textNotStarted(err)
	w.ask(func() {
		w.alerts.show(alertSpec{Title: phrase("A saved setting cannot be used").say(), Body: body + "\n\n" + textSavedLeftOut.say(),
			Return: w.search, Buttons: []alertButton{
				{Label: textClose.say(), Role: roleSafe},
				{Label: textConnectionMenu.say(), Role: rolePrimary, Do: func() error { w.connectionDialog(); return nil }},
			}})
	})
}

const textSavedLeftOut phrase = "It was left out. Without a connection, carts are kept on this computer only."
