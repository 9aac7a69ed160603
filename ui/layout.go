package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Measures of the window's page, for the usual size of text unless it says
// otherwise.
const (
	startWidth, startHeight = 1100, 720 // of the window at its first start, in Fyne's units
	leastWidth, leastHeight = 800, 600  // of the window at all, in Fyne's units
	barAndBorder            = 80        // of that height, what belongs to the menu and the desktop

	twoColumns    = 960 // narrower than this the window has one column, whatever its text
	leastProducts = 420 // width of the columns
	leastCart     = 360
	primaryHeight = 42 // of the button that ends a sale
	quietHeight   = 32

	splitAt = 0.58 // share of the products at first
)

// side is a half of the page. A window that is too narrow for both shows one.
type side int

const (
	sideProducts side = iota
	sideCart
)

// pageLayout lays the window's page out: the products and the cart beside each
// other, or one of them with a switch above. What has to stay in sight, which
// is the search box, the total and what ends a sale, never scrolls.
type pageLayout struct {
	search, products, productsFoot, lines fyne.CanvasObject

	header  *header
	head    *cartHead
	foot    *cartFoot
	banner  *banner
	choice  *segments
	divider *divider
	toasts  *toaster

	split  float32 // share of the products, 0 to 1
	side   side    // shown where there is room for one only
	narrow bool    // there is
	room   region  // that both columns share
}

var _ fyne.Layout = (*pageLayout)(nil)

// objects are what the page consists of, the uppermost last.
func (p *pageLayout) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.header.Container, p.banner, p.search, p.choice, p.products, p.productsFoot,
		p.divider, p.head.Container, p.lines, p.foot.Container, p.toasts}
}

// MinSize implements fyne.Layout: that of the smallest window, without the edge
// that it keeps around the page, whatever the size of the text. What has no room
// then scrolls or is cut.
func (p *pageLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastWidth-2*theme.Padding(), leastHeight-barAndBorder)
}

// Layout implements fyne.Layout.
func (p *pageLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	page := region{w: size.Width, h: size.Height}
	page.top(p.header.MinSize().Height).fill(p.header.Container)
	if p.banner.Visible() {
		p.banner.Resize(fyne.NewSize(page.w, p.banner.Size().Height)) // its height depends on it
		page.top(p.banner.MinSize().Height).fill(p.banner)
		page.top(2 * theme.Padding())
	}
	p.narrow = size.Width < max(twoColumns, scaled(leastProducts+leastCart+60))
	p.show()
	page = page.inset(2 * theme.Padding())
	if p.narrow {
		p.oneColumn(page)
	} else {
		p.twoColumns(page)
	}
}

// show hides the half that has no room.
func (p *pageLayout) show() {
	products, cart := !p.narrow || p.side == sideProducts, !p.narrow || p.side == sideCart
	setVisible(p.products, products)
	setVisible(p.productsFoot, products)
	setVisible(p.lines, cart)
	setVisible(p.head.Container, cart)
	setVisible(p.choice, p.narrow)
	setVisible(p.divider, !p.narrow)
}

func setVisible(o fyne.CanvasObject, on bool) {
	switch {
	case on == o.Visible():
	case on:
		o.Show()
	default:
		o.Hide()
	}
}

func (p *pageLayout) twoColumns(page region) {
	p.room = page
	gap, bar := theme.Padding(), p.search.MinSize().Height
	left := page.left(p.productsWidth(page.w))
	page.left(scaled(dividerWidth)).fill(p.divider)
	p.foot.fit(page.w, true)
	page.bottom(p.foot.MinSize().Height).fill(p.foot.Container)
	page.bottom(gap)
	page.top(bar).fill(p.head.Container) // as high as the search box beside it
	page.top(gap)
	page.fill(p.lines)

	toasts := left
	left.top(bar).fill(p.search)
	left.top(gap)
	left.bottom(p.productsFoot.MinSize().Height).fill(p.productsFoot)
	left.bottom(gap)
	left.fill(p.products)
	toasts.fill(p.toasts)
	p.toasts.lift = 0 // over the number of products
}

// productsWidth is the width of the products' column.
func (p *pageLayout) productsWidth(all float32) float32 {
	most := all - scaled(leastCart) - scaled(dividerWidth)
	return max(scaled(leastProducts), min(most, whole(p.split*all)))
}

func (p *pageLayout) oneColumn(page region) {
	gap := theme.Padding()
	p.foot.fit(page.w, false)
	page.bottom(p.foot.MinSize().Height).fill(p.foot.Container)
	page.bottom(2 * gap)
	page.top(p.search.MinSize().Height).fill(p.search)
	page.top(2 * gap)
	bar := page.top(p.choice.MinSize().Height)
	bar.left(p.choice.MinSize().Width).fill(p.choice)
	bar.left(4 * gap)
	bar.fill(p.head.Container)
	words := bar.right(p.productsFoot.MinSize().Width)
	words.middle(p.productsFoot.MinSize().Height).fill(p.productsFoot)
	page.top(2 * gap)
	page.fill(p.products)
	page.fill(p.lines)
	page.fill(p.toasts)
	p.toasts.lift = 2 * gap
}

// arranger places its own parts.
type arranger interface {
	layout(size fyne.Size)
	layoutSize() fyne.Size // the least it needs
}

// arranged is the layout of a container whose owner places the parts.
type arranged struct{ arranger }

// laidOut puts parts into a container for their owner.
func laidOut(by arranger, parts ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: arranged{by}, Objects: parts}
}

// Layout implements fyne.Layout.
func (a arranged) Layout(_ []fyne.CanvasObject, size fyne.Size) { a.layout(size) }

// MinSize implements fyne.Layout.
func (a arranged) MinSize([]fyne.CanvasObject) fyne.Size { return a.layoutSize() }

// region is a rectangle of the page from which others are cut.
type region struct{ x, y, w, h float32 }

func (r region) fill(o fyne.CanvasObject) { put(o, r.x, r.y, r.w, max(0, r.h)) }

// inset leaves room at all sides but the upper one.
func (r region) inset(by float32) region {
	return region{r.x + by, r.y, r.w - 2*by, r.h - by}
}

// top, bottom, left and right cut a strip off.
func (r *region) top(h float32) region {
	cut := region{r.x, r.y, r.w, h}
	r.y, r.h = r.y+h, r.h-h
	return cut
}

func (r *region) bottom(h float32) region {
	r.h -= h
	return region{r.x, r.y + r.h, r.w, h}
}

func (r *region) left(w float32) region {
	cut := region{r.x, r.y, w, r.h}
	r.x, r.w = r.x+w, r.w-w
	return cut
}

func (r *region) right(w float32) region {
	r.w -= w
	return region{r.x + r.w, r.y, w, r.h}
}

// middle is the strip of a height in the middle.
func (r region) middle(h float32) region {
	return region{r.x, r.y + (r.h-h)/2, r.w, h}
}
