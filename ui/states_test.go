package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// scenes are the states of the window, by the name of their pictures.
var scenes = map[string]func(*studio){
	"first-run":   firstRun,
	"loading":     func(s *studio) { s.show(data.State{Link: data.Link{Phase: data.Connecting, Since: noon}}) },
	"no-match":    noMatch,
	"empty":       emptyCart,
	"busy":        (*studio).busyCart,
	"offline":     outage,
	"read-only":   readOnly,
	"expiring":    expiring,
	"expired":     func(s *studio) { s.over(data.Expired) },
	"checked-out": func(s *studio) { s.over(data.CheckedOut) },
	"long-names":  longNames,
	"many-tabs":   manyTabs,
	"toast":       toastAboutARemoval,
}

func TestPictureOfEachState(t *testing.T) {
	for name, show := range scenes {
		t.Run(name, func(t *testing.T) {
			for variant, size := range map[string]fyne.Size{"light-wide": usual, "light-narrow": narrow, "dark-wide": usual, "dark-narrow": narrow} {
				s := openStudio(t, variants[strings.Split(variant, "-")[0]], size)
				show(s)
				if size == narrow && name != "first-run" && s.model.state.Loaded && len(s.model.state.Cart.Lines) == 0 {
					s.showSide(sideCart) // which is where there is something to be said
				}
				s.expectPicture("state-" + name + "-" + variant)
			}
		})
	}
}

func TestPictureOfTheCartInOneColumn(t *testing.T) {
	for name, variant := range variants {
		for state, show := range map[string]func(*studio){"cart-busy": (*studio).busyCart, "cart-offline": outage} {
			s := openStudio(t, variant, narrow)
			show(s)
			s.showSide(sideCart)
			s.expectPicture("state-" + state + "-" + name + "-narrow")
		}
	}
}

func TestPictureOfLargeText(t *testing.T) {
	for percent, scale := range map[int]float32{125: 1.25, 150: 1.5, 200: 2} {
		for place, size := range map[string]fyne.Size{"wide": usual, "narrow": narrow} {
			s := openStudio(t, theme.VariantLight, size)
			s.busyCart()
			s.setScale(scale)
			s.toasts.stop()
			s.expectPicture(fmt.Sprintf("text-%d-%s", percent, place))
		}
	}
}

func TestPictureOfCompactRows(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.busyCart()
	s.toggleCompact()
	s.expectPicture("compact-light-wide")
}

func firstRun(s *studio) {
	s.shelf = data.NewCatalogue(nil)
	emptyCart(s)
}

func emptyCart(s *studio) {
	st := s.state()
	st.Cart.Expires = time.Time{}
	s.show(st)
}

func noMatch(s *studio) {
	s.show(s.state(s.line("espresso", 1)))
	for _, r := range "oat milc" {
		s.search.TypedRune(r)
	}
}

// waiting is a state without the server, with two changes that wait.
func (s *studio) waiting(p data.Phase) data.State {
	st := s.state(s.line("espresso", 2), s.line("oat-latte", 3))
	st.Link = data.Link{Phase: p, Ever: true, Since: clock(11, 59), Fault: data.FaultTimeout, Addr: "shop.example:6379"}
	st.Cart.Lines[0].Waiting, st.Cart.Lines[1].Waiting = true, true
	st.Waiting = []data.Change{{Op: "a"}, {Op: "b"}}
	s.reached, s.toldOutage = true, true
	return st
}

func outage(s *studio) {
	s.show(s.state(s.line("espresso", 1)))
	s.show(s.waiting(data.Offline))
}

func readOnly(s *studio) {
	s.show(s.state(s.line("espresso", 1)))
	s.show(s.waiting(data.ReadOnly))
}

func expiring(s *studio) {
	st := s.state(s.line("espresso", 2), s.line("croissant", 1))
	st.Cart.Expires = noon.Add(26 * time.Minute)
	s.show(st)
	st.Cart.Expires = noon.Add(42 * time.Second)
	s.show(st)
}

// over shows a cart that ended a minute ago.
func (s *studio) over(how data.Ending) {
	st := s.state()
	st.Cart.Expires = time.Time{}
	had := data.Cart{Lines: []data.Line{s.line("espresso", 2), s.line("gift-basket", 1)}}
	st.Cart.Ended = &data.Past{ID: "last", How: how, At: clock(11, 59), By: "Counter 2", Cart: had}
	s.show(st)
}

func longNames(s *studio) {
	long := make([]data.Product, 9)
	for i := range long {
		long[i] = data.Product{ID: data.ProductID(fmt.Sprintf("%d-%s", i, strings.Repeat("LONG-ID-", 6))), Price: data.MaxPrice,
			Name: fmt.Sprintf("%d %s", i, strings.Repeat("Käsekuchenstückchen ", 8)), Stock: 999_999, Barcode: "2004000023401"}
	}
	s.shelf = data.NewCatalogue(long)
	state := s.state(s.line(long[0].ID, 9999), s.line(long[1].ID, 1))
	state.Cart.Name = "The order for the anniversary of the choir at the end of May"
	s.show(s.state(s.line(long[0].ID, 1)))
	state.Cart.Lines[1].By = "The counter with the long name at the back door of the shop"
	s.show(state)
}

// manyTabs opens twelve carts, one of each kind of tab and some with long
// names, and has other counters in some of them.
func manyTabs(s *studio) {
	var list data.Listing
	for i := range 11 {
		id := data.CartID(fmt.Sprintf("cart-%d", i))
		t := s.openTab(id)
		st := s.state(s.line("espresso", int64(i+1)))
		st.Cart.ID, st.Cart.Name = id, fmt.Sprintf("%d Anna and the long table by the window", i+2)
		t.model.take(st, "")
		info := data.CartInfo{ID: id, Began: noon.Add(time.Duration(-7*i) * time.Minute)}
		for _, name := range []string{"Till", "Back door", "Counter 2", "Yard"}[:i%5] {
			info.Here = append(info.Here, data.Here{Counter: name, Session: name})
		}
		list.Carts = append(list.Carts, info)
	}
	s.tabs[1].unseen, s.tabs[3].unseen = true, true
	s.tabs[2].model.state.Cart.Expires = noon.Add(3 * time.Minute)
	list.Carts = append(list.Carts, data.CartInfo{ID: "aside"}, data.CartInfo{ID: "other"})
	s.busyCart()
	s.list(list)
}

func toastAboutARemoval(s *studio) {
	s.busyCart()
	s.toasts.showAction("Removed “Oat Milk Latte”.", "Undo", func() {})
}
