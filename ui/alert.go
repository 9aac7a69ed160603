package ui

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// alertRole says what a button of an alert means. The roles are in the order
// in which macOS and Linux show them from left to right.
type alertRole int

const (
	roleSafe    alertRole = iota // changes nothing; Escape
	roleOther                    // one more way
	roleDanger                   // cannot be taken back; never pressed by Enter unless it has the focus
	rolePrimary                  // what most people want; Enter
)

// alertButton is one way out of an alert. An error of Do keeps the alert open
// and shows its text, which is a sentence for people; a *fieldError focuses
// its field, and errAlertStays says nothing. Do may be nil.
type alertButton struct {
	Label string
	Role  alertRole
	Do    func() error
}

// errAlertStays is returned by a button's Do that goes on with the alert open.
var errAlertStays = errors.New("the alert stays open")

// alertSpec says what an alert shows. Buttons may come in any order.
type alertSpec struct {
	Title    string
	Body     string            // may be empty
	Content  fyne.CanvasObject // below Body; may be nil
	First    fyne.Focusable    // gets the focus; nil: the button that Enter presses
	Wide     bool              // room for a list, which may also be higher
	Sheet    bool              // all the room that its content needs and the window has
	Lasting  bool              // stays when the shop behind it changes
	Anew     func()            // opens it again in another language, as it was; nil: it keeps its words
	Silent   bool              // Enter presses only what has the focus
	Above    func()            // goes to the content when Up is pressed on a button; nil: Up and Down scroll it
	Buttons  []alertButton     // one or more
	Return   fyne.Focusable    // gets the focus afterwards, if what had it before cannot; may be nil
	OnClosed func()            // after any way of closing; may be nil
	OnRune   func(rune)        // gets what is typed in no field, and the watch does not; may be nil
}

// alerts shows the alerts of one window, one at a time. Fyne's own dialogs know
// neither Enter nor Escape, give nothing the focus, and order their buttons
// alike everywhere.
//
// While one is open, shortcuts of the canvas and the menu still arrive
// (fyne#5235): their handlers have to ask open. The canvas handlers of typed
// keys and runes are taken over until it closes.
type alerts struct {
	// OnScan gets what was typed at the buttons of an alert and ended with
	// Enter, after the last alert has closed. Scans go to the watch instead.
	OnScan func(text string)

	// OnFree is called when the last alert has closed; may be nil.
	OnFree func()

	// OnShown gets the title of every alert that comes up; may be nil.
	OnShown func(title string)

	win     fyne.Window
	now     func() time.Time
	goos    string
	current *alert
	before  fyne.Focusable // had the focus when the first of them came up
	waiting []*alert
	scans   []string
	guard   scanGuard
	watch   *scanWatch // hears the keys first; may be nil

	canvasKey  func(*fyne.KeyEvent)
	canvasRune func(rune)
}

func newAlerts(win fyne.Window) *alerts {
	return &alerts{win: win, now: time.Now, goos: runtime.GOOS}
}

// open reports whether an alert is on the screen.
func (a *alerts) open() bool { return a.current != nil }

// show opens an alert, or queues it behind those that are there.
func (a *alerts) show(spec alertSpec) *alert {
	al := newAlert(a, spec)
	a.waiting = append(a.waiting, al)
	if len(a.waiting) == 1 {
		a.advance()
	}
	return al
}

// advance opens the next alert, and when there is none hands out the scans.
func (a *alerts) advance() {
	if a.current == nil && len(a.waiting) > 0 {
		al := a.waiting[0]
		a.waiting = a.waiting[1:]
		a.put(al)
	}
	for a.current == nil && len(a.scans) > 0 {
		text := a.scans[0]
		a.scans = a.scans[1:]
		if a.OnScan != nil {
			a.OnScan(text)
		}
	}
	if a.current == nil && a.OnFree != nil {
		a.OnFree()
	}
}

// put shows an alert. The focus is taken from the window first, so that text
// being typed there is committed.
func (a *alerts) put(al *alert) {
	a.current = al
	a.guard = scanGuard{now: a.now, watch: a.watch, other: al.spec.OnRune}
	a.watch.yield()
	c := a.win.Canvas()
	if f := c.Focused(); f != nil {
		a.before = f
	}
	c.Unfocus()
	a.canvasKey, a.canvasRune = c.OnTypedKey(), c.OnTypedRune()
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) { al.typedNowhere(ev.Name) })
	c.SetOnTypedRune(al.runeNowhere)
	c.Overlays().Add(al)
	if a.OnShown != nil {
		a.OnShown(al.spec.Title)
	}
	c.Focus(al.first())
}

// drop closes an alert or takes it out of the queue.
func (a *alerts) drop(al *alert) {
	if a.current != al {
		a.waiting = slices.DeleteFunc(a.waiting, func(w *alert) bool { return w == al })
		if al.spec.OnClosed != nil {
			al.spec.OnClosed()
		}
		return
	}
	a.current = nil
	c := a.win.Canvas()
	c.Overlays().Remove(al)
	c.SetOnTypedKey(a.canvasKey)
	c.SetOnTypedRune(a.canvasRune)
	if len(a.waiting) == 0 {
		a.giveBack(al.spec.Return)
	}
	if al.spec.OnClosed != nil {
		al.spec.OnClosed()
	}
	a.advance()
}

// giveBack returns the focus to what had it before the alerts. A quantity in a
// row does not get it: that was taken when the alert came, and its row may be
// another's by now.
func (a *alerts) giveBack(otherwise fyne.Focusable) {
	c, before := a.win.Canvas(), a.before
	a.before = nil
	if _, quantity := before.(*spinnerEntry); before != nil && !quantity {
		c.Focus(before)
	}
	if c.Focused() == nil && otherwise != nil { // it may be hidden or disabled now
		c.Focus(otherwise)
	}
}

// scanned takes what has been typed as a scan if it came as fast as one, or as
// a word for the search box. What is typed beside the fields of a lasting alert
// was meant for one of them, such as a password, and is to be seen nowhere.
func (a *alerts) scanned() bool {
	if a.watch.took(fyne.KeyReturn) {
		a.guard.text = nil
		return true
	}
	text, ok := a.guard.finish()
	if ok && !a.current.spec.Lasting {
		a.scans = append(a.scans, text)
	}
	return ok
}

// alert is one question with its ways out: a card in front of the dimmed
// window.
type alert struct {
	widget.BaseWidget
	owner         *alerts
	spec          alertSpec
	pushes        []*alertPush
	enter, escape *alertPush // may be nil

	dim, card *canvas.Rectangle
	title     *widget.Label
	scroll    *container.Scroll // around all between title and buttons
	problem   *widget.Label
	trouble   *fyne.Container // the problem and its icon
	body      *fyne.Container
}

var _ fyne.Accessible = (*alert)(nil)

func newAlert(owner *alerts, spec alertSpec) *alert {
	al := &alert{owner: owner, spec: spec, dim: canvas.NewRectangle(nil), card: canvas.NewRectangle(nil)}
	for _, button := range orderButtons(spec.Buttons, owner.goos) {
		al.pushes = append(al.pushes, newAlertPush(al, button))
	}
	al.enter, al.escape = al.byRole(rolePrimary, roleSafe), al.byRole(roleSafe, rolePrimary)
	if len(al.pushes) == 1 {
		al.enter, al.escape = al.pushes[0], al.pushes[0]
	}
	if spec.Silent {
		al.enter = nil
	}
	al.title = widget.NewLabelWithStyle(spec.Title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	al.title.SizeName = sizeAlertTitle
	al.title.Wrapping = fyne.TextWrapWord
	al.problem = widget.NewLabel("")
	al.problem.Wrapping = fyne.TextWrapWord
	al.problem.Importance = widget.DangerImportance
	icon := widget.NewIcon(theme.NewErrorThemedResource(theme.ErrorIcon()))
	al.trouble = container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 6, 0), icon), nil, al.problem)
	al.trouble.Hide()
	al.adopt(spec.Content)
	al.ExtendBaseWidget(al)
	return al
}

// orderButtons puts buttons in the platform's order: the way on is rightmost,
// and on Windows leftmost.
func orderButtons(buttons []alertButton, goos string) []alertButton {
	ordered := slices.Clone(buttons)
	slices.SortStableFunc(ordered, func(a, b alertButton) int { return int(a.Role - b.Role) })
	if goos == "windows" {
		slices.Reverse(ordered)
	}
	return ordered
}

// byRole finds the first button of the first role that there is.
func (al *alert) byRole(roles ...alertRole) *alertPush {
	for _, role := range roles {
		for _, p := range al.pushes {
			if p.spec.Role == role {
				return p
			}
		}
	}
	return nil
}

// first is what gets the focus when the alert opens.
func (al *alert) first() fyne.Focusable {
	switch {
	case al.spec.First != nil:
		return al.spec.First
	case al.enter != nil:
		return al.enter
	default:
		return al.pushes[0]
	}
}

// close ends the alert without pressing a button.
func (al *alert) close() { al.owner.drop(al) }

// allow sets whether the buttons can be pressed.
func (al *alert) allow(on bool) {
	for _, p := range al.pushes {
		allowPush(p, on)
	}
}

// say shows a problem above the buttons; an empty text takes it away.
func (al *alert) say(problem string) {
	al.problem.SetText(problem)
	al.trouble.Hidden = problem == ""
	al.arrange()
}

// retitle changes the title of an alert that is open.
func (al *alert) retitle(title string) {
	al.spec.Title = title
	al.title.SetText(title)
	al.arrange()
}

// reveal scrolls until an object of the content is in sight.
func (al *alert) reveal(o fyne.CanvasObject) {
	if al.scroll == nil {
		return
	}
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(al.scroll.Content).Y - alertReveal
	bottom := top + o.Size().Height + 2*alertReveal
	at := al.scroll.Offset.Y
	al.scrollTo(min(max(at, bottom-al.scroll.Size().Height), top))
}

// press does what a button says, and closes the alert unless that fails.
func (al *alert) press(p *alertPush) {
	if p == nil || p.Disabled() || al.owner.current != al {
		return
	}
	if p.spec.Do != nil {
		if err := p.spec.Do(); err != nil {
			al.stay(p, err)
			return
		}
	}
	al.close()
}

// stay keeps the alert open and says why. A click on a button takes the focus
// from everything, so it is given back.
func (al *alert) stay(p *alertPush, err error) {
	if al.owner.current != al {
		return
	}
	var wrong *fieldError
	switch {
	case errors.As(err, &wrong):
		al.say("")
		al.owner.win.Canvas().Focus(wrong.field.entry)
		if wrong.field.entry.Text != "" { // selecting nothing would swallow the first letter
			wrong.field.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
		return
	case !errors.Is(err, errAlertStays):
		al.say(err.Error())
	}
	if al.owner.win.Canvas().Focused() == nil {
		al.owner.win.Canvas().Focus(p)
	}
}

// typedNowhere handles keys while nothing has the focus.
func (al *alert) typedNowhere(key fyne.KeyName) {
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !al.owner.scanned() {
			al.press(al.enter)
		}
	case fyne.KeyEscape:
		al.press(al.escape)
	default:
		al.owner.watch.meant(key)
	}
}

// runeNowhere handles runes while nothing has the focus. A button gets it before
// a scan ends: the toolkit gives a Tab to nobody then, and moves on.
func (al *alert) runeNowhere(r rune) {
	al.owner.guard.add(r)
	if al.owner.watch.rushing() {
		al.owner.win.Canvas().Focus(al.pushes[0])
	}
}

// typedInField handles the keys of a field that are the alert's.
func (al *alert) typedInField(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter:
		al.press(al.enter)
	case fyne.KeyEscape:
		al.press(al.escape)
	case fyne.KeyTab:
		al.owner.scanned()
	default:
		return false
	}
	return true
}

// typedOnButton handles the keys of a button. Those of a scanner press nothing.
func (al *alert) typedOnButton(p *alertPush, key fyne.KeyName) {
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !al.owner.scanned() {
			al.press(p)
		}
	case fyne.KeySpace:
		if !al.owner.guard.running() {
			al.press(p)
		}
	case fyne.KeyEscape:
		al.press(al.escape)
	case fyne.KeyTab: // which only the end of a scan comes with
		al.owner.scanned()
	case fyne.KeyLeft, fyne.KeyRight:
		al.focusBeside(p, horizontal(key))
	case fyne.KeyUp, fyne.KeyDown:
		al.leaveButtons(vertical(key))
	}
}

// leaveButtons brings the content to those who have no mouse.
func (al *alert) leaveButtons(by int) {
	if al.spec.Above == nil || by > 0 {
		al.scrollTo(al.scroll.Offset.Y + float32(by)*alertStep)
		return
	}
	al.spec.Above()
}

// scrollTo shows the content from a height on, as far as there is any.
func (al *alert) scrollTo(y float32) {
	most := al.scroll.Content.MinSize().Height - al.scroll.Size().Height
	al.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(y, most))))
}

func (al *alert) focusBeside(p *alertPush, by int) {
	next := slices.Index(al.pushes, p) + by
	if next >= 0 && next < len(al.pushes) {
		al.owner.win.Canvas().Focus(al.pushes[next])
	}
}

// adopt routes Enter and Escape of the fields in the content to the alert.
// Fyne gives keys to the focused widget alone.
func (al *alert) adopt(o fyne.CanvasObject) {
	if f, ok := o.(*field); ok {
		f.entry.watch = al.owner.watch
	}
	switch o := o.(type) {
	case interface{ routeKeys(func(fyne.KeyName) bool) }:
		o.routeKeys(al.typedInField)
	case interface{ joinAlert(*alert) }:
		o.joinAlert(al)
	case *fyne.Container:
		for _, child := range o.Objects {
			al.adopt(child)
		}
	case *container.Scroll:
		al.adopt(o.Content)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (al *alert) AccessibilityLabel() string {
	return strings.TrimSpace(al.spec.Title + ". " + al.spec.Body)
}

// AccessibilityRole implements fyne.Accessible.
func (al *alert) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Measures of an alert's card in Fyne's units.
const (
	alertWidth     = 420 // unless its content needs more
	alertMaxWidth  = 560
	alertMaxHeight = 420
	alertMargin    = 16 // to the edge of the window
	alertPadding   = 20 // to the edge of the card

	alertWideWidth  = 660
	alertWideHeight = 620
)

// CreateRenderer implements fyne.Widget.
func (al *alert) CreateRenderer() fyne.WidgetRenderer {
	middle := container.NewVBox()
	if al.spec.Body != "" {
		text := widget.NewLabel(al.spec.Body)
		text.Wrapping = fyne.TextWrapWord
		middle.Add(text)
	}
	if al.spec.Content != nil {
		// Labels keep a distance to their edge; what else there is lines up with it.
		inset := al.Theme().Size(theme.SizeNameInnerPadding)
		middle.Add(container.New(layout.NewCustomPaddedLayout(0, 0, inset, inset), al.spec.Content))
	}
	row := container.New(pushLines{})
	for _, p := range al.pushes {
		row.Add(p.framed())
	}
	al.scroll = container.NewVScroll(middle)
	al.body = container.New(&alertLayout{alert: al, middle: middle, row: row}, al.dim, al.card, al.title, al.scroll, al.trouble, row)
	al.paint()
	return widget.NewSimpleRenderer(al.body)
}

// Refresh implements fyne.Widget.
func (al *alert) Refresh() {
	al.paint()
	al.arrange()
	al.BaseWidget.Refresh()
}

// arrange lays the card out again after a part of it has changed.
func (al *alert) arrange() {
	if al.body != nil {
		al.body.Refresh()
	}
}

func (al *alert) paint() {
	al.dim.FillColor = colorOf(al, colorDim)
	al.card.FillColor = colorOf(al, theme.ColorNameOverlayBackground)
	al.card.CornerRadius = al.Theme().Size(theme.SizeNameDialogRadius)
	al.card.StrokeColor = colorOf(al, theme.ColorNameSeparator)
	al.card.StrokeWidth = 1
	al.card.Shadow = canvas.Shadow{Color: colorOf(al, theme.ColorNameShadow), BlurRadius: 24, Offset: fyne.NewPos(0, 8)}
	for _, p := range al.pushes {
		p.ring.StrokeColor = colorOf(al, theme.ColorNameForeground)
	}
}

// alertLayout puts the card in the middle of the window. The middle part
// scrolls when the card would grow too high.
type alertLayout struct {
	alert  *alert
	middle *fyne.Container
	row    *fyne.Container
}

// MinSize implements fyne.Layout: an alert never makes its window larger.
func (l *alertLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout.
func (l *alertLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.alert.dim.Resize(size)
	inset := l.alert.Theme().Size(theme.SizeNameInnerPadding)
	width := l.width(size.Width)
	inner := width - 2*alertPadding + 2*inset

	rest := 2*alertPadding + wrapped(l.alert.title, inner)
	trouble := float32(0)
	if l.alert.trouble.Visible() {
		trouble = wrapped(l.alert.trouble, inner)
	}
	room := width - 2*alertPadding + 2*alertRing
	buttons := pushLines{}.heightFor(l.row.Objects, room)
	rest += trouble + buttons + 12
	_, most := l.most()
	middle := min(wrapped(l.middle, inner), min(most, size.Height-2*alertMargin)-rest)

	at := fyne.NewPos((size.Width-width)/2, (size.Height-rest-middle)/2)
	l.alert.card.Move(at)
	l.alert.card.Resize(fyne.NewSize(width, rest+middle))
	at = at.AddXY(alertPadding-inset, alertPadding-inset/2)
	for _, part := range []struct {
		object fyne.CanvasObject
		height float32
	}{{l.alert.title, l.alert.title.MinSize().Height}, {l.alert.scroll, middle}, {l.alert.trouble, trouble}} {
		part.object.Move(at)
		part.object.Resize(fyne.NewSize(inner, part.height))
		at.Y += part.height
	}
	put(l.row, (size.Width+width)/2-alertPadding+alertRing-room, at.Y+12, room, buttons)
}

// pushLines puts buttons beside each other at the right, and on several lines
// where one has no room for all: the last line is filled first.
type pushLines struct{}

// pushGap is the distance of buttons.
const pushGap = 2

// MinSize implements fyne.Layout: the size of one line with all of them.
func (pushLines) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(-pushGap, 0)
	for _, button := range o {
		least := button.MinSize()
		size = fyne.NewSize(size.Width+least.Width+pushGap, max(size.Height, least.Height))
	}
	return size
}

// lines are the buttons of each line.
func (p pushLines) lines(o []fyne.CanvasObject, width float32) [][]fyne.CanvasObject {
	first := len(o) - 1
	for first > 0 && p.MinSize(o[first-1:]).Width <= width {
		first--
	}
	if first <= 0 {
		return [][]fyne.CanvasObject{o}
	}
	return append(p.lines(o[:first], width), o[first:])
}

func (p pushLines) heightFor(o []fyne.CanvasObject, width float32) float32 {
	return float32(len(p.lines(o, width))) * p.MinSize(o).Height
}

// Layout implements fyne.Layout.
func (p pushLines) Layout(o []fyne.CanvasObject, size fyne.Size) {
	y, high := float32(0), p.MinSize(o).Height
	for _, line := range p.lines(o, size.Width) {
		x := size.Width - p.MinSize(line).Width
		for _, button := range line {
			wide := button.MinSize().Width
			put(button, x, y, wide, high)
			x += wide + pushGap
		}
		y += high
	}
}

// width is what the content and the buttons need, within the limits.
func (l *alertLayout) width(room float32) float32 {
	need := l.row.MinSize().Width
	if l.alert.spec.Content != nil {
		need = max(need, l.alert.spec.Content.MinSize().Width)
	}
	most, _ := l.most()
	if l.alert.spec.Wide {
		need = most
	}
	return min(max(scaled(alertWidth), need+2*alertPadding), most, room-2*alertMargin)
}

// most is how large the card may become.
func (l *alertLayout) most() (width, height float32) {
	if l.alert.spec.Sheet {
		return math.MaxFloat32, math.MaxFloat32
	}
	if l.alert.spec.Wide {
		return scaled(alertWideWidth), scaled(alertWideHeight)
	}
	return scaled(alertMaxWidth), scaled(alertMaxHeight)
}

// wrapped is the height of an object whose text wraps at a width. It has to be
// given the width before it knows.
func wrapped(o fyne.CanvasObject, width float32) float32 {
	o.Resize(fyne.NewSize(width, o.Size().Height))
	return o.MinSize().Height
}

// alertRing is the room around a button for the ring that shows its focus,
// alertReveal what is shown around one that is scrolled into sight, and
// alertStep how far an arrow scrolls.
const (
	alertRing   = 4
	alertReveal = 24
	alertStep   = 48
)

// alertPush is a button of an alert.
type alertPush struct {
	widget.Button
	alert *alert
	spec  alertButton
	ring  *canvas.Rectangle
}

func newAlertPush(al *alert, spec alertButton) *alertPush {
	p := &alertPush{alert: al, spec: spec, ring: newFocusRing()}
	p.Text = spec.Label
	p.OnTapped = func() { al.press(p) }
	switch spec.Role {
	case rolePrimary:
		p.Importance = widget.HighImportance
	case roleDanger:
		p.Importance = widget.DangerImportance
	}
	p.ExtendBaseWidget(p)
	return p
}

func (p *alertPush) framed() fyne.CanvasObject { return ringed(p.ring, p) }

// MinSize implements fyne.CanvasObject: labels get air, and short ones a
// button of some width.
func (p *alertPush) MinSize() fyne.Size {
	return p.Button.MinSize().AddWidthHeight(16, 0).Max(fyne.NewSize(88, 34))
}

// FocusGained implements fyne.Focusable.
func (p *alertPush) FocusGained() {
	p.ring.Show()
	p.Button.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (p *alertPush) FocusLost() {
	p.ring.Hide()
	p.Button.FocusLost()
}

// TypedKey implements fyne.Focusable.
func (p *alertPush) TypedKey(ev *fyne.KeyEvent) {
	if !p.alert.owner.watch.meant(ev.Name) {
		p.alert.typedOnButton(p, ev.Name)
	}
}

// TypedRune implements fyne.Focusable.
func (p *alertPush) TypedRune(r rune) { p.alert.owner.guard.add(r) }

// What tells a word that was meant for another place from keys that a button
// could mean: gaps of up to typeGap, and at least wordLength runes before the
// Enter. Scans are told by the watch.
const (
	typeGap    = time.Second
	wordLength = 4
)

// scanGuard collects the runes that were typed at the buttons of an alert.
type scanGuard struct {
	now   func() time.Time
	watch *scanWatch
	other func(rune) // gets the runes instead; may be nil
	last  time.Time
	text  []rune
}

func (g *scanGuard) add(r rune) {
	if g.other != nil {
		g.other(r)
		return
	}
	g.watch.typed(r)
	if !g.running() {
		g.text = nil
	}
	g.text = append(g.text, r)
	g.last = g.now()
}

// running reports whether the last rune is so fresh that a scan, or a word, may
// go on.
func (g *scanGuard) running() bool { return len(g.text) > 0 && g.now().Sub(g.last) < typeGap }

// finish returns the scan that an Enter has just ended, if it is one.
func (g *scanGuard) finish() (string, bool) {
	text, ok := string(g.text), g.running() && len(g.text) >= wordLength
	g.text = nil
	return text, ok
}

// fieldError says that a field holds what cannot be used. The field shows it.
type fieldError struct {
	field *field
	err   error
}

func (e *fieldError) Error() string { return e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

// field is a labelled entry with its problem in words below it.
type field struct {
	widget.BaseWidget
	entry   *fieldEntry
	label   *widget.Label
	problem *widget.Label
	check   func(string) error
}

// newField returns an empty field. Check gets the trimmed text and returns an
// error that reads as a sentence; nil accepts everything.
func newField(label, placeholder string, check func(string) error) *field {
	f := &field{entry: newFieldEntry(), label: widget.NewLabel(label), problem: widget.NewLabel(""), check: check}
	f.entry.SetPlaceHolder(placeholder)
	f.entry.label = func() string { return strings.TrimSpace(label + " " + f.problem.Text) }
	f.entry.OnChanged = func(string) { f.recheck() }
	f.entry.onLeft = f.recheckFilled
	f.label.TextStyle.Bold = true
	f.label.SizeName = theme.SizeNameCaptionText
	f.problem.SizeName = theme.SizeNameCaptionText
	f.problem.Importance = widget.DangerImportance
	f.problem.Wrapping = fyne.TextWrapWord
	f.ExtendBaseWidget(f)
	return f
}

// Text is what the field holds, without spaces around it. A password is kept
// as it is.
func (f *field) Text() string {
	if f.entry.Password {
		return f.entry.Text
	}
	return strings.TrimSpace(f.entry.Text)
}

// SetText fills the field.
func (f *field) SetText(text string) { f.entry.SetText(text) }

// validate checks the field and shows what is wrong. The error is a *fieldError.
func (f *field) validate() error {
	if f.check == nil {
		return nil
	}
	err := f.check(f.Text())
	if err == nil {
		f.say("")
		return nil
	}
	f.say(err.Error())
	return &fieldError{field: f, err: err}
}

// say shows a problem under the field, also one that another place found.
func (f *field) say(problem string) {
	if f.problem.Text != problem {
		f.problem.SetText(problem)
		f.entry.Refresh()
		f.Refresh()
	}
}

// recheck keeps a problem that is shown up to date while it is mended.
func (f *field) recheck() {
	if f.problem.Text == "" {
		return
	}
	f.say("")
	_ = f.validate()
}

// recheckFilled checks when the person leaves the field. An empty one is
// complained about only when a button is pressed.
func (f *field) recheckFilled() {
	if f.Text() != "" {
		_ = f.validate()
	}
}

func (f *field) routeKeys(keys func(fyne.KeyName) bool) { f.entry.routeKeys(keys) }

// CreateRenderer implements fyne.Widget.
func (f *field) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(fieldLayout{f}, f.label, f.entry, f.problem))
}

// checkFields validates all and returns the first problem, for a button's Do.
func checkFields(fields ...*field) error {
	var first error
	for _, f := range fields {
		if err := f.validate(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// fieldLayout stacks label, entry and problem. The line of the problem is
// always there, so that nothing jumps when it comes.
type fieldLayout struct{ field *field }

// MinSize implements fyne.Layout.
func (l fieldLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	inset := l.field.Theme().Size(theme.SizeNameInnerPadding)
	height := l.field.label.MinSize().Height + l.field.problem.MinSize().Height - 3*inset
	entry := l.field.entry.MinSize()
	return fyne.NewSize(max(entry.Width, 120), height+entry.Height)
}

// Layout implements fyne.Layout. Labels keep a distance to their edge, which
// is taken back to line them up with the entry.
func (l fieldLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	inset := l.field.Theme().Size(theme.SizeNameInnerPadding)
	wide := size.Width + 2*inset
	label, entry := l.field.label.MinSize().Height, l.field.entry.MinSize().Height
	l.field.label.Move(fyne.NewPos(-inset, -inset))
	l.field.label.Resize(fyne.NewSize(wide, label))
	l.field.entry.Move(fyne.NewPos(0, label-1.5*inset))
	l.field.entry.Resize(fyne.NewSize(size.Width, entry))
	l.field.problem.Move(fyne.NewPos(-inset, label+entry-2*inset))
	l.field.problem.Resize(fyne.NewSize(wide, wrapped(l.field.problem, wide)))
}

// fieldEntry is an entry whose Enter and Escape can be routed elsewhere.
type fieldEntry struct {
	widget.Entry
	onLeft func() // the focus went elsewhere; may be nil
	label  func() string
	keys   func(fyne.KeyName) bool
	watch  *scanWatch // hears the keys first
}

func newFieldEntry() *fieldEntry {
	e := &fieldEntry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

func (e *fieldEntry) routeKeys(keys func(fyne.KeyName) bool) { e.keys = keys }

// TypedKey implements fyne.Focusable.
func (e *fieldEntry) TypedKey(ev *fyne.KeyEvent) {
	if e.watch.took(ev.Name) {
		return
	}
	if e.keys == nil || !e.keys(ev.Name) {
		e.Entry.TypedKey(ev)
	}
}

// TypedRune implements fyne.Focusable.
func (e *fieldEntry) TypedRune(r rune) {
	e.watch.typed(r)
	e.Entry.TypedRune(r)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *fieldEntry) TypedShortcut(sc fyne.Shortcut) {
	if !e.watch.meantShortcut(sc) {
		e.Entry.TypedShortcut(sc)
	}
}

// FocusLost implements fyne.Focusable.
func (e *fieldEntry) FocusLost() {
	e.Entry.FocusLost()
	if e.onLeft != nil {
		e.onLeft()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (e *fieldEntry) AccessibilityLabel() string {
	if e.label == nil {
		return e.PlaceHolder
	}
	return e.label()
}

// AccessibilityRole implements fyne.Accessible.
func (e *fieldEntry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
