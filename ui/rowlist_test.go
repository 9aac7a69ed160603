package ui

import (
	"fmt"
	"image/color"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// manyProducts makes n products p-00000, p-00001 …
func manyProducts(n int) []data.Product {
	products := make([]data.Product, n)
	for i := range products {
		products[i] = data.Product{ID: productID(i), Name: fmt.Sprintf("Product %d", i), Price: data.Money(i + 1), Stock: data.Unlimited}
	}
	return products
}

func productID(i int) data.ProductID { return data.ProductID(fmt.Sprintf("p-%05d", i)) }

func manyKeys(n int) []data.ProductID {
	keys := make([]data.ProductID, n)
	for i := range keys {
		keys[i] = productID(i)
	}
	return keys
}

// listRow is the row of a listDesk: a product and its quantity.
type listRow struct {
	widget.BaseWidget
	id     data.ProductID
	label  *widget.Label
	amount *Spinner
}

func (r *listRow) busy() bool { return holds(r.amount) }
func (r *listRow) release()   { leave(r.amount) }

func (r *listRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewHBox(r.label, r.amount))
}

// listDesk is a rowList in a window, of ten rows' height.
type listDesk struct {
	*rowList
	win   fyne.Window
	made  int // rows
	typed []string
}

func newListDesk(t testing.TB, keys []data.ProductID) *listDesk {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(fixedTheme{newTheme(), theme.VariantLight})
	d := &listDesk{}
	create := func() row {
		d.made++
		r := &listRow{label: widget.NewLabel(""), amount: newSpinner(1, 9999)}
		r.amount.OnTyped = func(n int64) { d.typed = append(d.typed, fmt.Sprintf("%s=%d", r.id, n)) }
		r.ExtendBaseWidget(r)
		return r
	}
	d.rowList = newRowList("List", 40, create, func(id data.ProductID, r row) {
		r.(*listRow).id = id
		r.(*listRow).label.SetText(string(id))
	})
	d.onKey = func(data.ProductID, *fyne.KeyEvent) bool { return false }
	d.onRune = func(data.ProductID, rune) {}
	d.win = test.NewTempWindow(t, d.rowList)
	d.win.SetPadded(false)
	d.win.Resize(fyne.NewSize(400, 400))
	d.setKeys(keys)
	return d
}

// write types into the quantity of a product.
func (d *listDesk) write(id data.ProductID, text string) *Spinner {
	s := d.rows[id].(*listRow).amount
	d.win.Canvas().Focus(s.Focusable())
	for _, r := range text {
		s.Focusable().TypedRune(r)
	}
	return s
}

// onScreen returns the rows that can be seen, from the top.
func (d *listDesk) onScreen() []data.ProductID {
	var rows []*listRow
	for _, o := range d.content.Objects {
		if r, ok := o.(*listRow); ok {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b *listRow) int { return int(a.Position().Y - b.Position().Y) })
	var ids []data.ProductID
	for _, r := range rows {
		ids = append(ids, data.ProductID(r.label.Text))
	}
	return ids
}

func TestOnlyVisibleRowsExist(t *testing.T) {
	d := newListDesk(t, manyKeys(100_000))
	for _, y := range []float32{0, 17, 2_000_000, 1_000, 3_999_600, 0} {
		d.scroll.ScrollToOffset(fyne.NewPos(0, y))
		d.scroll.OnScrolled(d.scroll.Offset)
		first := int(y / 40)
		if got := d.onScreen(); len(got) > 11 || len(got) < 10 || got[0] != productID(first) {
			t.Errorf("at %.0f it shows %v", y, got)
		}
	}
	if d.made > 13 {
		t.Errorf("%d rows were made", d.made)
	}
}

func TestSelectionStaysWithItsProduct(t *testing.T) {
	d := newListDesk(t, manyKeys(20))
	d.sel(productID(5))
	d.setKeys(manyKeys(20)[3:])
	if d.selected != productID(5) || d.cursor.Position().Y != 2*40+1 {
		t.Errorf("selected %s at %.0f", d.selected, d.cursor.Position().Y)
	}
	d.setKeys(append([]data.ProductID{"new"}, manyKeys(20)...))
	if d.selected != productID(5) || d.cursor.Position().Y != 6*40+1 {
		t.Errorf("selected %s at %.0f", d.selected, d.cursor.Position().Y)
	}
	d.setKeys(manyKeys(5))
	if d.selected != "" || d.cursor.FillColor != color.Transparent {
		t.Errorf("selected %q after it left", d.selected)
	}
}

func TestTypedTextStaysWithItsProduct(t *testing.T) {
	d := newListDesk(t, manyKeys(20))
	s := d.write(productID(5), "12")
	d.setKeys(manyKeys(20)[4:])
	d.setKeys(append([]data.ProductID{"a", "b"}, manyKeys(20)...))
	if r := d.rows[productID(5)].(*listRow); r.amount != s || s.entry.Text != "12" || !s.Editing() || r.Position().Y != 7*40 {
		t.Errorf("the row says %q at %.0f", r.amount.entry.Text, r.Position().Y)
	}
	if d.win.Canvas().Focused() != s.Focusable() || len(d.typed) != 0 {
		t.Errorf("the focus is on %T, committed %v", d.win.Canvas().Focused(), d.typed)
	}
}

func TestTypedTextThatScrollsAwayIsTaken(t *testing.T) {
	d := newListDesk(t, manyKeys(200))
	d.write(productID(5), "12")
	d.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -4000)})
	if want := []string{"p-00005=12"}; !slices.Equal(d.typed, want) || d.win.Canvas().Focused() != nil {
		t.Errorf("committed %v, the focus is on %T", d.typed, d.win.Canvas().Focused())
	}
	d.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 4000)})
	if got := d.onScreen(); got[5] != productID(5) || slices.Contains(got, "") {
		t.Errorf("back at the top it shows %v", got)
	}
}

func TestRowThatLeavesUnderTheEditorIsNotUsedAgain(t *testing.T) {
	d := newListDesk(t, manyKeys(8))
	s := d.write(productID(5), "12")
	d.setKeys(slices.Delete(manyKeys(8), 5, 6))
	for _, r := range d.rows {
		if r.(*listRow).amount == s {
			t.Error("the row of a product that left shows another")
		}
	}
	if want := []string{"p-00005=12"}; !slices.Equal(d.typed, want) {
		t.Errorf("committed %v", d.typed)
	}
}

func TestListKeys(t *testing.T) {
	d := newListDesk(t, manyKeys(100))
	d.win.Canvas().Focus(d.rowList)
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyUp, 0}, {fyne.KeyDown, 1}, {fyne.KeyDown, 2}, {fyne.KeyPageDown, 11}, {fyne.KeyUp, 10}, {fyne.KeyPageUp, 1},
		{fyne.KeyEnd, 99}, {fyne.KeyDown, 99}, {fyne.KeyPageUp, 90}, {fyne.KeyHome, 0}, {fyne.KeyPageUp, 0},
	} {
		d.TypedKey(&fyne.KeyEvent{Name: step.key})
		if d.selected != productID(step.want) {
			t.Errorf("%s selects %s, want %d", step.key, d.selected, step.want)
		}
		if !slices.Contains(d.onScreen(), d.selected) {
			t.Errorf("%s: %s is not on the screen", step.key, d.selected)
		}
	}
	d.setKeys(nil)
	d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if d.selected != "" || len(d.onScreen()) != 0 {
		t.Errorf("an empty list selects %q", d.selected)
	}
}

func TestWheelScrollsOverSpinners(t *testing.T) {
	d := newListDesk(t, manyKeys(100))
	over := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.rows[productID(2)].(*listRow).amount.entry).AddXY(5, 5)
	test.Scroll(d.win.Canvas(), over, 0, -80)
	if d.scroll.Offset.Y != 80 || d.onScreen()[0] != productID(2) {
		t.Errorf("scrolled to %.0f, the top is %s", d.scroll.Offset.Y, d.onScreen()[0])
	}
}

// A list that becomes shorter while it is scrolled shows what is left.
func TestShorterListScrollsBack(t *testing.T) {
	d := newListDesk(t, manyKeys(100))
	d.sel(productID(99))
	d.setKeys(manyKeys(15))
	if d.scroll.Offset.Y != 200 || !slices.Contains(d.onScreen(), productID(14)) {
		t.Errorf("scrolled to %.0f, shows %v", d.scroll.Offset.Y, d.onScreen())
	}
	d.setKeys(manyKeys(3))
	if got := d.onScreen(); d.scroll.Offset.Y != 0 || len(got) != 3 {
		t.Errorf("scrolled to %.0f, shows %v", d.scroll.Offset.Y, got)
	}
	d.setKeys(manyKeys(100))
	d.sel(productID(50))
	if !slices.Contains(d.onScreen(), productID(50)) {
		t.Errorf("a row of the longer list is not revealed: %v", d.onScreen())
	}
}

// benchList returns a list of products as the window has it.
func benchList(b *testing.B, products []data.Product) *rowList {
	b.Helper()
	test.NewTempApp(b)
	fyne.CurrentApp().Settings().SetTheme(fixedTheme{newTheme(), theme.VariantLight})
	shelf := data.NewCatalogue(products)
	l := newRowList("Products", productHeight, func() row { return newProductRow(9999) }, func(id data.ProductID, r row) {
		p, _ := shelf.Product(id)
		r.(*productRow).set(p, 1)
	})
	w := test.NewTempWindow(b, l)
	w.Resize(fyne.NewSize(600, 600))
	keys := make([]data.ProductID, len(products))
	for i, p := range products {
		keys[i] = p.ID
	}
	l.setKeys(keys)
	return l
}

// bareList is the toolkit's own list with the same rows.
func bareList(b *testing.B, products []data.Product) *widget.List {
	b.Helper()
	l := widget.NewList(func() int { return len(products) }, func() fyne.CanvasObject { return newProductRow(9999) },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*productRow).set(products[i], 1) })
	w := test.NewTempWindow(b, l)
	w.Resize(fyne.NewSize(600, 600))
	return l
}

// BenchmarkScroll scrolls a list of 100,000 products by less than a row and
// compares that with the toolkit's own list of the same rows.
func BenchmarkScroll(b *testing.B) {
	const step = 37
	products := manyProducts(100_000)
	list := benchList(b, products)
	bare := bareList(b, products)
	var ours, theirs time.Duration
	for i := 0; b.Loop(); i++ {
		begin := time.Now()
		list.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -step)})
		middle := time.Now()
		bare.ScrollToOffset(float32(i * step))
		ours, theirs = ours+middle.Sub(begin), theirs+time.Since(middle)
	}
	b.ReportMetric(float64(ours.Microseconds())/float64(b.N), "µs/step")
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
}

// BenchmarkRefreshCart shows a cart of 500 lines anew.
func BenchmarkRefreshCart(b *testing.B) {
	list := benchList(b, manyProducts(500))
	keys := manyKeys(500)
	for b.Loop() {
		list.setKeys(keys)
	}
}

// BenchmarkShowAll shows 100,000 products anew, as emptying the search box does.
func BenchmarkShowAll(b *testing.B) {
	list := benchList(b, manyProducts(100_000))
	keys := manyKeys(100_000)
	for b.Loop() {
		list.setKeys(keys)
	}
}
