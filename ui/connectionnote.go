package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// note is a text that wraps, in a colour of the theme that a label cannot have:
// those that it has for text of second rank are too faint to read. It stands in
// the window itself, not the text inside: a refresh reaches one of them only.
type note struct{ widget.RichText }

func newNote(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *note {
	n := &note{}
	n.Segments = []widget.RichTextSegment{noteSegment(text, color, size)}
	n.Wrapping, n.Scroll = fyne.TextWrapWord, fyne.ScrollNone
	n.ExtendBaseWidget(n)
	return n
}

// newHint is a note of second rank.
func newHint(p phrase) *note { return newNote(p.say(), colorMuted, theme.SizeNameCaptionText) }

func noteSegment(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *widget.TextSegment {
	return &widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: color, SizeName: size, Inline: true}}
}

func (n *note) text() string { return n.Segments[0].(*widget.TextSegment).Text }

// set shows a text, and draws only when something changed.
func (n *note) set(text string, color fyne.ThemeColorName) {
	s := n.Segments[0].(*widget.TextSegment)
	if s.Text != text || s.Style.ColorName != color {
		s.Text, s.Style.ColorName = text, color
		n.Refresh()
	}
}
