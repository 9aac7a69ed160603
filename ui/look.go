package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
)

// Preferences of how the window looks. Widths and heights are in the toolkit's
// units.
const (
	prefScale      = "text.scale"
	prefCompact    = "rows.compact"
	prefAppearance = "appearance"
	prefSplit      = "split"
	prefWidth      = "window.width"
	prefHeight     = "window.height"
)

// textScales are the sizes of text to choose from, the usual one first.
var textScales = []float32{1, 1.1, 1.25, 1.5, 1.75, 2}

// typingPause is how long typing has to rest before a narrow window turns to
// the products: a scan is over by then.
const typingPause = 150 * time.Millisecond

// rememberedTheme is the window's theme as the person left it.
func rememberedTheme(app fyne.App) *shopTheme {
	t := newTheme()
	t.scale, t.look = rememberedScale(app), rememberedAppearance(app)
	return t
}

func rememberedAppearance(app fyne.App) appearance {
	look := appearance(app.Preferences().String(prefAppearance))
	if !slices.Contains(appearances, look) {
		return asSystem
	}
	return look
}

// setAppearance shows the window in light or dark colours from now on.
func (w *Window) setAppearance(look appearance) {
	w.app.Preferences().SetString(prefAppearance, string(look))
	if look != w.theme.look {
		w.theme.look = look
		w.dressAnew()
	}
}

// dressAnew draws everything as the theme is now.
func (w *Window) dressAnew() {
	s := w.app.Settings()
	s.SetTheme(s.Theme())
}

func rememberedScale(app fyne.App) float32 {
	scale := float32(app.Preferences().FloatWithFallback(prefScale, 1))
	if !slices.Contains(textScales, scale) {
		return 1
	}
	return scale
}

// rememberedSize is the size of the window when it was last closed.
func rememberedSize(app fyne.App) fyne.Size {
	p := app.Preferences()
	size := fyne.NewSize(float32(p.FloatWithFallback(prefWidth, startWidth)), float32(p.FloatWithFallback(prefHeight, startHeight)))
	return size.Max(fyne.NewSize(leastWidth, leastHeight))
}

func rememberedSplit(app fyne.App) float32 {
	return max(0, min(1, float32(app.Preferences().FloatWithFallback(prefSplit, splitAt))))
}

// rememberSize keeps the window's size for the next start; that of the full
// screen is none to come back to.
func (w *Window) rememberSize() {
	if w.win.FullScreen() {
		return
	}
	size, p := w.win.Canvas().Size(), w.app.Preferences()
	p.SetFloat(prefWidth, float64(size.Width))
	p.SetFloat(prefHeight, float64(size.Height))
}

// biggerText, smallerText and usualText change the size of all text, and of
// everything around it.
func (w *Window) biggerText() { w.stepText(1) }

func (w *Window) smallerText() { w.stepText(-1) }

func (w *Window) usualText() { w.setScale(1) }

func (w *Window) stepText(by int) {
	at := slices.Index(textScales, w.theme.scale) + by
	if at >= 0 && at < len(textScales) {
		w.setScale(textScales[at])
	}
}

func (w *Window) setScale(scale float32) {
	w.app.Preferences().SetFloat(prefScale, float64(scale))
	if scale == w.theme.scale {
		return
	}
	w.theme.scale = scale
	w.dressAnew()
	w.menu.menu.Refresh() // which gives the page the room that the bar leaves at its new height
	if w.sizeTold != nil {
		w.sizeTold() // the size it names is no more
	}
	w.sizeTold = w.toasts.showAction(textTextSize.with("size", textPercent(scale)), "", nil)
}

// toggleCompact changes between comfortable and compact rows.
func (w *Window) toggleCompact() { w.keepCompact(!w.app.Preferences().Bool(prefCompact)) }

// keepCompact is setCompact for this and every later start.
func (w *Window) keepCompact(on bool) {
	w.app.Preferences().SetBool(prefCompact, on)
	w.setCompact(on)
}

func (w *Window) setCompact(on bool) {
	product, line := float32(productHeight), float32(lineHeight)
	if on {
		product, line = compactProductHeight, compactLineHeight
	}
	w.products.setHeight(product)
	w.lines.setHeight(line)
}

// fullScreen fills the screen with the window, and gives it its frame back.
func (w *Window) fullScreen() { w.win.SetFullScreen(!w.win.FullScreen()) }

// dragDivider moves the border between the products and the cart.
func (w *Window) dragDivider(by float32) {
	if all := w.page.room.w; all > 0 {
		w.setSplit((w.page.productsWidth(all) + by) / all)
	}
}

func (w *Window) resetDivider() { w.setSplit(splitAt) }

func (w *Window) setSplit(share float32) {
	w.page.split = share
	w.app.Preferences().SetFloat(prefSplit, float64(share))
	w.arrange()
}

// showSide shows a side of the page, where there is room for one only.
func (w *Window) showSide(s side) {
	w.lent = false
	w.page.side = s
	w.page.choice.turn(int(s))
	w.arrange()
	if hidden := w.hiddenList(); hidden != nil && (hidden.focused || hidden.typing()) {
		w.focusSearch()
	}
}

// hiddenList is the list on the side that is not shown, nil when both are.
func (w *Window) hiddenList() *rowList {
	switch {
	case !w.page.narrow:
		return nil
	case w.page.side == sideProducts:
		return w.lines
	}
	return w.products
}

// followTyping shows the products while something is searched for, and goes
// back to the cart when that is over. A scan is typed as well, but too fast to
// be followed: it leaves the side that is on.
func (w *Window) followTyping() {
	switch {
	case w.search.Text == "" && w.lent:
		w.showSide(sideCart)
	case w.search.Text != "" && w.page.narrow && w.page.side == sideCart:
		w.after(typingPause, w.turnToFound)
	}
}

func (w *Window) turnToFound() {
	if w.search.Text == "" || w.page.side != sideCart || time.Since(w.search.typed) < typingPause {
		return
	}
	w.showSide(sideProducts)
	w.lent = true
}
