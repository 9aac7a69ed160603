package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// severity says how much a banner matters. Colour and icon follow from it; the
// words of the title have to say it as well.
type severity int

const (
	severityInfo    severity = iota // good to know
	severityWarning                 // goes on, with something missing
	severityProblem                 // something does not work
)

// severityLook is how a banner of some severity looks and is read out.
type severityLook struct {
	word          phrase
	surface, sign fyne.ThemeColorName
	icon          func() fyne.Resource
}

var severityLooks = map[severity]severityLook{
	severityInfo:    {"Note", colorInfoSurface, theme.ColorNamePrimary, theme.InfoIcon},
	severityWarning: {"Warning", colorWarningSurface, theme.ColorNameWarning, theme.WarningIcon},
	severityProblem: {"Problem", colorProblemSurface, theme.ColorNameError, theme.ErrorIcon},
}

// bannerButton is what a person can do about a banner.
type bannerButton struct {
	Label string
	Do    func()
}

// bannerSpec says what a banner shows.
type bannerSpec struct {
	Severity severity
	Title    string
	Text     string         // may be empty
	Buttons  []bannerButton // at most two
}

// looksLike reports whether a banner would look the same.
func (s *bannerSpec) looksLike(other *bannerSpec) bool {
	if s == nil || other == nil {
		return s == other
	}
	return s.Severity == other.Severity && s.Title == other.Title && s.Text == other.Text &&
		slices.EqualFunc(s.Buttons, other.Buttons, func(a, b bannerButton) bool { return a.Label == b.Label })
}

// bannerButtons is how many buttons a banner has room for.
const bannerButtons = 2

// banner is a strip under the header about a state that lasts. It is hidden
// until set.
type banner struct {
	widget.BaseWidget

	// OnResized is called when the banner has come, gone or needs another
	// height: the container around it has to be laid out again.
	OnResized func()

	// OnRune gets what is typed while a button has the focus.
	OnRune func(rune)

	spec    *bannerSpec
	face    *canvas.Rectangle
	edge    *canvas.Rectangle
	sign    *widget.Icon
	text    *widget.RichText
	buttons [bannerButtons]*commandButton
	strip   *fyne.Container
}

var _ fyne.Accessible = (*banner)(nil)

func newBanner() *banner {
	b := &banner{OnRune: func(rune) {}, face: canvas.NewRectangle(nil), edge: canvas.NewRectangle(nil), sign: widget.NewIcon(nil)}
	title := widget.RichTextStyleStrong
	title.Inline = true
	b.text = widget.NewRichText(&widget.TextSegment{Style: title}, &widget.TextSegment{Style: widget.RichTextStyleInline})
	b.text.Wrapping = fyne.TextWrapWord
	for i := range b.buttons {
		b.buttons[i] = newCommandButton("", nil, func() { b.press(i) }, func(r rune) { b.OnRune(r) })
	}
	b.strip = container.New(&bannerLayout{banner: b}, b.face, b.edge, b.sign, b.text, b.buttons[0], b.buttons[1])
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// set shows a banner; nil takes it away. One that looks like the banner that is
// there changes only what its buttons do.
func (b *banner) set(spec *bannerSpec) {
	same, room := spec.looksLike(b.spec), b.room()
	b.spec = spec
	if same {
		return
	}
	if spec == nil {
		b.Hide()
	} else {
		b.fill()
		b.Show()
		b.Refresh()
	}
	if b.OnResized != nil && b.room() != room {
		b.OnResized()
	}
}

// room is the size that the banner takes from the window.
func (b *banner) room() fyne.Size {
	if !b.Visible() {
		return fyne.Size{}
	}
	return b.MinSize()
}

func (b *banner) fill() {
	title, text := b.text.Segments[0].(*widget.TextSegment), b.text.Segments[1].(*widget.TextSegment)
	title.Text, text.Text = b.spec.Title, ""
	if b.spec.Text != "" {
		text.Text = "  " + b.spec.Text
	}
	for i, button := range b.buttons {
		button.Hidden = i >= len(b.spec.Buttons)
		if !button.Hidden {
			button.SetText(b.spec.Buttons[i].Label)
		}
	}
	b.text.Refresh()
}

func (b *banner) press(i int) {
	if b.spec != nil && i < len(b.spec.Buttons) && b.spec.Buttons[i].Do != nil {
		b.spec.Buttons[i].Do()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (b *banner) AccessibilityLabel() string {
	if b.spec == nil {
		return ""
	}
	return severityLooks[b.spec.Severity].word.say() + ". " + b.spec.Title + " " + b.spec.Text
}

// AccessibilityRole implements fyne.Accessible.
func (b *banner) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer implements fyne.Widget.
func (b *banner) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return widget.NewSimpleRenderer(b.strip)
}

// Refresh implements fyne.Widget.
func (b *banner) Refresh() {
	b.paint()
	b.strip.Refresh()
	b.BaseWidget.Refresh()
}

func (b *banner) paint() {
	look := severityLooks[severityInfo]
	if b.spec != nil {
		look = severityLooks[b.spec.Severity]
	}
	b.face.FillColor = colorOf(b, look.surface)
	b.edge.FillColor = colorOf(b, look.sign)
	b.sign.SetResource(theme.NewColoredResource(look.icon(), look.sign))
}

// Measures of a banner, those of its height and icon for the usual size of text.
const (
	bannerEdge   = 4  // the coloured edge at the left
	bannerInset  = 12 // left and right of what it says
	bannerHeight = 40 // with one line of text
	bannerSign   = 20
	bannerGap    = 8
)

// bannerLayout puts the icon, the text and the buttons in one row. The text
// wraps when the window is narrow.
type bannerLayout struct{ banner *banner }

// MinSize implements fyne.Layout. How high the text is shows only when the
// banner has its width.
func (l *bannerLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	height := scaled(bannerHeight)
	if l.banner.text.Size().Width > 0 {
		height = max(height, l.banner.text.MinSize().Height+bannerGap)
	}
	return fyne.NewSize(l.buttons()+160, height)
}

// buttons is the width of the buttons with the room around them.
func (l *bannerLayout) buttons() float32 {
	width := float32(bannerInset)
	for _, button := range l.banner.buttons {
		if button.Visible() {
			width += button.MinSize().Width + bannerGap + bannerInset
		}
	}
	return width
}

// Layout implements fyne.Layout.
func (l *bannerLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b := l.banner
	b.face.Resize(size)
	b.edge.Resize(fyne.NewSize(bannerEdge, size.Height))
	b.sign.Resize(fyne.NewSquareSize(scaled(bannerSign)))
	b.sign.Move(fyne.NewPos(bannerEdge+bannerInset, (size.Height-scaled(bannerSign))/2))

	left := bannerEdge + bannerInset + scaled(bannerSign) + 2
	text := wrapped(b.text, size.Width-left-l.buttons())
	b.text.Resize(fyne.NewSize(b.text.Size().Width, text))
	b.text.Move(fyne.NewPos(left, (size.Height-text)/2))

	right := size.Width - bannerInset
	for _, button := range slices.Backward(b.buttons[:]) {
		if !button.Visible() {
			continue
		}
		min := button.MinSize().AddWidthHeight(bannerInset, 0)
		button.Resize(min)
		button.Move(fyne.NewPos(right-min.Width, (size.Height-min.Height)/2))
		right -= min.Width + bannerGap
	}
}
