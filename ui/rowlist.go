package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// row is one row of a rowList.
type row interface {
	fyne.CanvasObject
	// busy reports whether a person is typing in the row.
	busy() bool
	// release ends the typing, as leaving the field would.
	release()
}

// rowList is a scrolling list whose rows are known by their product and not by
// their place. The toolkit's List knows places only: there a line that goes
// away moves the selection, and a text being typed, to another product. Here
// the row of a product stays the same widget as long as it is on screen, and
// one that is being typed in is never handed to another product.
//
// Only the rows on screen exist, so the length of the list costs nothing.
type rowList struct {
	widget.BaseWidget

	create  func() row
	bind    func(id data.ProductID, r row)
	onKey   func(id data.ProductID, e *fyne.KeyEvent) bool // true: done
	onRune  func(id data.ProductID, r rune)
	height  float32    // of a row at the usual size of text, its gap included
	label   string     // for screen readers
	watch   *scanWatch // hears the keys first
	focused bool

	keys     []data.ProductID
	places   map[data.ProductID]int // of those that were asked for; see at
	selected data.ProductID
	rows     map[data.ProductID]row
	pool     []row

	scroll  *container.Scroll
	content *fyne.Container
	cursor  *canvas.Rectangle // behind the selected row
}

var (
	_ fyne.Focusable  = (*rowList)(nil)
	_ fyne.Accessible = (*rowList)(nil)
)

func newRowList(label string, height float32, create func() row, bind func(data.ProductID, row)) *rowList {
	l := &rowList{create: create, bind: bind, height: height, label: label,
		rows: map[data.ProductID]row{}, cursor: canvas.NewRectangle(color.Transparent)}
	l.content = container.New(rowsLayout{l})
	l.scroll = container.NewVScroll(l.content)
	l.scroll.OnScrolled = func(fyne.Position) { l.arrange(false) }
	l.ExtendBaseWidget(l)
	return l
}

// setKeys shows these products in this order; rows on screen are filled anew.
// A list without any is hidden, and so gets no focus.
func (l *rowList) setKeys(keys []data.ProductID) {
	l.keys = keys
	l.locate()
	if _, there := l.at(l.selected); !there {
		l.selected = ""
	}
	setVisible(l, len(keys) > 0)
	l.fit()
	l.arrange(true)
}

// locate forgets the places of the old keys, and finds those of what is on
// screen. Any other is looked for when it is asked for: those of all keys would
// cost too much in a long list.
func (l *rowList) locate() {
	first, last := l.visible()
	l.places = make(map[data.ProductID]int, last-first)
	for i, k := range l.keys[first:last] {
		l.places[k] = first + i
	}
}

// at returns the place of a product.
func (l *rowList) at(id data.ProductID) (int, bool) {
	at, known := l.places[id]
	if !known {
		if l.places == nil {
			l.places = map[data.ProductID]int{}
		}
		at = slices.Index(l.keys, id)
		l.places[id] = at
	}
	return at, at >= 0
}

// setHeight changes the height of a row, as it is at the usual size of text.
func (l *rowList) setHeight(height float32) {
	l.height = height
	l.fit()
	l.Refresh()
}

// rowHeight is the height of a row now.
func (l *rowList) rowHeight() float32 { return scaled(l.height) }

// fit gives the content the height of the new keys at once. The scroller would
// do so later and until then keep an offset that is no longer within them. The
// rows need no part in that: arrange puts them back.
func (l *rowList) fit() {
	size := l.scroll.Size()
	size.Height = max(size.Height, float32(len(l.keys))*l.rowHeight())
	if size == l.content.Size() {
		return
	}
	l.content.Objects = nil
	l.content.Resize(size)
	l.scroll.Refresh()
}

// top scrolls back to the first row.
func (l *rowList) top() {
	l.scroll.ScrollToTop()
	l.arrange(false)
}

// update fills the row of one product anew, if it is on screen.
func (l *rowList) update(id data.ProductID) {
	if r, ok := l.rows[id]; ok {
		l.bind(id, r)
	}
}

// sel selects a product and brings its row into view.
func (l *rowList) sel(id data.ProductID) {
	if _, there := l.at(id); !there {
		id = ""
	}
	l.selected = id
	l.reveal(id)
	l.arrange(false)
}

// move selects the row that many places further down, within the list.
func (l *rowList) move(by int) {
	if len(l.keys) == 0 {
		return
	}
	at, ok := l.at(l.selected)
	if !ok {
		at, by = 0, 0
	}
	l.sel(l.keys[max(0, min(at+by, len(l.keys)-1))])
}

// reveal scrolls as little as needed to show the row of a product.
func (l *rowList) reveal(id data.ProductID) {
	at, ok := l.at(id)
	if !ok {
		return
	}
	height, view := l.rowHeight(), l.scroll.Size().Height
	top := float32(at) * height
	y := l.scroll.Offset.Y
	y = max(min(y, top), top+height-view)
	if y != l.scroll.Offset.Y {
		l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, y)))
		l.arrange(false)
	}
}

// arrange puts the rows on screen where they belong. Fresh fills all of them,
// otherwise only those that come into view.
func (l *rowList) arrange(fresh bool) {
	first, last := l.visible()
	l.recycle(first, last)
	size := fyne.NewSize(l.scroll.Size().Width, l.rowHeight())
	objects := []fyne.CanvasObject{l.cursor}
	for _, id := range l.shown(first, last) {
		r, had := l.rows[id]
		if !had {
			r = l.take()
			l.rows[id] = r
		}
		if !had || fresh {
			l.bind(id, r)
		}
		r.Resize(size)
		at, _ := l.at(id)
		r.Move(fyne.NewPos(0, float32(at)*size.Height))
		objects = append(objects, r)
	}
	l.paintCursor(size)
	// Refreshing the content would do so to every part of every row. The
	// cursor alone gets the window drawn.
	l.content.Objects = objects
	l.cursor.Refresh()
}

// shown returns the products between two places and those being typed in.
func (l *rowList) shown(first, last int) []data.ProductID {
	ids := slices.Clone(l.keys[first:last])
	for i, id := range ids {
		l.places[id] = first + i
	}
	for id, r := range l.rows {
		if at, on := l.places[id]; r.busy() && !(on && at >= first && at < last) {
			ids = append(ids, id)
		}
	}
	return ids
}

// typing reports whether a person is in the field of a row.
func (l *rowList) typing() bool {
	for _, r := range l.rows {
		if r.busy() {
			return true
		}
	}
	return false
}

// recycle takes back the rows that are not needed any more. A row being typed
// in stays with its product; when that has left the view the typing ends, as
// nobody sees any more what is typed.
func (l *rowList) recycle(first, last int) {
	for id, r := range l.rows {
		if at, known := l.places[id]; known && at >= first && at < last {
			continue
		}
		if r.busy() {
			fyne.Do(r.release)
			if _, there := l.at(id); !there {
				delete(l.rows, id) // not to the pool: it still ends its product's edit
			}
			continue
		}
		delete(l.rows, id)
		l.pool = append(l.pool, r)
	}
}

func (l *rowList) take() row {
	if n := len(l.pool); n > 0 {
		r := l.pool[n-1]
		l.pool = l.pool[:n-1]
		return r
	}
	return l.create()
}

// visible returns the places on screen, the last one exclusive.
func (l *rowList) visible() (first, last int) {
	height := l.rowHeight()
	first = int(l.scroll.Offset.Y / height)
	last = int((l.scroll.Offset.Y+l.scroll.Size().Height)/height) + 1
	first = max(0, min(first, len(l.keys)))
	return first, max(first, min(last, len(l.keys)))
}

func (l *rowList) paintCursor(size fyne.Size) {
	at, ok := l.at(l.selected)
	if !ok {
		// Not hidden: only what is shown can ask for the window to be drawn.
		l.cursor.FillColor, l.cursor.StrokeWidth = color.Transparent, 0
		return
	}
	th, v := l.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	l.cursor.FillColor = th.Color(theme.ColorNameSelection, v)
	l.cursor.StrokeColor = th.Color(theme.ColorNamePrimary, v)
	l.cursor.StrokeWidth = 0
	if l.focused {
		l.cursor.StrokeWidth = 2
	}
	l.cursor.CornerRadius = th.Size(theme.SizeNameSelectionRadius)
	l.cursor.Move(fyne.NewPos(2, float32(at)*size.Height+1))
	l.cursor.Resize(fyne.NewSize(size.Width-4, size.Height-2))
}

// FocusGained implements fyne.Focusable.
func (l *rowList) FocusGained() {
	l.focused = true
	id := l.selected
	if id == "" && len(l.keys) > 0 {
		id = l.keys[0]
	}
	l.sel(id)
}

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() {
	l.focused = false
	l.arrange(false)
}

// TypedRune implements fyne.Focusable.
func (l *rowList) TypedRune(r rune) {
	l.watch.typed(r)
	l.onRune(l.selected, r)
}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	if l.watch.took(e.Name) {
		return
	}
	page := max(1, int(l.scroll.Size().Height/l.rowHeight())-1)
	switch e.Name {
	case fyne.KeyUp:
		l.move(-1)
	case fyne.KeyDown:
		l.move(1)
	case fyne.KeyPageUp:
		l.move(-page)
	case fyne.KeyPageDown:
		l.move(page)
	case fyne.KeyHome:
		l.move(-len(l.keys))
	case fyne.KeyEnd:
		l.move(len(l.keys))
	default:
		l.onKey(l.selected, e)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (l *rowList) AccessibilityLabel() string { return l.label }

// AccessibilityRole implements fyne.Accessible.
func (l *rowList) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Refresh implements fyne.Widget.
func (l *rowList) Refresh() {
	l.arrange(true)
	l.BaseWidget.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (l *rowList) CreateRenderer() fyne.WidgetRenderer {
	return &rowListRenderer{WidgetRenderer: widget.NewSimpleRenderer(l.scroll), list: l}
}

type rowListRenderer struct {
	fyne.WidgetRenderer
	list *rowList
}

func (r *rowListRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.list.arrange(false)
}

// rowsLayout gives the content the height of all rows; arrange places them.
type rowsLayout struct{ list *rowList }

func (rowsLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (r rowsLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, float32(len(r.list.keys))*r.list.rowHeight())
}
