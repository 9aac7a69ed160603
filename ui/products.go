package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Measures of a product's row, for the usual size of text.
const (
	productHeight        = 58
	compactProductHeight = 44
	avatarSize           = 38
	priceWidth           = 84
	narrowPrice          = 52
	narrowProducts       = 520 // below this width the initials give way to the name
)

// productRow shows one product, a spinner for how many, and Add.
type productRow struct {
	widget.BaseWidget
	onAdd  func(id data.ProductID, n int64)
	onPick func(id data.ProductID, n int64)

	id      data.ProductID
	product data.Product // as it is shown
	dressed dressing     // and how it looks
	avatar  *avatar
	name    *widget.Label
	caption *caption
	stock   *canvas.Text // behind the caption, and never cut
	price   *canvas.Text
	amount  *Spinner
	add     *rowButton
	rule    *canvas.Rectangle
	box     *fyne.Container
}

func newProductRow(limit int64) *productRow {
	r := &productRow{avatar: newAvatar(), name: newNameLabel(), caption: newRowCaption(),
		stock: newCaption(), price: newFigure(), rule: newRule()}
	r.amount = newSpinner(1, limit)
	r.amount.OnStepped = func(int64) { r.onPick(r.id, r.amount.Value()) }
	r.amount.Label = func() string { return textQuantityOf(r.name.Text) }
	r.amount.OnTyped = func(n int64) { r.onPick(r.id, n) }
	r.add = newRowButton(textAdd.say(), nil, true, r.addNow)
	r.box = container.NewWithoutLayout(r.avatar, r.name, r.caption.Text, r.stock, r.price, r.amount, r.add, r.rule)
	r.box.Layout = placed(r.place, fyne.NewSize(0, productHeight))
	r.ExtendBaseWidget(r)
	return r
}

// addNow adds as many as the spinner says, text being typed included; what is
// no quantity is refused by the spinner, and nothing is added.
func (r *productRow) addNow() {
	if n, ok := r.amount.Commit(); ok {
		r.onAdd(r.id, n)
	}
}

// set shows a product; n is what the spinner says.
func (r *productRow) set(p data.Product, n int64) {
	r.amount.SetValue(n)
	if now := dressed(); r.product != p || r.dressed != now {
		r.id, r.product, r.dressed = p.ID, p, now
		r.fill(p)
	}
}

func (r *productRow) fill(p data.Product) {
	th := r.Theme()
	name, code, price, tone := p.Name, textProductCode(p), textMoney(p.Price), colorMuted
	if p.Damaged != "" {
		name, code, price, tone = string(p.ID), textDamagedProduct(p), "–", theme.ColorNameError
	}
	r.avatar.set(p.Name)
	r.name.SetText(name)
	r.caption.set(code, tone, th)
	setText(r.stock, textStock(p), colorMuted, theme.SizeNameCaptionText, th)
	setText(r.price, price, theme.ColorNameForeground, theme.SizeNameText, th)
	r.rule.FillColor = th.Color(theme.ColorNameSeparator, variant())
	r.add.setLabel(textAddProduct(p.Name))
	r.add.setEnabled(p.Damaged == "")
	r.place(r.Size()) // another price needs another width
}

func (r *productRow) busy() bool { return holds(r.amount) }

func (r *productRow) release() { leave(r.amount) }

func (r *productRow) place(size fyne.Size) {
	pad := theme.Padding()
	x, price, space := 2*pad, scaled(narrowPrice), 2*pad
	if r.avatar.Hidden = size.Width < scaled(narrowProducts); !r.avatar.Hidden {
		price, space = scaled(priceWidth), 4*pad
		side := min(scaled(avatarSize), size.Height-3*pad)
		put(r.avatar, x, (size.Height-side)/2, side, side)
		x += side + 3*pad
	}
	right := size.Width - 2*pad
	right = putRight(r.add, right, size.Height, r.add.MinSize()) - 2*pad
	right = putRight(r.amount, right, size.Height, r.amount.MinSize()) - space
	h := r.price.MinSize().Height
	price = max(price, r.price.MinSize().Width+pad)
	put(r.price, right-price, (size.Height-h)/2, price, h)
	put(r.rule, 2*pad, size.Height-1, size.Width-4*pad, 1)
	r.placeWords(x, right-price-x, size.Height)
}

// placeWords puts the name above the codes, and the stock behind those: they
// are cut before the stock is.
func (r *productRow) placeWords(x, width, height float32) {
	stock := r.stock.MinSize()
	putTwoLines(r.name, r.caption, x, width-stock.Width, height)
	put(r.stock, x+min(r.caption.width(), width-stock.Width), r.caption.Position().Y, stock.Width, stock.Height)
	r.name.Resize(fyne.NewSize(width+theme.InnerPadding(), r.name.Size().Height))
}

// CreateRenderer implements fyne.Widget.
func (r *productRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }
