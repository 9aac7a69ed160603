package ui

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
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
		c.sum.SetText(phrase("Checking…").say())
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

// Widths of the columns of a check.
const (
	checkWordWidth  = 78
	checkStageWidth = 122
)

// newFindingRow shows the outcome of one stage: the verdict, the stage, and a
// sentence about it.
func newFindingRow(f data.Finding, place Place) fyne.CanvasObject {
	look := verdictLooks[f.Verdict]
	icon := widget.NewIcon(theme.NewColoredResource(look.icon(), look.color))
	word := widget.NewLabel(look.word.say())
	stage := widget.NewLabelWithStyle(stageTexts[f.Stage].name.say(), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	say := widget.NewLabel(textFinding(f, place))
	say.Wrapping = fyne.TextWrapWord
	height := word.MinSize().Height
	left := container.New(layout.NewCustomPaddedHBoxLayout(0), column(20, height, icon), column(checkWordWidth, height, word),
		column(checkStageWidth, height, stage))
	words := container.NewVBox(left)
	return container.New(layout.NewBorderLayout(nil, nil, words, nil), words, say)
}

// column gives an object a width and the height of a line.
func column(width, height float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSize(width, height), o)
}

// serverName is the server's name or number in a sentence.
func serverName(place Place) string {
	if place.Addr == "" {
		return textTheServer.say()
	}
	if host, _, err := net.SplitHostPort(place.Addr); err == nil && host != "" {
		return host
	}
	return place.Addr
}

// textFinding is the sentence about one stage.
func textFinding(f data.Finding, place Place) string {
	switch f.Verdict {
	case data.Failed:
		return textFailed(f, place.Addr)
	case data.Warned:
		return textConcern(f, serverName(place))
	case data.Unknown:
		return withFacts(phrase("The server does not tell.").say(), f.Facts)
	}
	if f.Stage == data.StageRights && f.Facts != "" { // less than all, and yet enough
		return stageTexts[f.Stage].fine.say() + " " + phrase("Not allowed: {rights}.").with("rights", f.Facts)
	}
	return withFacts(stageTexts[f.Stage].fine.say(), f.Facts)
}

func textFailed(f data.Finding, addr string) string {
	fault := data.FaultOf(f.Err)
	var damaged *data.DamagedError
	if errors.As(f.Err, &damaged) {
		fault = data.FaultDamaged
	}
	text := textFault(fault, cmp.Or(addrOf(f.Err), addr))
	if fault == data.FaultNoPermission && f.Facts != "" {
		return text + " " + textMissingRights.with("rights", f.Facts)
	}
	return withFacts(text, f.Facts)
}

func withFacts(text, facts string) string {
	if facts == "" {
		return text
	}
	return strings.TrimSuffix(text, ".") + " (" + facts + ")."
}
