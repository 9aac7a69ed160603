package ui

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// textPane shows a text that is to be read and not changed, such as a log, in
// letters of one width. Only the lines in sight are drawn, so that it may be of
// any length; a label of a thousand lines would take seconds. The arrows scroll.
type textPane struct {
	widget.BaseWidget
	name   string  // for those who do not see it
	height float32 // at least
	hang   string  // in front of the rest of a line that is too long
	newest bool    // the end is shown first, and again after every change

	text  string
	rows  []string // the lines, cut to the width
	width int      // of a row, in letters; 0: unknown

	alert  *alert
	ring   *canvas.Rectangle
	ground *surface
	scroll *container.Scroll
	page   *fyne.Container // as high as all rows
	drawn  []*canvas.Text
	box    *fyne.Container
}

// panePadding is the distance of the text of a textPane to its edge.
const panePadding = 8

var paneStyle = fyne.TextStyle{Monospace: true}

var (
	_ fyne.Focusable  = (*textPane)(nil)
	_ fyne.Tappable   = (*textPane)(nil)
	_ fyne.Accessible = (*textPane)(nil)
)

func newTextPane(name string, height float32) *textPane {
	p := &textPane{name: name, height: height, ring: newFocusRing(), ground: newSurface()}
	p.page = container.NewWithoutLayout()
	p.page.Layout = placed(func(fyne.Size) {}, fyne.Size{})
	p.scroll = container.NewVScroll(p.page)
	p.scroll.OnScrolled = func(fyne.Position) { p.draw() }
	p.box = container.NewWithoutLayout(p.ground, p.scroll, p.ring)
	p.box.Layout = placed(p.place, fyne.Size{})
	p.ExtendBaseWidget(p)
	return p
}

// set shows a text, from its beginning or its end.
func (p *textPane) set(text string) {
	p.text, p.width = text, 0
	p.scroll.Offset = fyne.Position{}
	p.place(p.Size())
	p.page.Refresh()
}

// MinSize implements fyne.CanvasObject.
func (p *textPane) MinSize() fyne.Size { return fyne.NewSize(160, p.height) }

// paneLeading is how much higher a row is than its letters.
const paneLeading = 1.2

// letter is the room that a letter takes.
func (p *textPane) letter() fyne.Size {
	const many = 50 // one alone is rounded
	size := fyne.MeasureText(strings.Repeat("0", many), p.Theme().Size(theme.SizeNameCaptionText), paneStyle)
	return fyne.NewSize(size.Width/many, whole(size.Height*paneLeading))
}

// place lays the pane out, and cuts the lines anew when it has another width.
func (p *textPane) place(size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	put(p.ground, 0, 0, size.Width, size.Height)
	put(p.ring, 0, 0, size.Width, size.Height)
	letter := p.letter()
	put(p.scroll, 1, 1, size.Width-2, size.Height-2)
	room := size.Width - 2*panePadding - p.Theme().Size(theme.SizeNameScrollBar)
	width := max(10, int(room/letter.Width))
	if width != p.width {
		p.width = width
		p.rows = rowsOf(p.text, width, p.hang)
		high := float32(len(p.rows))*letter.Height + 2*panePadding
		p.page.Layout = placed(func(fyne.Size) { p.draw() }, fyne.NewSize(10, high))
		p.scroll.Refresh()
		if p.newest {
			p.scroll.ScrollToBottom()
		}
	}
	p.draw()
}

// draw puts the rows in sight on the page.
func (p *textPane) draw() {
	letter := p.letter()
	first := max(0, int((p.scroll.Offset.Y-panePadding)/letter.Height))
	count := min(len(p.rows)-first, int(p.scroll.Size().Height/letter.Height)+2)
	for len(p.drawn) < count {
		t := canvas.NewText("", nil)
		t.TextStyle = paneStyle
		p.drawn = append(p.drawn, t)
		p.page.Objects = append(p.page.Objects, t)
	}
	for i, t := range p.drawn {
		t.Hidden = i >= count
		if t.Hidden {
			continue
		}
		t.Text, t.Color, t.TextSize = p.rows[first+i], colorOf(p, theme.ColorNameForeground), p.Theme().Size(theme.SizeNameCaptionText)
		put(t, panePadding, panePadding+float32(first+i)*letter.Height, p.scroll.Size().Width, letter.Height)
		t.Refresh()
	}
}

// rowsOf cuts lines that are too long, where there is a space if that leaves no
// large gap. Hang stands in front of the rest of such a line.
func rowsOf(text string, width int, hang string) []string {
	var rows []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line = strings.ReplaceAll(strings.TrimRight(line, " \r"), "\t", "    ")
		for utf8.RuneCountInString(line) > width {
			letters := []rune(line)
			end := width
			for i := width; i > width/2; i-- {
				if letters[i] == ' ' {
					end = i
					break
				}
			}
			rows = append(rows, string(letters[:end]))
			line = hang + strings.TrimLeft(string(letters[end:]), " ")
		}
		rows = append(rows, line)
	}
	return rows
}

// Refresh implements fyne.Widget. The letters may have another size now.
func (p *textPane) Refresh() {
	p.width = 0
	p.place(p.Size())
	p.BaseWidget.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *textPane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.box) }

// joinAlert tells the pane in which alert it stands.
func (p *textPane) joinAlert(al *alert) { p.alert = al }

// focus brings the keys to the pane.
func (p *textPane) focus() { fyne.CurrentApp().Driver().CanvasForObject(p).Focus(p) }

// Tapped implements fyne.Tappable.
func (p *textPane) Tapped(*fyne.PointEvent) { p.focus() }

// FocusGained implements fyne.Focusable.
func (p *textPane) FocusGained() {
	p.ring.StrokeColor = colorOf(p, theme.ColorNameForeground)
	p.ring.Show()
}

// FocusLost implements fyne.Focusable.
func (p *textPane) FocusLost() { p.ring.Hide() }

// TypedRune implements fyne.Focusable. A scan goes where those at the buttons do.
func (p *textPane) TypedRune(r rune) {
	if p.alert != nil {
		p.alert.owner.guard.add(r)
	}
}

// TypedKey implements fyne.Focusable.
func (p *textPane) TypedKey(e *fyne.KeyEvent) {
	if p.alert != nil && p.alert.owner.watch.meant(e.Name) {
		return
	}
	page := p.scroll.Size().Height - 2*p.letter().Height
	line := 3 * p.letter().Height
	steps := map[fyne.KeyName]float32{fyne.KeyUp: -line, fyne.KeyDown: line, fyne.KeyPageUp: -page, fyne.KeyPageDown: page}
	by, moves := steps[e.Name]
	switch {
	case moves:
		p.scrollTo(p.scroll.Offset.Y + by)
	case e.Name == fyne.KeyHome:
		p.scroll.ScrollToTop()
	case e.Name == fyne.KeyEnd:
		p.scroll.ScrollToBottom()
	case (e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter) && p.alert != nil && p.alert.owner.scanned():
	case p.alert != nil:
		p.alert.typedInField(e.Name)
	}
	p.draw()
}

func (p *textPane) scrollTo(y float32) {
	most := p.page.MinSize().Height - p.scroll.Size().Height
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(y, most))))
}

// AccessibilityLabel implements fyne.Accessible.
func (p *textPane) AccessibilityLabel() string { return p.name + ". " + p.text }

// AccessibilityRole implements fyne.Accessible.
func (p *textPane) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
