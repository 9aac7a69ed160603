package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"trolley/data"
)

// tab is a cart that the window has open. One of them is on screen.
type tab struct {
	cart  Cart
	model *model
	late  *lateList

	history  *history
	activity *activityList // the dialog about it; nil: it is not open
	leftLost data.Token
	reveal   data.ProductID // to be scrolled to when it is in the cart
	leaving  bool           // it is put aside as soon as its changes have their answers
	unseen   bool           // others changed the cart since it was last on screen
	span     time.Duration  // the longest time it was seen to have left
	held     []func()       // dialogs about it, until it is on screen again
	checkout *checkout      // under way; nil: there is none
}

// inUse reports whether there is anything in the cart, or it has a name.
func (t *tab) inUse() bool {
	c := t.model.state.Cart
	return len(c.Lines) > 0 || c.Name != ""
}

// prefCarts is the preference that lists the carts that are open, by their ids;
// the first is the one on screen. Each shop has its own.
const prefCarts = "carts"

func prefCartsOf(place string) string { return prefCarts + " " + place }

// prefCart is where the first version, which knew one cart and asked for no
// place, kept it.
const prefCart = "cart"

// closeWait is how long a cart that is put aside waits for its last changes to
// be confirmed.
const closeWait = 2 * time.Second

// RememberedCarts returns the carts of a place, by its name, that were open when
// the program last ended,
// the one on screen first. What cannot be a cart is left out.
func RememberedCarts(app fyne.App, place string) []data.CartID {
	adoptCart(app.Preferences(), place)
	var out []data.CartID
	for _, s := range app.Preferences().StringList(prefCartsOf(place)) {
		if id, err := data.ParseCartID(s); err == nil && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out[:min(len(out), data.MaxOpen)]
}

// adoptCart gives the cart that the first version kept to the place that is
// opened first since, unless that has carts of its own.
func adoptCart(p fyne.Preferences, place string) {
	cart := p.String(prefCart)
	if cart == "" {
		return
	}
	if len(p.StringList(prefCartsOf(place))) == 0 {
		p.SetStringList(prefCartsOf(place), []string{cart})
	}
	p.RemoveValue(prefCart)
}

// openTab opens a cart in a tab of its own, behind the one on screen, and
// follows it. One that is open already is left as it is.
func (w *Window) openTab(id data.CartID) *tab {
	if t := w.tabOf(id); t != nil {
		return t
	}
	t := &tab{cart: w.place.Shop.Open(id), model: newModel(w.place.Shop.Counter()), history: newHistory()}
	if w.tab != nil {
		t.model.now, t.model.pick = w.model.now, w.model.pick
	}
	t.late = &lateList{window: w, tab: t}
	w.tabs = append(w.tabs, t)
	states := t.cart.States()
	w.goDo(func() {
		follow(w.ctx, states, w.sync, func(s data.State) { w.showTab(t, s) })
	})
	return t
}

// tabOf returns the tab of a cart, nil when it is not open.
func (w *Window) tabOf(id data.CartID) *tab {
	i := slices.IndexFunc(w.tabs, func(t *tab) bool { return t.cart.ID() == id })
	if i < 0 {
		return nil
	}
	return w.tabs[i]
}

// showTab is the door for news of a cart.
func (w *Window) showTab(t *tab, s data.State) {
	switch {
	case t == w.tab:
		w.show(s)
	case slices.Contains(w.tabs, t):
		loaded := t.model.state.Loaded
		if news := t.model.take(s, ""); len(news) > 0 && loaded {
			t.unseen = true
		}
		w.followHistory(t)
		w.askQuitAnew()
		w.tellShared()
	}
	t.checkout.heard()
	if slices.Contains(w.tabs, t) {
		w.letGo(t)
	}
	w.showTabs()
}

// overall is the picture on screen with what waits in all carts.
func (w *Window) overall() data.State {
	s := w.model.state
	for _, t := range w.tabs {
		if t != w.tab {
			s.Waiting = append(slices.Clip(s.Waiting), t.model.state.Waiting...)
			s.Unkept += t.model.state.Unkept
		}
	}
	return s
}

// unsent is what of all carts has not reached the shop.
type unsent struct {
	waiting int  // changes
	unkept  int  // of them in memory only
	usable  bool // the shop takes changes at the moment
}

func (w *Window) unsent() unsent {
	u := unsent{usable: true}
	for _, t := range w.tabs {
		s := t.model.state
		u.waiting, u.unkept = u.waiting+len(s.Waiting), u.unkept+s.Unkept
		u.usable = u.usable && (len(s.Waiting) == 0 || s.Link.Usable())
	}
	return u
}

// switchTo brings a tab on screen. What is being typed is finished first: it
// belongs to the cart that is left.
func (w *Window) switchTo(t *tab) {
	if w.tab == t {
		return
	}
	w.focusSearch()
	w.toasts.dismiss() // its button means the other cart
	w.tab = t
	t.unseen = false
	t.model.filter(w.searchQuery())
	w.display()
	w.remember()
}

// display draws everything of the tab on screen.
func (w *Window) display() {
	w.watch.stall.watch()
	w.setTitle()
	w.products.sel("")
	w.lines.sel("")
	w.listProducts()
	w.showLines()
	w.showLink(w.model.state)
	w.tick()
	w.tellRefusals()
	w.followHistory(w.tab)
	w.showTabs()
	held := w.held
	w.held = nil
	for _, open := range held {
		w.ask(open)
	}
}

// openCart brings a cart on screen, and opens it if it is not.
func (w *Window) openCart(id data.CartID) {
	if len(w.tabs) >= data.MaxOpen && w.tabOf(id) == nil {
		w.toasts.show(textTooManyTabs.say())
		return
	}
	w.closed = slices.DeleteFunc(w.closed, func(c data.CartID) bool { return c == id })
	w.switchTo(w.openTab(id))
}

// newCart opens a cart that nobody has had yet.
func (w *Window) newCart() { w.openCart(data.NewCartID(w.model.now())) }

// pickTab brings a tab on screen, if it is still open.
func (w *Window) pickTab(t *tab) {
	if slices.Contains(w.tabs, t) {
		w.switchTo(t)
	}
}

// nextTab brings the tab beside the one on screen to it, round and round.
func (w *Window) nextTab(by int) {
	i := slices.Index(w.tabs, w.tab)
	w.switchTo(w.tabs[(i+by+len(w.tabs))%len(w.tabs)])
}

// putAside closes a cart's tab; the cart stays in the shop, where any counter
// can take it up. One with changes on their way goes when they have their answer,
// and stays when one of them is refused or cannot be sent.
func (w *Window) putAside(t *tab) {
	if t == w.tab {
		w.focusSearch() // a quantity that is being typed counts
	}
	s := t.model.state
	switch {
	case len(s.Waiting) > 0 && !s.Link.Usable():
		w.toasts.show(textAsideWaits.with("cart", w.titleOf(t)))
	case len(s.Refused) > 0:
		w.toasts.show(textAsideRefused.with("cart", w.titleOf(t)))
	default:
		t.leaving = true
		w.letGo(t)
	}
}

// letGo closes the tab of a cart that is to be put aside, as soon as it can.
func (w *Window) letGo(t *tab) {
	s := t.model.state
	t.leaving = t.leaving && len(s.Refused) == 0 && (len(s.Waiting) == 0 || s.Link.Usable())
	if !t.leaving || len(s.Waiting) > 0 || t.checkout != nil {
		return
	}
	title, id := w.titleOf(t), t.cart.ID()
	if len(s.Cart.Lines) > 0 {
		t.cart.Keep()
	}
	w.dropTab(t)
	if len(s.Cart.Lines) > 0 || s.Cart.Name != "" {
		w.closed = append(w.closed, id)
		w.toasts.showAction(textAside.with("cart", title), textTakeUp.say(), func() { w.takeUp(id) })
	}
}

// dropTab takes a tab away and ends its live view behind the window's back.
// There is always one on screen: a fresh cart where none is left.
func (w *Window) dropTab(t *tab) {
	i := slices.Index(w.tabs, t)
	w.tabs = slices.Delete(w.tabs, i, i+1)
	switch {
	case t != w.tab:
	case len(w.tabs) == 0:
		w.newCart()
	default:
		w.switchTo(w.tabs[min(i, len(w.tabs)-1)])
	}
	w.goDo(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeWait)
		defer cancel()
		if left := t.cart.End(ctx, w.ctx); len(left) > 0 {
			w.log.Warn("changes of a cart that was put aside were not sent", "cart", t.cart.ID(), "count", len(left))
		}
	})
	w.showTabs()
	w.remember()
}

// remember keeps which carts are open for the next start.
func (w *Window) remember() {
	list := []string{string(w.cart.ID())}
	for _, t := range w.tabs {
		if t != w.tab {
			list = append(list, string(t.cart.ID()))
		}
	}
	w.app.Preferences().SetStringList(prefCartsOf(w.place.Name), list)
}

// titleOf is what a cart is called: its name, or when it was made. Of those that
// were made in the same minute all but the first have a number.
func (w *Window) titleOf(t *tab) string {
	title, name := w.cartTitle(t.cart.ID(), t.model.state.Cart.Name), t.model.state.Cart.Name
	n := 1
	for _, other := range w.tabs[:max(0, slices.Index(w.tabs, t))] {
		if s := other.model.state.Cart; s.Name == "" && w.cartTitle(other.cart.ID(), "") == title {
			n++
		}
	}
	if n == 1 || name != "" {
		return title
	}
	return textCartAgain.with("cart", title, "n", grouped(int64(n)))
}

// cartTitle is the name of a cart, or else when it was made; the counter's own
// cart is called as the counter is.
func (w *Window) cartTitle(id data.CartID, name string) string {
	counter := w.place.Shop.Counter()
	switch {
	case name != "":
		return name
	case string(id) == "counter-"+data.IDFrom(counter):
		return counter
	}
	if at, ok := id.Made(); ok {
		return textCartOf.with("time", textClock(at))
	}
	return string(id)
}

// list takes a new list of the shop's carts.
func (w *Window) list(l data.Listing) {
	w.listing = l
	w.showTabs()
	w.cartList.show()
}

// showTabs draws the row of tabs.
func (w *Window) showTabs() {
	specs := make([]tabSpec, len(w.tabs))
	for i, t := range w.tabs {
		specs[i] = w.tabSpecOf(t)
	}
	w.tabBar.set(specs, slices.Index(w.tabs, w.tab))
	w.showOtherCarts()
}

func (w *Window) tabSpecOf(t *tab) tabSpec {
	s := t.model.state
	info, _ := w.listing.Cart(t.cart.ID())
	spec := tabSpec{id: t.cart.ID(), title: w.titleOf(t), left: -1, unseen: t.unseen && t != w.tab,
		problem: len(s.Refused) > 0 && t != w.tab, others: w.place.Shop.Others(info)}
	spec.caption = textTab(s.Cart, info.Began, t.model.now())
	left := s.Cart.Expires.Sub(t.model.now())
	switch {
	case !s.Loaded:
		spec.caption = []string{"…"}
	case s.Cart.Ended != nil && s.Cart.Ended.How == data.Expired:
		spec.caption = []string{textTabExpired.say()}
	case s.Cart.Expires.IsZero() || left <= 0 || len(s.Cart.Lines) == 0:
	default:
		t.span = max(t.span, left)
		spec.left, spec.urgent = float32(left)/float32(t.span), left <= lastMinutes
		if spec.urgent {
			spec.caption = []string{textLeft(left)}
		}
	}
	return spec
}
