package ui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
	"trolley/data/sample"
)

// noon is when all pictures are taken.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// studio is a window that shows states which the test makes; its shop is not
// followed.
type studio struct {
	*Window
	t     *testing.T
	shelf *data.Catalogue
}

func openStudio(t *testing.T, variant fyne.ThemeVariant, size fyne.Size) *studio {
	t.Helper()
	p := placeOf(localShop(t, 0), "Counter 1")
	t.Cleanup(func() { p.Close() })
	a := dress(t, variant)
	w := New(a, Options{Place: p, Version: "1.0"})
	a.Settings().SetTheme(fixedTheme{newTheme(), variant})
	t.Cleanup(w.end)

	w.async = func(func()) {} // nothing goes out by itself
	w.toasts.after = func(time.Duration, func()) func() { return func() {} }
	w.model.now = func() time.Time { return noon }
	w.enterPlace(p)
	w.win.Resize(size)
	w.focusSearch()
	return &studio{Window: w, t: t, shelf: data.NewCatalogue(sample.Products())}
}

// state is the shop with these lines in the cart, which began an hour ago.
func (s *studio) state(lines ...data.Line) data.State {
	return data.State{Catalogue: s.shelf, Loaded: true,
		Cart: data.Cart{ID: "c", Lines: lines, Expires: noon.Add(26 * time.Minute)},
		Link: data.Link{Phase: data.Live, Ever: true, Since: noon.Add(-time.Hour)}}
}

// line is n of a product of the shelf.
func (s *studio) line(id data.ProductID, n int64) data.Line {
	s.t.Helper()
	p, ok := s.shelf.Product(id)
	if !ok {
		s.t.Fatalf("no product %s", id)
	}
	return data.Line{Product: p, Known: true, Quantity: n, By: "Counter 1", Changed: noon.Add(-time.Minute)}
}

// expectPicture compares the window with its picture.
func (s *studio) expectPicture(name string) {
	s.t.Helper()
	// The real driver lays out what has changed before it draws.
	size := s.win.Canvas().Size()
	for _, by := range []float32{1, 0} {
		s.win.Resize(size.AddWidthHeight(by, by))
	}
	test.AssertRendersToImage(s.t, filepath.Join("window", name+".png"), s.win.Canvas())
}

var (
	usual  = fyne.NewSize(startWidth, startHeight)
	narrow = fyne.NewSize(800, 600)
)

// busyCart shows a cart that another counter has just changed, and one line of
// each kind of trouble.
func (s *studio) busyCart() {
	before := s.state(s.line("espresso", 1), s.line("croissant", 2), s.line("gift-basket", 1))
	s.show(before)
	after := s.state(append(before.Cart.Lines, s.line("oat-latte", 3))...)
	after.Cart.Lines[3].By = "Till"
	odd := data.Line{Product: data.Product{ID: "old-thing"}, Quantity: 1}
	damaged := s.line("honey", 0)
	damaged.Damaged = "two"
	after.Cart.Lines = append(after.Cart.Lines, odd, damaged)
	s.show(after)
	s.lines.sel("croissant")
}

func TestPictureOfABusyCart(t *testing.T) {
	for name, variant := range variants {
		s := openStudio(t, variant, usual)
		s.busyCart()
		s.expectPicture("busy-" + name)
	}
}

func TestPictureOfANarrowWindow(t *testing.T) {
	s := openStudio(t, theme.VariantLight, narrow)
	s.busyCart()
	s.expectPicture("narrow")
}

func TestPictureOfAnEmptyCart(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	empty := s.state()
	empty.Cart.Expires = time.Time{}
	s.show(empty)
	s.expectPicture("empty")
}

func TestPictureOfAnEmptyShop(t *testing.T) {
	s := openStudio(t, theme.VariantDark, narrow)
	s.shelf = data.NewCatalogue(nil)
	empty := s.state()
	empty.Cart.Expires = time.Time{}
	expired := data.Cart{Expires: noon.Add(-time.Minute), Lines: []data.Line{{Known: true, Quantity: 3, Product: data.Product{ID: "tea", Price: 240}}}}
	empty.Expired = &expired
	s.show(empty)
	s.expectPicture("empty-shop-dark-narrow")
}

func TestPictureOfNoMatch(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.show(s.state(s.line("espresso", 1)))
	for _, r := range "oat milc" {
		s.search.TypedRune(r)
	}
	s.expectPicture("no-match")
}

func TestPictureOfAnOutage(t *testing.T) {
	s := openStudio(t, theme.VariantLight, narrow)
	s.show(s.state(s.line("espresso", 1)))
	off := s.state(s.line("espresso", 2), s.line("oat-latte", 3))
	off.Link = data.Link{Phase: data.Offline, Ever: true, Since: noon.Add(-time.Minute), Fault: data.FaultTimeout, Addr: "shop.example:6379"}
	off.Cart.Lines[0].Waiting, off.Cart.Lines[1].Waiting = true, true
	off.Waiting = []data.Change{{Op: "a"}, {Op: "b"}}
	s.Window.outage = off.Link.Outage
	s.show(off)
	s.expectPicture("offline-narrow")
}

func TestPictureOfLongNames(t *testing.T) {
	s := openStudio(t, theme.VariantDark, usual)
	long := make([]data.Product, 9)
	for i := range long {
		long[i] = data.Product{ID: data.ProductID(fmt.Sprintf("%d-%s", i, strings.Repeat("LONG-ID-", 6))), Price: data.MaxPrice,
			Name: fmt.Sprintf("%d %s", i, strings.Repeat("Käsekuchenstückchen ", 8)), Stock: 999_999, Barcode: "2004000023401"}
	}
	s.shelf = data.NewCatalogue(long)
	state := s.state(s.line(long[0].ID, 9999), s.line(long[1].ID, 1))
	s.show(s.state(s.line(long[0].ID, 1)))
	state.Cart.Lines[1].By = "The counter with the long name at the back door of the shop"
	s.show(state)
	s.expectPicture("long-names-dark")
}
