package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// statusDot tells the state of the link in a colour and in words.
type statusDot struct {
	widget.BaseWidget

	// onResized is called when the words have changed, and with them the room
	// they need.
	onResized func()

	color fyne.ThemeColorName
	dot   *canvas.Circle
	words *caption
}

// statusSize is the dot, for the usual size of text.
const statusSize = 10

var _ fyne.Accessible = (*statusDot)(nil)

func newStatusDot() *statusDot {
	s := &statusDot{color: theme.ColorNameDisabled, dot: canvas.NewCircle(nil), words: newRowCaption()}
	s.ExtendBaseWidget(s)
	return s
}

// set shows how a shop can be used; it draws only when something changed.
func (s *statusDot) set(now data.State, local bool) {
	color, words := dotColor(now), textStatus(now, local)
	if color == s.color && words == s.words.full {
		return
	}
	s.color, s.words.full = color, words
	s.Refresh()
	if s.onResized != nil {
		s.onResized()
	}
}

func dotColor(s data.State) fyne.ThemeColorName {
	switch p := s.Link.Phase; {
	case p == data.Live && s.Mending == 0:
		return theme.ColorNameSuccess
	case p == data.Live, p == data.Polling, p == data.Connecting, p == data.ReadOnly:
		return theme.ColorNameWarning
	}
	return theme.ColorNameError
}

// AccessibilityLabel implements fyne.Accessible.
func (s *statusDot) AccessibilityLabel() string { return s.words.full }

// AccessibilityRole implements fyne.Accessible.
func (s *statusDot) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Refresh implements fyne.Widget.
func (s *statusDot) Refresh() {
	s.paint()
	s.place(s.Size())
	s.BaseWidget.Refresh()
}

func (s *statusDot) paint() {
	th := s.Theme()
	s.dot.FillColor = th.Color(s.color, variant())
	s.words.Color = th.Color(theme.ColorNameForeground, variant())
	s.words.TextSize = th.Size(theme.SizeNameCaptionText)
}

// MinSize implements fyne.CanvasObject: room for the dot and all the words.
func (s *statusDot) MinSize() fyne.Size {
	text := fyne.MeasureText(s.words.full, s.words.TextSize, s.words.TextStyle)
	return fyne.NewSize(scaled(statusSize)+theme.Padding()+text.Width, max(scaled(statusSize), text.Height))
}

// place puts the words behind the dot, cut to the room there is.
func (s *statusDot) place(size fyne.Size) {
	dot := scaled(statusSize)
	put(s.dot, 0, (size.Height-dot)/2, dot, dot)
	x := dot + theme.Padding()
	s.words.put(x, (size.Height-s.words.height())/2, size.Width-x)
}

// CreateRenderer implements fyne.Widget.
func (s *statusDot) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	box := container.NewWithoutLayout(s.dot, s.words.Text)
	box.Layout = placed(s.place, fyne.Size{})
	return widget.NewSimpleRenderer(box)
}
