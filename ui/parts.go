package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// panel puts a list and what stands in its place when it is empty on a surface.
func panel(list, empty fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newSurface(), container.NewPadded(container.NewStack(list, container.NewCenter(empty))))
}

// gap takes at least that height, so that what comes and goes beside it moves
// nothing.
func gap(height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(theme.Padding(), height))
	return r
}

// surface is the ground of a panel.
type surface struct {
	widget.BaseWidget
	bg *canvas.Rectangle
}

func newSurface() *surface {
	s := &surface{bg: canvas.NewRectangle(nil)}
	s.ExtendBaseWidget(s)
	return s
}

// Refresh implements fyne.Widget.
func (s *surface) Refresh() {
	s.paint()
	s.BaseWidget.Refresh()
}

func (s *surface) paint() {
	s.bg.FillColor = s.Theme().Color(colorSurface, variant())
	s.bg.StrokeColor = s.Theme().Color(theme.ColorNameSeparator, variant())
	s.bg.StrokeWidth = 1
	s.bg.CornerRadius = s.Theme().Size(theme.SizeNameInputRadius)
}

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	return widget.NewSimpleRenderer(s.bg)
}

// words is a text in a colour and size of the theme, which follows its changes.
type words struct {
	widget.BaseWidget
	full  string // before it is cut
	color fyne.ThemeColorName
	size  fyne.ThemeSizeName
	text  *canvas.Text
}

func newWords(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *words {
	w := &words{full: text, color: color, size: size, text: canvas.NewText(text, nil)}
	w.ExtendBaseWidget(w)
	return w
}

// bold and trailing say how the words look; to be called before they are shown.
func (w *words) bold() *words     { w.text.TextStyle.Bold = true; return w }
func (w *words) trailing() *words { w.text.Alignment = fyne.TextAlignTrailing; return w }

// set shows a text, and draws only when something changed.
func (w *words) set(text string, color fyne.ThemeColorName) {
	if w.full == text && w.color == color {
		return
	}
	w.full, w.text.Text, w.color = text, text, color
	w.Refresh()
}

// width is what the whole text needs.
func (w *words) width() float32 {
	return fyne.MeasureText(w.full, w.Theme().Size(w.size), w.text.TextStyle).Width
}

// cut shows as much of the text as a width has room for.
func (w *words) cut(width float32) {
	if text := fitted(w.full, width, w.Theme().Size(w.size), w.text.TextStyle); text != w.text.Text {
		w.text.Text = text
		w.text.Refresh()
	}
}

// Refresh implements fyne.Widget.
func (w *words) Refresh() {
	w.paint()
	w.BaseWidget.Refresh()
}

func (w *words) paint() {
	th := w.Theme()
	w.text.Color, w.text.TextSize = th.Color(w.color, variant()), th.Size(w.size)
}

// CreateRenderer implements fyne.Widget.
func (w *words) CreateRenderer() fyne.WidgetRenderer {
	w.paint()
	return widget.NewSimpleRenderer(w.text)
}

// commandButton is a button of the window itself. Enter presses it as Space
// does, and what is typed or scanned while it has the focus goes on elsewhere
// instead of being lost.
type commandButton struct {
	widget.Button
	label  string // for screen readers where it shows an icon alone
	onRune func(rune)
	watch  *scanWatch // hears the keys first
	ring   *canvas.Rectangle
}

func newCommandButton(label string, icon fyne.Resource, do func(), onRune func(rune)) *commandButton {
	b := &commandButton{onRune: onRune, ring: newFocusRing()}
	b.Text, b.Icon, b.OnTapped = label, icon, do
	b.ExtendBaseWidget(b)
	return b
}

// AccessibilityLabel implements fyne.Accessible.
func (b *commandButton) AccessibilityLabel() string {
	if b.Text != "" {
		return b.Text
	}
	return b.label
}

// TypedRune implements fyne.Focusable.
func (b *commandButton) TypedRune(r rune) {
	if r != ' ' { // which is a press
		b.onRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (b *commandButton) TypedKey(e *fyne.KeyEvent) {
	if b.watch.took(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !b.Disabled() { // not a tap, which would take the focus away
			b.OnTapped()
		}
	}
}

// FocusGained implements fyne.Focusable.
func (b *commandButton) FocusGained() {
	b.ring.StrokeColor = colorOf(b, theme.ColorNameForeground)
	b.ring.Show()
	b.Button.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (b *commandButton) FocusLost() {
	b.ring.Hide()
	b.Button.FocusLost()
}

// CreateRenderer implements fyne.Widget: the button, and the ring on its edge.
func (b *commandButton) CreateRenderer() fyne.WidgetRenderer {
	return &ringedRenderer{b.Button.CreateRenderer(), b.ring}
}

// ringedRenderer draws a ring over a widget.
type ringedRenderer struct {
	fyne.WidgetRenderer
	ring *canvas.Rectangle
}

func (r *ringedRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.ring.Resize(size)
}

func (r *ringedRenderer) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.ring)
}

// emptySpec says what stands where a list has nothing to show. The zero value
// shows nothing.
type emptySpec struct {
	title, hint   string
	action, other string // labels of buttons; empty: none
	do, doOther   func()
}

// emptyState fills the place of an empty list with what to do about it.
type emptyState struct {
	widget.BaseWidget
	spec        emptySpec
	title, hint *words
	do, other   *commandButton
	box         *fyne.Container
}

func newEmptyState(onRune func(rune)) *emptyState {
	e := &emptyState{title: newWords("", theme.ColorNameForeground, theme.SizeNameSubHeadingText),
		hint: newWords("", colorMuted, theme.SizeNameText), do: newCommandButton("", nil, nil, onRune), other: newCommandButton("", nil, nil, onRune)}
	e.title.text.Alignment, e.hint.text.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	e.do.Importance = widget.HighImportance
	buttons := container.NewHBox(layout.NewSpacer(), e.other, e.do, layout.NewSpacer())
	e.box = container.NewVBox(e.title, e.hint, gap(theme.Padding()), buttons)
	e.box.Hide()
	e.ExtendBaseWidget(e)
	return e
}

func (e *emptyState) set(s emptySpec) {
	same := s.title == e.spec.title && s.hint == e.spec.hint && s.action == e.spec.action
	e.spec = s
	if same {
		return
	}
	e.title.set(s.title, theme.ColorNameForeground)
	e.hint.set(s.hint, colorMuted)
	setButton(e.do, s.action, func() { e.spec.do() })
	setButton(e.other, s.other, func() { e.spec.doOther() })
	e.box.Hidden = s.title == ""
	e.box.Refresh()
	e.Refresh()
}

func setButton(b *commandButton, label string, do func()) {
	b.OnTapped = do
	b.Hidden = label == ""
	b.SetText(label)
}

// CreateRenderer implements fyne.Widget.
func (e *emptyState) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(e.box) }

func enable(b *commandButton, on bool) {
	if on == b.Disabled() {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}
