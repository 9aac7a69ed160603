package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// What the history of a shop says.
const (
	textHistory       phrase = "History"
	textHistoryTitle  phrase = "History of the shop"
	textFindPast      phrase = "Type a name, a counter or a total…"
	textEndedCarts    phrase = "Ended carts"
	textOrders        phrase = "Orders"
	textShowOlder     phrase = "Show older"
	textLoadingPast   phrase = "Loading…"
	textNoEnded       phrase = "No cart has expired or was emptied in the last 30 days."
	textNoOrders      phrase = "No cart was checked out in the last 30 days."
	textBringBackPast phrase = "Bring back"
	textCopyPast      phrase = "Copy into a new cart"
	textIsBack        phrase = "Brought back"
	textCopyPrices    phrase = "A copy has the prices of today."
	textNowExpired    phrase = "Expired {time}"
	textNowEmptied    phrase = "Emptied {time}"
	textEmptiedBy     phrase = "Emptied {time} by {counter}"
	textNowSold       phrase = "Checked out {time}"
	textSoldBy        phrase = "Checked out {time} by {counter}"
)

// pastShelf is what is known of the ended carts, or of the orders.
type pastShelf struct {
	all     []data.Past // the newest first
	asked   bool        // at least once
	loading bool
	older   bool // there may be more
	err     error
}

// pastList is the dialog with what is over in the shop: carts that ended, and
// behind a switch the orders.
type pastList struct {
	window  *Window
	alert   *alert
	list    *pickList
	kinds   [2]*choice // ended carts, orders
	older   *choice
	detail  *fyne.Container
	showing data.OpID         // in detail
	right   *container.Scroll // around detail
	note    *words
	back    map[data.OpID]bool // whether a cart is back already, as far as is known
	asking  bool               // about one of them
	wanted  data.OpID          // to be chosen when it is there

	orders  bool
	shelves [2]pastShelf
}

// showHistory shows what is over in the shop.
func (w *Window) showHistory() { w.openHistory(false) }

// openOrder shows the orders, with one of them chosen.
func (w *Window) openOrder(id data.OpID) {
	w.openHistory(true)
	w.pastList.wanted = id
}

func (w *Window) openHistory(orders bool) {
	h := &pastList{window: w, list: newPickList(textFindPast.say()), detail: container.NewVBox(), back: map[data.OpID]bool{},
		note: newWords("", colorWaiting, theme.SizeNameCaptionText)}
	h.list.onPick = func() { h.alert.press(h.alert.byRole(rolePrimary)) }
	h.list.onSide = func(by int) { h.turn(by > 0) }
	h.alert = w.alerts.show(alertSpec{
		Title: textHistoryTitle.say(), Content: h.build(), Wide: true, First: h.list.filter, Above: h.list.focus, Return: w.search,
		Buttons: []alertButton{
			{Label: textClose.say(), Role: roleSafe},
			{Label: textCopyPast.say(), Role: roleOther, Do: h.copy},
			{Label: textBringBackPast.say(), Role: rolePrimary, Do: h.bringBack},
		},
		OnClosed: func() { w.pastList = nil },
	})
	w.pastList = h
	h.list.onChosen = h.showDetail
	h.turn(orders)
}

// build puts the switch above, the list left, and the chosen cart right.
func (h *pastList) build() fyne.CanvasObject {
	labels := []phrase{textEndedCarts, textOrders}
	row := container.New(layout.NewCustomPaddedHBoxLayout(0))
	for i, label := range labels {
		c := newChoice(label.say(), func() { h.turn(i == 1); h.list.focus() })
		c.move = func(key fyne.KeyName) {
			if by := horizontal(key); by != 0 {
				h.turn(by > 0)
				c.focus(h.kinds[max(0, by)])
			}
		}
		h.kinds[i] = c
		row.Add(ringed(c.ring, c))
	}
	h.older = newChoice(textShowOlder.say(), h.loadOlder)
	older := container.NewHBox(ringed(h.older.ring, h.older), container.NewCenter(h.note))
	h.right = container.NewVScroll(h.detail)
	h.right.SetMinSize(fyne.NewSize(230, 10))
	middle := container.New(&sideLayout{share: 0.6}, h.list, h.right)
	inLine := layout.NewCustomPaddedLayout(0, 0, -alertRing, 0)
	return container.New(layout.NewCustomPaddedVBoxLayout(0), container.New(inLine, row), middle, container.New(inLine, older))
}

func (h *pastList) shelf() *pastShelf {
	if h.orders {
		return &h.shelves[1]
	}
	return &h.shelves[0]
}

// turn shows the orders, or else the carts that ended otherwise.
func (h *pastList) turn(orders bool) {
	h.orders = orders
	for i, c := range h.kinds {
		c.Importance = widget.MediumImportance
		if (i == 1) == orders {
			c.Importance = widget.HighImportance
		}
		c.Refresh()
	}
	if !h.shelf().asked {
		h.load(time.Time{})
	}
	h.show()
}

func (h *pastList) loadOlder() {
	if all := h.shelf().all; len(all) > 0 {
		h.load(all[len(all)-1].At)
		h.show()
	}
	h.list.focus()
}

// load asks the shop for those that ended before a time; zero: the newest.
func (h *pastList) load(before time.Time) {
	s, orders, shop := h.shelf(), h.orders, h.window.place.Shop
	if s.loading {
		return
	}
	s.asked = true
	s.loading = h.window.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		page, err := shop.Past(ctx, orders, before)
		return func() {
			s.loading, s.err = false, err
			if err == nil {
				s.all, s.older = append(s.all, page...), len(page) == data.PastPage
			}
			h.show()
		}
	})
}

// show draws what is known of the carts, or the orders.
func (h *pastList) show() {
	s := h.shelf()
	rows := make([]pickSpec, len(s.all))
	for i, p := range s.all {
		rows[i] = h.row(p)
	}
	nothing, note := textNoEnded.say(), ""
	if h.orders {
		nothing = textNoOrders.say()
	}
	switch {
	case s.loading:
		nothing = textLoadingPast.say()
	case s.err != nil && len(s.all) == 0:
		nothing = textShopSilent.say()
	case s.err != nil:
		note = textShopSilent.say()
	}
	h.note.set(note, colorWaiting)
	h.older.Hidden = !s.older
	setVisible(h.right, len(rows) > 0)
	h.list.set(rows, nothing)
	if slices.ContainsFunc(s.all, func(p data.Past) bool { return p.ID == h.wanted }) {
		h.list.choose(string(h.wanted))
		h.wanted = ""
	}
	h.alert.arrange()
}

func (h *pastList) row(p data.Past) pickSpec {
	s := pickSpec{id: string(p.ID), title: short(h.window.cartTitle(p.Cart.ID, p.Cart.Name)), caption: textPast(p),
		figure: textSum(p.Cart.Total()), note: textItems(p.Cart.Items())}
	if h.isBack(p.ID) {
		s.mark = textIsBack.say()
	}
	return s
}

// textPast says in a few words how and when a cart ended.
func textPast(p data.Past) string {
	unsigned, signed := textNowExpired, textNowExpired
	switch p.How {
	case data.Emptied:
		unsigned, signed = textNowEmptied, textEmptiedBy
	case data.CheckedOut:
		unsigned, signed = textNowSold, textSoldBy
	}
	if p.By == "" {
		return unsigned.with("time", textClock(p.At))
	}
	return signed.with("time", textClock(p.At), "counter", p.By)
}

// chosen is the cart of the chosen row.
func (h *pastList) chosen() (data.Past, bool) {
	for _, p := range h.shelf().all {
		if string(p.ID) == h.list.selected {
			return p, true
		}
	}
	return data.Past{}, false
}

// showDetail shows what the chosen cart had, and enables what can be done with
// it.
func (h *pastList) showDetail() {
	p, ok := h.chosen()
	allowPush(h.alert.byRole(rolePrimary), ok && !h.orders && !h.isBack(p.ID))
	h.askIfBack(p)
	allowPush(h.alert.byRole(roleOther), ok)
	if p.ID == h.showing {
		return
	}
	h.showing = p.ID
	h.detail.RemoveAll()
	if ok {
		h.detail.Objects = pastDetail(p, h.detail.Size().Width)
	}
	h.detail.Refresh()
}

// pastDetail tells how a cart ended, and lists its lines. Texts that wrap have to
// be told the width before their height is asked for.
func pastDetail(p data.Past, width float32) []fyne.CanvasObject {
	title, hint := textEnded(p)
	how := widget.NewLabel(title)
	how.TextStyle.Bold = true
	how.Wrapping = fyne.TextWrapWord
	had := newMutedText(hint+" "+textPrices(p.How), theme.SizeNameCaptionText)
	for _, o := range []fyne.CanvasObject{how, had} {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	}
	head := container.New(layout.NewCustomPaddedVBoxLayout(-theme.InnerPadding()), how, had)
	return append([]fyne.CanvasObject{head}, pastLines(p.Cart.Lines)...)
}

// textPrices says what prices the lines of a cart will have.
func textPrices(how data.Ending) string {
	if how == data.CheckedOut {
		return textCopyPrices.say()
	}
	return textPricesAgain.say()
}

// askIfBack finds out whether a cart has come back already, at any counter; one
// at a time, the one that is chosen.
func (h *pastList) askIfBack(p data.Past) {
	if _, known := h.back[p.ID]; known || h.asking || p.ID == "" || p.How == data.CheckedOut {
		return
	}
	shop, used := h.window.place.Shop, h.window.used()
	h.asking = h.window.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		c, err := findPlace(ctx, shop, p, used)
		return func() { h.learnIfBack(p, c.done && err == nil) }
	})
}

func (h *pastList) learnIfBack(p data.Past, back bool) {
	h.asking, h.back[p.ID] = false, back
	if h.window.pastList == h {
		h.show()
	}
}

func (h *pastList) isBack(id data.OpID) bool { return h.back[id] || slices.Contains(h.window.back, id) }

// bringBack brings the chosen cart back; an order stays one, and so does a cart
// that is back already.
func (h *pastList) bringBack() error {
	p, ok := h.chosen()
	if !ok || h.orders || h.isBack(p.ID) {
		return errAlertStays
	}
	h.window.bringBackPast(p)
	return nil
}

// copy puts the lines of the chosen cart into a new one.
func (h *pastList) copy() error {
	p, ok := h.chosen()
	if !ok {
		return errAlertStays
	}
	w := h.window
	if w.openFresh(data.NewCartID(w.model.now())) {
		w.nameAs(p)
		for _, l := range p.Cart.Lines {
			w.submit(data.Change{Kind: data.KindAdd, Product: l.Product.ID, Quantity: l.Quantity, Name: lineName(l)})
		}
	}
	return nil
}

// sideLayout puts two objects beside each other; the first gets its share of the
// width, all of it where the second is hidden, and says how high they are.
type sideLayout struct{ share float32 }

// MinSize implements fyne.Layout.
func (s *sideLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(a.Width+b.Width, max(a.Height, b.Height))
}

// Layout implements fyne.Layout.
func (s *sideLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad := 2 * theme.Padding()
	first := size.Width * s.share
	put(objects[1], first+pad, 0, size.Width-first-pad, size.Height)
	if !objects[1].Visible() {
		first = size.Width
	}
	put(objects[0], 0, 0, first, size.Height)
}
