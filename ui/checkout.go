package ui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// What checking out says.
const (
	textCheckOut        phrase = "Check out"
	textCheckOutSum     phrase = "Check out {sum}"
	textCheckOutTitle   phrase = "Check out this cart?"
	textCheckOutNamed   phrase = "Check out {cart}?"
	textOrderNeeds      phrase = "An order needs the shop, and that cannot be reached at the moment. It can be checked out as soon as the shop is back."
	textSoldThen        phrase = "The cart is checked out right after that."
	textFirstMended     phrase = "This cannot be sold as it is. Remove it, or mend it in the cart, and then check out."
	textNothingSold     phrase = "Nothing was checked out."
	textChangedNow      phrase = "{who} changed this cart just now. Look at the new total."
	textSold            phrase = "Checked out: {items}, {sum}."
	textSoldElsewhere   phrase = "This cart was checked out at {counter} ({time})."
	textSoldSomewhere   phrase = "This cart was checked out at another counter ({time})."
	textEmptiedMeantime phrase = "Somebody took out all of it meanwhile."
	textOnlyLeft        phrase = "Not enough of {name}"
	textStockShort      phrase = "{left} in stock, {have} in the cart."
	textLowerFirst      phrase = "Lower its quantity or remove it, and then check out."
	textSetTo           phrase = "Set to {n}"
	textSaleUnknown     phrase = "It is not known whether this cart was checked out"
	textSaleUnknownHint phrase = "The connection was lost in the middle of it. The orders in the history tell."
	textSaleLost        phrase = "The server has lost an order"
	textSaleLostHint    phrase = "It was confirmed, then the server lost it. Look at the cart, and check it out again."
	textNotYet          phrase = "This cart cannot be checked out yet"
	textSaleRefused     phrase = "This cart was not checked out"
)

// How long a press does not count, so that nobody confirms what came up under
// the finger: a key held down since it opened the question, and a total that
// another counter has just changed.
const (
	heldTime    = 700 * time.Millisecond
	changedTime = 600 * time.Millisecond
)

// checkout is making an order of a cart, from the question to the answer. A
// cart has one at most.
type checkout struct {
	window *Window
	tab    *tab

	cart  data.Cart // as the question shows it, and as it was sent
	alert *alert    // the question; nil: it is not on screen
	say   *widget.Label
	until time.Time // no press counts before
	held  bool      // a key may be held down since it opened the question
	early bool      // it was confirmed while changes were on their way, and waits for them

	op      data.OpID // of the change that was sent; empty: none was
	refused bool      // as another cart than was seen; what it is now is to come
}

// buildCheckout makes the button below the cart.
func (w *Window) buildCheckout() *commandButton {
	w.checkoutButton = newCommandButton(textCheckOut.say(), nil, w.command(func() { w.startCheckout(true, "") }), w.typeInSearch)
	w.checkoutButton.Importance = widget.HighImportance
	return w.checkoutButton
}

// showCheckout writes on the button what the cart comes to.
func (w *Window) showCheckout() {
	s := w.model.state
	label := textCheckOut.say()
	sum, exact := s.Cart.Total()
	if len(s.Cart.Lines) > 0 && exact {
		label = textCheckOutSum.with("sum", textMoney(sum))
	}
	if w.checkoutButton.Text != label {
		w.checkoutButton.SetText(label)
	}
	enable(w.checkoutButton, len(s.Cart.Lines) > 0)
}

// checkOut asks whether the cart on screen is to become an order.
func (w *Window) checkOut() { w.startCheckout(w.entering, "") }

// startCheckout asks, with news about the cart if there is any. Held says that
// a key that is still held down may have asked for it.
func (w *Window) startCheckout(held bool, news string) {
	if w.editing() != "" {
		w.focusSearch() // a quantity that is being typed is part of the order
	}
	t := w.tab
	c := t.model.state.Cart
	switch {
	case t.checkout != nil: // its answer is on the way
		return
	case len(c.Lines) == 0:
		w.toasts.show(textCartEmpty.say())
		return
	case len(unsellable(c)) > 0:
		w.tellUnsellable(unsellable(c))
		return
	}
	if w.unknown.stops(t, func() { w.startCheckout(held, news) }) {
		return
	}
	t.checkout = &checkout{window: w, tab: t, held: held, say: widget.NewLabel("")}
	t.checkout.say.Wrapping = fyne.TextWrapWord
	t.checkout.ask(news)
}

// ask opens the question.
func (k *checkout) ask(news string) {
	w := k.window
	k.cart = k.tab.model.state.Cart
	k.say.SetText(k.text())
	k.alert = w.alerts.show(alertSpec{
		Title: k.title(), Content: lessInset(k.say), Return: w.search,
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe},
			{Label: k.label(), Role: rolePrimary, Do: k.send},
		},
		OnClosed: k.closed,
	})
	if k.held {
		k.until = w.model.now().Add(heldTime)
	}
	k.update()
	if !k.ready() && !k.soon() && k.alert != nil && w.alerts.current == k.alert {
		w.win.Canvas().Focus(k.alert.byRole(roleSafe))
	}
	if news != "" {
		k.alert.say(news)
	}
}

// closed ends a checkout that was not confirmed.
func (k *checkout) closed() {
	k.alert = nil
	if k.op == "" {
		k.tab.checkout = nil
	}
}

func (k *checkout) title() string {
	if k.cart.Name == "" {
		return textCheckOutTitle.say()
	}
	return textCheckOutNamed.with("cart", quoted(k.cart.Name))
}

func (k *checkout) label() string {
	return textCheckOutSum.with("sum", textSum(k.cart.Total()))
}

// text says what is to be sold, and what is waited for before it can be.
func (k *checkout) text() string {
	s := k.tab.model.state
	text := textItems(k.cart.Items()) + ", " + textSum(k.cart.Total()) + k.window.textShortIn(k.cart)
	switch n := len(s.Waiting); {
	case !s.Link.Usable():
		return text + "\n\n" + textOrderNeeds.say()
	case n > 0:
		text += "\n\n" + plural{"{n} change is being sent to the shop…", "{n} changes are being sent to the shop…"}.of(int64(n))
		if k.early {
			text += " " + textSoldThen.say()
		}
	}
	return text
}

// ready reports whether the shop can be asked for an order now.
func (k *checkout) ready() bool {
	s := k.tab.model.state
	return s.Loaded && s.Link.Usable() && len(s.Waiting) == 0
}

// soon reports whether the shop can be asked once it has answered to what is on
// its way.
func (k *checkout) soon() bool {
	s := k.tab.model.state
	return s.Loaded && s.Link.Usable() && len(s.Waiting) > 0
}

// heard takes news of the cart. A nil checkout is none.
func (k *checkout) heard() {
	if k == nil {
		return
	}
	switch s := k.tab.model.state; {
	case k.op == "":
		k.update()
	case k.tab.model.waits(k.op):
	case k.refused:
		k.askAnew()
	case !slices.ContainsFunc(s.Refused, func(r data.Refusal) bool { return r.Change.Op == k.op }):
		k.sold()
	}
}

// update keeps the question true: to the cart, and to what the shop can take.
func (k *checkout) update() {
	if k.alert == nil {
		return
	}
	now := k.tab.model.state.Cart
	if k.gone(now) {
		return
	}
	w := k.window
	if now.Name != k.cart.Name || w.textShortIn(now) != w.textShortIn(k.cart) {
		k.early = false // there is something to read first
	}
	if !sameLines(now, k.cart) { // what this counter did was in it already
		k.until, k.early = w.model.now().Add(changedTime), false
		k.alert.say(textChangedNow.with("who", k.tab.changer()))
	}
	k.cart = now
	if title := k.title(); k.alert.spec.Title != title {
		k.alert.retitle(title)
	}
	push := k.alert.byRole(rolePrimary)
	if push.Text != k.label() {
		push.SetText(k.label())
	}
	was := push.Disabled()
	allowPush(push, k.ready() || k.soon())
	if was && !push.Disabled() && w.alerts.current == k.alert {
		w.win.Canvas().Focus(push)
	}
	due := k.early && k.ready()
	k.early = k.early && k.soon()
	k.tell()
	if due {
		k.alert.press(push)
	}
}

// tell says what is to be sold, if that is news.
func (k *checkout) tell() {
	if text := k.text(); text != k.say.Text {
		k.say.SetText(text)
		k.alert.arrange()
	}
}

// gone closes the question when there is nothing to sell any more, or it cannot
// be sold, and says so.
func (k *checkout) gone(now data.Cart) bool {
	bad := unsellable(now)
	if len(now.Lines) > 0 && len(bad) == 0 {
		return false
	}
	k.alert.close()
	if len(bad) > 0 {
		k.window.tellUnsellable(bad)
	} else {
		k.window.tellGone(now)
	}
	return true
}

// sellsSoon reports whether an order was confirmed that is made as soon as the
// shop has answered to what is on its way.
func (w *Window) sellsSoon() bool {
	return slices.ContainsFunc(w.tabs, func(t *tab) bool { return t.checkout != nil && t.checkout.early })
}

// send asks the shop for the order, of exactly the cart that is shown.
func (k *checkout) send() error {
	w := k.window
	if w.model.now().Before(k.until) {
		if k.held {
			k.until = w.model.now().Add(heldTime)
		}
		return errAlertStays
	}
	if !k.ready() {
		k.early = k.soon()
		k.tell()
		return errAlertStays
	}
	op, ok := w.submitTo(k.tab, data.Change{Kind: data.KindCheckout, Token: k.cart.Token})
	if ok {
		k.op = op
	}
	return nil
}

// sold tells that there is an order now.
func (k *checkout) sold() {
	k.tab.checkout = nil
	w, order := k.window, k.op
	text := textSold.with("items", textItems(k.cart.Items()), "sum", textSum(k.cart.Total()))
	w.toasts.dismiss() // what they offer is of the cart that is an order now
	w.toasts.showAction(text, textHistory.say(), w.command(func() { w.openOrder(order) }))
}

// askAnew asks again when it is known what the cart has become.
func (k *checkout) askAnew() {
	s := k.tab.model.state
	if s.Cart.Token == k.cart.Token || len(s.Waiting) > 0 {
		return
	}
	w, t := k.window, k.tab
	t.checkout = nil
	w.askFor(t, func() {
		if now := w.model.state.Cart; len(now.Lines) == 0 {
			w.tellGone(now)
		} else {
			w.startCheckout(false, textChangedNow.with("who", w.changer()))
		}
	})
}

// refusedCheckout tells why there is no order.
func (w *Window) refusedCheckout(r data.Refusal) {
	w.cart.Settle(r.Change.Op)
	t := w.tab
	if errors.Is(r.Err, data.ErrCartChanged) && !r.Lost {
		if t.checkout == nil { // an earlier run of the program has asked
			t.checkout = &checkout{window: w, tab: t, op: r.Change.Op, cart: data.Cart{Token: r.Change.Token}, say: widget.NewLabel("")}
		}
		t.checkout.refused = true
		t.checkout.heard()
		return
	}
	t.checkout = nil
	w.ask(func() { w.tellNotSold(r) })
}

// tellNotSold tells why there is no order, and what to do about it.
func (w *Window) tellNotSold(r data.Refusal) {
	var stock *data.StockError
	var damaged *data.DamagedError
	switch {
	case r.Lost:
		w.tellProblem(textSaleLost.say(), textSaleLostHint.say())
	case errors.As(r.Err, &stock):
		w.tellShort(stock)
	case errors.Is(r.Err, data.ErrTooLate):
		w.tellProblem(textSaleUnknown.say(), textSaleUnknownHint.say())
	case errors.As(r.Err, &damaged):
		w.tellProblem(textSaleRefused.say(), textFirstMended.say())
	default:
		w.tellProblem(textSaleRefused.say(), capital(foreign(r.Err.Error()))+".")
	}
}

// tellShort tells that there is not enough of a product, and offers what is
// left of it.
func (w *Window) tellShort(e *data.StockError) {
	l, there := w.model.state.Cart.Line(e.Product)
	if !there {
		l.Product, _ = w.model.state.Catalogue.Product(e.Product)
		l.Product.ID = e.Product
	}
	facts := []string{textNothingSold.say(), textStockShort.with("left", grouped(e.Left), "have", grouped(e.Have)), textLowerFirst.say()}
	spec := alertSpec{Title: textOnlyLeft.with("name", quoted(lineName(l))), Body: strings.Join(facts, " "), Return: w.search,
		Buttons: []alertButton{{Label: textClose.say(), Role: roleSafe}}}
	if there && e.Left > 0 {
		spec.Buttons = append(spec.Buttons, alertButton{Label: textSetTo.with("n", grouped(e.Left)), Role: rolePrimary,
			Do: func() error { w.setQuantity(l, l.Quantity, e.Left); return nil }})
	}
	w.alerts.show(spec)
}

// tellGone tells what became of a cart that was to be checked out and has
// nothing in it any more.
func (w *Window) tellGone(c data.Cart) {
	p := c.Ended
	switch {
	case p == nil:
		w.tellProblem(textNothingSold.say(), textEmptiedMeantime.say())
	case p.How != data.CheckedOut:
		title, hint := textEnded(*p)
		w.tellProblem(title, textNothingSold.say()+" "+hint)
	case p.By == "":
		w.tellProblem(textSoldSomewhere.with("time", textClock(p.At)), textHad(p.Cart.Items(), textSum(p.Cart.Total())))
	default:
		title := textSoldElsewhere.with("counter", p.By, "time", textClock(p.At))
		w.tellProblem(title, textHad(p.Cart.Items(), textSum(p.Cart.Total())))
	}
}

// unsellable are the lines that no order can have.
func unsellable(c data.Cart) []data.Line {
	return slices.DeleteFunc(slices.Clone(c.Lines), func(l data.Line) bool {
		_, ok := l.Total()
		return ok || l.Waiting && !l.Known && l.Damaged == "" // the shop may know it
	})
}

// tellUnsellable names the lines that keep the cart from becoming an order.
func (w *Window) tellUnsellable(lines []data.Line) {
	const most = 8
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-theme.InnerPadding()))
	for i, l := range lines {
		text := "• " + short(lineName(l)) + " – " + textUnsellable(l)
		if i == most {
			text = plural{"{n} more line", "{n} more lines"}.of(int64(len(lines) - most))
		}
		if i > most {
			break
		}
		label := widget.NewLabel(text)
		label.Wrapping = fyne.TextWrapWord
		rows.Add(lessInset(label))
	}
	w.alerts.show(alertSpec{Title: textNotYet.say(), Body: textFirstMended.say(), Content: rows, Return: w.search,
		Buttons: []alertButton{{Label: textClose.say(), Role: rolePrimary}}})
}

func textUnsellable(l data.Line) string {
	switch {
	case l.Damaged != "":
		return textDamagedLine(l.Damaged)
	case l.Product.Damaged != "":
		return textDamagedProduct(l.Product)
	}
	return textNotInCatalogue.say()
}

// changer names who changed the cart last.
func (t *tab) changer() string {
	for _, e := range slices.Backward(t.model.state.News) {
		if !e.Own {
			return somebody(e.By)
		}
	}
	return somebody("")
}

// sameLines reports whether two carts hold as many of the same, at the same
// prices.
func sameLines(a, b data.Cart) bool {
	return a.More == b.More && slices.EqualFunc(a.Lines, b.Lines, func(a, b data.Line) bool {
		return a.Product.ID == b.Product.ID && a.Quantity == b.Quantity && a.Product.Price == b.Product.Price
	})
}
