package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
	"trolley/data/config"
)

// holdingWait is the longest that the shop of this computer is looked through.
const holdingWait = 10 * time.Second

const (
	textShareTitle phrase = "Share what is on this computer?"
	textShare      phrase = "Share"
	textLeaveHere  phrase = "Leave it here"
)

// sharing takes what is in the shop of this computer to one that several
// counters share, if the person wants that.
type sharing struct {
	window *Window
	dialog *connectionDialog // which it came from, and goes back to
	to     config.Connection
	alert  *alert
	stop   context.CancelFunc // ends the copying; nil: there is none

	bar  *widget.ProgressBar
	said *widget.Label
	last data.Shared
}

// offerSharing asks whether what is on this computer goes along to the shop of
// a connection, where there is anything, and calls then.
func (w *Window) offerSharing(d *connectionDialog, to config.Connection, then func()) {
	connector := w.opt.Connector
	if connector.Connection().Shared || !to.Shared {
		then()
		return
	}
	d.moving = true
	d.show()
	w.goDo(func() {
		ctx, cancel := context.WithTimeout(w.ctx, holdingWait)
		defer cancel()
		h, err := connector.Holding(ctx)
		if err != nil {
			w.log.Warn("count what is in the shop of this computer", "err", err)
		}
		w.async(func() {
			d.moving = false
			if w.alerts.current != d.alert { // closed with all others, as the window was to be
				return
			}
			if err != nil || h.Nothing() {
				then()
				return
			}
			s := &sharing{window: w, dialog: d, to: to}
			s.ask(h)
		})
	})
}

// put shows an alert in the place of the one before it. One is open all the
// time, so that nothing can be changed on the way.
func (s *sharing) put(spec alertSpec) {
	before := s.alert
	if before == nil {
		before = s.dialog.alert
	}
	spec.Lasting, spec.Return = true, s.window.search
	s.alert = s.window.alerts.show(spec)
	before.close()
}

// ask puts the question.
func (s *sharing) ask(h data.Holding) {
	s.put(alertSpec{Title: textShareTitle.say(), Body: textHolding(h) + " " + phrase("A copy stays here.").say(),
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe, Do: func() error { s.back(""); return errAlertStays }},
			{Label: textLeaveHere.say(), Role: roleOther, Do: func() error { s.move(); return errAlertStays }},
			{Label: textShare.say(), Role: rolePrimary, Do: func() error { s.copy(); return errAlertStays }},
		}})
}

// textHolding says what is in the shop of this computer.
func textHolding(h data.Holding) string {
	products := plural{"{n} product", "{n} products"}.of(int64(h.Products))
	if h.Carts == 0 {
		return plural{"{n} product is in the shop of this computer.", "{n} products are in the shop of this computer."}.of(int64(h.Products))
	}
	carts := plural{"{n} cart", "{n} carts"}.of(int64(h.Carts))
	lines := plural{"{n} line", "{n} lines"}.of(int64(h.Lines))
	if h.Products == 0 {
		return phrase("In the shop of this computer: {carts} ({lines}).").with("carts", carts, "lines", lines)
	}
	return phrase("In the shop of this computer: {products} and {carts} ({lines}).").with("products", products, "carts", carts, "lines", lines)
}

// back returns to the dialog of the connection, with all that was typed there.
func (s *sharing) back(problem string) {
	s.end()
	s.dialog.open()
	s.alert.close()
	s.dialog.alert.say(problem)
}

// end stops the copying.
func (s *sharing) end() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

// copy begins to copy, and shows how far it is.
func (s *sharing) copy() {
	w := s.window
	ctx, stop := context.WithCancel(w.ctx)
	s.stop = stop
	s.bar, s.said = widget.NewProgressBar(), widget.NewLabel(textChecking.say())
	s.bar.TextFormatter = func() string { return "" } // which could not be read on the part that is to come
	s.put(alertSpec{Title: phrase("Copying to the shared shop").say(), OnClosed: s.end,
		Content: container.NewVBox(lessInset(s.said), s.bar, lessInset(newHint("What was copied stays there if this is cancelled. Copying it again copies nothing twice."))),
		Buttons: []alertButton{{Label: textCancel.say(), Role: roleSafe, Do: func() error { s.back(""); return errAlertStays }}}})
	connector := w.opt.Connector
	onUI := func(f func()) {
		w.async(func() {
			if ctx.Err() == nil {
				f()
			}
		})
	}
	w.goDo(func() {
		err := connector.Share(ctx, s.to, func(p data.Shared) { onUI(func() { s.progress(p) }) })
		place := connector.Name(s.to)
		onUI(func() { s.copied(place, err) })
	})
}

// progress shows how far the copying is.
func (s *sharing) progress(p data.Shared) {
	s.last = p
	s.said.SetText(phrase("Copying… {done} of {all}").with("done", grouped(int64(p.Done)), "all", grouped(int64(p.All))))
	if p.All > 0 {
		s.bar.SetValue(float64(p.Done) / float64(p.All))
	}
}

// copied goes on to the shop, by the name of its place, after what was not copied
// was told.
func (s *sharing) copied(place string, err error) {
	s.end()
	if err == nil {
		s.takeAlong(place)
	}
	switch {
	case err != nil:
		s.back(phrase("Not everything was copied. {reason} Connect again to copy the rest.").with("reason", textNotConnected(err)))
	case len(s.last.Skipped)+len(s.last.LeftOut) > 0 || s.last.Full:
		s.tellRest(s.last)
	default:
		s.move()
	}
}

// takeAlong has the carts that are open here, and were copied, open in the shared
// shop as well: whoever shares a cart goes on with it there.
func (s *sharing) takeAlong(place string) {
	w := s.window
	var carts []string
	take := func(id data.CartID) {
		if !slices.Contains(carts, string(id)) {
			carts = append(carts, string(id))
		}
	}
	for _, t := range append([]*tab{w.tab}, w.tabs...) {
		if len(t.model.state.Cart.Lines) > 0 {
			take(s.last.CopyOf(t.cart.ID()))
		}
	}
	for _, id := range RememberedCarts(w.app, place) {
		take(id)
	}
	if len(carts) > 0 {
		w.app.Preferences().SetStringList(prefCartsOf(place), carts)
	}
}

// mostSkipped is how many things are named that were not copied.
const mostSkipped = 20

// tellRest names what was not copied: products that the shop knows as something
// else, and lines that it cannot take.
func (s *sharing) tellRest(p data.Shared) {
	var why, names []string
	if len(p.Skipped) > 0 {
		why = append(why, phrase("The shared shop has something else under the same code, with another name or price. It stays as it is there.").say())
	}
	if len(p.LeftOut) > 0 {
		why = append(why, phrase("Some lines of carts cannot be taken there.").say())
	}
	if p.Full {
		why = append(why, phrase("There may be more open carts than a list holds. Those stay here.").say())
	}
	for _, one := range p.Skipped {
		names = append(names, textSkipped(one))
	}
	for _, one := range p.LeftOut {
		names = append(names, textLeftBehind(one))
	}
	title := phrase("Not everything was copied").say()
	if len(p.LeftOut) == 0 && !p.Full {
		title = plural{"{n} product was not copied", "{n} products were not copied"}.of(int64(len(p.Skipped)))
	}
	s.put(alertSpec{Title: title, Body: strings.Join(why, " "), Content: shortList(names, mostSkipped),
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe, Do: func() error { s.back(""); return errAlertStays }},
			{Label: textConnect.say(), Role: rolePrimary, Do: func() error { s.move(); return errAlertStays }},
		}})
}

func textSkipped(p data.Product) string {
	if p.Damaged != "" {
		return short(p.Name) + " – " + textDamagedProduct(p)
	}
	return short(p.Name) + "   " + textMoney(p.Price)
}

// textLeftBehind names a line that was not copied, with its cart and the reason.
func textLeftBehind(l data.LeftOut) string {
	name := short(lineName(l.Line))
	if l.More > 0 {
		name = plural{"{n} line that cannot be read", "{n} lines that cannot be read"}.of(int64(l.More))
	}
	if l.Name != "" {
		name = phrase("{line} in {cart}").with("line", name, "cart", quoted(l.Name))
	}
	if l.Err == nil {
		return name
	}
	return name + " – " + textInvalid(l.Err)
}

// shortList shows texts below each other, at most so many of them.
func shortList(texts []string, most int) fyne.CanvasObject {
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-theme.InnerPadding()))
	for i, text := range texts {
		if i == most {
			text = plural{"{n} more", "{n} more"}.of(int64(len(texts) - most))
		}
		if i > most {
			break
		}
		label := widget.NewLabel("• " + text)
		label.Wrapping = fyne.TextWrapWord
		rows.Add(lessInset(label))
	}
	return rows
}

// move has the window change to the shop.
func (s *sharing) move() {
	s.alert.allow(false)
	s.alert.say("")
	s.dialog.onConnect(s.to, s.dialog.form.settings(), func(err error) {
		if err == nil {
			s.alert.close()
			return
		}
		s.back(textNotConnected(err))
	})
}
