package ui

import (
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

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

// still is a shop of which nothing is heard.
type still struct{ Shop }

func (s still) Open(id data.CartID) Cart    { return stillCart{s.Shop.Open(id)} }
func (still) Listings() <-chan data.Listing { return nil }

type stillCart struct{ Cart }

func (stillCart) States() <-chan data.State { return nil }

func openStudio(t *testing.T, variant fyne.ThemeVariant, size fyne.Size) *studio {
	t.Helper()
	p := placeOf(localShop(t, 0), "Counter 1")
	t.Cleanup(func() { p.Close() })
	p.Shop = still{p.Shop}
	a := dress(t, variant)
	w := New(a, Options{Place: p, Version: "1.0"})
	a.Settings().SetTheme(fixedTheme{w.theme, variant})
	t.Cleanup(w.end)

	w.async = func(func()) {} // nothing goes out by itself
	w.toasts.after = func(time.Duration, func()) func() { return func() {} }
	w.attach(p)
	w.model.now = func() time.Time { return noon }
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
