package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// openCarts are carts of every kind that the list has to tell apart.
func openCarts() data.Listing {
	at := func(ago time.Duration) time.Time { return noon.Add(-ago) }
	return data.Listing{At: noon, Carts: []data.CartInfo{
		{ID: "c", Name: "Anna", Lines: 2, Items: 3, Total: 750, Exact: true, Began: at(5 * time.Minute), Expires: noon.Add(26 * time.Minute),
			Here: []data.Here{{Counter: "Counter 2", Session: "x"}}},
		{ID: "table-4", Name: "Table 4", Lines: 6, Items: 12, Total: 4815, Exact: true, Began: at(time.Hour), Expires: noon.Add(3 * time.Minute)},
		{ID: data.NewCartID(clock(10, 30)), Lines: 1, Items: 1, Total: 1_234_500, Exact: false, Began: at(90 * time.Minute),
			Here: []data.Here{{Counter: "Counter 2", Session: "x"}, {Counter: "The counter at the back door of the shop", Session: "y"}}},
		{ID: "long", Name: "The order of the family from the third floor with the long name", Lines: 40, Items: 9999, Total: 99_999_999, Exact: true, Began: at(50 * time.Hour)},
		{ID: "empty", Here: []data.Here{{Counter: "Till", Session: "z"}}},
	}}
}

func TestPictureOfTheOpenCarts(t *testing.T) {
	for name, variant := range variants {
		for size, of := range map[string]fyne.Size{"": usual, "-narrow": narrow} {
			s := openStudio(t, variant, of)
			s.show(s.state(s.line("espresso", 2)))
			s.openTab("table-4")
			s.list(openCarts())
			s.showCarts()
			s.key(fyne.KeyDown)
			s.expectPicture("carts-" + name + size)
		}
	}
}

func TestPictureOfNoOpenCarts(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.show(s.state())
	s.list(data.Listing{Err: data.ErrClosed})
	s.showCarts()
	s.expectPicture("carts-silent")
}

// key presses a key, where the focus is.
func (s *studio) key(name fyne.KeyName) {
	s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// pasts are carts that ended in every way.
func (s *studio) pasts() []data.Past {
	had := func(id data.CartID, name string, lines ...data.Line) data.Cart {
		return data.Cart{ID: id, Name: name, Lines: lines}
	}
	return []data.Past{
		{ID: "1", How: data.Expired, At: clock(11, 30), Cart: had("a", "Anna", s.line("espresso", 2), s.line("croissant", 1), s.line("oat-latte", 3),
			data.Line{Product: data.Product{ID: "old-thing", Name: "Something that was taken out of the catalogue"}, Quantity: 1})},
		{ID: "2", How: data.Emptied, At: clock(10, 5), By: "Counter 2", Cart: had(data.NewCartID(clock(9, 30)), "", s.line("honey", 12))},
		{ID: "3", How: data.Emptied, At: clock(9, 58), By: "The counter at the back door of the shop",
			Cart: had("b", "The order of the family from the third floor with the long name", s.line("gift-basket", 400))},
	}
}

// history opens the history with these carts in it.
func (s *studio) history(orders bool, all []data.Past) {
	s.openHistory(orders)
	h := s.pastList
	*h.shelf() = pastShelf{all: all, asked: true, older: !orders}
	h.show()
}

func TestPictureOfTheHistory(t *testing.T) {
	for name, variant := range variants {
		for size, of := range map[string]fyne.Size{"": usual, "-narrow": narrow} {
			s := openStudio(t, variant, of)
			s.show(s.state(s.line("espresso", 2)))
			s.history(false, s.pasts())
			s.expectPicture("history-" + name + size)
		}
	}
}

func TestPictureOfTheOrders(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.show(s.state(s.line("espresso", 2)))
	all := s.pasts()
	for i := range all {
		all[i].How = data.CheckedOut
	}
	s.history(true, all)
	s.key(fyne.KeyDown)
	s.expectPicture("history-orders")
}

func TestPictureOfCheckingOut(t *testing.T) {
	for name, variant := range variants {
		s := openStudio(t, variant, usual)
		s.show(s.state(s.line("espresso", 2), s.line("croissant", 1)))
		s.checkOut()
		s.expectPicture("checkout-" + name)
	}
}

func TestPictureOfCheckingOutWithoutTheShop(t *testing.T) {
	s := openStudio(t, theme.VariantLight, narrow)
	off := s.state(s.line("espresso", 2))
	off.Link.Phase = data.Offline
	off.Link.Ever = true
	s.reached, s.toldOutage = true, true
	s.show(off)
	s.checkOut()
	s.expectPicture("checkout-offline")
}

func TestPictureOfLinesThatCannotBeSold(t *testing.T) {
	s := openStudio(t, theme.VariantDark, narrow)
	s.busyCart()
	s.checkOut()
	s.expectPicture("checkout-unsellable")
}

func TestPictureOfAnEndedCart(t *testing.T) {
	for name, variant := range variants {
		s := openStudio(t, variant, usual)
		state := s.state()
		state.Cart.Expires = time.Time{}
		state.Cart.Ended = &s.pasts()[0]
		s.show(state)
		s.expectPicture("carts-expired-" + name)
	}
}

func TestPictureOfNamingACart(t *testing.T) {
	s := openStudio(t, theme.VariantLight, narrow)
	state := s.state(s.line("espresso", 2))
	state.Cart.Name = "Anna"
	s.show(state)
	s.nameCart()
	s.expectPicture("carts-naming")
}
