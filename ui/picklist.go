package ui

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Measures of a pickList, in the toolkit's units.
const (
	pickListHeight = 304
	pickRowHeight  = 50
	pickListPage   = 6
)

// pickSpec is what a row of a pickList shows.
type pickSpec struct {
	id      string
	title   string
	mark    string // beside the title; may be empty
	caption string
	figure  string // at the right edge
	note    string // below the figure
	urgent  bool   // the note is
}

// label is the row in words, for those who do not see it.
func (s pickSpec) label() string {
	parts := []string{s.title, s.mark, s.caption, s.figure, s.note}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// pickList is a list in an alert from which one thing is picked. A field above
// it narrows it to what is typed; that field keeps the focus, and the arrows
// choose among the rows.
type pickList struct {
	widget.BaseWidget
	onPick   func()       // Enter, or a double click
	onDelete func()       // Delete, where nothing is typed; may be nil
	onSide   func(by int) // Left and Right, where nothing is typed; may be nil
	onChosen func()       // after every change; another row may be chosen then

	filter   *fieldEntry
	all      []pickSpec
	shown    []pickSpec // those that match what is typed
	selected string     // id of a row that is shown; empty: there is none
	chosen   bool       // by somebody; if not, the first row is selected
	nothing  string     // said in place of rows

	alert  *alert
	rows   []*pickRow
	column *fyne.Container
	scroll *container.Scroll
	empty  *widget.Label
	box    *fyne.Container
}

func newPickList(prompt string) *pickList {
	l := &pickList{filter: newFieldEntry(), empty: widget.NewLabel(""), onPick: func() {}, onChosen: func() {}}
	l.filter.SetPlaceHolder(prompt)
	l.filter.OnChanged = func(string) { l.narrow() }
	l.filter.keys = l.typedKey
	l.empty.Alignment, l.empty.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	l.column = container.New(layout.NewCustomPaddedVBoxLayout(0))
	l.scroll = container.NewVScroll(l.column)
	l.scroll.SetMinSize(fyne.NewSize(200, pickListHeight)) // of any text size: the window is no higher
	middle := container.NewBorder(nil, nil, nil, nil, container.NewVBox(layout.NewSpacer(), l.empty, layout.NewSpacer()))
	l.box = container.NewBorder(l.filter, nil, nil, nil, container.NewStack(newSurface(), l.scroll, middle))
	l.ExtendBaseWidget(l)
	return l
}

// joinAlert tells the list in which alert it stands.
func (l *pickList) joinAlert(al *alert) { l.alert, l.filter.watch = al, al.owner.watch }

// set shows these rows, or says why there are none.
func (l *pickList) set(all []pickSpec, nothing string) {
	l.all, l.nothing = all, nothing
	l.narrow()
}

// narrow shows the rows that hold all words that are typed. The choice stays
// with its row, or else at its place; as long as nobody chose, it is the first
// row, whatever comes in above it.
func (l *pickList) narrow() {
	at := max(0, l.place())
	words := strings.Fields(strings.ToLower(l.filter.Text))
	l.shown = slices.DeleteFunc(slices.Clone(l.all), func(s pickSpec) bool {
		text := strings.ToLower(s.label())
		return slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	})
	if !l.chosen {
		l.selected, at = "", 0
	}
	if l.place() < 0 {
		l.selected = ""
		if n := len(l.shown); n > 0 {
			l.selected = l.shown[min(at, n-1)].id
		}
	}
	l.draw()
}

// place is where the chosen row is; below 0: nowhere.
func (l *pickList) place() int {
	return slices.IndexFunc(l.shown, func(s pickSpec) bool { return s.id == l.selected })
}

func (l *pickList) draw() {
	for len(l.rows) < len(l.shown) {
		r := newPickRow(l)
		l.rows = append(l.rows, r)
		l.column.Add(r)
	}
	for i, r := range l.rows {
		if i < len(l.shown) {
			r.set(l.shown[i], l.shown[i].id == l.selected)
		}
		r.Hidden = i >= len(l.shown)
	}
	l.column.Refresh()
	l.sayNothing()
	l.onChosen()
}

// sayNothing fills the place of the rows where there are none.
func (l *pickList) sayNothing() {
	text := l.nothing
	switch {
	case len(l.shown) > 0:
		text = ""
	case len(l.all) > 0:
		text = textNothingMatches.with("text", quoted(l.filter.Text))
	}
	if l.empty.Text != text {
		l.empty.SetText(text)
	}
}

// choose selects a row and brings it into view.
func (l *pickList) choose(id string) {
	l.selected, l.chosen = id, true
	l.draw()
	height := scaled(pickRowHeight)
	at := float32(l.place()) * height
	y := max(min(l.scroll.Offset.Y, at), at+height-l.scroll.Size().Height)
	if y != l.scroll.Offset.Y {
		l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, y)))
	}
}

func (l *pickList) move(by int) {
	if n := len(l.shown); n > 0 {
		l.choose(l.shown[max(0, min(l.place()+by, n-1))].id)
	}
}

// focus brings the keys to the list.
func (l *pickList) focus() {
	fyne.CurrentApp().Driver().CanvasForObject(l).Focus(l.filter)
}

// typedKey handles the keys of the field that are the list's.
func (l *pickList) typedKey(key fyne.KeyName) bool {
	steps := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -pickListPage, fyne.KeyPageDown: pickListPage}
	by, moves := steps[key]
	typed := l.filter.Text != ""
	switch {
	case moves:
		l.move(by)
	case key == fyne.KeyReturn || key == fyne.KeyEnter:
		l.onPick()
	case key == fyne.KeyEscape && typed:
		l.filter.SetText("")
	case key == fyne.KeyDelete && !typed && l.onDelete != nil:
		l.onDelete()
	case (key == fyne.KeyLeft || key == fyne.KeyRight) && !typed && l.onSide != nil:
		l.onSide(horizontal(key))
	default:
		return l.alert != nil && l.alert.typedInField(key)
	}
	return true
}

// CreateRenderer implements fyne.Widget.
func (l *pickList) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.box) }

// pickRow is one row of a pickList.
type pickRow struct {
	widget.BaseWidget
	list    *pickList
	spec    pickSpec
	chosen  bool
	hovered bool

	ground  *canvas.Rectangle
	bar     *canvas.Rectangle // at the edge of the chosen row
	title   *caption
	mark    *caption
	caption *caption
	figure  *caption
	note    *caption
	rule    *canvas.Rectangle
	box     *fyne.Container
}

var (
	_ fyne.Accessible     = (*pickRow)(nil)
	_ fyne.DoubleTappable = (*pickRow)(nil)
	_ desktop.Mouseable   = (*pickRow)(nil)
	_ desktop.Hoverable   = (*pickRow)(nil)
)

func newPickRow(l *pickList) *pickRow {
	r := &pickRow{list: l, ground: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil), rule: newRule(),
		title: newRowCaption(), mark: newRowCaption(), caption: newRowCaption(), figure: newRowCaption(), note: newRowCaption()}
	r.title.TextStyle.Bold = true
	r.figure.Alignment, r.note.Alignment = fyne.TextAlignTrailing, fyne.TextAlignTrailing
	r.box = container.NewWithoutLayout(r.ground, r.bar, r.title.Text, r.mark.Text, r.caption.Text, r.figure.Text, r.note.Text, r.rule)
	r.box.Layout = placed(r.place, fyne.Size{})
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *pickRow) MinSize() fyne.Size { return fyne.NewSize(160, scaled(pickRowHeight)) }

// set fills the row, and draws only when something changed.
func (r *pickRow) set(s pickSpec, chosen bool) {
	if r.spec == s && r.chosen == chosen {
		return
	}
	r.spec, r.chosen = s, chosen
	r.Refresh()
}

// MouseDown implements desktop.Mouseable: the press of the mouse chooses.
func (r *pickRow) MouseDown(*desktop.MouseEvent) { r.list.choose(r.spec.id) }

// MouseUp implements desktop.Mouseable. The keys go on belonging to the list.
func (r *pickRow) MouseUp(*desktop.MouseEvent) { r.list.focus() }

// DoubleTapped implements fyne.DoubleTappable.
func (r *pickRow) DoubleTapped(*fyne.PointEvent) { r.list.onPick() }

// MouseIn implements desktop.Hoverable.
func (r *pickRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (r *pickRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *pickRow) MouseOut() { r.hovered = false; r.Refresh() }

// AccessibilityLabel implements fyne.Accessible.
func (r *pickRow) AccessibilityLabel() string { return r.spec.label() }

// AccessibilityRole implements fyne.Accessible.
func (r *pickRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Refresh implements fyne.Widget.
func (r *pickRow) Refresh() {
	r.paint()
	r.place(r.Size())
	r.BaseWidget.Refresh()
}

func (r *pickRow) paint() {
	th, s := r.Theme(), r.spec
	tone := colorMuted
	if s.urgent {
		tone = colorWaiting
	}
	r.title.setLarge(s.title, theme.ColorNameForeground, th)
	r.mark.set(s.mark, theme.ColorNamePrimary, th)
	r.caption.set(s.caption, colorMuted, th)
	r.figure.setLarge(s.figure, theme.ColorNameForeground, th)
	r.note.set(s.note, tone, th)
	r.rule.FillColor = colorOf(r, theme.ColorNameSeparator)
	r.paintGround()
}

func (r *pickRow) paintGround() {
	r.ground.FillColor, r.bar.FillColor = color.Transparent, color.Transparent
	switch {
	case r.chosen:
		r.ground.FillColor, r.bar.FillColor = colorOf(r, theme.ColorNameSelection), colorOf(r, theme.ColorNamePrimary)
	case r.hovered:
		r.ground.FillColor = colorOf(r, theme.ColorNameHover)
	}
}

// setLarge is set with the size of a name.
func (c *caption) setLarge(text string, color fyne.ThemeColorName, th fyne.Theme) {
	c.full = text
	setText(c.Text, text, color, theme.SizeNameText, th)
}

// place puts two lines of text left and two right, the left ones as wide as the
// right ones leave room.
func (r *pickRow) place(size fyne.Size) {
	pad := theme.Padding()
	left, right := 3*pad, size.Width-3*pad
	put(r.ground, 1, 0, size.Width-2, size.Height-1)
	put(r.bar, 1, 0, 4, size.Height-1)
	put(r.rule, left, size.Height-1, right-left, 1)
	top := (size.Height - r.title.height() - r.caption.height()) / 2
	low := top + r.title.height()
	figure, note := r.figure.width(), r.note.width()
	r.figure.put(right-figure-1, top, figure+1)
	r.note.put(right-note-1, low, note+1)
	room := right - figure - 3*pad - left
	if mark := r.mark.width(); mark > 0 {
		title := min(r.title.width(), max(0, room-mark-2*pad))
		r.mark.put(left+title+2*pad, top+r.title.height()-r.mark.height()-1, mark+1)
		room = title
	} else {
		r.mark.put(0, 0, 1)
	}
	r.title.put(left, top, room+1)
	r.caption.put(left, low, right-note-3*pad-left)
}

// CreateRenderer implements fyne.Widget.
func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return widget.NewSimpleRenderer(r.box)
}
