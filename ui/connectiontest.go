package ui

import (
	"context"
	"errors"
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

// testWait is the longest that a test of a connection may take.
const testWait = 15 * time.Second

// connectionTest tries a connection out, and shows the stages as they come in.
// At most one runs at a time.
type connectionTest struct {
	window *Window
	under  context.Context    // of the one under way; nil: none is
	stop   context.CancelFunc // ends it
	of     config.Connection  // the newest one that was tried
	found  []data.Finding
	err    error
	ended  bool // found is all of it

	sum  *widget.Label
	rows *fyne.Container
	box  *fyne.Container
}

func newConnectionTest(w *Window) *connectionTest {
	t := &connectionTest{window: w, sum: widget.NewLabel(""), rows: container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()))}
	t.sum.Wrapping = fyne.TextWrapWord
	t.box = container.NewVBox(widget.NewSeparator(), lessInset(t.sum), t.rows)
	t.box.Hide()
	return t
}

func (t *connectionTest) running() bool { return t.under != nil }

// passed reports whether a connection was tried, just like this, and would do.
func (t *connectionTest) passed(c config.Connection) bool {
	return t.ended && t.err == nil && t.of == c && !t.has(data.Failed)
}

func (t *connectionTest) has(v data.Verdict) bool {
	return slices.ContainsFunc(t.found, func(f data.Finding) bool { return f.Verdict == v })
}

// run tries a connection beside the UI goroutine, and beside the window's
// queue, which goes on meanwhile. Changed is called at every news.
func (t *connectionTest) run(c config.Connection, changed func()) {
	t.cancel()
	w := t.window
	ctx, stop := context.WithTimeout(w.ctx, testWait)
	t.under, t.stop, t.of, t.found, t.err, t.ended = ctx, stop, c, nil, nil, false
	t.show()
	connector := w.opt.Connector
	// What comes in after the test was stopped, or another began, is nobody's.
	onUI := func(f func()) {
		w.async(func() {
			if t.under == ctx && w.ctx.Err() == nil {
				f()
				changed()
			}
		})
	}
	w.goDo(func() {
		err := connector.Test(ctx, c, func(f data.Finding) { onUI(func() { t.take(f) }) })
		onUI(func() { t.fail(err) })
	})
}

// cancel ends a test that is under way, and shows none.
func (t *connectionTest) cancel() {
	t.end()
	t.found, t.err, t.ended = nil, nil, false
	t.box.Hide()
}

// end lets go of what a test held.
func (t *connectionTest) end() {
	if t.running() {
		t.stop()
		t.under, t.stop = nil, nil
	}
}

// take shows the outcome of a stage.
func (t *connectionTest) take(f data.Finding) {
	t.add(f)
	t.show()
}

// add notes the outcome of a stage.
func (t *connectionTest) add(f data.Finding) {
	t.found = append(t.found, f)
	t.window.log.Debug("stage", "stage", f.Stage, "failed", f.Verdict == data.Failed, "sentence", textFinding(f, t.place()))
}

// fail notes how the whole test went. One that could not even begin has told no
// stage.
func (t *connectionTest) fail(err error) {
	t.err, t.ended = err, true
	if err != nil && !t.has(data.Failed) {
		stage := data.StageReach
		if errors.Is(err, context.DeadlineExceeded) && t.next() != "" {
			stage, err = t.next(), &data.UnavailableError{Fault: data.FaultTimeout, Cause: err}
		}
		t.add(data.Finding{Stage: stage, Verdict: data.Failed, Err: err})
	}
	t.end()
	t.show()
	t.window.log.Debug("tested", "sentence", t.summary())
}

// next is the stage that is under way most likely.
func (t *connectionTest) next() data.Stage {
	if len(t.found) == 0 {
		return stageOrder[0]
	}
	at := slices.Index(stageOrder, t.found[len(t.found)-1].Stage)
	if at+1 < len(stageOrder) {
		return stageOrder[at+1]
	}
	return ""
}

// show draws the stages that are known, and the one under way.
func (t *connectionTest) show() {
	t.box.Show()
	t.rows.RemoveAll()
	for _, f := range t.found {
		t.rows.Add(newFindingRow(f, t.place()))
	}
	if next := t.next(); !t.ended && next != "" {
		mark := theme.NewColoredResource(theme.MoreHorizontalIcon(), theme.ColorNamePlaceHolder)
		t.rows.Add(newStageRow(mark, textChecking.say(), next, ""))
	}
	t.sum.SetText(t.summary())
	t.box.Refresh()
}

// place is where the connection leads, for sentences.
func (t *connectionTest) place() Place { return Place{Addr: addrOfConnection(t.of)} }

// addrOfConnection is the server of a connection; empty: this computer.
func addrOfConnection(c config.Connection) string {
	switch {
	case !c.Shared:
		return ""
	case c.Socket != "":
		return c.Socket
	case c.Host == "" || c.Port == "":
		return c.Host
	}
	return c.Host + ":" + c.Port
}

func (t *connectionTest) summary() string {
	switch {
	case !t.ended:
		return phrase("Trying the connection…").say()
	case t.has(data.Failed):
		return phrase("This connection does not work yet.").say()
	case t.has(data.Warned):
		return phrase("This connection works, and something should be mended.").say()
	case t.has(data.Unknown):
		return phrase("This connection works. The server does not tell everything.").say()
	}
	return phrase("This connection works.").say()
}

// fault is what keeps the connection from working.
func (t *connectionTest) fault() data.Fault {
	for _, f := range t.found {
		if f.Verdict == data.Failed {
			return data.FaultOf(f.Err)
		}
	}
	return data.FaultNone
}

// text is the outcome in words, to be sent to somebody who knows more.
func (t *connectionTest) text() string {
	lines := []string{textTitle + ": " + addrOfConnection(t.of), t.summary()}
	for _, f := range t.found {
		lines = append(lines, phrase("{stage}: {verdict}. {sentence}").with("stage", stageTexts[f.Stage].name.say(),
			"verdict", verdictLooks[f.Verdict].word.say(), "sentence", textFinding(f, t.place())))
	}
	return strings.Join(lines, "\n") + "\n"
}
