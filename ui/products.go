package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Measures of a product's row.
const (
	productHeight  = 58
	avatarSize     = 38
	priceWidth     = 84
	narrowPrice    = 52
	narrowProducts = 520 // below this width the initials give way to the name
)

// productRow shows one product, a spinner for how many, and Add.
type productRow struct {
	widget.BaseWidget
	onAdd  func(id data.ProductID, n int64)
	onPick func(id data.ProductID, n int64)

	id      data.ProductID
	product data.Product      // as it is shown
	dressed fyne.ThemeVariant // and in which colours
	avatar  *avatar
	name    *widget.Label
	caption *caption
	price   *canvas.Text
	amount  *Spinner
	add     *rowButton
	rule    *canvas.Rectangle
	box     *fyne.Container
}

func newProductRow(limit int64) *productRow {
	r := &productRow{avatar: newAvatar(), name: newNameLabel(), caption: newRowCaption(), price: newFigure(), rule: newRule()}
	r.amount = newSpinner(1, limit)
	r.amount.OnStepped = func(int64) { r.onPick(r.id, r.amount.Value()) }
	r.amount.Label = func() string { return textQuantityOf(r.name.Text) }
	r.amount.OnTyped = func(n int64) { r.onPick(r.id, n) }
	r.add = newRowButton(textAdd, nil, true, r.addNow)
	r.box = container.NewWithoutLayout(r.avatar, r.name, r.caption.Text, r.price, r.amount, r.add, r.rule)
	r.box.Layout = placed(r.place, fyne.NewSize(320, productHeight))
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
	if r.product == p && r.dressed == variant() {
		return
	}
	r.id, r.product, r.dressed = p.ID, p, variant()
	r.avatar.set(p.Name)
	r.name.SetText(p.Name)
	r.caption.set(textProductCaption(p), colorMuted, r.Theme())
	setText(r.price, p.Price.String(), theme.ColorNameForeground, r.Theme())
	if p.Damaged != "" {
		r.name.SetText(string(p.ID))
		r.caption.set(textDamagedProduct(p), theme.ColorNameError, r.Theme())
		setText(r.price, "–", theme.ColorNameForeground, r.Theme())
	}
	r.rule.FillColor = r.Theme().Color(theme.ColorNameSeparator, variant())
	r.add.setLabel(textAddProduct(p.Name))
	r.add.setEnabled(p.Damaged == "")
	r.place(r.Size()) // another price needs another width
}

func (r *productRow) busy() bool { return holds(r.amount) }

func (r *productRow) release() { leave(r.amount) }

func (r *productRow) place(size fyne.Size) {
	pad := theme.Padding()
	x, price, space := 2*pad, float32(narrowPrice), 2*pad
	if size.Width >= narrowProducts {
		price, space = priceWidth, 4*pad
		r.avatar.Show()
		put(r.avatar, x, (size.Height-avatarSize)/2, avatarSize, avatarSize)
		x += avatarSize + 3*pad
	} else {
		r.avatar.Hide()
	}
	right := size.Width - 2*pad
	right = putRight(r.add, right, size.Height, r.add.MinSize()) - 2*pad
	right = putRight(r.amount, right, size.Height, r.amount.MinSize()) - space
	h := r.price.MinSize().Height
	price = max(price, r.price.MinSize().Width+pad)
	put(r.price, right-price, (size.Height-h)/2, price, h)
	put(r.rule, 2*pad, size.Height-1, size.Width-4*pad, 1)
	putTwoLines(r.name, r.caption, x, right-price-x, size.Height)
}

// CreateRenderer implements fyne.Widget.
func (r *productRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }
