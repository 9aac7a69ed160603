package ui

import (
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// What the list of the open carts says.
const (
	textCartsTitle     phrase = "Open carts"
	textFindCart       phrase = "Type a name, a counter or a total…"
	textNewCart        phrase = "New cart"
	textOpen           phrase = "Open"
	textPutAside       phrase = "Put aside"
	textOnScreen       phrase = "On screen"
	textOpenHere       phrase = "Open here"
	textYou            phrase = "you"
	textNobodyHasIt    phrase = "At no counter"
	textLookingCarts   phrase = "Looking for the shop’s carts…"
	textNoCarts        phrase = "No cart is open in this shop. A new one begins with its first product."
	textShopSilent     phrase = "The shop cannot be asked at the moment."
	textShopSilentFrom phrase = "The shop cannot be asked at the moment. This is how things stood at {time}."
	textNothingMatches phrase = "Nothing matches {text}."
)

// cartList is the dialog with the shop's open carts. It follows the shop while
// it is open.
type cartList struct {
	window *Window
	alert  *alert
	list   *pickList
	note   *words
}

// showCarts shows the shop's open carts, of which any can be brought on screen
// here.
func (w *Window) showCarts() {
	c := &cartList{window: w, list: newPickList(textFindCart.say()), note: newWords("", colorMuted, theme.SizeNameCaptionText)}
	c.list.onPick = func() { c.alert.press(c.alert.byRole(rolePrimary)) }
	c.list.onDelete = func() { _ = c.putAside() }
	c.alert = w.alerts.show(alertSpec{
		Title: textCartsTitle.say(), Content: container.NewVBox(c.list, c.note), Wide: true,
		First: c.list.filter, Above: c.list.focus, Return: w.search,
		Buttons: []alertButton{
			{Label: textClose.say(), Role: roleSafe},
			{Label: textPutAside.say(), Role: roleOther, Do: c.putAside},
			{Label: textNewCart.say(), Role: roleOther, Do: func() error { w.newCart(); return nil }},
			{Label: textOpen.say(), Role: rolePrimary, Do: c.open},
		},
		OnClosed: func() { w.cartList = nil },
	})
	c.list.onChosen = c.allow
	w.cartList = c
	w.place.Shop.Look()
	c.show()
}

// show draws the carts as they are known now. A nil list is not open.
func (c *cartList) show() {
	if c == nil {
		return
	}
	l := c.window.listing
	rows := make([]pickSpec, len(l.Carts))
	for i, info := range l.Carts {
		rows[i] = c.row(info)
	}
	nothing, note := textNoCarts.say(), ""
	switch {
	case l.At.IsZero() && l.Err == nil:
		nothing = textLookingCarts.say()
	case l.At.IsZero():
		nothing = textShopSilent.say()
	case l.Err != nil:
		note = textShopSilentFrom.with("time", textMoment(l.At))
	}
	c.list.set(rows, nothing)
	c.note.set(note, colorWaiting)
}

func (c *cartList) row(info data.CartInfo) pickSpec {
	w := c.window
	now := w.model.now()
	s := pickSpec{id: string(info.ID), title: short(w.cartTitle(info.ID, info.Name)), figure: textSum(info.Total, info.Exact)}
	switch t := w.tabOf(info.ID); {
	case t == nil:
	case t == w.tab:
		s.mark = textOnScreen.say()
	default:
		s.mark = textOpenHere.say()
	}
	parts := []string{textTabEmpty.say()}
	if info.Lines > 0 {
		parts = []string{textItems(info.Items)}
	}
	if !info.Began.IsZero() {
		parts = append(parts, textAge(max(0, now.Sub(info.Began))))
	}
	s.caption = strings.Join(append(parts, c.who(info)), " · ")
	if left := info.Expires.Sub(now); info.Lines > 0 && !info.Expires.IsZero() && left > 0 {
		s.note, s.urgent = textCloses(left), left <= lastMinutes
	}
	return s
}

// who names the counters that have a cart open.
func (c *cartList) who(info data.CartInfo) string {
	names := c.window.place.Shop.Others(info)
	if c.window.tabOf(info.ID) != nil {
		names = append([]string{textYou.say()}, names...)
	}
	if len(names) == 0 {
		return textNobodyHasIt.say()
	}
	return strings.Join(names, ", ")
}

// chosen is the cart of the chosen row, and its tab if it has one here.
func (c *cartList) chosen() (data.CartID, *tab) {
	id := data.CartID(c.list.selected)
	return id, c.window.tabOf(id)
}

// allow enables the buttons that have something to do.
func (c *cartList) allow() {
	id, t := c.chosen()
	allowPush(c.alert.byRole(rolePrimary), id != "")
	for _, p := range c.alert.pushes {
		if p.Text == textPutAside.say() {
			allowPush(p, t != nil)
		}
	}
}

// allowPush enables or disables a button of an alert.
func allowPush(p *alertPush, on bool) {
	switch {
	case on && p.Disabled():
		p.Enable()
	case !on && !p.Disabled():
		p.Disable()
	}
}

// open brings the chosen cart on screen.
func (c *cartList) open() error {
	id, _ := c.chosen()
	if id == "" {
		return errAlertStays
	}
	c.window.openCart(id)
	return nil
}

// putAside closes the tab of the chosen cart and stays with the list.
func (c *cartList) putAside() error {
	if _, t := c.chosen(); t != nil {
		c.window.putAside(t)
		c.window.place.Shop.Look()
		c.show()
		c.list.focus()
	}
	return errAlertStays
}
