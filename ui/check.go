package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// checkWait is the longest that a check of the connection may take.
const checkWait = 10 * time.Second

// connectionCheck is the dialog in which the stages of a check come in.
type connectionCheck struct {
	window *Window
	cart   Cart
	alert  *alert
	rows   *fyne.Container
	sum    *widget.Label
	found  []data.Finding
	stop   context.CancelFunc // ends the check under way; nil: there is none
}

const textChecking phrase = "Checking…"

// checkConnection shows how the connection to the shop is, stage by stage.
func (w *Window) checkConnection() *connectionCheck {
	c := &connectionCheck{window: w, cart: w.cart, rows: container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding())), sum: widget.NewLabel("")}
	c.sum.Wrapping = fyne.TextWrapWord
	c.alert = w.alerts.show(alertSpec{
		Title: textCheckTitle.say(), Content: container.NewVBox(lessInset(c.sum), c.rows), Wide: true, Return: w.search,
		Buttons: []alertButton{
			{Label: textClose.say(), Role: rolePrimary},
			{Label: textCheckAgain.say(), Role: roleOther, Do: func() error { c.run(); return errAlertStays }},
		},
		OnClosed: c.end,
	})
	c.run()
	return c
}

// lessInset takes back the distance that a label keeps to its left edge.
func lessInset(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 0, -theme.InnerPadding(), 0), o)
}

// run begins a check, unless one is under way.
func (c *connectionCheck) run() {
	if c.stop != nil {
		return
	}
	w := c.window
	ctx, stop := context.WithTimeout(w.ctx, checkWait)
	c.stop, c.found = stop, nil
	c.rows.RemoveAll()
	c.summarise()
	queued := w.run(func(context.Context) func() {
		err := c.cart.Check(ctx, func(f data.Finding) { w.async(func() { c.add(f) }) })
		return func() { c.finish(err) }
	})
	if !queued {
		c.end()
	}
}

// end stops a check that is under way.
func (c *connectionCheck) end() {
	if c.stop != nil {
		c.stop()
		c.stop = nil
	}
}

func (c *connectionCheck) add(f data.Finding) {
	c.found = append(c.found, f)
	c.rows.Add(newFindingRow(f, c.window.place))
	c.alert.arrange()
}

// finish says what has come out. A check that could not even begin has told no
// stage.
func (c *connectionCheck) finish(err error) {
	if err != nil && !c.has(data.Failed) {
		c.add(data.Finding{Stage: data.StageReach, Verdict: data.Failed, Err: err})
	}
	c.end()
	c.summarise()
}

func (c *connectionCheck) has(v data.Verdict) bool {
	for _, f := range c.found {
		if f.Verdict == v {
			return true
		}
	}
	return false
}

func (c *connectionCheck) summarise() {
	switch {
	case c.stop != nil:
		c.sum.SetText(textChecking.say())
	case c.has(data.Failed):
		c.sum.SetText(phrase("The cart cannot be changed until this is mended.").say())
	case c.has(data.Warned):
		c.sum.SetText(phrase("Carts work, and something should be mended.").say())
	case c.has(data.Unknown):
		c.sum.SetText(phrase("Carts work. The server does not tell everything.").say())
	default:
		c.sum.SetText(phrase("Everything is as it should be.").say())
	}
	c.alert.arrange()
}

// verdictLook is how a verdict looks; the colour never tells it alone.
type verdictLook struct {
	word  phrase
	color fyne.ThemeColorName
	icon  func() fyne.Resource
}

var verdictLooks = map[data.Verdict]verdictLook{
	data.Fine:    {"OK", theme.ColorNameSuccess, theme.ConfirmIcon},
	data.Unknown: {"Unknown", theme.ColorNamePlaceHolder, theme.QuestionIcon},
	data.Warned:  {"Warning", theme.ColorNameWarning, theme.WarningIcon},
	data.Failed:  {"Problem", theme.ColorNameError, theme.ErrorIcon},
}

// findingRow shows the outcome of one stage: the verdict, the stage, and a
// sentence about it. The first two are as wide as the widest of them in the
// language of the window, so that rows line up and nothing is cut.
type findingRow struct {
	icon        *widget.Icon
	word, stage *widget.Label
	say         *widget.Label
}

// newFindingRow returns the row of a finding about a place.
func newFindingRow(f data.Finding, place Place) fyne.CanvasObject {
	look := verdictLooks[f.Verdict]
	return newStageRow(theme.NewColoredResource(look.icon(), look.color), look.word.say(), f.Stage, textFinding(f, place))
}

// newStageRow returns a row about a stage.
func newStageRow(icon fyne.Resource, word string, stage data.Stage, say string) fyne.CanvasObject {
	r := &findingRow{icon: widget.NewIcon(icon), word: widget.NewLabel(word), say: widget.NewLabel(say),
		stage: widget.NewLabelWithStyle(stageTexts[stage].name.say(), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})}
	r.say.Wrapping = fyne.TextWrapWord
	return container.New(r, r.icon, r.word, r.stage, r.say)
}

// columns are the widths of verdict and stage.
func (r *findingRow) columns() (word, stage float32) {
	size := theme.TextSize()
	measure := func(p phrase, bold bool) float32 {
		return fyne.MeasureText(p.say(), size, fyne.TextStyle{Bold: bold}).Width
	}
	for _, look := range verdictLooks {
		word = max(word, measure(look.word, false))
	}
	word = max(word, measure(textChecking, false))
	for _, t := range stageTexts {
		stage = max(stage, measure(t.name, true))
	}
	return word + scaled(columnGap), stage + scaled(columnGap)
}

// columnGap is the room between two columns of a check.
const columnGap = 10

// MinSize implements fyne.Layout.
func (r *findingRow) MinSize([]fyne.CanvasObject) fyne.Size {
	word, stage := r.columns()
	return fyne.NewSize(r.icon.MinSize().Width+word+stage+scaled(160), max(r.word.MinSize().Height, r.say.MinSize().Height))
}

// Layout implements fyne.Layout.
func (r *findingRow) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	word, stage := r.columns()
	height, inset := r.word.MinSize().Height, theme.InnerPadding()
	icon := theme.IconInlineSize()
	put(r.icon, 0, (height-icon)/2, icon, icon)
	x := icon + 6
	put(r.word, x-inset, 0, word+inset, height)
	put(r.stage, x+word-inset, 0, stage+inset, height)
	left := x + word + stage - inset
	put(r.say, left, 0, size.Width-left+inset, wrapped(r.say, size.Width-left+inset))
}

// column gives an object a width and the height of a line.
func column(width, height float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSize(width, height), o)
}
