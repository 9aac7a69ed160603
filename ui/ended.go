package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// What is said of a cart that has ended.
const (
	textPricesAgain phrase = "Prices and stock will be checked when it comes back."
	textNextCart    phrase = "The next product begins a new cart here."
)

const (
	pastLineHeight = 28
	pastCountWidth = 30
	mostPastLines  = 200 // that are shown; more are counted
)

// endedView shows a cart that has ended, in the place of its lines: how it
// ended, what can be done about it, and what it had, in grey.
type endedView struct {
	widget.BaseWidget
	past  *data.Past // nil: nothing is shown
	title *widget.Label
	hint  *widget.RichText
	fresh *commandButton
	back  *commandButton
	lines *fyne.Container
	box   *fyne.Container
}

// newEndedView returns a view with its two ways on: bringing this cart back, and
// a new one.
func newEndedView(fresh, back func(), onRune func(rune)) *endedView {
	v := &endedView{title: widget.NewLabel(""), hint: newMutedText("", theme.SizeNameText), lines: container.NewVBox()}
	v.title.TextStyle.Bold, v.title.SizeName = true, theme.SizeNameSubHeadingText
	v.title.Wrapping = fyne.TextWrapWord
	v.fresh = newCommandButton(textNewCart.say(), nil, fresh, onRune)
	v.back = newCommandButton(textBringBack.say(), nil, back, onRune)
	v.back.Importance = widget.HighImportance
	inset := theme.InnerPadding()
	buttons := container.New(layout.NewCustomPaddedLayout(0, inset, inset, inset), container.New(layout.NewCustomPaddedHBoxLayout(2*theme.Padding()), v.back, v.fresh))
	head := container.New(layout.NewCustomPaddedVBoxLayout(-inset), v.title, v.hint)
	v.box = container.NewBorder(container.NewVBox(head, buttons), nil, nil, nil, container.NewVScroll(v.lines))
	v.box.Hide()
	v.ExtendBaseWidget(v)
	return v
}

// set shows how a cart ended; nil shows nothing.
func (v *endedView) set(p *data.Past) {
	same := p != nil && v.past != nil && p.ID == v.past.ID && p.How == v.past.How
	if same || p == nil && v.past == nil {
		return
	}
	v.past = p
	v.box.Hidden = p == nil
	if p == nil {
		v.box.Refresh()
		return
	}
	title, hint := textEnded(*p)
	v.title.SetText(title)
	v.hint.Segments[0].(*widget.TextSegment).Text = hint + " " + textAfter(p.How)
	v.hint.Refresh()
	v.back.Hidden = p.How == data.CheckedOut
	v.lines.Objects = pastLines(p.Cart.Lines)
	v.box.Refresh()
}

// newMutedText returns a text of second rank that wraps.
func newMutedText(text string, size fyne.ThemeSizeName) *widget.RichText {
	t := widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: colorMuted, SizeName: size}})
	t.Wrapping = fyne.TextWrapWord
	return t
}

// textAfter says what to expect after a cart that ended so.
func textAfter(how data.Ending) string {
	if how == data.CheckedOut {
		return textNextCart.say()
	}
	return textPricesAgain.say()
}

// CreateRenderer implements fyne.Widget.
func (v *endedView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.box) }

// pastLines makes a row of each line that a cart had.
func pastLines(lines []data.Line) []fyne.CanvasObject {
	n := min(len(lines), mostPastLines)
	rows := make([]fyne.CanvasObject, 0, n+1)
	for _, l := range lines[:n] {
		rows = append(rows, newPastLine(l))
	}
	if more := len(lines) - n; more > 0 {
		rest := plural{"{n} more line", "{n} more lines"}.of(int64(more))
		rows = append(rows, widget.NewLabel(rest))
	}
	return rows
}

// pastLine is a line that a cart had: what, how many, how much.
type pastLine struct {
	widget.BaseWidget
	line  data.Line
	name  *caption
	count *caption
	total *caption
	box   *fyne.Container
}

var _ fyne.Accessible = (*pastLine)(nil)

func newPastLine(l data.Line) *pastLine {
	r := &pastLine{line: l, name: newRowCaption(), count: newRowCaption(), total: newRowCaption()}
	r.count.Alignment, r.total.Alignment = fyne.TextAlignTrailing, fyne.TextAlignTrailing
	r.box = container.NewWithoutLayout(r.name.Text, r.count.Text, r.total.Text)
	r.box.Layout = placed(r.place, fyne.Size{})
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *pastLine) MinSize() fyne.Size { return fyne.NewSize(140, scaled(pastLineHeight)) }

// sum is what the line came to.
func (r *pastLine) sum() string {
	if total, ok := r.line.Total(); ok {
		return textMoney(total)
	}
	return "–"
}

// AccessibilityLabel implements fyne.Accessible.
func (r *pastLine) AccessibilityLabel() string {
	return r.count.full + " " + lineName(r.line) + ", " + r.sum()
}

// AccessibilityRole implements fyne.Accessible.
func (r *pastLine) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Refresh implements fyne.Widget.
func (r *pastLine) Refresh() {
	r.paint()
	r.place(r.Size())
	r.BaseWidget.Refresh()
}

func (r *pastLine) paint() {
	th := r.Theme()
	r.name.setLarge(short(lineName(r.line)), colorMuted, th)
	r.count.setLarge(phrase("{n} ×").with("n", grouped(r.line.Quantity)), colorMuted, th)
	r.total.setLarge(r.sum(), colorMuted, th)
}

// place puts the count before the name, so that both are read together, and the
// total at the right edge.
func (r *pastLine) place(size fyne.Size) {
	pad := theme.Padding()
	y := (size.Height - r.name.height()) / 2
	left, right := 2*pad, size.Width-2*pad
	count, total := max(scaled(pastCountWidth), r.count.width()+1), r.total.width()+1
	r.count.put(left, y, count)
	r.name.put(left+count+2*pad, y, right-total-3*pad-left-count)
	r.total.put(right-total, y, total)
}

// CreateRenderer implements fyne.Widget.
func (r *pastLine) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return widget.NewSimpleRenderer(r.box)
}
