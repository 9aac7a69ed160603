package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"golang.org/x/text/message"

	"trolley/data"
)

// What the diagnostics and their buttons say.
const (
	textDiagnostics phrase = "Diagnostics"
	textEvents      phrase = "The last events"
	textNoEvents    phrase = "Nothing has been written to the log yet."
	textCopy        phrase = "Copy"
	textCopied      phrase = "Copied"
	textOpenFolder  phrase = "Open log folder"
)

// diagnostics is the dialog with all that somebody who helps may ask for.
type diagnostics struct {
	window *Window
	alert  *alert
	facts  []fact
	events []string
	values []*widget.Label // of the facts
	pane   *textPane
	stop   context.CancelFunc // ends the measurement
}

// diagnostics shows what the program knows about itself.
func (w *Window) diagnostics() *diagnostics {
	d := &diagnostics{window: w, facts: w.facts()}
	if w.opt.Logbook != nil {
		d.events = w.opt.Logbook.Events()
	}
	d.alert = w.alerts.show(alertSpec{
		Title: textDiagnostics.say(), Content: d.build(), Sheet: true, Return: w.search, Above: func() { d.pane.focus() },
		Buttons: d.buttons(), OnClosed: func() { d.stop() },
	})
	d.measure()
	return d
}

func (d *diagnostics) buttons() []alertButton {
	all := []alertButton{
		{Label: textClose.say(), Role: rolePrimary},
		{Label: textCopy.say(), Role: roleOther, Do: func() error { return d.alert.copied(textCopy, d.text()) }},
	}
	return append(all, d.window.folderButton(func() *alert { return d.alert })...)
}

// folderButton opens the folder of the log from an alert; none: there is no log.
func (w *Window) folderButton(in func() *alert) []alertButton {
	if w.opt.Logbook == nil {
		return nil
	}
	return []alertButton{{Label: textOpenFolder.say(), Role: roleOther, Do: func() error {
		in().say("")
		w.openLogFolder(in().say)
		return errAlertStays
	}}}
}

// copied puts a text on the clipboard, and says so on the button that does.
func (al *alert) copied(label phrase, text string) error {
	fyne.CurrentApp().Clipboard().SetContent(text)
	for _, p := range al.pushes {
		if p.spec.Label == label.say() {
			p.SetText(textCopied.say())
		}
	}
	al.arrange()
	return errAlertStays
}

// build puts the facts above the events.
func (d *diagnostics) build() fyne.CanvasObject {
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-2 * theme.Padding()))
	names := float32(0)
	for _, f := range d.facts {
		names = max(names, widget.NewLabel(f.name).MinSize().Width)
	}
	for _, f := range d.facts {
		value := widget.NewLabel(f.value)
		value.Wrapping = fyne.TextWrapWord
		d.values = append(d.values, value)
		name := newMutedText(f.name, theme.SizeNameText)
		name.Wrapping = fyne.TextWrapOff
		left := container.NewVBox(column(names, value.MinSize().Height, name))
		rows.Add(container.New(layout.NewBorderLayout(nil, nil, left, nil), left, value))
	}
	window := d.window.win.Canvas().Size()
	rows.Resize(fyne.NewSize(sheetWidth(window.Width), 0)) // only then do values know how high they are
	height := window.Height - rows.MinSize().Height - scaled(aroundEvents)
	d.pane = newTextPane(textEvents.say(), max(leastEvents, min(height, mostEvents)))
	d.pane.newest, d.pane.hang = true, "  "
	d.showEvents()
	head := widget.NewLabelWithStyle(textEvents.say(), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	all := container.New(layout.NewCustomPaddedVBoxLayout(0), lessInset(rows), lessInset(head), d.pane)
	return wideAs(sheetWidth(window.Width), all)
}

// Heights of the events, and of all that is around them but the facts, with
// room for a problem in words.
const (
	leastEvents  = 90
	mostEvents   = 360
	aroundEvents = 232
)

// sheetMost is how wide a text is at most, so that the eye finds the next line.
const sheetMost = 900

// sheetWidth is the width of what is in a sheet, in a window of a width.
func sheetWidth(window float32) float32 {
	return min(scaled(sheetMost), window-2*alertMargin-2*alertPadding)
}

// wideAs gives an object a least width.
func wideAs(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	least := gap(0)
	least.(interface{ SetMinSize(fyne.Size) }).SetMinSize(fyne.NewSize(width, 0))
	return container.NewStack(least, o)
}

func (d *diagnostics) showEvents() {
	text := strings.Join(d.events, "\n")
	if text == "" {
		text = textNoEvents.say()
	}
	d.pane.set(text)
}

// measure finds out how long the shop takes to answer.
func (d *diagnostics) measure() {
	w, cart := d.window, d.window.cart
	ctx, stop := context.WithTimeout(w.ctx, checkWait)
	d.stop = stop
	w.goDo(func() {
		took, err := answerTime(ctx, cart)
		w.async(func() { d.measured(took, err) })
	})
}

// answerTime is how long the shop takes for an answer. A shop that does not
// tell is given the time that the whole check takes.
func answerTime(ctx context.Context, cart Cart) (time.Duration, error) {
	var took time.Duration
	began := time.Now()
	err := cart.Check(ctx, func(f data.Finding) {
		if f.Stage == data.StageAnswer && f.Took > 0 {
			took = f.Took
		}
	})
	if took == 0 {
		took = time.Since(began)
	}
	return took, err
}

// measured shows what came out.
func (d *diagnostics) measured(took time.Duration, err error) {
	text := textMillis(took)
	if err != nil {
		text = phrase("There was no answer.").say()
	}
	for i, f := range d.facts {
		if f.name == textAnswerTime.say() {
			d.facts[i].value = text
			d.values[i].SetText(text)
		}
	}
}

// textMillis is a time in milliseconds; what is shorter than one is told in parts
// of it.
func textMillis(took time.Duration) string {
	ms := float64(took) / float64(time.Millisecond)
	text := grouped(int64(ms + 0.5))
	if ms < 10 {
		text = message.NewPrinter(spoken.Load().tag).Sprintf("%.1f", ms)
	}
	return phrase("{n} ms").with("n", text)
}

// text is all of it, to be copied.
func (d *diagnostics) text() string {
	text := factsText(d.facts, d.events)
	if d.window.opt.Logbook != nil {
		text = d.window.opt.Logbook.Mask(text)
	}
	return text
}
