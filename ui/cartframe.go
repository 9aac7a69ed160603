package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// cartHead is what stands above the cart's lines: its title, how long it stays
// open, and how many items are in it.
type cartHead struct {
	*fyne.Container
	title, countdown, items *words
}

// layoutSize implements arranger.
func (h *cartHead) layoutSize() fyne.Size { return fyne.NewSize(0, h.title.MinSize().Height) }

// layout implements arranger. A long title is cut.
func (h *cartHead) layout(size fyne.Size) {
	r := region{w: size.Width, h: size.Height}
	for _, o := range []*words{h.items, h.countdown} {
		one := r.right(o.width() + 1)
		one.middle(o.MinSize().Height).fill(o)
		r.right(4 * theme.Padding())
	}
	h.title.cut(r.w)
	r.middle(h.title.MinSize().Height).fill(h.title)
}

func (w *Window) buildCartHead() *cartHead {
	w.cartName = newWords("", theme.ColorNameForeground, theme.SizeNameSubHeadingText).bold()
	w.items = newWords("", colorMuted, theme.SizeNameText).trailing()
	w.countdown = newWords("", colorMuted, theme.SizeNameText)
	h := &cartHead{title: w.cartName, countdown: w.countdown, items: w.items}
	h.Container = laidOut(h, w.cartName, w.countdown, w.items)
	return h
}

// cartFoot is what stands below the cart's lines, always in sight: the total
// and what can be done with the whole cart.
type cartFoot struct {
	*fyne.Container
	label, total *words
	quiet        []*commandButton
	primary      *commandButton
	stacked      bool // the total stands above the buttons
}

// layoutSize implements arranger.
func (f *cartFoot) layoutSize() fyne.Size {
	height := max(f.total.MinSize().Height, scaled(primaryHeight))
	if f.stacked {
		height = f.total.MinSize().Height + scaled(primaryHeight) + theme.Padding()
	}
	return fyne.NewSize(0, height)
}

// fit chooses how to look in a width: the total above the buttons or beside
// them, the quiet buttons with words or by their icons alone.
func (f *cartFoot) fit(width float32, stacked bool) {
	sum := f.label.MinSize().Width + f.total.MinSize().Width + 4*theme.Padding()
	beside := sum
	if stacked {
		beside = 0
	}
	f.stacked = stacked
	f.terse(false)
	if f.buttons()+beside > width {
		f.terse(true)
	}
	f.stacked = stacked || f.buttons()+sum > width
	if f.stacked && !stacked {
		f.terse(f.quietWidth() > width)
	}
}

// terse leaves the words of the quiet buttons out.
func (f *cartFoot) terse(on bool) {
	for _, b := range f.quiet {
		text := b.label
		if on {
			text = ""
		}
		if b.Text != text {
			b.SetText(text)
		}
	}
}

// buttons is the width of all buttons.
func (f *cartFoot) buttons() float32 { return f.quietWidth() + f.primaryWidth() + 4*theme.Padding() }

func (f *cartFoot) quietWidth() float32 {
	var width float32
	for _, b := range f.quiet {
		width += b.MinSize().Width + 2*theme.Padding()
	}
	return width
}

func (f *cartFoot) primaryWidth() float32 { return f.primary.MinSize().Width + scaled(24) }

// layout implements arranger.
func (f *cartFoot) layout(size fyne.Size) {
	gap := 2 * theme.Padding()
	row := region{w: size.Width, h: size.Height}
	sum := &row
	if f.stacked {
		top := row.top(f.total.MinSize().Height)
		row.top(theme.Padding())
		sum = &top
	}
	one := row.right(f.primaryWidth())
	one.middle(scaled(primaryHeight)).fill(f.primary)
	row.right(2 * gap)
	for _, b := range f.quiet {
		one := row.left(b.MinSize().Width)
		one.middle(scaled(quietHeight)).fill(b)
		row.left(gap)
	}
	one = sum.right(f.total.MinSize().Width)
	one.middle(f.total.MinSize().Height).fill(f.total)
	sum.right(gap)
	one = sum.right(f.label.MinSize().Width)
	one.middle(f.label.MinSize().Height).fill(f.label)
}

func (w *Window) buildCartFoot() *cartFoot {
	w.total = newWords("", theme.ColorNameForeground, sizeTotal).bold().trailing()
	label := newWords(textTotal.say(), colorMuted, theme.SizeNameSubHeadingText)
	aside := newCommandButton(textPutAside.say(), theme.DownloadIcon(), w.command(func() { w.putAside(w.tab) }), w.typeInSearch)
	w.clear = newCommandButton(textClear.say(), theme.DeleteIcon(), w.command(w.clearCart), w.typeInSearch)
	aside.Importance, w.clear.Importance = widget.LowImportance, widget.LowImportance
	aside.label, w.clear.label = aside.Text, w.clear.Text
	f := &cartFoot{label: label, total: w.total, quiet: []*commandButton{aside, w.clear}, primary: w.buildCheckout()}
	f.Container = laidOut(f, label, w.total, aside, w.clear, f.primary)
	return f
}
