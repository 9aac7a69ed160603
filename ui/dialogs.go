package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
	"trolley/data/config"
)

// storeWait is the longest that the window waits for an answer about a
// product, and createWait for a product to be stored.
const (
	storeWait  = 2 * time.Second
	createWait = 5 * time.Second
)

// unknownProduct tells that nothing has the name or code that was typed, and
// offers what is alike and a new product. Unsure says that the shop could not
// be asked.
func (w *Window) unknownProduct(typed string, n int64, near []data.Product, unsure bool) {
	spec := alertSpec{Title: phrase("No product has this name or code").say(), Return: w.search}
	spec.Body = phrase("{name} is not in the catalogue.").with("name", quoted(typed))
	if unsure {
		spec.Body += " " + phrase("The shop cannot be asked at the moment, so another counter may know it.").say()
	}
	spec.Buttons = []alertButton{
		{Label: textSkip.say(), Role: roleSafe},
		{Label: textAddNew.say(), Role: rolePrimary, Do: func() error { w.newProduct(draftOf(typed), n); return nil }},
	}
	var al *alert
	if len(near) > 0 {
		labels := make([]string, len(near))
		for i, p := range near {
			labels[i] = short(p.Name) + "   " + textMoney(p.Price)
		}
		box, all := newChoices(labels, func(i int) {
			al.close()
			w.add(near[i], n)
		})
		spec.Content = container.NewVBox(lessInset(widget.NewLabel(phrase("Did you mean one of these?").say())), box)
		spec.First = all[0]
	}
	al = w.alerts.show(spec)
}

// draft is what is known of a product before it is asked for.
type draft struct{ name, code string }

// draftOf puts what was typed where it belongs.
func draftOf(typed string) draft {
	typed = strings.TrimSpace(typed)
	if looksLikeBarcode(typed) {
		return draft{code: typed}
	}
	return draft{name: data.Clean(typed, data.MaxNameLen)}
}

// newProduct asks for what a new product needs, and adds n of it to the cart.
func (w *Window) newProduct(d draft, n int64) {
	w.newProductThen(d, n, func(p data.Product) {
		if n > 0 {
			w.add(p, n)
		}
	})
}

// newProductThen is newProduct with something else to do with the product, of
// which n are wanted.
func (w *Window) newProductThen(d draft, n int64, then func(data.Product)) {
	name := newField(textName.say(), textNamePrompt.say(), checkName)
	price := newField(textPrice.say(), textPricePrompt.say(), checkPrice)
	code := newField(textCode.say(), "", checkCode)
	name.SetText(d.name)
	code.SetText(d.code)
	first := price
	if d.name == "" {
		first = name
	}
	// One at a time: a second Enter while the first is under way does nothing.
	busy := false
	var al *alert
	save := func() error {
		if err := checkFields(name, price, code); err != nil || busy {
			return cmpErr(err, errAlertStays)
		}
		busy = true
		al.say(phrase("Saving…").say())
		p := w.productFrom(name.Text(), price.Text(), code.Text())
		w.storeProduct(p, func(err error) {
			busy = false
			if err != nil {
				al.say(textNotStored(err, w.model.state.Link))
				return
			}
			wanted := w.alerts.current == al // not cancelled meanwhile
			al.close()
			if wanted {
				then(p)
			}
		})
		return errAlertStays
	}
	al = w.alerts.show(alertSpec{
		Title: textNewProduct.say(), First: first.entry, Return: w.search,
		Content: container.NewVBox(name, price, code),
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe},
			{Label: addLabel(n), Role: rolePrimary, Do: save},
		},
	})
}

func addLabel(n int64) string {
	if n == 0 {
		return phrase("Add product").say()
	}
	return phrase("Add to shop and cart").say()
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// sentence is an error that is written for people and shown as it is.
type sentence string

func (s sentence) Error() string { return string(s) }

// told makes an error of a phrase.
func told(p phrase) error { return sentence(p.say()) }

func checkName(s string) error {
	switch {
	case s == "":
		return told("A product needs a name.")
	case data.Clean(s, data.MaxNameLen) != s:
		return told("This name is too long, or holds characters that cannot be shown.")
	}
	return nil
}

func checkPrice(s string) error {
	if _, err := data.ParseMoney(s); err != nil {
		return sentence(textInvalid(err))
	}
	return nil
}

// checkCode accepts what can be an id; the field may stay empty.
func checkCode(s string) error {
	if s == "" {
		return nil
	}
	if _, err := data.ParseProductID(s); err != nil {
		return told("Use letters A–Z, digits, dot, dash and underscore only.")
	}
	return nil
}

// productFrom makes a product of checked fields. Without a code the id comes
// from the name, with a number behind it where that is taken.
func (w *Window) productFrom(name, price, code string) data.Product {
	units, _ := data.ParseMoney(price) // was checked
	p := data.Product{ID: data.ProductID(code), Name: name, Price: units, Stock: data.Unlimited}
	if looksLikeBarcode(code) {
		p.Barcode = code
	}
	if code != "" {
		return p
	}
	base := data.IDFrom(name)
	if base == "" {
		base = "product"
	}
	p.ID = data.ProductID(base)
	for i := 2; ; i++ {
		if _, taken := w.model.state.Catalogue.Product(p.ID); !taken {
			return p
		}
		p.ID = data.ProductID(fmt.Sprintf("%s-%d", base, i))
	}
}

func (w *Window) storeProduct(p data.Product, then func(error)) {
	cart := w.cart
	queued := w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, createWait)
		defer cancel()
		err := cart.CreateProduct(ctx, p)
		return func() { then(err) }
	})
	if !queued {
		then(told(textBusy))
	}
}

func textNotStored(err error, l data.Link) string {
	switch f := data.FaultOf(err); {
	case errors.Is(err, data.ErrProductExists):
		return phrase("Another product has this code already. Use another one, or close this and search for it.").say()
	case f != data.FaultNone:
		return phrase("The product was not stored. {reason} Everything typed here stays; try again.").with("reason", textFault(f, l.Addr))
	}
	return textInvalid(err)
}

// How long nobody must have typed before a dialog opens that nobody asked for
// at that moment, with an empty box and with something in it.
const (
	quietTime = 300 * time.Millisecond
	pauseTime = 2 * time.Second
)

// ask opens a dialog as soon as nobody is in the middle of typing or scanning:
// one that came up under the fingers would take the rest of the keys.
// It is about the cart on screen, and waits until that is on screen again.
func (w *Window) ask(open func()) { w.askFor(w.tab, open) }

// askFor is ask about a cart that may have left the screen meanwhile.
func (w *Window) askFor(t *tab, open func()) {
	w.asks = append(w.asks, func() {
		if w.tab == t {
			open()
		} else if slices.Contains(w.tabs, t) {
			t.held = append(t.held, open)
		}
	})
	if len(w.asks) == 1 {
		w.askNow()
	}
}

func (w *Window) askNow() {
	quiet := quietTime
	if w.search.Text != "" {
		quiet = pauseTime
	}
	if wait := quiet - w.model.now().Sub(w.search.typed); wait > 0 {
		w.after(wait, w.askNow)
		return
	}
	if w.alerts.open() {
		return // what it asks may decide about these; see alerts.OnFree
	}
	asks := w.asks
	w.asks = nil
	for i, open := range asks {
		if open(); w.alerts.open() {
			w.asks = append(asks[i+1:], w.asks...)
			return
		}
	}
}

// connectionIfDown is connection, unless the shop is back by now.
func (w *Window) connectionIfDown() {
	if l := w.model.state.Link; isDown(l) {
		w.connection(l)
	}
}

// connection tells that the shop cannot be used. At start there is a choice of
// working without it.
func (w *Window) connection(l data.Link) {
	switch {
	case w.lacksPassword(l):
		w.askPassword(l.Fault == data.FaultWrongAuth)
		return
	case !w.reached:
		w.connectionAtStart(l)
		return
	}
	w.awayAlert = w.alerts.show(alertSpec{
		Title:  textAway(l, w.place.Local),
		Body:   w.textTrouble(w.model.state) + "\n\n" + textWaitDialog(w.keeps(w.model.state)),
		Return: w.search,
		Buttons: []alertButton{
			{Label: textKeepWorking.say(), Role: rolePrimary},
			{Label: textTryNow.say(), Role: roleOther, Do: func() error { w.cart.Retry(); return nil }},
		},
	})
}

// lacksPassword reports whether all that is wrong is a password that can be asked
// for.
func (w *Window) lacksPassword(l data.Link) bool {
	c := w.opt.Connector
	return c != nil && !w.place.Local && (l.Fault == data.FaultNeedsAuth || l.Fault == data.FaultWrongAuth) &&
		!c.Locked(config.FieldShared) && !c.Locked(config.FieldPassword)
}

func (w *Window) connectionAtStart(l data.Link) {
	var al *alert
	spec := alertSpec{Title: textAway(l, w.place.Local), Body: w.textTrouble(w.model.state), Return: w.search}
	if n := len(w.model.state.Waiting); n > 0 {
		spec.Body += "\n\n" + textWait(n, w.keeps(w.model.state))
	}
	spec.Buttons = []alertButton{
		{Label: textQuit.say(), Role: roleOther, Do: func() error { w.close(); return nil }},
		{Label: textTryAgain.say(), Role: rolePrimary, Do: func() error {
			w.toldStart = false
			w.failed = w.model.state.Link.Failed
			w.cart.Retry()
			return nil
		}},
	}
	if w.canConnect() {
		spec.Buttons = append(spec.Buttons, alertButton{Label: textConnectionMenu.say(), Role: roleOther,
			Do: func() error { w.connectionDialog(); return nil }})
	}
	if w.canConnect() && !w.place.Local {
		spec.Buttons = append(spec.Buttons, alertButton{Label: textWorkHere.say(), Role: roleOther,
			Do: func() error { return w.workHere(al) }})
	}
	al = w.alerts.show(spec)
	w.awayAlert = al
}

func addrOf(err error) string {
	var u *data.UnavailableError
	if errors.As(err, &u) {
		return u.Addr
	}
	return ""
}

func (w *Window) tellProblem(title, body string) {
	w.alerts.show(alertSpec{Title: title, Body: body, Return: w.search,
		Buttons: []alertButton{{Label: textClose.say(), Role: rolePrimary}}})
}

// askQuit is shown when the window is closed while changes wait. Closing it is
// harmless where they are kept on the disk.
func (w *Window) askQuit() {
	for w.alerts.open() { // nothing may stand before this question
		w.alerts.current.close()
	}
	u := w.unsent()
	spec := alertSpec{Title: textNotShared(u.waiting), Body: textKeptToQuit(u.waiting), Return: w.search,
		OnClosed: func() { w.quitAlert = nil },
		Buttons: []alertButton{
			{Label: textKeepOpen.say(), Role: rolePrimary},
			{Label: textQuit.say(), Role: roleOther, Do: func() error { w.quit(); return nil }},
		}}
	if w.quitKept = w.place.Durable && u.unkept == 0; !w.quitKept {
		lost := u.waiting
		if w.place.Durable {
			lost = u.unkept
		}
		spec.Title, spec.Body = textNotSent(u.waiting), textLostToQuit(lost, u.waiting, w.place.Durable)
		spec.Buttons[0].Role = roleSafe
		spec.Buttons[1].Label, spec.Buttons[1].Role = textQuitLosing.say(), roleDanger
		if lost == 1 {
			spec.Buttons[1].Label = textQuitLosingOne.say()
		}
	}
	w.quitAlert = w.alerts.show(spec)
}

// askQuitAnew asks again when the question has become another one, and no more
// when there is nothing to lose.
func (w *Window) askQuitAnew() {
	u := w.unsent()
	switch {
	case w.quitAlert == nil:
	case u.waiting == 0:
		w.quitAlert.close()
	case (w.place.Durable && u.unkept == 0) != w.quitKept:
		w.askQuit()
	}
}
