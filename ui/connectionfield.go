package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data/config"
)

// formField is a labelled entry of a form that checks all of its fields
// together: a certificate needs its key. Below it stands a hint, or what is
// wrong. Unlike a field it comes into sight when it gets the focus, as the form
// may be longer than the window.
type formField struct {
	widget.BaseWidget
	of      config.Field
	entry   *formEntry
	label   *widget.Label
	below   *note
	beside  fyne.CanvasObject // right of the entry, such as a button; may be nil
	hint    string
	problem string
}

func newFormField(of config.Field, label, placeholder, hint phrase) *formField {
	f := &formField{of: of, entry: newFormEntry(), label: widget.NewLabel(label.say()), below: newHint("")}
	f.entry.SetPlaceHolder(placeholder.say())
	f.entry.name = f.label.Text
	f.entry.label = func() string { return strings.TrimSpace(f.label.Text + " " + f.below.text()) }
	f.label.TextStyle.Bold = true
	f.label.SizeName = theme.SizeNameCaptionText
	f.hint = hint.say()
	f.say("")
	f.ExtendBaseWidget(f)
	return f
}

// newSecretField is a field whose text is hidden, with an eye that shows it.
func newSecretField(of config.Field, label phrase) *formField {
	f := newFormField(of, label, "", "")
	f.entry.Password = true
	f.entry.secret = true
	f.entry.ActionItem = newPasswordEye(f.entry)
	return f
}

// text is what the field holds: a password as it is, anything else without the
// spaces around it.
func (f *formField) text() string {
	if f.entry.secret {
		return f.entry.Text
	}
	return strings.TrimSpace(f.entry.Text)
}

// set fills the field without telling anybody.
func (f *formField) set(text string) {
	changed := f.entry.OnChanged
	f.entry.OnChanged = nil
	f.entry.SetText(text)
	f.entry.OnChanged = changed
}

// say shows what is wrong; an empty text brings the hint back.
func (f *formField) say(problem string) {
	f.problem = problem
	text, color := problem, theme.ColorNameError
	if problem == "" {
		text, color = f.hint, colorMuted
	}
	if f.below.text() != text {
		f.below.set(text, color)
		f.Refresh()
	}
}

// tell changes the hint.
func (f *formField) tell(hint string) {
	f.hint = hint
	f.say(f.problem)
}

// joinAlert gives the field the keys and the scroll of the alert it stands in.
func (f *formField) joinAlert(al *alert) {
	f.entry.routeKeys(al.typedInField)
	f.entry.watch = al.owner.watch
	f.entry.onShown = func() { al.reveal(f) }
	if eye, ok := f.entry.ActionItem.(*passwordEye); ok {
		eye.alert = al
	}
	if one, ok := f.beside.(interface{ joinAlert(*alert) }); ok {
		one.joinAlert(al)
	}
}

// CreateRenderer implements fyne.Widget.
func (f *formField) CreateRenderer() fyne.WidgetRenderer {
	parts := []fyne.CanvasObject{f.label, f.entry, f.below}
	if f.beside != nil {
		parts = append(parts, f.beside)
	}
	return widget.NewSimpleRenderer(container.New(formFieldLayout{f}, parts...))
}

// formFieldLayout stacks label, entry and what stands below. That line is
// always there, so that nothing jumps when a problem comes.
type formFieldLayout struct{ field *formField }

// MinSize implements fyne.Layout.
func (l formFieldLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	inset := l.field.Theme().Size(theme.SizeNameInnerPadding)
	words := l.field.label.MinSize()
	entry := l.field.entry.MinSize()
	apart := l.field.Theme().Size(theme.SizeNamePadding) // so that a hint stands nearer to its own field than to the next
	return fyne.NewSize(max(words.Width-2*inset, scaled(96)), words.Height+l.field.below.MinSize().Height-3*inset+entry.Height+apart)
}

// Layout implements fyne.Layout. Labels keep a distance to their edge, which
// is taken back to line them up with the entry.
func (l formFieldLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	inset := l.field.Theme().Size(theme.SizeNameInnerPadding)
	wide, width := size.Width+2*inset, size.Width
	label, entry := l.field.label.MinSize().Height, l.field.entry.MinSize().Height
	put(l.field.label, -inset, -inset, wide, label)
	if b := l.field.beside; b != nil {
		room := b.MinSize().Width
		width -= room + l.field.Theme().Size(theme.SizeNamePadding)
		put(b, size.Width-room, label-1.5*inset, room, entry)
	}
	put(l.field.entry, 0, label-1.5*inset, width, entry)
	put(l.field.below, -inset, label+entry-2*inset, wide, wrapped(l.field.below, wide))
}

// formEntry is the entry of a formField.
type formEntry struct {
	fieldEntry
	name     string // of the field
	secret   bool   // it holds a password, be it shown or not
	readOnly bool   // it can be marked and copied only
	onShown  func() // it has the focus now; may be nil
	pressed  bool   // the mouse goes down on it

	// onScan is offered the scans that come in here; false: such a scan is none
	// of the field's. May be nil.
	onScan func(code string) bool
}

func newFormEntry() *formEntry {
	e := &formEntry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained implements fyne.Focusable.
func (e *formEntry) FocusGained() {
	e.fieldEntry.FocusGained()
	if !e.pressed {
		e.reveal()
	}
}

// MouseDown implements desktop.Mouseable. The form must not scroll before the
// mouse is up: it would come up beside the entry, which takes the focus away.
func (e *formEntry) MouseDown(ev *desktop.MouseEvent) {
	e.pressed = true
	e.fieldEntry.MouseDown(ev)
	e.pressed = false
}

// MouseUp implements desktop.Mouseable.
func (e *formEntry) MouseUp(ev *desktop.MouseEvent) {
	e.fieldEntry.MouseUp(ev)
	e.reveal()
}

func (e *formEntry) reveal() {
	if e.onShown != nil {
		e.onShown()
	}
}

// TypedRune implements fyne.Focusable.
func (e *formEntry) TypedRune(r rune) {
	if e.readOnly {
		e.watch.typed(r) // it may be a scan's
		return
	}
	if e.secret { // a program that knows it types as fast as a scanner, and nothing of it may go elsewhere
		e.Entry.TypedRune(r)
		return
	}
	e.fieldEntry.TypedRune(r)
}

// TypedKey implements fyne.Focusable.
func (e *formEntry) TypedKey(ev *fyne.KeyEvent) {
	if e.readOnly && (ev.Name == fyne.KeyBackspace || ev.Name == fyne.KeyDelete) {
		return
	}
	e.fieldEntry.TypedKey(ev)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *formEntry) TypedShortcut(sc fyne.Shortcut) {
	if e.readOnly && !keepsText(sc) {
		return
	}
	e.fieldEntry.TypedShortcut(sc)
}

// keepsText reports whether a shortcut leaves the text as it is.
func keepsText(sc fyne.Shortcut) bool {
	switch sc.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutSelectAll:
		return true
	}
	return false
}

// sides puts a field that grows and one beside it, with a share of the width
// from 0 to 1 for the second.
type sides struct{ share float32 }

// MinSize implements fyne.Layout.
func (s sides) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+b.Width+sideGap, max(a.Height, b.Height))
}

// Layout implements fyne.Layout.
func (s sides) Layout(o []fyne.CanvasObject, size fyne.Size) {
	second := max(o[1].MinSize().Width, s.share*(size.Width-sideGap))
	put(o[0], 0, 0, size.Width-sideGap-second, size.Height)
	put(o[1], size.Width-second, 0, second, size.Height)
}

// sideGap is the room between two fields beside each other.
const sideGap = 12

// passwordEye shows the password of an entry, and hides it again. It is there
// only while something is typed: a password that is kept elsewhere never stands
// in the entry, so it cannot be shown.
type passwordEye struct {
	widget.BaseWidget
	entry   *formEntry
	alert   *alert
	icon    *canvas.Image
	ground  *canvas.Rectangle
	focused bool
}

var (
	_ fyne.Focusable  = (*passwordEye)(nil)
	_ fyne.Tappable   = (*passwordEye)(nil)
	_ fyne.Accessible = (*passwordEye)(nil)
)

func newPasswordEye(e *formEntry) *passwordEye {
	eye := &passwordEye{entry: e, icon: canvas.NewImageFromResource(nil), ground: newFocusRing()}
	eye.ground.CornerRadius = 4
	eye.ExtendBaseWidget(eye)
	eye.Hide()
	return eye
}

// follow shows the eye while there is something to see, and hides the next
// password again.
func (p *passwordEye) follow() {
	if p.entry.Text == "" && !p.entry.Password {
		p.entry.Password = true
		p.entry.Refresh()
	}
	if p.Hidden = p.entry.Text == ""; !p.Hidden {
		p.Show()
	}
	p.Refresh()
}

func (p *passwordEye) turn() {
	p.entry.Password = !p.entry.Password
	p.entry.Refresh()
	p.Refresh()
}

// Tapped implements fyne.Tappable.
func (p *passwordEye) Tapped(*fyne.PointEvent) {
	p.turn()
	fyne.CurrentApp().Driver().CanvasForObject(p).Focus(p.entry)
}

// FocusGained implements fyne.Focusable.
func (p *passwordEye) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *passwordEye) FocusLost() { p.focused = false; p.Refresh() }

// AcceptsTab implements fyne.Tabbable: the Tab that ends a scan moves no focus.
func (p *passwordEye) AcceptsTab() bool { return p.alert != nil && p.alert.owner.watch.scanning() }

// TypedRune implements fyne.Focusable. A space is a press, unless it is one of a
// scan that goes on.
func (p *passwordEye) TypedRune(r rune) {
	if p.alert != nil && (r != ' ' || p.alert.owner.guard.running()) {
		p.alert.owner.guard.add(r)
		return
	}
	if r == ' ' {
		p.turn()
	}
}

// TypedKey implements fyne.Focusable.
func (p *passwordEye) TypedKey(e *fyne.KeyEvent) { typedInForm(p.alert, e.Name) }

// AccessibilityLabel implements fyne.Accessible.
func (p *passwordEye) AccessibilityLabel() string {
	if p.entry.Password {
		return phrase("Show the password").say()
	}
	return phrase("Hide the password").say()
}

// AccessibilityRole implements fyne.Accessible.
func (p *passwordEye) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (p *passwordEye) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	// The entry puts it right at its own frame.
	aside := container.New(layout.NewCustomPaddedLayout(0, 0, 4, 4), container.NewCenter(p.icon))
	return widget.NewSimpleRenderer(container.NewStack(p.ground, aside))
}

// Refresh implements fyne.Widget.
func (p *passwordEye) Refresh() {
	p.paint()
	p.BaseWidget.Refresh()
}

func (p *passwordEye) paint() {
	name := theme.IconNameVisibilityOff
	if !p.entry.Password {
		name = theme.IconNameVisibility
	}
	p.icon.Resource = p.Theme().Icon(name)
	p.icon.FillMode = canvas.ImageFillContain
	p.icon.SetMinSize(fyne.NewSquareSize(p.Theme().Size(theme.SizeNameInlineIcon)))
	p.ground.StrokeColor = colorOf(p, theme.ColorNameForeground)
	p.ground.Hidden = !p.focused
	p.icon.Refresh()
	p.ground.Refresh()
}
