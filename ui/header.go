package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Measures of the header, for the usual size of text.
const (
	whoWidth   = 160 // at most, of the counter's name
	headerWide = 900 // narrower than this the counter's name gives way to the tabs
)

// header is the strip above everything: the carts that are open, and how the
// shop can be reached.
type header struct {
	*fyne.Container
	tabs       *tabBar
	add, carts *commandButton
	status     *statusDot
	who        *words
	unverified *words // hidden where nobody need be warned
}

func newHeader(tabs *tabBar, add, carts *commandButton, status *statusDot, who *words) *header {
	h := &header{tabs: tabs, add: add, carts: carts, status: status, who: who}
	h.unverified = newWords(textUnverified.say(), theme.ColorNameError, theme.SizeNameCaptionText).bold()
	h.unverified.Hide()
	h.Container = laidOut(h, tabs, add, carts, h.unverified, status, who)
	tabs.onResized, status.onResized = h.Refresh, h.Refresh
	return h
}

// layoutSize implements arranger: as high as the tabs, with air around them.
func (h *header) layoutSize() fyne.Size {
	return fyne.NewSize(0, h.tabs.MinSize().Height+2*theme.Padding())
}

// layout implements arranger.
func (h *header) layout(size fyne.Size) {
	gap := 2 * theme.Padding()
	r := region{w: size.Width, h: size.Height}.inset(gap)
	r.y, r.h = theme.Padding(), h.tabs.MinSize().Height
	h.layoutStatus(&r, gap)
	tools := []*commandButton{h.add, h.carts}
	room := r.w - gap
	for _, b := range tools {
		room -= b.MinSize().Width + gap/2
	}
	r.x, room = r.x-tabRim, room+tabRim // so that the first tab is in line with what is below
	r.left(min(h.tabs.natural(), room)).fill(h.tabs)
	for _, b := range tools {
		r.left(gap / 2)
		one := r.left(b.MinSize().Width)
		one.middle(b.MinSize().Height).fill(b)
	}
}

// tabsWidth is the room that the tabs and the buttons beside them would fill.
func (h *header) tabsWidth(gap float32) float32 {
	return h.tabs.natural() + h.add.MinSize().Width + h.carts.MinSize().Width + 3*gap
}

// layoutStatus puts the link's state and the counter's name right. In a narrow
// window they leave the tabs their room.
func (h *header) layoutStatus(r *region, gap float32) {
	all := r.w
	if h.who.Hidden = all < scaled(headerWide); !h.who.Hidden {
		width := min(h.who.width(), scaled(whoWidth))
		h.who.cut(width)
		one := r.right(width)
		one.middle(h.who.MinSize().Height).fill(h.who)
		r.right(2 * gap)
	}
	one := r.right(min(h.status.MinSize().Width, max(0.36*all, r.w-h.tabsWidth(gap))))
	one.middle(h.status.MinSize().Height).fill(h.status)
	r.right(gap)
	if !h.unverified.Hidden {
		width := min(h.unverified.width(), max(0.2*all, r.w-h.tabsWidth(gap)))
		h.unverified.cut(width)
		one := r.right(width)
		one.middle(h.unverified.MinSize().Height).fill(h.unverified)
		r.right(gap)
	}
}

// textUnverified never lets anybody forget that any server is taken for the
// shop's.
const textUnverified phrase = "Certificate not checked"

// buildHeader makes the strip above everything.
func (w *Window) buildHeader() *header {
	w.status = newStatusDot()
	pick := func(id data.CartID) { w.command(func() { w.switchTo(w.tabOf(id)) })() }
	aside := func(id data.CartID) { w.command(func() { w.putAside(w.tabOf(id)) })() }
	w.tabBar = newTabBar(pick, aside, w.typeInSearch)
	add := newCommandButton("", theme.ContentAddIcon(), w.command(w.newCart), w.typeInSearch)
	add.Importance, add.label = widget.LowImportance, textNewCart.say()
	w.carts = newCommandButton(textOtherCarts.say(), theme.ListIcon(), w.command(w.showCarts), w.typeInSearch)
	w.carts.Importance = widget.LowImportance
	who := newWords(w.place.Shop.Counter(), colorMuted, theme.SizeNameCaptionText)
	return newHeader(w.tabBar, add, w.carts, w.status, who)
}

// setPlace shows what is to be known of a shop all the time.
func (h *header) setPlace(p Place) {
	h.who.set(p.Shop.Counter(), colorMuted)
	h.unverified.Hidden = !p.Unverified
	h.Refresh()
}

// showOtherCarts counts the carts of the shop that are not open here.
func (w *Window) showOtherCarts() {
	others := 0
	for _, c := range w.listing.Carts {
		if w.tabOf(c.ID) == nil {
			others++
		}
	}
	label := textOtherCarts.say()
	if others > 0 {
		label += " · " + grouped(int64(others))
	}
	if w.carts.Text != label {
		w.carts.SetText(label)
		w.page.header.Refresh()
	}
}
