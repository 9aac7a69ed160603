package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Disableable = (*Spinner)(nil)
	_ fyne.Accessible  = (*Spinner)(nil)
)

// Spinner edits a quantity between two bounds: [−] number [+]. Fyne has none
// (fyne#5810).
//
// It tells a step from a typed value, because the two are different requests:
// "one more" is right whatever others do, "make it 3" is not. The callbacks
// speak of what the person did; SetValue never calls them. Set them before the
// spinner is shown. The mouse wheel is left to the list around it.
type Spinner struct {
	widget.DisableableWidget

	OnStepped func(by int64)            // the step really made, after the bounds
	OnTyped   func(value int64)         // a typed value was committed and is another one
	OnRefused func(text, reason string) // a typed text is no value; reason is a sentence
	OnEntered func(value int64)         // Enter was pressed and nothing was refused, changed or not
	OnDone    func()                    // after all of the above, when Enter or Escape ended the editing
	Label     func() string             // names the spinner to screen readers; may be nil

	low, high, value int64
	seen             int64 // the value that was shown when the edit began
	editing          bool  // the person has changed the text since
	showing          bool  // the text is changed by the spinner itself

	entry    *spinnerEntry
	dec, inc *stepButton
}

// newSpinner returns a spinner that holds low.
func newSpinner(low, high int64) *Spinner {
	s := &Spinner{low: low, high: high, value: low, seen: low}
	s.entry = newSpinnerEntry(s)
	s.dec = newStepButton(theme.ContentRemoveIcon(), phrase("One fewer").say(), func() { s.step(-1) })
	s.inc = newStepButton(theme.ContentAddIcon(), phrase("One more").say(), func() { s.step(1) })
	s.ExtendBaseWidget(s)
	s.show()
	return s
}

// Value is the last accepted value.
func (s *Spinner) Value() int64 { return s.value }

// Seen is the value that was shown when the last edit of the text began. It
// says what a typed value was meant to replace.
func (s *Spinner) Seen() int64 { return s.seen }

// Editing reports whether there is typed text that is not committed yet.
func (s *Spinner) Editing() bool { return s.editing }

// Focusable is what a window focuses to let the person type a quantity.
func (s *Spinner) Focusable() fyne.Focusable { return s.entry }

// SetValue shows a value and calls nothing back. One above the bounds, which
// somebody put in by hand, is shown as it is; one below stands for none, and
// any that is typed replaces it. Text being typed stays; Escape then shows the
// new value.
func (s *Spinner) SetValue(value int64) {
	s.value = value
	if !s.editing {
		s.show()
	}
	s.refreshButtons()
}

// Commit takes the text being typed, as Enter does, and returns the value. It
// is false when the text was refused; the old value is back then.
func (s *Spinner) Commit() (int64, bool) {
	if !s.editing {
		return s.value, true
	}
	s.editing = false
	text := s.entry.Text
	typed, err := parseQuantity(text, s.low, s.high)
	if err != nil {
		s.show()
		s.refused(text, err)
		return s.value, false
	}
	s.accept(typed)
	return s.value, true
}

// accept takes a typed value. One that repeats what was seen is no wish to
// undo what others did meanwhile.
func (s *Spinner) accept(typed int64) {
	if typed == s.seen || typed == s.value {
		s.show()
		return
	}
	s.value = typed
	s.refreshButtons()
	if s.OnTyped != nil {
		s.OnTyped(typed)
	}
	s.show()
}

func (s *Spinner) refused(text string, err error) {
	if s.OnRefused != nil {
		s.OnRefused(strings.TrimSpace(text), err.Error())
	}
}

// step moves the value by as much of by as the bounds allow.
func (s *Spinner) step(by int64) {
	if s.Disabled() {
		return
	}
	if _, ok := s.Commit(); !ok {
		return
	}
	made := max(s.low, min(s.value+by, max(s.high, s.value))) - s.value
	if made == 0 {
		return
	}
	s.value += made
	s.show()
	s.refreshButtons()
	if s.OnStepped != nil {
		s.OnStepped(made)
	}
}

// cancel forgets the text being typed and shows the newest value.
func (s *Spinner) cancel() {
	s.editing = false
	s.show()
}

// enter commits and, unless that was refused, tells of it.
func (s *Spinner) enter() {
	if value, ok := s.Commit(); ok && s.OnEntered != nil {
		s.OnEntered(value)
	}
}

func (s *Spinner) done() {
	if s.OnDone != nil {
		s.OnDone()
	}
}

// typed notes that the text differs from what the spinner put there.
func (s *Spinner) typed() {
	if s.showing || s.editing {
		return
	}
	s.editing = true
	s.seen = s.value
}

func (s *Spinner) show() {
	text := strconv.FormatInt(s.value, 10)
	if s.value < s.low {
		text = "–"
	}
	if s.entry.Text != text {
		s.showing = true
		s.entry.SetText(text)
		s.showing = false
	}
	if s.entry.focused {
		s.entry.selectAll()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Spinner) AccessibilityLabel() string {
	name := phrase("Quantity").say()
	if s.Label != nil {
		name = s.Label()
	}
	return name + ", " + strconv.FormatInt(s.value, 10)
}

// AccessibilityRole implements fyne.Accessible. Fyne 2.8 has no role for
// numbers.
func (s *Spinner) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer implements fyne.Widget.
func (s *Spinner) CreateRenderer() fyne.WidgetRenderer {
	s.sync()
	row := container.New(layout.NewCustomPaddedHBoxLayout(2), s.dec, s.entry, s.inc)
	return widget.NewSimpleRenderer(row)
}

// Refresh implements fyne.Widget.
func (s *Spinner) Refresh() {
	s.sync()
	s.BaseWidget.Refresh()
}

// sync carries the spinner's state into its parts.
func (s *Spinner) sync() {
	if s.Disabled() {
		s.cancel()
		s.entry.Disable()
	} else {
		s.entry.Enable()
	}
	s.refreshButtons()
}

func (s *Spinner) refreshButtons() {
	s.dec.setEnabled(!s.Disabled() && s.value > s.low)
	s.inc.setEnabled(!s.Disabled() && s.value < s.high)
}

// spinnerEntry is the number of a Spinner.
type spinnerEntry struct {
	widget.Entry
	spinner *Spinner
	watch   *scanWatch // hears the keys first
	focused bool
	clicked bool // the click that gives the focus is not over yet
}

func newSpinnerEntry(s *Spinner) *spinnerEntry {
	e := &spinnerEntry{spinner: s}
	// A scroller of its own would take the mouse wheel from the list
	// (fyne#1939), and a validator would draw its tick over the number.
	e.Wrapping = fyne.TextWrapOff
	e.Scroll = container.ScrollNone
	e.OnChanged = func(string) { s.typed() }
	e.ExtendBaseWidget(e)
	return e
}

// MinSize has room for the largest value.
func (e *spinnerEntry) MinSize() fyne.Size {
	th := e.Theme()
	widest := strings.Repeat("0", len(strconv.FormatInt(e.spinner.high, 10)))
	text := fyne.MeasureText(widest, th.Size(theme.SizeNameText), fyne.TextStyle{})
	return fyne.NewSize(text.Width+3*th.Size(theme.SizeNameInnerPadding), e.Entry.MinSize().Height)
}

// FocusGained implements fyne.Focusable: what is typed replaces the number.
func (e *spinnerEntry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
	e.selectAll()
}

// FocusLost implements fyne.Focusable: leaving commits.
func (e *spinnerEntry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	e.spinner.Commit()
}

// MouseDown implements desktop.Mouseable.
func (e *spinnerEntry) MouseDown(ev *desktop.MouseEvent) {
	e.clicked = !e.focused
	e.Entry.MouseDown(ev)
}

// MouseUp implements desktop.Mouseable. An Entry drops the selection while it
// handles the press that gave it the focus, so it is made again here.
func (e *spinnerEntry) MouseUp(ev *desktop.MouseEvent) {
	e.Entry.MouseUp(ev)
	if e.clicked {
		e.selectAll()
	}
	e.clicked = false
}

func (e *spinnerEntry) selectAll() { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// TypedRune implements fyne.Focusable. All runes are collected, also those
// that make no number, so that a refusal can speak of what was typed.
func (e *spinnerEntry) TypedRune(r rune) {
	e.watch.typed(r)
	e.insert(r)
}

// insert types a rune that the watch has heard already.
func (e *spinnerEntry) insert(r rune) {
	if (r == '+' || r == '-') && e.atStart() {
		e.spinner.cancel()
		was := e.spinner.value
		e.spinner.step(map[rune]int64{'+': 1, '-': -1}[r])
		made := e.spinner.value - was
		e.watch.undoneBy(func() { e.spinner.step(-made) })
		return
	}
	e.Entry.TypedRune(r)
}

// atStart reports whether the next rune starts the text anew.
func (e *spinnerEntry) atStart() bool { return e.Text == "" || e.SelectedText() == e.Text }

// TypedKey implements fyne.Focusable.
func (e *spinnerEntry) TypedKey(key *fyne.KeyEvent) {
	if e.watch.took(key.Name) || e.Disabled() {
		return
	}
	switch key.Name {
	case fyne.KeyUp:
		e.spinner.step(1)
	case fyne.KeyDown:
		e.spinner.step(-1)
	case fyne.KeyPageUp:
		e.spinner.step(10)
	case fyne.KeyPageDown:
		e.spinner.step(-10)
	case fyne.KeyReturn, fyne.KeyEnter:
		e.spinner.enter()
		e.spinner.done()
	case fyne.KeyEscape:
		e.spinner.cancel()
		e.spinner.done()
	default:
		e.Entry.TypedKey(key)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *spinnerEntry) TypedShortcut(sc fyne.Shortcut) {
	if !e.watch.meantShortcut(sc) {
		e.Entry.TypedShortcut(sc)
	}
}

// Keyboard implements mobile.Keyboardable.
func (e *spinnerEntry) Keyboard() mobile.KeyboardType { return mobile.NumberKeyboard }

// AccessibilityLabel implements fyne.Accessible.
func (e *spinnerEntry) AccessibilityLabel() string { return e.spinner.AccessibilityLabel() }

// AccessibilityRole implements fyne.Accessible.
func (e *spinnerEntry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Measures of a step button, for the usual size of text: a target that a
// hurried finger hits.
const (
	stepWidth = 30
	stepSign  = 16
)

// stepButton is a small button that never takes the keyboard focus, so that a
// list of spinners has one tab stop a row.
type stepButton struct {
	widget.BaseWidget
	icon             fyne.Resource
	label            string
	tapped           func()
	enabled, hovered bool
	face             *canvas.Rectangle
	sign             *canvas.Image
}

var (
	_ fyne.Tappable     = (*stepButton)(nil)
	_ fyne.Accessible   = (*stepButton)(nil)
	_ desktop.Hoverable = (*stepButton)(nil)
)

func newStepButton(icon fyne.Resource, label string, tapped func()) *stepButton {
	b := &stepButton{icon: icon, label: label, tapped: tapped, enabled: true}
	b.face = canvas.NewRectangle(nil)
	b.sign = canvas.NewImageFromResource(icon)
	b.sign.FillMode = canvas.ImageFillContain
	b.ExtendBaseWidget(b)
	return b
}

func (b *stepButton) setEnabled(on bool) {
	if b.enabled != on {
		b.enabled = on
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *stepButton) Tapped(*fyne.PointEvent) {
	if b.enabled {
		b.tapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (b *stepButton) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (b *stepButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *stepButton) MouseOut() {
	b.hovered = false
	b.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (b *stepButton) AccessibilityLabel() string { return b.label }

// AccessibilityRole implements fyne.Accessible.
func (b *stepButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// MinSize implements fyne.CanvasObject.
func (b *stepButton) MinSize() fyne.Size { return fyne.NewSquareSize(scaled(stepWidth)) }

// CreateRenderer implements fyne.Widget.
func (b *stepButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return widget.NewSimpleRenderer(container.NewStack(b.face, container.NewCenter(b.sign)))
}

// Refresh implements fyne.Widget.
func (b *stepButton) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *stepButton) paint() {
	face, sign := theme.ColorNameButton, fyne.Resource(theme.NewThemedResource(b.icon))
	if !b.enabled {
		face, sign = theme.ColorNameDisabledButton, theme.NewDisabledResource(b.icon)
	}
	b.face.FillColor = colorOf(b, face)
	b.face.StrokeWidth = 0
	if b.hovered && b.enabled {
		b.face.StrokeColor = colorOf(b, theme.ColorNamePrimary)
		b.face.StrokeWidth = 1
	}
	b.face.CornerRadius = b.Theme().Size(theme.SizeNameButtonRadius)
	b.sign.Resource = sign
	b.sign.SetMinSize(fyne.NewSquareSize(scaled(stepSign)))
	b.face.Refresh()
	b.sign.Refresh()
}
