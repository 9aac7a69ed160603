package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	toastTime       = 6 * time.Second
	toastActionTime = 10 * time.Second // with a button there is something to decide
	toastsWaiting   = 5                // more than these, and the oldest are dropped
)

// toast is one short message about something that has happened.
type toast struct {
	text  string
	label string // of the button; empty: none
	do    func()
	turn  int // tells it from the others
}

func (t toast) time() time.Duration {
	if t.label != "" {
		return toastActionTime
	}
	return toastTime
}

// toaster shows toasts one after another at the bottom of the window. One
// stays while the pointer rests on it, and has its full time again afterwards.
// Fyne has no such widget.
//
// It has no size of its own and lets clicks beside the toast through, so it
// lies over the page and moves nothing:
//
//	window.SetContent(container.NewStack(page, toaster))
//
// Call stop when the window closes.
type toaster struct {
	widget.BaseWidget

	// lift is the distance to the lower edge, for a window with a status line.
	lift float32

	// after calls f on the UI goroutine when d has passed, unless it is
	// cancelled before.
	after func(d time.Duration, f func()) (cancel func())

	current *toast
	waiting []toast
	turn    int // counts the runs of the clock: one that was cancelled may still be heard
	shown   int // counts the toasts
	cancel  func()
	card    *toastCard
}

func newToaster(after func(time.Duration, func()) (cancel func())) *toaster {
	t := &toaster{lift: 16, after: after, cancel: func() {}}
	t.card = newToastCard(t)
	t.card.Hide()
	t.relabel()
	t.ExtendBaseWidget(t)
	return t
}

// relabel says what its buttons do in the language of now.
func (t *toaster) relabel() { t.card.shut.label = textClose.say() }

// show says something.
func (t *toaster) show(text string) { t.showAction(text, "", nil) }

// showAction says something and offers a button that does something about it,
// once. Withdraw takes it back when it is no longer true.
func (t *toaster) showAction(text, label string, do func()) (withdraw func()) {
	t.shown++
	turn := t.shown
	t.waiting = append(t.waiting, toast{text: text, label: label, do: do, turn: turn})
	if len(t.waiting) > toastsWaiting {
		t.waiting = t.waiting[1:]
	}
	if t.current == nil {
		t.next()
	}
	return func() { t.withdraw(turn) }
}

func (t *toaster) withdraw(turn int) {
	t.waiting = slices.DeleteFunc(t.waiting, func(w toast) bool { return w.turn == turn })
	if t.current != nil && t.current.turn == turn {
		t.next()
	}
}

// trigger presses the button of the toast on the screen, for a shortcut. It is
// false when there is none.
func (t *toaster) trigger() bool {
	if t.current == nil || t.current.label == "" {
		return false
	}
	do := t.current.do
	t.next()
	if do != nil {
		do()
	}
	return true
}

// dismiss takes away the toasts that have a button.
func (t *toaster) dismiss() {
	t.waiting = slices.DeleteFunc(t.waiting, func(w toast) bool { return w.label != "" })
	if t.current != nil && t.current.label != "" {
		t.next()
	}
}

// stop forgets all toasts and ends the clock.
func (t *toaster) stop() {
	t.waiting = nil
	t.next()
}

// next ends the toast on the screen and shows the one that waits, if any.
func (t *toaster) next() {
	t.pause()
	t.current = nil
	if len(t.waiting) == 0 {
		t.card.Hide()
		return
	}
	first := t.waiting[0]
	t.current, t.waiting = &first, t.waiting[1:]
	t.card.set(*t.current)
	t.card.Show()
	t.Refresh()
	if !t.card.hovered {
		t.run()
	}
}

func (t *toaster) run() {
	t.turn++
	turn := t.turn
	t.cancel = t.after(t.current.time(), func() {
		if t.turn == turn {
			t.next()
		}
	})
}

func (t *toaster) pause() {
	t.turn++
	t.cancel()
	t.cancel = func() {}
}

// hover notes whether the pointer is on the toast.
func (t *toaster) hover(on bool) {
	t.card.hovered = on
	if t.current == nil {
		return
	}
	t.pause()
	if !on {
		t.run()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *toaster) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(toasterLayout{t}, t.card))
}

// Refresh implements fyne.Widget.
func (t *toaster) Refresh() {
	toasterLayout{t}.Layout(nil, t.Size())
	t.card.Refresh()
	t.BaseWidget.Refresh()
}

const (
	toastMaxWidth = 560
	toastMargin   = 16 // to the sides of the window
)

// toasterLayout puts the toast at the bottom in the middle.
type toasterLayout struct{ toaster *toaster }

// MinSize implements fyne.Layout.
func (toasterLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout.
func (l toasterLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	card := l.toaster.card
	width := min(card.natural(), scaled(toastMaxWidth), size.Width-2*toastMargin)
	card.Resize(card.fit(width))
	card.Move(fyne.NewPos((size.Width-width)/2, size.Height-l.toaster.lift-card.Size().Height))
}

// toastCard is the toast on the screen.
type toastCard struct {
	widget.BaseWidget
	toaster *toaster
	hovered bool

	face   *canvas.Rectangle
	text   *widget.RichText
	action *toastButton
	shut   *toastButton
}

var (
	_ fyne.Tappable     = (*toastCard)(nil)
	_ fyne.Accessible   = (*toastCard)(nil)
	_ desktop.Hoverable = (*toastCard)(nil)
)

func newToastCard(t *toaster) *toastCard {
	c := &toastCard{toaster: t, face: canvas.NewRectangle(nil)}
	c.text = widget.NewRichText(&widget.TextSegment{Style: widget.RichTextStyle{ColorName: colorOnToast}})
	c.text.Wrapping = fyne.TextWrapWord
	c.action = newToastButton(c, func() { t.trigger() })
	c.shut = newToastButton(c, t.next)
	c.shut.icon = theme.CancelIcon()
	c.ExtendBaseWidget(c)
	return c
}

func (c *toastCard) segment() *widget.TextSegment { return c.text.Segments[0].(*widget.TextSegment) }

func (c *toastCard) set(t toast) {
	c.segment().Text = t.text
	c.text.Refresh()
	c.action.label = t.label
	c.action.Hidden = t.label == ""
	c.Refresh()
}

const (
	toastPadding = 8
	toastGap     = 4
)

// buttons is the width of the buttons with the room around them.
func (c *toastCard) buttons() float32 {
	width := c.shut.MinSize().Width + toastPadding + toastGap
	if c.action.Visible() {
		width += c.action.MinSize().Width + toastGap
	}
	return width
}

// natural is the width with the text in one line.
func (c *toastCard) natural() float32 {
	th := c.Theme()
	text := fyne.MeasureText(c.segment().Text, th.Size(theme.SizeNameText), fyne.TextStyle{}).Width
	return toastPadding + text + 2*th.Size(theme.SizeNameInnerPadding) + c.buttons() + 1
}

// fit is the size of the card for a width: the text wraps.
func (c *toastCard) fit(width float32) fyne.Size {
	text := wrapped(c.text, width-c.buttons()-toastPadding)
	return fyne.NewSize(width, max(text, c.shut.MinSize().Height)+2*toastPadding)
}

// MouseIn implements desktop.Hoverable.
func (c *toastCard) MouseIn(*desktop.MouseEvent) { c.toaster.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (c *toastCard) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *toastCard) MouseOut() { c.toaster.hover(false) }

// Tapped implements fyne.Tappable, so that a click that misses the buttons
// does not reach the page below.
func (c *toastCard) Tapped(*fyne.PointEvent) {}

// AccessibilityLabel implements fyne.Accessible.
func (c *toastCard) AccessibilityLabel() string { return c.segment().Text }

// AccessibilityRole implements fyne.Accessible.
func (c *toastCard) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (c *toastCard) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return widget.NewSimpleRenderer(container.New(toastLayout{c}, c.face, c.text, c.action, c.shut))
}

// Refresh implements fyne.Widget.
func (c *toastCard) Refresh() {
	c.paint()
	c.action.Refresh()
	c.shut.Refresh()
	toastLayout{c}.Layout(nil, c.Size())
	c.BaseWidget.Refresh()
}

func (c *toastCard) paint() {
	c.face.FillColor = colorOf(c, colorToast)
	c.face.CornerRadius = c.Theme().Size(theme.SizeNamePopupRadius)
	c.face.Shadow = canvas.Shadow{Color: colorOf(c, theme.ColorNameShadow), BlurRadius: 16, Offset: fyne.NewPos(0, 4)}
	c.face.Refresh()
}

// toastLayout puts the text left and the buttons right.
type toastLayout struct{ card *toastCard }

// MinSize implements fyne.Layout.
func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout.
func (l toastLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c := l.card
	c.face.Resize(size)
	text := wrapped(c.text, size.Width-c.buttons()-toastPadding)
	c.text.Resize(fyne.NewSize(c.text.Size().Width, text))
	c.text.Move(fyne.NewPos(toastPadding, (size.Height-text)/2))
	x := size.Width - toastPadding
	for _, b := range []*toastButton{c.shut, c.action} {
		min := b.MinSize()
		x -= min.Width
		b.Resize(min)
		b.Move(fyne.NewPos(x, (size.Height-min.Height)/2))
		x -= toastGap
	}
}

// toastButton is a button in the toast's colours. It passes the pointer on to
// the card, which Fyne takes for left when the pointer is on a part of it. It
// takes no focus: a toast must not get in the way of Tab.
type toastButton struct {
	widget.BaseWidget
	card    *toastCard
	label   string
	icon    fyne.Resource // instead of the label; may be nil
	tapped  func()
	hovered bool
	face    *buttonFace
}

var (
	_ fyne.Tappable     = (*toastButton)(nil)
	_ fyne.Accessible   = (*toastButton)(nil)
	_ desktop.Hoverable = (*toastButton)(nil)
)

func newToastButton(card *toastCard, tapped func()) *toastButton {
	b := &toastButton{card: card, tapped: tapped, face: newButtonFace()}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped implements fyne.Tappable.
func (b *toastButton) Tapped(*fyne.PointEvent) { b.tapped() }

// MouseIn implements desktop.Hoverable.
func (b *toastButton) MouseIn(*desktop.MouseEvent) { b.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (b *toastButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *toastButton) MouseOut() { b.hover(false) }

func (b *toastButton) hover(on bool) {
	b.hovered = on
	b.Refresh()
	b.card.toaster.hover(on)
}

// AccessibilityLabel implements fyne.Accessible.
func (b *toastButton) AccessibilityLabel() string { return b.label }

// AccessibilityRole implements fyne.Accessible.
func (b *toastButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// MinSize implements fyne.CanvasObject.
func (b *toastButton) MinSize() fyne.Size {
	return b.face.size(b, b.label, b.icon, scaled(20), scaled(28))
}

// CreateRenderer implements fyne.Widget.
func (b *toastButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return b.face.renderer()
}

// Refresh implements fyne.Widget.
func (b *toastButton) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *toastButton) paint() {
	ground, ink := colorToast, colorToastAction
	if b.hovered {
		ground = colorToastHover
	}
	if b.icon != nil {
		ink = colorOnToast
	}
	b.face.paint(b, b.label, b.icon, ground, ink)
}
