package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// lateList gathers the refusals of changes that the person made long ago, and
// asks about all of them in one dialog. A refusal is settled with the shop only
// when it was decided, so that none is lost when the program ends before.
type lateList struct {
	window  *Window
	tab     *tab           // whose changes they are
	waiting []data.Refusal // not on the list yet
	rows    []*lateRow     // on the list, also those that were decided
	asked   bool           // the list is about to open
	later   bool           // the person has put it off: a banner offers it
	alert   *alert         // nil: it is not open
	box     *fyne.Container
}

// add takes a refusal in. It shows at once where the list is open.
func (l *lateList) add(r data.Refusal) {
	l.later = false
	l.waiting = append(l.waiting, r)
	if l.alert != nil {
		l.fill()
		l.alert.retitle(l.title())
	}
}

// askIfDue opens the list when there is one and no more is to be expected.
func (l *lateList) askIfDue() {
	if len(l.waiting) > 0 && l.alert == nil && !l.asked && !l.later && l.window.model.answered() {
		l.asked = true
		l.window.ask(l.open)
	}
}

func (l *lateList) open() {
	l.asked = false
	if len(l.waiting) == 0 || l.alert != nil || l.window.late != l { // the window has moved on
		return
	}
	l.box = container.NewVBox(gap(theme.Padding()))
	l.fill()
	l.alert = l.window.alerts.show(alertSpec{
		Title: l.title(), Content: l.box, Wide: true, Silent: true, First: l.rows[0].picks[0], Return: l.window.search,
		Above: l.focusLast,
		Buttons: []alertButton{
			{Label: textLater.say(), Role: roleSafe, Do: func() error { l.later = true; return nil }},
			{Label: textLeaveRest.say(), Role: roleOther, Do: func() error { l.leaveRest(); return nil }},
		},
		OnClosed: l.closed,
	})
	for _, r := range l.rows {
		l.alert.adopt(r.box)
	}
}

// fill makes rows of the refusals that have none.
func (l *lateList) fill() {
	for _, together := range alike(l.waiting) {
		r := newLateRow(l, together)
		l.rows = append(l.rows, r)
		l.box.Add(r.box)
		if l.alert != nil {
			l.alert.adopt(r.box)
		}
	}
	l.waiting = nil
}

// alike puts the refusals together that differ in nothing but how many of a
// product were to be added.
func alike(all []data.Refusal) [][]data.Refusal {
	var out [][]data.Refusal
	for _, r := range all {
		i := slices.IndexFunc(out, func(o []data.Refusal) bool {
			a, b := o[0], r
			return a.Change.Kind == data.KindAdd && b.Change.Kind == data.KindAdd && a.Change.Product == b.Change.Product &&
				a.Lost == b.Lost && reason(a.Err) != "" && reason(a.Err) == reason(b.Err)
		})
		if i < 0 {
			out = append(out, []data.Refusal{r})
			continue
		}
		out[i] = append(out[i], r)
	}
	return out
}

func (l *lateList) title() string {
	n, lost := 0, false
	for _, row := range l.rows {
		n += len(row.refusals)
		lost = lost || row.refusals[0].Lost
	}
	return textLate(n, lost)
}

// decide does what a button of a row says.
func (l *lateList) decide(row *lateRow, way remedy) {
	if row.decided {
		return
	}
	if way.do != nil {
		way.do()
	}
	l.settle(row)
	row.showDecided(way.done)
	l.alert.arrange()
	if next := l.undecided(row, 1); next != nil {
		l.focus(next.picks[0])
	} else if before := l.undecided(row, -1); before != nil {
		l.focus(before.picks[0])
	} else {
		l.alert.close()
	}
}

func (l *lateList) settle(row *lateRow) {
	row.decided = true
	for _, r := range row.refusals {
		l.window.cart.Settle(r.Change.Op)
	}
}

// undecided finds the next row with buttons after another, or before it.
func (l *lateList) undecided(row *lateRow, by int) *lateRow {
	for i := slices.Index(l.rows, row) + by; i >= 0 && i < len(l.rows); i += by {
		if !l.rows[i].decided {
			return l.rows[i]
		}
	}
	return nil
}

func (l *lateList) focus(f fyne.Focusable) { l.window.win.Canvas().Focus(f) }

// focusLast goes to the last row that has buttons.
func (l *lateList) focusLast() {
	for _, row := range slices.Backward(l.rows) {
		if !row.decided {
			l.focus(row.picks[0])
			return
		}
	}
}

// leaveRest leaves out what was not decided, and says so.
func (l *lateList) leaveRest() {
	n := 0
	for _, row := range l.rows {
		if !row.decided {
			n += len(row.refusals)
			l.settle(row)
		}
	}
	if n > 0 {
		l.window.toasts.show(textLeftOut(n))
	}
}

// closed forgets what was decided. What was not comes again: something else
// has closed the list.
func (l *lateList) closed() {
	for _, row := range l.rows {
		if !row.decided {
			l.waiting = append(l.waiting, row.refusals...)
		}
	}
	l.rows, l.alert = nil, nil
	l.window.showBanner()
}

// lateRow is one row of the list: what was refused and why, and what can be
// done about it.
type lateRow struct {
	list     *lateList
	refusals []data.Refusal // of one kind
	decided  bool

	box     *fyne.Container
	what    *widget.Label
	buttons *fyne.Container
	picks   []*choice
	done    *words
	why     *widget.Label
}

func newLateRow(l *lateList, refusals []data.Refusal) *lateRow {
	sum := refusals[len(refusals)-1] // which knows best how things stand
	sum.Change.Quantity = 0
	for _, r := range refusals {
		sum.Change.Quantity += r.Change.Quantity
	}
	row := &lateRow{list: l, refusals: refusals, buttons: container.New(layout.NewCustomPaddedHBoxLayout(-2))}
	row.what = widget.NewLabelWithStyle(textWhat(sum.Change), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	row.what.Wrapping = fyne.TextWrapWord
	row.why = widget.NewLabel(l.window.textWhy(sum))
	row.why.Wrapping = fyne.TextWrapWord
	row.why.SizeName = theme.SizeNameCaptionText
	row.done = newWords("", colorMuted, theme.SizeNameText)
	row.done.Hide()
	for _, way := range l.window.remedies(sum) {
		row.pick(way)
	}
	row.build()
	return row
}

// build puts the texts left and the buttons right, in line with the edges of
// the dialog.
func (r *lateRow) build() {
	inset := theme.InnerPadding()
	text := container.New(layout.NewCustomPaddedVBoxLayout(-1.75*inset), r.what, r.why)
	buttons := container.New(layout.NewCustomPaddedLayout(0, 0, 0, -alertRing), r.buttons)
	right := container.NewVBox(layout.NewSpacer(), container.NewStack(buttons, r.done), layout.NewSpacer())
	r.box = container.NewVBox(container.NewBorder(nil, nil, nil, right, lessInset(text)), widget.NewSeparator())
}

// pick adds a button for a remedy.
func (r *lateRow) pick(way remedy) {
	c := newChoice(way.label, func() { r.list.decide(r, way) })
	c.about = r.what.Text
	place := len(r.picks)
	c.move = func(key fyne.KeyName) { r.move(place, key) }
	r.picks = append(r.picks, c)
	r.buttons.Add(ringed(c.ring, c))
}

// move takes the focus from one button to the one beside it, or to the row
// above or below. Below the last row there are the buttons of the dialog.
func (r *lateRow) move(place int, key fyne.KeyName) {
	if by := vertical(key); by != 0 {
		switch other := r.list.undecided(r, by); {
		case other != nil:
			r.list.focus(other.picks[min(place, len(other.picks)-1)])
		case by > 0:
			r.list.focus(r.list.alert.pushes[0])
		}
		return
	}
	if place += horizontal(key); place >= 0 && place < len(r.picks) {
		r.list.focus(r.picks[place])
	}
}

// showDecided says in place of the buttons what was done.
func (r *lateRow) showDecided(text string) {
	r.done.set(text, colorMuted)
	r.buttons.Hide()
	r.done.Show()
	for _, label := range []*widget.Label{r.what, r.why} {
		label.Importance = widget.LowImportance
		label.Refresh()
	}
}
