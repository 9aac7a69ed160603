package ui

import (
	"context"
	"slices"
	"time"

	"trolley/data"
)

// What is said when a cart comes back.
const (
	textBroughtBefore phrase = "“{cart}” was brought back before."
	textNothingEnded  phrase = "No cart was put aside here, and none has ended in the last 30 days."
)

// comeback is a cart that has ended, and where it is to come back.
type comeback struct {
	past data.Past
	to   data.CartID
	done bool // it came back there before
}

// findPlace finds out where a cart is to come back, the same place at every
// counter, so that the lines cannot come back in two carts: into the cart that
// it was, or one beside it when that is in use.
func findPlace(ctx context.Context, shop Shop, p data.Past, inUse func(data.CartID) bool) (comeback, error) {
	for _, id := range []data.CartID{p.Cart.ID, p.Elsewhere()} {
		activity, err := shop.Activity(ctx, id)
		if err != nil {
			return comeback{}, err
		}
		if p.BroughtBack(activity) {
			return comeback{past: p, to: id, done: true}, nil
		}
	}
	if inUse(p.Cart.ID) {
		return comeback{past: p, to: p.Elsewhere()}, nil
	}
	return comeback{past: p, to: p.Cart.ID}, nil
}

// used returns what tells whether a cart has lines, as far as is known now.
func (w *Window) used() func(data.CartID) bool {
	var used []data.CartID
	for _, info := range w.listing.Carts {
		if info.Lines > 0 && w.tabOf(info.ID) == nil {
			used = append(used, info.ID)
		}
	}
	for _, t := range w.tabs {
		if len(t.model.state.Cart.Lines) > 0 {
			used = append(used, t.cart.ID())
		}
	}
	return func(id data.CartID) bool { return slices.Contains(used, id) }
}

// bringBackPast brings a cart that has ended on screen again, with all it had.
func (w *Window) bringBackPast(p data.Past) {
	shop, used := w.place.Shop, w.used()
	w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		c, err := findPlace(ctx, shop, p, used)
		return func() { w.ask(func() { w.comeBack(c, err) }) }
	})
}

// comeBack does what findPlace found, in the place of an empty cart on screen.
func (w *Window) comeBack(c comeback, err error) {
	switch {
	case err != nil:
		w.toasts.show(textShopSilent.say())
	case c.done:
		w.openFresh(c.to)
		w.toasts.show(textBroughtBefore.with("cart", short(w.cartTitle(c.past.Cart.ID, c.past.Cart.Name))))
	case slices.Contains(w.back, c.past.ID):
		w.toasts.show(textBroughtBefore.with("cart", short(w.cartTitle(c.past.Cart.ID, c.past.Cart.Name))))
	case w.openFresh(c.to):
		w.back = append(w.back, c.past.ID) // the shop knows in a moment
		w.nameAs(c.past)
		w.restore(c.past.Cart.Lines, c.past.ID)
	}
}

// openFresh brings a cart on screen in the place of one that has nothing in it;
// false: too many are open.
func (w *Window) openFresh(id data.CartID) bool {
	before := w.tab
	s := before.model.state
	w.openCart(id)
	if w.tab.cart.ID() != id {
		return false
	}
	if w.tab != before && s.Loaded && len(s.Cart.Lines) == 0 && s.Cart.Name == "" && len(s.Waiting) == 0 {
		w.dropTab(before)
	}
	return true
}

// nameAs gives the cart on screen the name of one that ended, if it has none.
func (w *Window) nameAs(p data.Past) {
	info, _ := w.listing.Cart(w.cart.ID())
	if p.Cart.Name != "" && w.model.state.Cart.Name == "" && info.Name == "" {
		w.rename(w.tab, p.Cart.Name)
	}
}

// takeUpLast takes up the cart again that this counter put aside last, or else
// brings back the one of the shop that ended last and was not sold.
func (w *Window) takeUpLast() {
	if t := w.leavingTab(); t != nil { // it waits for an answer before it goes: it stays
		t.leaving = false
		w.switchTo(t)
		return
	}
	if n := len(w.closed); n > 0 {
		w.takeUp(w.closed[n-1])
		return
	}
	shop, used := w.place.Shop, w.used()
	w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		c, err := lastEnded(ctx, shop, used)
		return func() {
			if err == nil && c.to == "" {
				w.toasts.show(textNothingEnded.say())
				return
			}
			w.ask(func() { w.comeBack(c, err) })
		}
	})
}

// leavingTab returns a tab that is about to be put aside; nil: none is.
func (w *Window) leavingTab() *tab {
	for _, t := range slices.Backward(w.tabs) {
		if t.leaving {
			return t
		}
	}
	return nil
}

// lastEnded finds the cart that ended last and has not come back. The zero
// comeback means that there is none.
func lastEnded(ctx context.Context, shop Shop, inUse func(data.CartID) bool) (comeback, error) {
	ended, err := shop.Past(ctx, false, time.Time{})
	if err != nil {
		return comeback{}, err
	}
	for _, p := range ended {
		if c, err := findPlace(ctx, shop, p, inUse); err != nil || !c.done {
			return c, err
		}
	}
	return comeback{}, nil
}

// takeUp opens a cart that was put aside here.
func (w *Window) takeUp(id data.CartID) {
	w.closed = slices.DeleteFunc(w.closed, func(c data.CartID) bool { return c == id })
	w.openCart(id)
}
