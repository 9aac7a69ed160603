package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/widget"

	"trolley/data"
	"trolley/ui/sound"
)

// unknownRule is what happens when nothing has a barcode that was scanned.
type unknownRule string

const (
	unknownAsked unknownRule = "ask"  // a dialog comes up
	unknownKept  unknownRule = "keep" // it is collected, and scanning goes on
)

// unknownRules are all there are to choose from, the usual one first.
var unknownRules = []unknownRule{unknownAsked, unknownKept}

// prefUnknownRule is the preference of the rule, and prefUnknown that which
// lists what is collected; each shop has its own list.
const (
	prefUnknownRule = "scan unknown"
	prefUnknown     = "unknown barcodes"
)

const (
	textResolve       phrase = "Resolve…"
	textNotInTotal    phrase = "They are in no total yet."
	textOneNotInTotal phrase = "It is in no total yet."
	textOneElsewhere  phrase = "It was scanned for another cart, and is in no total yet."
	textUnknownKept   phrase = "{code} is unknown. It is kept until somebody looks at it."
	textWithoutThem   phrase = "Check out without them"
	textWithoutIt     phrase = "Check out without it"
	textUnknownFirst  phrase = "What was scanned is not in the total of this cart. It can be added as a product, or left out."
)

var (
	textUnknownCodes  = plural{"{n} barcode is unknown.", "{n} barcodes are unknown."}
	textUnknownHere   = plural{"{n} barcode of this cart is unknown", "{n} barcodes of this cart are unknown"}
	textUnknownOthers = plural{"{n} of them was scanned for another cart.", "{n} of them were scanned for other carts."}
)

func (w *Window) unknownRule() unknownRule {
	if rule := unknownRule(w.app.Preferences().String(prefUnknownRule)); slices.Contains(unknownRules, rule) {
		return rule
	}
	return unknownAsked
}

func (w *Window) setUnknownRule(rule unknownRule) {
	w.app.Preferences().SetString(prefUnknownRule, string(rule))
}

// unknownCode is a barcode that was scanned for a cart, and that nobody has
// dealt with.
type unknownCode struct {
	cart     data.CartID
	code     string
	quantity int64 // 1 or more
}

// unknownCodes are those of a shop. They are in the preferences all the time, so
// that what was scanned outlives the program.
type unknownCodes struct {
	window  *Window
	place   string // whose list it is
	read    bool
	list    []*unknownCode
	asked   *unknownCode  // is told on screen; nil: none
	count   *widget.Label // and how often it was scanned
	passing bool          // a cart is checked out without them
}

// all returns the list of the shop on screen, the oldest first.
func (u *unknownCodes) all() []*unknownCode {
	if name := u.window.place.Name; !u.read || u.place != name {
		u.place, u.read = name, true
		u.list = readUnknown(u.window.app.Preferences().StringList(u.key()))
	}
	return u.list
}

func (u *unknownCodes) key() string { return prefUnknown + " " + u.place }

// readUnknown reads a list as keep writes it. What cannot be read is left out.
func readUnknown(kept []string) []*unknownCode {
	var list []*unknownCode
	for _, text := range kept {
		parts := strings.SplitN(text, " ", 3)
		if len(parts) < 3 || parts[2] == "" {
			continue
		}
		n, err := strconv.ParseInt(parts[0], 10, 64)
		cart, bad := data.ParseCartID(parts[1])
		if err == nil && bad == nil && n > 0 {
			list = append(list, &unknownCode{cart: cart, code: parts[2], quantity: n})
		}
	}
	return list
}

// keep writes the list down and shows what there is of it.
func (u *unknownCodes) keep() {
	kept := make([]string, len(u.list))
	for i, c := range u.list {
		kept[i] = strconv.FormatInt(c.quantity, 10) + " " + string(c.cart) + " " + c.code
	}
	u.window.app.Preferences().SetStringList(u.key(), kept)
	u.window.showBanner()
}

// of returns the entry of a code in a cart; nil: there is none.
func (u *unknownCodes) of(cart data.CartID, code string) *unknownCode {
	for _, c := range u.all() {
		if c.cart == cart && c.code == code {
			return c
		}
	}
	return nil
}

// count returns how many codes of a cart are unknown.
func (u *unknownCodes) in(cart data.CartID) int {
	n := 0
	for _, c := range u.all() {
		if c.cart == cart {
			n++
		}
	}
	return n
}

// add collects a scan. The same code again raises its count.
func (u *unknownCodes) add(cart data.CartID, code string, n int64) {
	c := u.of(cart, code)
	if c == nil {
		c = &unknownCode{cart: cart, code: code}
		u.list = append(u.list, c)
	}
	c.quantity += n
	u.keep()
	if c == u.asked {
		u.count.SetText(textScannedTimes.of(c.quantity))
	}
	if !u.shown() {
		u.window.toasts.show(textUnknownKept.with("code", quoted(code)))
	}
	u.window.tone(sound.Look)
}

// heard takes in a scan of the code that is on screen; false: it is another one.
func (u *unknownCodes) heard(o scanOrder) bool {
	c := u.asked
	if c == nil || o.take || o.code != c.code || o.tab.cart.ID() != c.cart {
		return false
	}
	u.add(c.cart, c.code, o.quantity)
	return true
}

// shown reports whether the banner on screen is the one about them.
func (u *unknownCodes) shown() bool {
	spec := u.window.banner.spec
	return spec != nil && spec.looksLike(u.banner(data.State{}))
}

func (u *unknownCodes) forget(c *unknownCode) {
	u.list = slices.DeleteFunc(u.all(), func(o *unknownCode) bool { return o == c })
	u.keep()
}

// banner tells of them until each has been dealt with.
func (u *unknownCodes) banner(data.State) *bannerSpec {
	w, n := u.window, len(u.all())
	if n == 0 {
		return nil
	}
	return &bannerSpec{Severity: severityWarning, Title: textUnknownCodes.of(int64(n)), Text: textUnknownAbout(n, n-u.in(w.tab.cart.ID())),
		Buttons: []bannerButton{{Label: textResolve.say(), Do: w.command(u.resolve)}}}
}

// textUnknownAbout says more of n codes, some of them of other carts than the one
// on screen.
func textUnknownAbout(n, others int) string {
	switch {
	case n == 1 && others == 1:
		return textOneElsewhere.say()
	case n == 1:
		return textOneNotInTotal.say()
	case others > 0:
		return textNotInTotal.say() + " " + textUnknownOthers.of(int64(others))
	}
	return textNotInTotal.say()
}

// resolve asks about one after another, those of the cart on screen first.
func (u *unknownCodes) resolve() {
	w := u.window
	all := u.all()
	if len(all) == 0 {
		return
	}
	c := all[max(0, slices.IndexFunc(all, func(c *unknownCode) bool { return c.cart == w.tab.cart.ID() }))]
	if w.openCart(c.cart); w.tab.cart.ID() != c.cart {
		return // so many carts are open
	}
	if p, ok := w.model.state.Catalogue.Find(c.code); ok {
		u.put(c, p)
		return
	}
	u.lookUp(c)
}

// put adds what has become known, and goes on with the next one.
func (u *unknownCodes) put(c *unknownCode, p data.Product) {
	u.forget(c)
	u.window.scans.add(u.window.tab, p, c.quantity)
	if !u.window.alerts.open() {
		u.resolve()
	}
}

// lookUp asks the shop before the person is asked: another counter may have put
// the product on the shelf.
func (u *unknownCodes) lookUp(c *unknownCode) {
	w, t := u.window, u.window.tab
	known := t.model.state.Catalogue
	w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		found, err := t.cart.Lookup(ctx, c.code, known)
		return func() {
			w.askFor(t, func() {
				switch {
				case u.of(c.cart, c.code) != c: // dealt with meanwhile
				case found.OK:
					u.put(c, found.Product)
				default:
					u.tell(c, err != nil)
				}
			})
		}
	})
}

// tell asks what is to become of a code. Unsure says that the shop could not be
// asked.
func (u *unknownCodes) tell(c *unknownCode, unsure bool) {
	w := u.window
	body := textScanUnknownBody
	if unsure {
		body = textScanUnknownUnsure
	}
	u.asked, u.count = c, widget.NewLabel(textScannedTimes.of(c.quantity))
	var next func()
	w.scans.show(alertSpec{Title: textScanUnknown.say(), Body: body.with("code", quoted(c.code)), Content: lessInset(u.count),
		Buttons: []alertButton{
			{Label: textLater.say(), Role: roleSafe},
			{Label: textScanSkip.say(), Role: roleOther, Do: func() error { u.forget(c); next = u.resolve; return nil }},
			{Label: textScanAdd.say(), Role: rolePrimary, Do: func() error { next = func() { u.create(c) }; return nil }},
		},
		OnClosed: func() {
			if u.asked = nil; next != nil {
				next()
			}
		}})
}

// create asks for the product that a code belongs to. The code stays on the
// list until there is one.
func (u *unknownCodes) create(c *unknownCode) {
	u.window.newProductThen(draftOf(c.code), c.quantity, func(p data.Product) { u.put(c, p) })
}

// stops tells that a cart which is to be checked out has unknown codes; false:
// it has none, or the person goes on without them.
func (u *unknownCodes) stops(t *tab, goOn func()) bool {
	n := u.in(t.cart.ID())
	if n == 0 || u.passing {
		return false
	}
	without := textWithoutThem
	if n == 1 {
		without = textWithoutIt
	}
	u.window.alerts.show(alertSpec{Title: textUnknownHere.of(int64(n)), Body: textUnknownFirst.say(), Return: u.window.search,
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe},
			{Label: without.say(), Role: roleOther, Do: func() error { u.pass(goOn); return nil }},
			{Label: textResolve.say(), Role: rolePrimary, Do: func() error { u.window.ask(u.resolve); return nil }},
		}})
	return true
}

func (u *unknownCodes) pass(goOn func()) {
	u.passing = true
	defer func() { u.passing = false }()
	goOn()
}
