package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// segments is a switch between a few things of which one is on. It is one stop
// of the Tab key; the arrows choose.
type segments struct {
	widget.BaseWidget
	onPick func(int)
	onRune func(rune)
	watch  *scanWatch // hears the keys first

	label   string // of the whole, for screen readers
	labels  []string
	active  int
	focused bool
	ground  *canvas.Rectangle
	pill    *canvas.Rectangle // behind the one that is on
	texts   []*canvas.Text
}

var (
	_ fyne.Focusable  = (*segments)(nil)
	_ fyne.Tappable   = (*segments)(nil)
	_ fyne.Accessible = (*segments)(nil)
)

func newSegments(label string, count int, pick func(int), onRune func(rune)) *segments {
	s := &segments{label: label, onPick: pick, onRune: onRune, labels: make([]string, count),
		ground: canvas.NewRectangle(nil), pill: canvas.NewRectangle(nil)}
	for range count {
		t := canvas.NewText("", nil)
		t.Alignment = fyne.TextAlignCenter
		s.texts = append(s.texts, t)
	}
	s.ExtendBaseWidget(s)
	return s
}

// set changes what the nth segment says, from 0.
func (s *segments) set(n int, label string) {
	if s.labels[n] != label {
		s.labels[n] = label
		s.Refresh()
	}
}

// turn shows that the nth segment is on, and calls nothing back.
func (s *segments) turn(n int) {
	if s.active != n {
		s.active = n
		s.Refresh()
	}
}

func (s *segments) pick(n int) {
	if n != s.active && n >= 0 && n < len(s.labels) {
		s.onPick(n)
	}
}

// Tapped implements fyne.Tappable.
func (s *segments) Tapped(e *fyne.PointEvent) {
	if width := s.Size().Width; width > 0 {
		s.pick(int(e.Position.X / width * float32(len(s.labels))))
	}
}

// FocusGained implements fyne.Focusable.
func (s *segments) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *segments) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *segments) TypedRune(r rune) {
	if r != ' ' { // which is a press
		s.onRune(r)
	}
}

// TypedKey implements fyne.Focusable. Enter and Space go on to the next one, as
// there is always another that could be meant.
func (s *segments) TypedKey(e *fyne.KeyEvent) {
	if s.watch.took(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyLeft:
		s.pick(s.active - 1)
	case fyne.KeyRight:
		s.pick(s.active + 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		s.pick((s.active + 1) % len(s.labels))
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *segments) AccessibilityLabel() string { return s.label + ": " + s.labels[s.active] }

// AccessibilityRole implements fyne.Accessible.
func (s *segments) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// MinSize implements fyne.CanvasObject: all are as wide as the widest.
func (s *segments) MinSize() fyne.Size {
	size, air := s.Theme().Size(theme.SizeNameText), scaled(16)
	var widest fyne.Size
	for _, label := range s.labels {
		widest = widest.Max(fyne.MeasureText(label, size, fyne.TextStyle{Bold: true}))
	}
	return fyne.NewSize((widest.Width+2*air)*float32(len(s.labels)), widest.Height+air)
}

// Refresh implements fyne.Widget.
func (s *segments) Refresh() {
	s.paint()
	s.place(s.Size())
	s.BaseWidget.Refresh()
}

func (s *segments) paint() {
	radius := s.Theme().Size(theme.SizeNameButtonRadius)
	s.ground.FillColor, s.ground.CornerRadius = colorOf(s, theme.ColorNameButton), radius
	s.ground.StrokeWidth, s.ground.StrokeColor = 0, colorOf(s, theme.ColorNamePrimary)
	if s.focused {
		s.ground.StrokeWidth = 2
	}
	s.pill.FillColor, s.pill.CornerRadius = colorOf(s, colorSurface), radius
	s.pill.StrokeWidth, s.pill.StrokeColor = 1, colorOf(s, theme.ColorNameInputBorder)
	for i, t := range s.texts {
		t.Text, t.TextSize, t.TextStyle.Bold = s.labels[i], s.Theme().Size(theme.SizeNameText), i == s.active
		t.Color = colorOf(s, theme.ColorNameForeground)
	}
}

func (s *segments) place(size fyne.Size) {
	put(s.ground, 0, 0, size.Width, size.Height)
	width, rim := size.Width/float32(len(s.texts)), float32(3)
	put(s.pill, float32(s.active)*width+rim, rim, width-2*rim, size.Height-2*rim)
	for i, t := range s.texts {
		put(t, float32(i)*width, 0, width, size.Height)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *segments) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	box := &fyne.Container{Layout: placed(s.place, fyne.Size{}), Objects: []fyne.CanvasObject{s.ground, s.pill}}
	for _, t := range s.texts {
		box.Add(t)
	}
	return widget.NewSimpleRenderer(box)
}
