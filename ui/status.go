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
	color fyne.ThemeColorName
	dot   *canvas.Circle
	words *canvas.Text
}

var _ fyne.Accessible = (*statusDot)(nil)

func newStatusDot() *statusDot {
	s := &statusDot{color: theme.ColorNameDisabled, dot: canvas.NewCircle(nil), words: newCaption()}
	s.ExtendBaseWidget(s)
	return s
}

// set shows how a shop can be used; it draws only when something changed.
func (s *statusDot) set(now data.State, local bool) {
	color, words := dotColor(now), textStatus(now, local)
	if color == s.color && words == s.words.Text {
		return
	}
	s.color, s.words.Text = color, words
	s.Refresh()
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
func (s *statusDot) AccessibilityLabel() string { return s.words.Text }

// AccessibilityRole implements fyne.Accessible.
func (s *statusDot) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Refresh implements fyne.Widget.
func (s *statusDot) Refresh() {
	s.paint()
	s.BaseWidget.Refresh()
}

func (s *statusDot) paint() {
	th := s.Theme()
	s.dot.FillColor = th.Color(s.color, variant())
	s.words.Color = th.Color(theme.ColorNameForeground, variant())
	s.words.TextSize = th.Size(theme.SizeNameCaptionText)
}

// CreateRenderer implements fyne.Widget.
func (s *statusDot) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	dot := container.NewGridWrap(fyne.NewSquareSize(10), s.dot)
	return widget.NewSimpleRenderer(container.NewHBox(container.NewCenter(dot), s.words))
}
