package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Measures of a tab, for the usual size of text.
const (
	tabWidest = 190
	tabLeast  = 120 // below it the row scrolls
	tabRoomy  = 160 // from here on it has room for more than one badge
	tabRim    = 4   // around the row, for outlines and the scroll bar
	ringSize  = 12
	dotSize   = 8
	badgeSize = 18
	edgeSize  = 3
	mostHere  = 2 // other counters shown by their initials; more are counted
)

// tabSpec is what a tab says of its cart.
type tabSpec struct {
	id      data.CartID
	title   string
	caption []string // the most important of several parts is the second one
	unseen  bool     // others changed it since it was last looked at
	problem bool     // something of it waits for the person
	others  []string // counters that have it open as well
	left    float32  // of its time, 0 to 1; below 0: it does not run out
	urgent  bool     // and not much of it
}

// captionFor is as much of the caption as fits. Whole parts are left out, as an
// amount that is cut would be another amount.
func (s tabSpec) captionFor(fits func(string) bool) string {
	for _, parts := range [][]string{s.caption, s.caption[:min(2, len(s.caption))]} {
		if text := strings.Join(parts, captionGap); fits(text) {
			return text
		}
	}
	return s.caption[min(1, len(s.caption)-1)]
}

// captionGap stands between the parts of a caption.
const captionGap = " · "

// label is the tab in words, for those who do not see it.
func (s tabSpec) label() string {
	text := s.title + ", " + strings.Join(s.caption, captionGap)
	if len(s.others) > 0 {
		text += ", " + textAlsoHere.with("names", strings.Join(s.others, ", "))
	}
	if s.unseen {
		text += ", " + textUnseen.say()
	}
	return text
}

// tabBar is the row of the carts that are open. It is one stop of the Tab key;
// the arrows choose among the carts.
type tabBar struct {
	widget.BaseWidget
	onPick  func(data.CartID)
	onClose func(data.CartID)
	onRune  func(rune)
	// onResized is called when there are more or fewer tabs, so that what
	// stands beside them moves.
	onResized func()
	watch     *scanWatch // hears the keys first

	specs   []tabSpec
	active  int
	focused bool
	tabs    []*tabButton
	row     *fyne.Container
	scroll  *container.Scroll
}

var (
	_ fyne.Focusable  = (*tabBar)(nil)
	_ fyne.Accessible = (*tabBar)(nil)
)

func newTabBar(pick, closed func(data.CartID), onRune func(rune)) *tabBar {
	b := &tabBar{onPick: pick, onClose: closed, onRune: onRune}
	b.row = container.New(tabsLayout{b})
	b.scroll = container.NewHScroll(b.row)
	b.ExtendBaseWidget(b)
	return b
}

// set shows these carts, and which of them is on screen.
func (b *tabBar) set(specs []tabSpec, active int) {
	count := len(specs) != len(b.specs)
	moved := active != b.active || count
	b.specs, b.active = specs, active
	for len(b.tabs) < len(specs) {
		t := newTabButton(b)
		b.tabs = append(b.tabs, t)
		b.row.Add(t)
	}
	for _, t := range b.tabs[len(specs):] {
		b.row.Remove(t)
	}
	b.tabs = b.tabs[:len(specs)]
	b.draw()
	if count && b.onResized != nil {
		b.onResized()
	}
	if moved {
		b.reveal()
	}
}

// natural is the width at which every tab has all the room it can use.
func (b *tabBar) natural() float32 { return b.widthOf(scaled(tabWidest)) }

// widthOf is that of the row with tabs of a width.
func (b *tabBar) widthOf(tab float32) float32 {
	n := float32(len(b.tabs))
	return n*tab + max(0, n-1)*theme.Padding() + 2*tabRim
}

// tabWidth shares the room among the tabs.
func (b *tabBar) tabWidth() float32 {
	n := float32(max(1, len(b.tabs)))
	share := (b.scroll.Size().Width - 2*tabRim - (n-1)*theme.Padding()) / n
	return max(scaled(tabLeast), min(scaled(tabWidest), share))
}

// tabsLayout puts the tabs side by side. Many of them are narrower.
type tabsLayout struct{ bar *tabBar }

// MinSize implements fyne.Layout.
func (l tabsLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	var height float32
	for _, t := range l.bar.tabs {
		height = max(height, t.MinSize().Height)
	}
	return fyne.NewSize(l.bar.widthOf(l.bar.tabWidth()), height+2*tabRim)
}

// Layout implements fyne.Layout.
func (l tabsLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	width := l.bar.tabWidth()
	for i, t := range l.bar.tabs {
		put(t, tabRim+float32(i)*(width+theme.Padding()), tabRim, width, size.Height-2*tabRim)
	}
}

func (b *tabBar) draw() {
	for i, t := range b.tabs {
		t.set(b.specs[i], i == b.active, b.focused && i == b.active)
	}
}

// reveal scrolls to the cart on screen.
func (b *tabBar) reveal() {
	if b.active < 0 || b.active >= len(b.tabs) {
		return
	}
	b.row.Resize(b.row.MinSize())
	t, view := b.tabs[b.active], b.scroll.Size().Width
	left := t.Position().X
	switch x := b.scroll.Offset.X; {
	case left < x:
		b.scroll.ScrollToOffset(fyne.NewPos(left, 0))
	case left+t.Size().Width > x+view && view > 0:
		b.scroll.ScrollToOffset(fyne.NewPos(left+t.Size().Width-view, 0))
	}
}

// FocusGained implements fyne.Focusable.
func (b *tabBar) FocusGained() { b.focused = true; b.draw() }

// FocusLost implements fyne.Focusable.
func (b *tabBar) FocusLost() { b.focused = false; b.draw() }

// TypedRune implements fyne.Focusable.
func (b *tabBar) TypedRune(r rune) { b.onRune(r) }

// TypedKey implements fyne.Focusable.
func (b *tabBar) TypedKey(e *fyne.KeyEvent) {
	if b.watch.took(e.Name) {
		return
	}
	next := b.active
	switch e.Name {
	case fyne.KeyLeft:
		next--
	case fyne.KeyRight:
		next++
	case fyne.KeyHome:
		next = 0
	case fyne.KeyEnd:
		next = len(b.specs) - 1
	case fyne.KeyDelete:
		b.onClose(b.specs[b.active].id)
		return
	}
	if next != b.active && next >= 0 && next < len(b.specs) {
		b.onPick(b.specs[next].id)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (b *tabBar) AccessibilityLabel() string {
	if b.active < 0 || b.active >= len(b.specs) {
		return textCarts.say()
	}
	return textCarts.say() + ": " + b.specs[b.active].label()
}

// AccessibilityRole implements fyne.Accessible.
func (b *tabBar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer implements fyne.Widget.
func (b *tabBar) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.scroll) }

// tabButton is one cart in the row.
type tabButton struct {
	widget.BaseWidget
	bar     *tabBar
	spec    tabSpec
	active  bool
	focused bool
	hovered bool

	ground  *canvas.Rectangle
	edge    *canvas.Rectangle // under the cart on screen
	title   *canvas.Text
	caption *caption
	track   *canvas.Arc    // its whole time
	ring    *canvas.Arc    // how much of it is left
	dot     *canvas.Circle // unseen changes, or a problem
	badges  *fyne.Container
	roomy   bool // for more than one badge
}

var (
	_ fyne.Tappable       = (*tabButton)(nil)
	_ fyne.Accessible     = (*tabButton)(nil)
	_ desktop.Hoverable   = (*tabButton)(nil)
	_ desktop.Mouseable   = (*tabButton)(nil)
	_ fyne.WidgetRenderer = (*tabRenderer)(nil)
)

func newTabButton(bar *tabBar) *tabButton {
	t := &tabButton{bar: bar, ground: canvas.NewRectangle(nil), edge: canvas.NewRectangle(nil),
		title: canvas.NewText("", nil), caption: newRowCaption(), track: canvas.NewArc(0, 360, 0.6, nil), ring: canvas.NewArc(0, 0, 0.6, nil), dot: canvas.NewCircle(nil)}
	t.title.TextStyle.Bold = true
	t.badges = container.New(layout.NewCustomPaddedHBoxLayout(2))
	t.ExtendBaseWidget(t)
	return t
}

// set shows a cart's tab; it draws only when something changed.
func (t *tabButton) set(s tabSpec, active, focused bool) {
	same := s.title == t.spec.title && slices.Equal(s.caption, t.spec.caption) && s.unseen == t.spec.unseen && s.problem == t.spec.problem &&
		s.urgent == t.spec.urgent && int(s.left*60) == int(t.spec.left*60) && slices.Equal(s.others, t.spec.others)
	if same && s.id == t.spec.id && active == t.active && focused == t.focused {
		return
	}
	t.spec, t.active, t.focused = s, active, focused
	t.Refresh()
}

// Tapped implements fyne.Tappable.
func (t *tabButton) Tapped(*fyne.PointEvent) { t.bar.onPick(t.spec.id) }

// MouseDown implements desktop.Mouseable: the middle button puts the cart aside.
func (t *tabButton) MouseDown(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonTertiary {
		t.bar.onClose(t.spec.id)
	}
}

// MouseUp implements desktop.Mouseable.
func (t *tabButton) MouseUp(*desktop.MouseEvent) {}

// MouseIn implements desktop.Hoverable.
func (t *tabButton) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *tabButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *tabButton) MouseOut() { t.hovered = false; t.Refresh() }

// AccessibilityLabel implements fyne.Accessible.
func (t *tabButton) AccessibilityLabel() string { return t.spec.label() }

// AccessibilityRole implements fyne.Accessible.
func (t *tabButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Refresh implements fyne.Widget.
func (t *tabButton) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *tabButton) paint() {
	s := t.spec
	t.paintGround()
	t.title.Color, t.title.TextSize = colorOf(t, theme.ColorNameForeground), t.Theme().Size(theme.SizeNameText)
	t.caption.TextSize = t.Theme().Size(theme.SizeNameCaptionText)
	tone, hand := colorMuted, theme.ColorNamePrimary
	if s.urgent {
		tone, hand = colorWaiting, colorWaiting
	}
	t.caption.Color, t.ring.FillColor = colorOf(t, tone), colorOf(t, hand)
	t.ring.EndAngle = 360 * max(0.02, s.left)
	t.track.FillColor = colorOf(t, theme.ColorNameSeparator)
	t.ring.Hidden, t.track.Hidden = s.left < 0, s.left < 0
	t.dot.FillColor = colorOf(t, theme.ColorNamePrimary)
	if s.problem {
		t.dot.FillColor = colorOf(t, theme.ColorNameError)
	}
	t.dot.Hidden = !s.unseen && !s.problem
	t.paintBadges()
}

func (t *tabButton) paintGround() {
	t.ground.CornerRadius = t.Theme().Size(theme.SizeNameInputRadius)
	t.ground.FillColor, t.edge.FillColor = colorOf(t, theme.ColorNameBackground), colorOf(t, theme.ColorNameSeparator)
	t.ground.StrokeWidth, t.ground.StrokeColor = 1, colorOf(t, theme.ColorNameSeparator)
	switch {
	case t.active:
		t.ground.FillColor, t.edge.FillColor = colorOf(t, colorSurface), colorOf(t, theme.ColorNamePrimary)
	case t.hovered:
		t.ground.FillColor = colorOf(t, theme.ColorNameButton)
	}
	if t.focused {
		t.ground.StrokeWidth, t.ground.StrokeColor = 2, colorOf(t, theme.ColorNamePrimary)
	}
}

// paintBadges shows who else has the cart open: never by a colour alone.
func (t *tabButton) paintBadges() {
	t.badges.RemoveAll()
	shown := mostHere
	if !t.roomy {
		shown = 1
	}
	names := t.spec.others
	if len(names) > shown+1 || len(names) > shown && !t.roomy {
		more := "+" + grouped(int64(len(names)-shown))
		names = append(slices.Clone(names[:shown]), more)
	}
	for _, name := range names {
		text := initials(name)
		if strings.HasPrefix(name, "+") {
			text = name
		}
		disc := canvas.NewCircle(colorOf(t, tintOf(name)))
		word := canvas.NewText(text, colorOf(t, theme.ColorNameForeground))
		word.TextSize, word.Alignment, word.TextStyle.Bold = scaled(badgeSize)*0.5, fyne.TextAlignCenter, true
		t.badges.Add(container.NewGridWrap(fyne.NewSquareSize(scaled(badgeSize)), container.NewStack(disc, container.NewCenter(word))))
	}
}

// CreateRenderer implements fyne.Widget.
func (t *tabButton) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &tabRenderer{t}
}

// tabRenderer lays a tab out.
type tabRenderer struct{ tab *tabButton }

func (r *tabRenderer) Layout(size fyne.Size) {
	t := r.tab
	pad, edge := t.Theme().Size(theme.SizeNameInnerPadding), scaled(edgeSize)
	if roomy := size.Width >= scaled(tabRoomy); roomy != t.roomy {
		t.roomy = roomy
		t.paintBadges()
	}
	put(t.ground, 0, 0, size.Width, size.Height)
	put(t.edge, pad, size.Height-edge, size.Width-2*pad, edge)
	left, right := 1.5*pad, size.Width-1.5*pad
	if badges := t.badges.MinSize(); badges.Width > 0 {
		right = putRight(t.badges, right, size.Height-edge, badges) - pad
	}
	t.placeWords(left, right, (size.Height-edge-t.wordsHeight())/2)
}

// placeWords puts the title with its dot above the caption with its ring.
func (t *tabButton) placeWords(left, right, top float32) {
	height, x := t.title.MinSize().Height, left
	if !t.dot.Hidden {
		dot := scaled(dotSize)
		put(t.dot, x, top+(height-dot)/2, dot, dot)
		x += dot + theme.Padding()
	}
	t.title.Text = fitted(t.spec.title, right-x, t.title.TextSize, t.title.TextStyle)
	put(t.title, x, top, right-x, height)
	x, top = left, top+height
	if !t.ring.Hidden {
		ring := scaled(ringSize)
		for _, o := range []*canvas.Arc{t.track, t.ring} { // the toolkit takes their position for the corner, too
			put(o, x, top+(t.caption.height()-ring)/2, ring, ring)
		}
		x += ring + theme.Padding()
	}
	t.caption.full = t.spec.captionFor(func(text string) bool {
		return fyne.MeasureText(text, t.caption.TextSize, t.caption.TextStyle).Width <= right-x
	})
	t.caption.put(x, top, right-x)
}

func (t *tabButton) wordsHeight() float32 { return t.title.MinSize().Height + t.caption.height() }

func (r *tabRenderer) MinSize() fyne.Size {
	air := r.tab.Theme().Size(theme.SizeNameInnerPadding)
	return fyne.NewSize(scaled(tabLeast), r.tab.wordsHeight()+air+scaled(edgeSize))
}

func (r *tabRenderer) Objects() []fyne.CanvasObject {
	t := r.tab
	return []fyne.CanvasObject{t.ground, t.edge, t.title, t.caption.Text, t.track, t.ring, t.dot, t.badges}
}

func (r *tabRenderer) Refresh() {
	r.Layout(r.tab.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *tabRenderer) Destroy() {}

// textAge is how long ago that was, short enough for a tab.
func textAge(d time.Duration) string {
	switch {
	case d < time.Minute:
		return textAgeNow.say()
	case d < time.Hour:
		return textAgeMinutes.with("n", grouped(int64(d.Minutes())))
	case d < 24*time.Hour:
		return textAgeHours.with("n", grouped(int64(d.Hours())))
	}
	return textAgeDays.with("n", grouped(int64(d.Hours()/24)))
}

// textTab says what a cart comes to, and how old it is.
func textTab(c data.Cart, began, now time.Time) []string {
	if len(c.Lines) == 0 {
		return []string{textTabEmpty.say()}
	}
	parts := []string{textItems(c.Items()), textSum(c.Total())}
	if !began.IsZero() {
		parts = append(parts, textAge(max(0, now.Sub(began))))
	}
	return parts
}
