package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// box is where an object is in the window; empty: it is not shown.
type box struct{ left, top, right, bottom float32 }

func boxOf(o fyne.CanvasObject) box {
	if !o.Visible() {
		return box{}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return box{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height}
}

func (b box) overlaps(c box) bool {
	return b != (box{}) && c != (box{}) && b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom
}

// lay lays the window out as the driver does before it draws.
func (s *studio) lay(size fyne.Size) {
	for _, by := range []float32{1, 0} {
		s.win.Resize(size.AddWidthHeight(by, by))
	}
}

// expectAllInPlace fails where parts of the page cover each other or lie
// outside the window.
func (s *studio) expectAllInPlace(where string) {
	s.t.Helper()
	p := s.page
	parts := map[string]fyne.CanvasObject{"header": p.header.Container, "search": p.search, "switch": p.choice, "products": p.products,
		"products' foot": p.productsFoot, "cart's head": p.head.Container, "lines": p.lines, "foot": p.foot.Container}
	window := s.win.Canvas().Size()
	for name, o := range parts {
		b := boxOf(o)
		if b != (box{}) && (b.left < 0 || b.top < 0 || b.right > window.Width || b.bottom > window.Height || b.bottom-b.top < 10) {
			s.t.Errorf("%s: the %s is at %v in a window of %v", where, name, b, window)
		}
		for other, o := range parts {
			if name < other && b.overlaps(boxOf(o)) && !(strings.Contains(name+other, "head") && strings.Contains(name+other, "products' foot")) {
				s.t.Errorf("%s: the %s and the %s cover each other", where, name, other)
			}
		}
	}
	for _, o := range []fyne.CanvasObject{s.total, s.checkoutButton} {
		if b := boxOf(o); b == (box{}) || b.right > window.Width || b.bottom > window.Height {
			s.t.Errorf("%s: %T is not in sight: %v", where, o, b)
		}
		if boxOf(s.toasts.card).overlaps(boxOf(o)) {
			s.t.Errorf("%s: the toast covers %T", where, o)
		}
	}
	if boxOf(s.total).overlaps(boxOf(s.checkoutButton)) || boxOf(s.clear).overlaps(boxOf(s.checkoutButton)) {
		s.t.Errorf("%s: the foot's parts cover each other", where)
	}
}

func TestEverythingIsInPlaceInEverySize(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.show(s.state(s.line("espresso", 1234), s.line("croissant", 2)))
	s.toasts.showAction("Removed “Oat Milk Latte”.", "Undo", func() {})
	for _, scale := range textScales {
		s.setScale(scale)
		for _, size := range []fyne.Size{narrow, usual, fyne.NewSize(959, 700), fyne.NewSize(1920, 1080)} {
			for _, on := range []side{sideProducts, sideCart} {
				s.lay(size)
				s.showSide(on)
				s.expectAllInPlace(fmt.Sprintf("%.0f %% of text at %v, side %d", scale*100, size, on))
			}
		}
	}
}

func TestNarrowWindowShowsOneSide(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.busyCart()
	if !s.page.products.Visible() || !s.page.lines.Visible() || s.page.choice.Visible() {
		t.Errorf("the wide window has not two columns")
	}
	s.lay(narrow)
	if !s.page.products.Visible() || s.page.lines.Visible() || !s.page.choice.Visible() {
		t.Errorf("the narrow window does not show the products alone")
	}
	foot := boxOf(s.page.foot.Container)
	s.win.Canvas().Focus(s.page.choice)
	s.page.choice.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if s.page.products.Visible() || !s.page.lines.Visible() {
		t.Errorf("the switch does not show the cart")
	}
	if boxOf(s.page.foot.Container) != foot {
		t.Errorf("the foot moves with the side")
	}
	if got := s.page.choice.AccessibilityLabel(); got != "Shown: Cart · 8" {
		t.Errorf("the switch says %q", got)
	}
}

// TestTypingTurnsToTheProducts: what is searched for has to be seen; what was
// on comes back when the search is over.
func TestTypingTurnsToTheProducts(t *testing.T) {
	d := openShop(t)
	d.win.Resize(narrow)
	d.showSide(sideCart)
	d.focusSearch()
	d.write("esp")
	d.until("the products show", func() bool { return d.page.side == sideProducts })
	d.key(fyne.KeyReturn)
	if d.page.side != sideCart {
		t.Errorf("adding did not come back to the cart")
	}
	d.shows("1 espresso")
	d.searchFor("latte") // as fast as a scan
	d.shows("1 espresso, 1 latte")
	if d.page.side != sideCart {
		t.Errorf("a scan turned to the products")
	}
}

func TestFocusLeavesTheSideThatIsHidden(t *testing.T) {
	s := openStudio(t, theme.VariantLight, narrow)
	s.busyCart()
	s.win.Canvas().Focus(s.products)
	s.showSide(sideCart)
	if s.win.Canvas().Focused() != fyne.Focusable(s.search) {
		t.Errorf("the focus is on %T", s.win.Canvas().Focused())
	}
}

func TestTabsMakeRoomForEachOther(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.busyCart()
	alone := s.tabBar.tabs[0].Size().Width
	manyTabs(s)
	s.lay(usual)
	if many := s.tabBar.tabs[0].Size().Width; many >= alone || many < tabLeast {
		t.Errorf("a tab among twelve is %v wide, alone %v", many, alone)
	}
	last := s.tabs[len(s.tabs)-1]
	s.switchTo(last)
	row, view := boxOf(s.tabBar.tabs[len(s.tabs)-1]), boxOf(s.tabBar)
	if row.left < view.left || row.right > view.right+tabRim {
		t.Errorf("the tab on screen is at %v, the row at %v", row, view)
	}
	if got := s.carts.Text; got != "Carts · 2" {
		t.Errorf("the button of the carts says %q", got)
	}
}

// TestTabLeavesOutWholeParts: an amount that is cut reads as another one.
func TestTabLeavesOutWholeParts(t *testing.T) {
	spec := tabSpec{caption: []string{"8 items", "66.00", "12 min"}}
	for room, want := range map[int]string{30: "8 items · 66.00 · 12 min", 20: "8 items · 66.00", 10: "66.00", 1: "66.00"} {
		if got := spec.captionFor(func(text string) bool { return len(text) <= room }); got != want {
			t.Errorf("%d characters: %q, want %q", room, got, want)
		}
	}
	if got := (tabSpec{caption: []string{"Empty"}}).captionFor(func(string) bool { return false }); got != "Empty" {
		t.Errorf("a caption of one part: %q", got)
	}
}

func TestStockIsSeenBesideLongNames(t *testing.T) {
	s := openStudio(t, theme.VariantLight, narrow)
	longNames(s)
	for _, r := range s.products.rows {
		p := r.(*productRow)
		if stock, price := boxOf(p.stock), boxOf(p.price); stock.right > price.right-p.price.MinSize().Width || !strings.HasSuffix(p.stock.Text, "999,999 left") {
			t.Fatalf("%q at %v, the price at %v", p.stock.Text, stock, price)
		}
	}
}

func TestNothingIsSummedUpBeforeItIsKnown(t *testing.T) {
	s := openStudio(t, theme.VariantLight, usual)
	s.show(data.State{Link: data.Link{Phase: data.Connecting, Since: noon}})
	if got := s.total.full; got != "–" {
		t.Errorf("the total is %q while the cart is loading", got)
	}
	if got := textSum(0, false); got != "–" {
		t.Errorf("a sum of which nothing is known is %q", got)
	}
}

func TestAmountsHaveGroupsOfThousands(t *testing.T) {
	for amount, want := range map[data.Money]string{0: "0.00", 5: "0.05", -250: "-2.50", 123_456_789: "1,234,567.89"} {
		if got := textMoney(amount); got != want {
			t.Errorf("%d is %q, want %q", amount, got, want)
		}
	}
}
