package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// strip is a choice of one among several that stand beside each other, and
// below each other where a line has no room for more. It is one stop of the Tab
// key; the arrows choose.
type strip struct {
	widget.BaseWidget
	label    string // of the whole, for screen readers
	labels   []string
	active   int
	onPick   func(int)
	onSettle func() // the person has done with choosing; may be nil
	locked   bool
	alert    *alert // nil outside of one

	focused bool
	ground  *canvas.Rectangle
	pill    *canvas.Rectangle // behind the one that is on
	texts   []*canvas.Text
}

var (
	_ fyne.Focusable   = (*strip)(nil)
	_ fyne.Tabbable    = (*strip)(nil)
	_ fyne.Tappable    = (*strip)(nil)
	_ fyne.Disableable = (*strip)(nil)
	_ fyne.Accessible  = (*strip)(nil)
)

func newStrip(label string, labels []string, active int, pick func(int)) *strip {
	s := &strip{label: label, labels: labels, active: active, onPick: pick,
		ground: canvas.NewRectangle(nil), pill: canvas.NewRectangle(nil)}
	for range labels {
		t := canvas.NewText("", nil)
		t.Alignment = fyne.TextAlignCenter
		s.texts = append(s.texts, t)
	}
	s.ExtendBaseWidget(s)
	return s
}

// turn shows that the nth is on, and calls nothing back.
func (s *strip) turn(n int) {
	if s.active != n {
		s.active = n
		s.Refresh()
	}
}

// pick is turn by the person.
func (s *strip) pick(n int) {
	if n < 0 || n >= len(s.labels) || n == s.active || s.locked {
		return
	}
	s.turn(n)
	s.onPick(n)
}

func (s *strip) settle() {
	if s.onSettle != nil {
		s.onSettle()
	}
}

// Disabled implements fyne.Disableable: the Tab key leaves out what is locked.
func (s *strip) Disabled() bool { return s.locked }

// Enable implements fyne.Disableable.
func (s *strip) Enable() { s.locked = false; s.Refresh() }

// Disable implements fyne.Disableable.
func (s *strip) Disable() { s.locked = true; s.Refresh() }

func (s *strip) joinAlert(al *alert) { s.alert = al }

// Tapped implements fyne.Tappable.
func (s *strip) Tapped(e *fyne.PointEvent) {
	if s.locked {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	for i, b := range s.boxes(s.Size().Width) {
		if e.Position.X >= b.x && e.Position.X < b.x+b.w && e.Position.Y >= b.y && e.Position.Y < b.y+b.h {
			s.pick(i)
			s.settle()
		}
	}
}

// AcceptsTab implements fyne.Tabbable: the Tab that ends a scan moves no focus.
func (s *strip) AcceptsTab() bool { return s.alert != nil && s.alert.owner.watch.scanning() }

// FocusGained implements fyne.Focusable. A strip that is scrolled away comes
// into sight.
func (s *strip) FocusGained() {
	s.focused = true
	s.Refresh()
	if s.alert != nil {
		s.alert.reveal(s)
	}
}

// FocusLost implements fyne.Focusable.
func (s *strip) FocusLost() {
	s.focused = false
	s.Refresh()
	s.settle()
}

// TypedRune implements fyne.Focusable. A scan that goes on must choose nothing.
func (s *strip) TypedRune(r rune) {
	if s.alert != nil {
		s.alert.owner.guard.add(r)
	}
}

// TypedKey implements fyne.Focusable. Space goes on to the next one, round and
// round, which turns over what is only on or off.
func (s *strip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		s.pick(s.active + horizontal(e.Name))
	case fyne.KeyUp, fyne.KeyDown:
		s.pick(s.active + vertical(e.Name))
	case fyne.KeyHome:
		s.pick(0)
	case fyne.KeyEnd:
		s.pick(len(s.labels) - 1)
	case fyne.KeySpace:
		if s.alert == nil || !s.alert.owner.guard.running() {
			s.pick((s.active + 1) % len(s.labels))
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		s.settle()
		typedInForm(s.alert, e.Name)
	default:
		typedInForm(s.alert, e.Name)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *strip) AccessibilityLabel() string { return s.label + ": " + s.labels[s.active] }

// AccessibilityRole implements fyne.Accessible. Fyne 2.8 has no role for a
// choice of one.
func (s *strip) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Measures of a strip, for the usual size of text: the room beside and above a
// label, and what the one that is on keeps from the edge.
const (
	stripBeside = 11
	stripAbove  = 4
	stripRim    = 3
)

// line is how high one line of choices is.
func (s *strip) line() float32 {
	return whole(fyne.MeasureText("x", s.Theme().Size(theme.SizeNameText), fyne.TextStyle{Bold: true}).Height) + 2*scaled(stripAbove)
}

// boxes are where the choices are in a width.
func (s *strip) boxes(width float32) []region {
	size, high := s.Theme().Size(theme.SizeNameText), s.line()
	out := make([]region, len(s.labels))
	x, y := float32(0), float32(0)
	for i, label := range s.labels {
		w := whole(fyne.MeasureText(label, size, fyne.TextStyle{Bold: true}).Width) + 2*scaled(stripBeside)
		w = min(w, width)
		if x > 0 && x+w > width {
			x, y = 0, y+high
		}
		out[i] = region{x: x, y: y, w: w, h: high}
		x += w
	}
	return out
}

// heightFor is what the strip needs in a width.
func (s *strip) heightFor(width float32) float32 {
	boxes := s.boxes(width)
	last := boxes[len(boxes)-1]
	return last.y + last.h
}

// MinSize implements fyne.CanvasObject: any width will do that has room for the
// longest label.
func (s *strip) MinSize() fyne.Size {
	var widest float32
	for _, b := range s.boxes(1 << 20) {
		widest = max(widest, b.w)
	}
	return fyne.NewSize(widest, s.heightFor(max(widest, s.Size().Width)))
}

// Refresh implements fyne.Widget.
func (s *strip) Refresh() {
	s.paint()
	s.place(s.Size())
	s.BaseWidget.Refresh()
}

func (s *strip) paint() {
	radius := s.Theme().Size(theme.SizeNameButtonRadius)
	s.ground.FillColor, s.ground.CornerRadius = colorOf(s, theme.ColorNameButton), radius
	s.ground.StrokeWidth, s.ground.StrokeColor = 0, colorOf(s, theme.ColorNamePrimary)
	if s.focused {
		s.ground.StrokeWidth = 2
	}
	s.pill.FillColor, s.pill.CornerRadius = colorOf(s, colorSurface), radius-1
	s.pill.StrokeWidth, s.pill.StrokeColor = 1, colorOf(s, theme.ColorNameInputBorder)
	ink := theme.ColorNameForeground
	if s.locked {
		ink = colorMuted
		s.ground.FillColor, s.pill.FillColor = colorOf(s, theme.ColorNameDisabledButton), colorOf(s, theme.ColorNameDisabledButton)
	}
	for i, t := range s.texts {
		t.Text, t.TextSize, t.TextStyle.Bold = s.labels[i], s.Theme().Size(theme.SizeNameText), i == s.active
		t.Color = colorOf(s, ink)
	}
}

func (s *strip) place(size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	boxes, right := s.boxes(size.Width), float32(0)
	for i, b := range boxes {
		b.fill(s.texts[i])
		right = max(right, b.x+b.w)
	}
	put(s.ground, 0, 0, right, s.heightFor(size.Width))
	on := boxes[s.active]
	put(s.pill, on.x+stripRim, on.y+stripRim, on.w-2*stripRim, on.h-2*stripRim)
}

// CreateRenderer implements fyne.Widget.
func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	box := &fyne.Container{Layout: placed(s.place, fyne.Size{}), Objects: []fyne.CanvasObject{s.ground, s.pill}}
	for _, t := range s.texts {
		box.Add(t)
	}
	return widget.NewSimpleRenderer(box)
}
