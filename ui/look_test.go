package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestTextSizeChangesEverythingAndIsKept(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.busyCart()
	s.lay(usual)
	row, button := s.products.rows["americano"].Size().Height, s.clear.Size().Height
	s.biggerText()
	s.biggerText()
	s.lay(usual)
	if got := s.products.rows["americano"].Size().Height; got < 1.2*row {
		t.Errorf("a row is %v high, was %v", got, row)
	}
	if got := s.clear.Size().Height; got < 1.2*button {
		t.Errorf("a button is %v high, was %v", got, button)
	}
	if got := rememberedScale(s.app); got != 1.25 {
		t.Errorf("the next start has %v", got)
	}
	s.usualText()
	s.lay(usual)
	if got := s.products.rows["americano"].Size().Height; got != row {
		t.Errorf("back to the usual size, a row is %v high, was %v", got, row)
	}
}

func TestTextSizeHasBounds(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.smallerText()
	if s.theme.scale != 1 {
		t.Errorf("the text is smaller than usual: %v", s.theme.scale)
	}
	for range 10 {
		s.biggerText()
	}
	if s.theme.scale != 2 {
		t.Errorf("the largest text is %v", s.theme.scale)
	}
	edge := 2 * theme.Padding() // of the window, around the page
	if least := s.win.Content().MinSize().AddWidthHeight(edge, edge); least.Width > leastWidth || least.Height > leastHeight {
		t.Errorf("the smallest window is %v with large text", least)
	}
}

func TestSizeOfTextThatWasNeverOfferedIsNotTaken(t *testing.T) {
	a := test.NewTempApp(t)
	a.Preferences().SetFloat(prefScale, 40)
	if got := rememberedScale(a); got != 1 {
		t.Errorf("the text begins at %v", got)
	}
}

func TestCompactRowsAreKept(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.busyCart()
	high := s.products.rowHeight()
	s.toggleCompact()
	if got := s.products.rowHeight(); got >= high {
		t.Errorf("a compact row is %v high, a comfortable one %v", got, high)
	}
	if !s.app.Preferences().Bool(prefCompact) {
		t.Errorf("the next start has comfortable rows")
	}
	s.toggleCompact()
	if got := s.products.rowHeight(); got != high {
		t.Errorf("a comfortable row is %v high, was %v", got, high)
	}
}

func TestWindowComesBackInItsSize(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.win.Resize(fyne.NewSize(1000, 640))
	s.rememberSize()
	if got := rememberedSize(s.app); got.Width != 1000 || got.Height < 640 {
		t.Errorf("the next start has %v", got)
	}
	s.app.Preferences().SetFloat(prefWidth, 20)
	if got := rememberedSize(s.app); got.Width != leastWidth {
		t.Errorf("a window of 20 comes back %v wide", got.Width)
	}
}

func TestDraggedDividerIsKeptWithinBounds(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	before := s.page.products.Size().Width
	s.page.divider.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(50, 0)})
	if got := s.page.products.Size().Width; got < before+49 || got > before+51 {
		t.Errorf("dragged by 50 from %v, the products are %v wide", before, got)
	}
	if got := rememberedSplit(s.app); got != s.page.split {
		t.Errorf("the next start splits at %v, not %v", got, s.page.split)
	}
	s.page.divider.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(5000, 0)})
	if got := s.page.lines.Size().Width; got < leastCart {
		t.Errorf("the cart is %v wide", got)
	}
	s.page.divider.DoubleTapped(nil)
	if got := s.page.products.Size().Width; got != before {
		t.Errorf("after a double click the products are %v wide, at first %v", got, before)
	}
}
