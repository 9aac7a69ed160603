package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
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
	spec := alertSpec{Title: "No product has this name or code", Return: w.search}
	spec.Body = quoted(typed) + " is not in the catalogue."
	if unsure {
		spec.Body += " The shop cannot be asked at the moment, so another counter may know it."
	}
	spec.Buttons = []alertButton{
		{Label: textSkip, Role: roleSafe},
		{Label: textAddNew, Role: rolePrimary, Do: func() error { w.newProduct(typed, n); return nil }},
	}
	var al *alert
	if len(near) > 0 {
		labels := make([]string, len(near))
		for i, p := range near {
			labels[i] = short(p.Name) + "   " + p.Price.String()
		}
		box, all := newChoices(labels, func(i int) {
			al.close()
			w.add(near[i], n)
		})
		spec.Content = container.NewVBox(widget.NewLabel("Did you mean one of these?"), box)
		spec.First = all[0]
	}
	al = w.alerts.show(spec)
}

// newProduct asks for what a new product needs, and adds n of it to the cart.
// What was typed stands in the field where it belongs.
func (w *Window) newProduct(typed string, n int64) {
	name := newField(textName, textNamePrompt, checkName)
	price := newField(textPrice, textPricePrompt, checkPrice)
	code := newField(textCode, "", checkCode)
	typed = strings.TrimSpace(typed)
	first := name
	switch {
	case looksLikeBarcode(typed):
		code.SetText(typed)
	case typed != "":
		name.SetText(data.Clean(typed, data.MaxNameLen))
		first = price
	}
	// One at a time: a second Enter while the first is under way does nothing.
	busy := false
	var al *alert
	save := func() error {
		if err := checkFields(name, price, code); err != nil || busy {
			return cmpErr(err, errAlertStays)
		}
		busy = true
		al.say("Saving…")
		p := w.productFrom(name.Text(), price.Text(), code.Text())
		w.storeProduct(p, func(err error) {
			busy = false
			if err != nil {
				al.say(textNotStored(err, w.model.state.Link))
				return
			}
			wanted := n > 0 && w.alerts.current == al // not cancelled meanwhile
			al.close()
			if wanted {
				w.add(p, n)
			}
		})
		return errAlertStays
	}
	al = w.alerts.show(alertSpec{
		Title: textNewProduct, First: first.entry, Return: w.search,
		Content: container.NewVBox(name, price, code),
		Buttons: []alertButton{
			{Label: textCancel, Role: roleSafe},
			{Label: addLabel(n), Role: rolePrimary, Do: save},
		},
	})
}

func addLabel(n int64) string {
	if n == 0 {
		return "Add product"
	}
	return "Add to shop and cart"
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

func checkName(s string) error {
	switch {
	case s == "":
		return sentence("A product needs a name.")
	case data.Clean(s, data.MaxNameLen) != s:
		return sentence("This name is too long, or holds characters that cannot be shown.")
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
		return sentence("Use letters A–Z, digits, dot, dash and underscore only.")
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
	shop := w.place.Shop
	queued := w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, createWait)
		defer cancel()
		err := shop.CreateProduct(ctx, p)
		return func() { then(err) }
	})
	if !queued {
		then(sentence(textBusy))
	}
}

func textNotStored(err error, l data.Link) string {
	switch f := data.FaultOf(err); {
	case errors.Is(err, data.ErrProductExists):
		return "Another product has this code already. Use another one, or close this and search for it."
	case f != data.FaultNone:
		return "The product was not stored. " + textFault(f, l.Addr) + " Everything typed here stays; try again."
	}
	return textInvalid(err)
}

// missingItem tells that a line is not in the cart, so that what was asked of
// it could not be done.
func (w *Window) missingItem(c data.Change, e *data.NotInCartError) {
	name := nameOf(c)
	body := "It is not in this cart."
	if !e.At.IsZero() {
		body = fmt.Sprintf("%s removed it at %s.", w.remover(e), e.At.Local().Format("15:04"))
	}
	spec := alertSpec{Title: quoted(name) + " is no longer in this cart", Return: w.search}
	again := max(1, c.Want)
	switch {
	case c.Kind == data.KindRemove, c.Kind == data.KindStep && c.Want <= 0:
		spec.Title = quoted(name) + " is not in this cart"
		spec.Body = body + " Nothing was taken out."
		spec.Buttons = []alertButton{{Label: textClose, Role: rolePrimary}}
	default:
		spec.Body = fmt.Sprintf("%s The new quantity (%s) was not saved.", body, grouped(again))
		spec.Buttons = []alertButton{
			{Label: textLeaveOut, Role: roleSafe},
			{Label: fmt.Sprintf("Add %s again", grouped(again)), Role: rolePrimary, Do: func() error {
				w.submit(data.Change{Kind: data.KindAdd, Product: c.Product, Quantity: again, Name: c.Name})
				return nil
			}},
		}
	}
	w.alerts.show(spec)
}

// remover names who took a product out, at the begin of a sentence.
func (w *Window) remover(e *data.NotInCartError) string {
	if w.model.removedHere(e) {
		return "This counter"
	}
	return somebody(e.By)
}

// nothingToTake tells that what was to be taken out by typing is not there.
func (w *Window) nothingToTake(typed string) {
	w.alerts.show(alertSpec{
		Title:   quoted(typed) + " is not in this cart",
		Body:    "Nothing was taken out. Only products that are in the cart can be.",
		Buttons: []alertButton{{Label: textClose, Role: rolePrimary}},
		Return:  w.search,
	})
}

// conflict tells that a typed quantity met another counter's change.
func (w *Window) conflict(c data.Change, e *data.ConflictError) {
	name := quoted(nameOf(c))
	w.alerts.show(alertSpec{
		Title: somebody(e.By) + " changed this quantity too",
		Body: fmt.Sprintf("%s was %s when this edit began. It is %s now; this counter asked for %s.",
			name, grouped(e.Seen), grouped(e.Now), grouped(c.Want)),
		Return: w.search,
		Buttons: []alertButton{
			{Label: "Keep " + grouped(e.Now), Role: roleSafe},
			{Label: "Use " + grouped(c.Want), Role: rolePrimary, Do: func() error {
				w.submit(data.Change{Kind: data.KindSet, Product: c.Product, Quantity: c.Want, Seen: e.Now, Want: c.Want, Name: c.Name})
				return nil
			}},
		},
	})
}

// How long nobody must have typed before a dialog opens that nobody asked for
// at that moment, with an empty box and with something in it.
const (
	quietTime = 300 * time.Millisecond
	pauseTime = 2 * time.Second
)

// ask opens a dialog as soon as nobody is in the middle of typing or scanning:
// one that came up under the fingers would take the rest of the keys.
func (w *Window) ask(open func()) {
	w.asks = append(w.asks, open)
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
	asks := w.asks
	w.asks = nil
	for _, open := range asks {
		open()
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
	if !l.Ever {
		w.connectionAtStart(l)
		return
	}
	w.alerts.show(alertSpec{
		Title:  "The shop cannot be reached",
		Body:   textFault(l.Fault, w.addr(l)) + "\n\nChanges are kept in this window and are sent when it is back.",
		Return: w.search,
		Buttons: []alertButton{
			{Label: textKeepWorking, Role: rolePrimary},
			{Label: textTryNow, Role: roleOther, Do: func() error { w.place.Shop.Retry(); return nil }},
		},
	})
}

func (w *Window) connectionAtStart(l data.Link) {
	title := "The shop cannot be reached"
	if l.Phase == data.Broken {
		title = "The shop does not let this counter in"
	}
	if w.place.Local {
		title = "The shop of this computer cannot be opened"
	}
	spec := alertSpec{Title: title, Body: textFault(l.Fault, w.addr(l)), Return: w.search}
	spec.Buttons = []alertButton{
		{Label: textQuit, Role: roleSafe, Do: func() error { w.quit(); return nil }},
		{Label: textTryAgain, Role: rolePrimary, Do: func() error {
			w.toldStart = false
			w.failed = w.model.state.Link.Failed
			w.place.Shop.Retry()
			return nil
		}},
	}
	if w.openLocal != nil && !w.place.Local {
		spec.Buttons = append(spec.Buttons, alertButton{Label: textWorkHere, Role: roleOther,
			Do: func() error { w.workHere(); return nil }})
	}
	w.startAlert = w.alerts.show(spec)
}

// workHere moves the window to the shop of this computer.
func (w *Window) workHere() {
	open := w.openLocal
	w.run(func(ctx context.Context) func() {
		place, err := open(ctx)
		if err == nil && ctx.Err() != nil {
			place.Close() // the window has gone meanwhile
		}
		return func() {
			if err != nil {
				w.tellProblem("The shop of this computer cannot be opened", textFault(data.FaultOf(err), addrOf(err)))
				return
			}
			w.move(place)
		}
	})
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
		Buttons: []alertButton{{Label: textClose, Role: rolePrimary}}})
}

// platformKey names a shortcut as the system does.
func platformKey(name, goos string) string {
	if goos == "darwin" {
		return strings.ReplaceAll(name, "Ctrl", "Cmd")
	}
	return name
}

// keysHelp shows what the keyboard can do.
func (w *Window) keysHelp() {
	grid := container.NewGridWithColumns(2)
	for _, k := range keyTexts {
		key := widget.NewLabelWithStyle(platformKey(k[0], runtime.GOOS), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		grid.Add(key)
		grid.Add(widget.NewLabel(k[1]))
	}
	scroll := container.NewVScroll(grid)
	scroll.SetMinSize(fyne.NewSize(480, 300))
	w.alerts.show(alertSpec{Title: textKeys, Content: scroll, Return: w.search,
		Buttons: []alertButton{{Label: textClose, Role: rolePrimary}}})
}

// askQuit is shown when the window is closed while changes wait.
func (w *Window) askQuit(waiting int) {
	n := plural(int64(waiting), "change is", "changes are")
	for w.alerts.open() { // nothing may stand before this question
		w.alerts.current.close()
	}
	w.quitAlert = w.alerts.show(alertSpec{
		Title:  n + " not sent yet",
		Body:   "They are kept in this window only and would be lost. They are sent as soon as the shop can be reached.",
		Return: w.search,
		Buttons: []alertButton{
			{Label: textKeepOpen, Role: roleSafe},
			{Label: "Quit and lose them", Role: roleDanger, Do: func() error { w.quit(); return nil }},
		},
	})
}
