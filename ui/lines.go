package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Measures of a line's row, for the usual size of text.
const (
	lineHeight        = 74
	compactLineHeight = 60
	lineTotal         = 80
)

// lineRow shows one line of the cart: what, how many, how much.
type lineRow struct {
	widget.BaseWidget
	onStep    func(l data.Line, by int64)
	onType    func(l data.Line, seen, n int64)
	onRefused func(l data.Line, text, reason string)
	onRemove  func(l data.Line)
	onDone    func()

	line    data.Line
	shown   cartRow  // as it is shown
	dressed dressing // and how it looks
	lit     *canvas.Rectangle
	name    *widget.Label
	caption *caption
	mark    *caption
	total   *canvas.Text
	strike  *canvas.Line
	amount  *Spinner
	remove  *rowButton
	rule    *canvas.Rectangle
	box     *fyne.Container
}

func newLineRow(limit int64) *lineRow {
	r := &lineRow{lit: canvas.NewRectangle(nil), name: newNameLabel(), caption: newRowCaption(), mark: newRowCaption(),
		total: newFigure(), strike: canvas.NewLine(nil), rule: newRule()}
	r.total.TextStyle.Bold = true
	r.amount = newSpinner(1, limit)
	r.amount.OnStepped = func(by int64) { r.onStep(r.line, by) }
	r.amount.Label = func() string { return textQuantityOf(r.name.Text) }
	r.amount.OnTyped = func(n int64) { r.onType(r.line, r.amount.Seen(), n) }
	r.amount.OnRefused = func(text, reason string) { r.onRefused(r.line, text, reason) }
	r.amount.OnDone = func() { r.onDone() }
	r.remove = newRowButton("", theme.CancelIcon(), false, func() { r.onRemove(r.line) })
	r.box = container.NewWithoutLayout(r.lit, r.name, r.strike, r.caption.Text, r.mark.Text, r.total, r.amount, r.remove, r.rule)
	r.box.Layout = placed(r.place, fyne.NewSize(0, lineHeight))
	r.ExtendBaseWidget(r)
	return r
}

// set shows a row of the cart.
func (r *lineRow) set(c cartRow) {
	r.amount.SetValue(c.Quantity)
	r.line = c.Line
	if now := dressed(); r.shown != c || r.dressed != now {
		r.shown, r.dressed = c, now
		r.fill(c)
	}
}

func (r *lineRow) fill(c cartRow) {
	th := r.Theme()
	name := lineName(c.Line)
	r.name.SetText(data.Clean(name, data.MaxNameLen))
	r.setWords(c)
	sum := "–"
	if total, ok := c.Total(); ok {
		sum = textMoney(total)
	}
	setText(r.total, sum, theme.ColorNameForeground, theme.SizeNameText, th)
	r.remove.setLabel(textRemoveProduct(name))
	r.strike.Hidden = !c.Gone
	r.remove.setEnabled(!c.Gone)
	r.lit.FillColor = th.Color(colorFlash, variant())
	r.lit.Hidden = !c.Lit
	r.paint()
}

// setWords fills the second line: the price of one, and what there is to say
// about the row. Something wrong comes before something new.
func (r *lineRow) setWords(c cartRow) {
	th := r.Theme()
	r.caption.set(textEach(c.Line), colorMuted, th)
	switch {
	case c.Gone:
		r.mark.set(c.Mark, theme.ColorNameError, th)
	case c.Damaged != "":
		r.mark.set(textDamagedLine(c.Damaged), theme.ColorNameError, th)
	case !c.Known && c.Waiting:
		r.mark.set(textWaitingUnknown.say(), colorWaiting, th)
	case !c.Known:
		r.mark.set(textNotInCatalogue.say(), theme.ColorNameError, th)
	case c.Product.Damaged != "":
		r.mark.set(textDamagedProduct(c.Product), theme.ColorNameError, th)
	case c.Short != "":
		r.mark.set(c.Short, theme.ColorNameWarning, th)
	case c.Waiting:
		r.mark.set(textWaiting.say(), colorWaiting, th)
	default:
		r.mark.set(c.Mark, theme.ColorNamePrimary, th)
	}
}

func (r *lineRow) busy() bool { return holds(r.amount) }

func (r *lineRow) release() { leave(r.amount) }

func (r *lineRow) place(size fyne.Size) {
	pad := theme.Padding()
	left, right := 2*pad, size.Width-2*pad
	put(r.lit, 2, 1, size.Width-4, size.Height-2)
	put(r.rule, left, size.Height-1, right-left, 1)
	total, amount := r.total.MinSize(), r.amount.MinSize()
	air := max(0, size.Height-total.Height-amount.Height) / 3
	r.placeName(left, right, air)
	y := size.Height - amount.Height - air
	x := right
	for _, o := range []fyne.CanvasObject{r.remove, r.amount} {
		min := o.MinSize()
		x -= min.Width
		put(o, x, y+(amount.Height-min.Height)/2, min.Width, min.Height)
		x -= pad
	}
	r.placeWords(left, y+amount.Height/2, x-pad-left)
}

// placeName puts the name and the sum of the line side by side.
func (r *lineRow) placeName(left, right, top float32) {
	total, pad, inner := r.total.MinSize(), theme.Padding(), theme.InnerPadding()
	width := max(total.Width, scaled(lineTotal))
	put(r.total, right-width, top, width, total.Height)
	room := right - total.Width - pad - left
	put(r.name, left-inner, top-inner, room+inner, r.name.MinSize().Height)
	shown := min(room, fyne.MeasureText(r.name.Text, theme.TextSize(), r.name.TextStyle).Width)
	middle := top + total.Height/2 + 1
	r.strike.Position1, r.strike.Position2 = fyne.NewPos(left, middle), fyne.NewPos(left+shown, middle)
}

// placeWords puts the price of one and what there is to say about the line
// beside each other, or above each other where that is too wide.
func (r *lineRow) placeWords(left, middle, width float32) {
	h := r.caption.height()
	y, beside := middle-h/2, r.caption.width()+2*theme.Padding()
	switch {
	case r.caption.full == "" || r.mark.full == "":
		r.caption.put(left, y, width)
		r.mark.put(left, y, width)
	case beside+r.mark.width() > width:
		r.caption.put(left, y-h/2+1, width)
		r.mark.put(left, y+h/2+1, width)
	default:
		r.caption.put(left, y, width)
		r.mark.put(left+beside, y, width-beside)
	}
}

// Refresh implements fyne.Widget. It is for another look: every part is drawn
// anew, which takes too long for what only shows another line.
func (r *lineRow) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *lineRow) paint() {
	r.rule.FillColor = r.Theme().Color(theme.ColorNameSeparator, variant())
	r.strike.StrokeColor = r.Theme().Color(theme.ColorNameForeground, variant())
	r.place(r.Size())
	r.lit.Refresh()
	r.strike.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *lineRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }
