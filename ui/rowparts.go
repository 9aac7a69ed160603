package ui

import (
	"hash/fnv"
	"sort"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// placedLayout is the layout of a row that places its own children.
type placedLayout struct {
	place func(fyne.Size)
	min   fyne.Size
}

func placed(place func(fyne.Size), min fyne.Size) fyne.Layout { return placedLayout{place, min} }

func (p placedLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) { p.place(size) }

func (p placedLayout) MinSize([]fyne.CanvasObject) fyne.Size { return p.min }

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), h))
}

// putRight puts o so that it ends at x, in the middle of the height, and
// returns where it begins.
func putRight(o fyne.CanvasObject, x, height float32, size fyne.Size) float32 {
	put(o, x-size.Width, (height-size.Height)/2, size.Width, size.Height)
	return x - size.Width
}

// putTwoLines puts a name and its caption above each other, in the middle of
// the height. A label has padding around its text that a canvas text has not.
func putTwoLines(name *widget.Label, words *caption, x, width, height float32) {
	inner := theme.InnerPadding()
	nameHeight := name.MinSize().Height - 2*inner
	top := (height - nameHeight - words.height()) / 2
	put(name, x-inner, top-inner, width+inner, name.MinSize().Height)
	words.put(x, top+nameHeight, width)
}

// caption is a small text that is cut to the room it gets.
type caption struct {
	*canvas.Text
	full string
}

func newRowCaption() *caption { return &caption{Text: newCaption()} }

// set changes the text, whole until it is put somewhere.
func (c *caption) set(text string, color fyne.ThemeColorName, th fyne.Theme) {
	c.full = text
	setText(c.Text, text, color, theme.SizeNameCaptionText, th)
}

// width is what the whole text needs.
func (c *caption) width() float32 { return fyne.MeasureText(c.full, c.TextSize, c.TextStyle).Width }

func (c *caption) height() float32 { return c.MinSize().Height }

// put places the text and cuts what has no room.
func (c *caption) put(x, y, width float32) {
	if cut := fitted(c.full, width, c.TextSize, c.TextStyle); cut != c.Text.Text {
		c.Text.Text = cut
		c.Refresh()
	}
	put(c.Text, x, y, width, c.height())
}

// fitted returns a text that is cut to a width.
func fitted(text string, width, size float32, style fyne.TextStyle) string {
	if fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	runes := []rune(text)
	n := sort.Search(len(runes), func(n int) bool {
		return fyne.MeasureText(string(runes[:n+1])+"…", size, style).Width > width
	})
	return strings.TrimSpace(string(runes[:n])) + "…"
}

func newNameLabel() *widget.Label {
	l := widget.NewLabel("")
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

func newCaption() *canvas.Text {
	t := canvas.NewText("", nil)
	t.TextSize = theme.CaptionTextSize()
	return t
}

// newFigure returns a text for numbers, which stand right so that their digits
// are in columns.
func newFigure() *canvas.Text {
	t := canvas.NewText("", nil)
	t.Alignment = fyne.TextAlignTrailing
	return t
}

// newRule returns the thin line between two rows.
func newRule() *canvas.Rectangle { return canvas.NewRectangle(nil) }

func setText(t *canvas.Text, text string, color fyne.ThemeColorName, size fyne.ThemeSizeName, th fyne.Theme) {
	t.Text, t.Color, t.TextSize = text, th.Color(color, variant()), th.Size(size)
	t.Refresh()
}

func variant() fyne.ThemeVariant { return fyne.CurrentApp().Settings().ThemeVariant() }

// holds reports whether a spinner has the focus or text that is not taken yet.
func holds(s *Spinner) bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(s)
	return s.Editing() || c != nil && c.Focused() == s.Focusable()
}

// leave takes the focus from a spinner, which ends what is being typed.
func leave(s *Spinner) {
	s.Commit()
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.Focused() == s.Focusable() {
		c.Unfocus()
	}
}

// avatar shows a product's initials on a quiet colour of its own.
type avatar struct {
	widget.BaseWidget
	name string
	bg   *canvas.Rectangle
	text *canvas.Text
}

func newAvatar() *avatar {
	a := &avatar{bg: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	a.text.Alignment = fyne.TextAlignCenter
	a.text.TextStyle.Bold = true
	a.ExtendBaseWidget(a)
	return a
}

func (a *avatar) set(name string) {
	if a.name != name {
		a.name = name
		a.Refresh()
	}
}

// Refresh implements fyne.Widget.
func (a *avatar) Refresh() {
	a.paint()
	a.BaseWidget.Refresh()
}

func (a *avatar) paint() {
	th, v := a.Theme(), variant()
	a.text.Text, a.text.TextSize = initials(a.name), th.Size(theme.SizeNameText)
	a.text.Color = th.Color(theme.ColorNameForeground, v)
	a.bg.FillColor = th.Color(tintOf(a.name), v)
	a.bg.CornerRadius = th.Size(theme.SizeNameInputRadius)
}

// CreateRenderer implements fyne.Widget.
func (a *avatar) CreateRenderer() fyne.WidgetRenderer {
	a.paint()
	return widget.NewSimpleRenderer(container.NewStack(a.bg, container.NewCenter(a.text)))
}

// initials returns the first letters of the first two words.
func initials(name string) string {
	var out []rune
	for word := range strings.FieldsSeq(name) {
		if r := []rune(word)[0]; len(out) < 2 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			out = append(out, unicode.ToUpper(r))
		}
	}
	return string(out)
}

// tintOf picks one of a few quiet colours by name.
func tintOf(name string) fyne.ThemeColorName {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return tints[h.Sum32()%uint32(len(tints))]
}

// buttonFace is how a small button looks that takes no focus: a label or an
// icon on a ground.
type buttonFace struct {
	ground *canvas.Rectangle
	text   *canvas.Text
	sign   *widget.Icon
}

func newButtonFace() *buttonFace {
	f := &buttonFace{ground: canvas.NewRectangle(nil), text: canvas.NewText("", nil), sign: widget.NewIcon(nil)}
	f.text.Alignment = fyne.TextAlignCenter
	f.text.TextStyle.Bold = true
	return f
}

// paint shows a label, or the icon instead if there is one. No ground: none is
// drawn.
func (f *buttonFace) paint(w fyne.Widget, label string, icon fyne.Resource, ground, ink fyne.ThemeColorName) {
	f.ground.FillColor = nil
	if ground != "" {
		f.ground.FillColor = colorOf(w, ground)
	}
	th := theme.CurrentForWidget(w)
	f.ground.CornerRadius = th.Size(theme.SizeNameButtonRadius)
	f.text.Text, f.text.TextSize, f.text.Color = label, th.Size(theme.SizeNameText), colorOf(w, ink)
	if icon != nil {
		f.text.Text = ""
		f.sign.SetResource(theme.NewColoredResource(icon, ink))
	}
	f.ground.Refresh()
	f.text.Refresh()
}

// size is what a label needs with some air beside it, or an icon.
func (f *buttonFace) size(w fyne.Widget, label string, icon fyne.Resource, air, height float32) fyne.Size {
	if icon != nil {
		return fyne.NewSquareSize(height)
	}
	text := fyne.MeasureText(label, theme.CurrentForWidget(w).Size(theme.SizeNameText), f.text.TextStyle)
	return fyne.NewSize(text.Width+air, height)
}

func (f *buttonFace) renderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(f.ground, f.text, container.NewPadded(f.sign)))
}

// rowButton is a small button that never takes the focus, so that a row stays
// one tab stop; all it does has a key as well.
type rowButton struct {
	widget.BaseWidget
	text    string
	icon    fyne.Resource // instead of the text; may be nil
	label   string        // for screen readers
	tapped  func()
	strong  bool
	enabled bool
	hovered bool
	face    *buttonFace
}

var (
	_ fyne.Tappable     = (*rowButton)(nil)
	_ desktop.Hoverable = (*rowButton)(nil)
	_ fyne.Accessible   = (*rowButton)(nil)
)

func newRowButton(text string, icon fyne.Resource, strong bool, tapped func()) *rowButton {
	b := &rowButton{text: text, icon: icon, label: text, tapped: tapped, strong: strong, enabled: true, face: newButtonFace()}
	b.ExtendBaseWidget(b)
	return b
}

func (b *rowButton) setLabel(label string) { b.label = label }

func (b *rowButton) setEnabled(on bool) {
	if b.enabled != on {
		b.enabled = on
		b.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (b *rowButton) AccessibilityLabel() string { return b.label }

// AccessibilityRole implements fyne.Accessible.
func (b *rowButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Tapped implements fyne.Tappable.
func (b *rowButton) Tapped(*fyne.PointEvent) {
	if b.enabled {
		b.tapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (b *rowButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *rowButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *rowButton) MouseOut() { b.hovered = false; b.Refresh() }

// MinSize implements fyne.CanvasObject.
func (b *rowButton) MinSize() fyne.Size {
	return b.face.size(b, b.text, b.icon, scaled(24), scaled(30))
}

// Refresh implements fyne.Widget.
func (b *rowButton) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *rowButton) paint() {
	bg, fg := theme.ColorNameButton, theme.ColorNameForeground
	switch {
	case b.strong && b.hovered:
		bg, fg = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
	case b.strong: // quiet, as there is one in every row
		fg = theme.ColorNamePrimary
	}
	if !b.enabled {
		bg, fg = theme.ColorNameDisabledButton, theme.ColorNameDisabled
	}
	if b.icon != nil && !(b.hovered && b.enabled) {
		bg = ""
	}
	b.face.paint(b, b.text, b.icon, bg, fg)
}

// CreateRenderer implements fyne.Widget.
func (b *rowButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return b.face.renderer()
}
