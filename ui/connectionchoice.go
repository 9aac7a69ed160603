package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// radio is a choice of one among a few that are told apart at more length than
// segments have room for. It is one stop of the Tab key; Up and Down choose.
type radio struct {
	widget.BaseWidget
	label  string // of the whole, for screen readers
	onPick func(int)
	on     int
	locked bool
	rows   []*radioRow
	alert  *alert // nil outside of one

	focused bool
	box     *fyne.Container
}

var (
	_ fyne.Focusable  = (*radio)(nil)
	_ fyne.Accessible = (*radio)(nil)
)

// radioOption is one thing to choose; the hint may be empty.
type radioOption struct{ label, hint phrase }

func newRadio(label phrase, pick func(int), options ...radioOption) *radio {
	r := &radio{label: label.say(), onPick: pick, box: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	for i, o := range options {
		row := newRadioRow(r, i, o)
		r.rows = append(r.rows, row)
		r.box.Add(row)
	}
	r.ExtendBaseWidget(r)
	return r
}

// turn shows that the nth is chosen, and calls nothing back.
func (r *radio) turn(n int) {
	r.on = n
	r.Refresh()
}

// pick is turn by the person.
func (r *radio) pick(n int) {
	if n < 0 || n >= len(r.rows) || n == r.on || r.locked {
		return
	}
	r.turn(n)
	r.onPick(n)
}

// lock keeps the choice as it is.
func (r *radio) lock() {
	r.locked = true
	r.Refresh()
}

// Disabled is true of a choice that is locked; focus leaves it out.
func (r *radio) Disabled() bool { return r.locked }

// Enable implements fyne.Disableable.
func (r *radio) Enable() { r.locked = false; r.Refresh() }

// Disable implements fyne.Disableable.
func (r *radio) Disable() { r.lock() }

func (r *radio) joinAlert(al *alert) { r.alert = al }

// AcceptsTab implements fyne.Tabbable: the Tab that ends a scan moves no focus.
func (r *radio) AcceptsTab() bool { return r.alert != nil && r.alert.owner.watch.scanning() }

// FocusGained implements fyne.Focusable.
func (r *radio) FocusGained() {
	r.focused = true
	r.Refresh()
	if r.alert != nil {
		r.alert.reveal(r)
	}
}

// FocusLost implements fyne.Focusable.
func (r *radio) FocusLost() { r.focused = false; r.Refresh() }

// TypedRune implements fyne.Focusable. A scan that goes on must not press
// Enter here.
func (r *radio) TypedRune(c rune) {
	if r.alert != nil {
		r.alert.owner.guard.add(c)
	}
}

// TypedKey implements fyne.Focusable.
func (r *radio) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp, fyne.KeyDown:
		r.pick(r.on + vertical(e.Name))
	case fyne.KeySpace:
	default:
		typedInForm(r.alert, e.Name)
	}
}

// typedInForm gives the alert the keys of a widget that is no entry. Those of
// a scan press nothing.
func typedInForm(al *alert, key fyne.KeyName) {
	if al == nil || al.owner.watch.meant(key) {
		return
	}
	if (key == fyne.KeyReturn || key == fyne.KeyEnter) && al.owner.scanned() {
		return
	}
	al.typedInField(key)
}

// AccessibilityLabel implements fyne.Accessible.
func (r *radio) AccessibilityLabel() string {
	return r.label + ": " + r.rows[r.on].AccessibilityLabel()
}

// AccessibilityRole implements fyne.Accessible. Fyne 2.8 has no role for a
// choice of one.
func (r *radio) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer implements fyne.Widget.
func (r *radio) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }

// Refresh implements fyne.Widget.
func (r *radio) Refresh() {
	for _, row := range r.rows {
		row.Refresh()
	}
	r.BaseWidget.Refresh()
}

// radioRow is one thing to choose in a radio.
type radioRow struct {
	widget.BaseWidget
	radio *radio
	n     int
	icon  *canvas.Image
	label *note // with the hint behind it
	ring  *canvas.Rectangle
}

var (
	_ fyne.Tappable   = (*radioRow)(nil)
	_ fyne.Accessible = (*radioRow)(nil)
)

func newRadioRow(r *radio, n int, o radioOption) *radioRow {
	row := &radioRow{radio: r, n: n, icon: canvas.NewImageFromResource(nil), ring: newFocusRing(),
		label: newNote(o.label.say(), theme.ColorNameForeground, theme.SizeNameText)}
	row.icon.FillMode = canvas.ImageFillContain
	if o.hint != "" {
		row.label.Segments = append(row.label.Segments, noteSegment("   "+o.hint.say(), colorMuted, theme.SizeNameText))
	}
	row.ring.CornerRadius = 6
	row.ExtendBaseWidget(row)
	return row
}

// Tapped implements fyne.Tappable.
func (r *radioRow) Tapped(*fyne.PointEvent) {
	if r.radio.locked {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		c.Focus(r.radio)
	}
	r.radio.pick(r.n)
}

// AccessibilityLabel implements fyne.Accessible.
func (r *radioRow) AccessibilityLabel() string { return r.label.String() }

// AccessibilityRole implements fyne.Accessible.
func (r *radioRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// MinSize implements fyne.CanvasObject.
func (r *radioRow) MinSize() fyne.Size {
	return fyne.NewSize(scaled(120), r.label.MinSize().Height-r.Theme().Size(theme.SizeNameInnerPadding)/2)
}

func (r *radioRow) place(size fyne.Size) {
	inset, icon := r.Theme().Size(theme.SizeNameInnerPadding), r.Theme().Size(theme.SizeNameInlineIcon)
	line := r.Theme().Size(theme.SizeNameText) * 1.36
	// In the middle of the ring. The painter of the tests draws that too low where
	// it stands at the edge of a scroll; windows do not.
	left, top := icon+8-inset, -inset/4
	put(r.ring, -alertRing, 0, size.Width+2*alertRing, size.Height)
	put(r.icon, 0, top+inset+(line-icon)/2, icon, icon)
	put(r.label, left, top, size.Width-left+inset, wrapped(r.label, size.Width-left+inset))
}

// CreateRenderer implements fyne.Widget.
func (r *radioRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return widget.NewSimpleRenderer(container.New(placed(r.place, fyne.Size{}), r.ring, r.icon, r.label))
}

// Refresh implements fyne.Widget.
func (r *radioRow) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *radioRow) paint() {
	chosen := r.radio.on == r.n
	resource, color, text := theme.RadioButtonIcon(), theme.ColorNameForeground, theme.ColorNameForeground
	if chosen {
		resource, color = theme.RadioButtonCheckedIcon(), theme.ColorNamePrimary
	}
	if r.radio.locked {
		color, text = theme.ColorNameDisabled, colorMuted
	}
	r.label.set(r.label.text(), text)
	r.icon.Resource = theme.NewColoredResource(resource, color)
	r.icon.Refresh()
	r.ring.Hidden = !chosen || !r.radio.focused
	r.ring.StrokeColor = colorOf(r, theme.ColorNameForeground)
	r.ring.Refresh()
}

// tick is a check box in an alert. Space turns it over; Enter and Escape are
// the alert's.
type tick struct {
	widget.Check
	alert *alert // nil outside of one
}

var _ fyne.Accessible = (*tick)(nil)

func newTick(label phrase, changed func(bool)) *tick {
	t := &tick{}
	t.Text, t.OnChanged = label.say(), changed
	t.ExtendBaseWidget(t)
	return t
}

// turn sets the tick, and calls nothing back.
func (t *tick) turn(on bool) {
	t.Checked = on
	t.Refresh()
}

func (t *tick) joinAlert(al *alert) { t.alert = al }

// AcceptsTab implements fyne.Tabbable.
func (t *tick) AcceptsTab() bool { return t.alert != nil && t.alert.owner.watch.scanning() }

// FocusGained implements fyne.Focusable.
func (t *tick) FocusGained() {
	t.Check.FocusGained()
	if t.alert != nil {
		t.alert.reveal(t)
	}
}

// TypedRune implements fyne.Focusable.
func (t *tick) TypedRune(r rune) {
	if t.alert != nil && (r != ' ' || t.alert.owner.guard.running()) {
		t.alert.owner.guard.add(r)
		return
	}
	t.Check.TypedRune(r)
}

// TypedKey implements fyne.Focusable.
func (t *tick) TypedKey(e *fyne.KeyEvent) {
	if e.Name != fyne.KeySpace {
		typedInForm(t.alert, e.Name)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (t *tick) AccessibilityLabel() string {
	if t.Checked {
		return phrase("{label}: on").with("label", t.Text)
	}
	return phrase("{label}: off").with("label", t.Text)
}

// AccessibilityRole implements fyne.Accessible. Fyne 2.8 has no role for a
// check box.
func (t *tick) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
