package ui

import (
	"image/color"

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
	color fyne.ThemeColorName
	size  fyne.ThemeSizeName
	text  *canvas.Text
}

func newWords(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *words {
	w := &words{color: color, size: size, text: canvas.NewText(text, nil)}
	w.ExtendBaseWidget(w)
	return w
}

// bold and trailing say how the words look; to be called before they are shown.
func (w *words) bold() *words     { w.text.TextStyle.Bold = true; return w }
func (w *words) trailing() *words { w.text.Alignment = fyne.TextAlignTrailing; return w }

// set shows a text, and draws only when something changed.
func (w *words) set(text string, color fyne.ThemeColorName) {
	if w.text.Text == text && w.color == color {
		return
	}
	w.text.Text, w.color = text, color
	w.Refresh()
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
	onRune func(rune)
}

func newCommandButton(label string, icon fyne.Resource, do func(), onRune func(rune)) *commandButton {
	b := &commandButton{onRune: onRune}
	b.Text, b.Icon, b.OnTapped = label, icon, do
	b.ExtendBaseWidget(b)
	return b
}

// TypedRune implements fyne.Focusable.
func (b *commandButton) TypedRune(r rune) {
	if r != ' ' { // which is a press
		b.onRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (b *commandButton) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		e = &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	b.Button.TypedKey(e)
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
	e.box = container.NewVBox(e.title, e.hint, buttons)
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
