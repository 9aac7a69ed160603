package ui

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// What the activity of a cart says.
const (
	textActivity        phrase = "What was done in “{cart}”"
	textFindActivity    phrase = "Type a product, a counter or a time…"
	textRestore         phrase = "Restore"
	textCanRestore      phrase = "Can be restored"
	textRestored        phrase = "Restored"
	textLoadingActivity phrase = "Looking what was done…"
	textNoActivity      phrase = "Nothing was done in this cart in the last 30 days."
	textActivitySilent  phrase = "The shop cannot be asked at the moment: this is what was heard here."
	textHeardNothing    phrase = "The shop cannot be asked at the moment, and nothing was heard here."
	textToRestore       phrase = "restore what was taken out"
	textByYou           phrase = "{counter} (you)"
)

// activityList is the dialog that tells who did what in a cart, the newest
// first, and brings back what was taken out. It follows the cart while it is
// open.
type activityList struct {
	window *Window
	tab    *tab
	alert  *alert
	list   *pickList
	note   *words

	stored  []data.Event // as the shop told last
	emptied pastCarts
	asked   data.Token // the state of the cart when the shop was asked last
	loading bool
	err     error
}

// pastCarts are ended carts by the operation that ended them.
type pastCarts map[data.OpID]data.Past

// showActivity shows who did what in the cart on screen.
func (w *Window) showActivity() {
	a := &activityList{window: w, tab: w.tab, list: newPickList(textFindActivity.say()), emptied: pastCarts{},
		note: newWords("", colorWaiting, theme.SizeNameCaptionText)}
	a.list.onPick = func() { a.alert.press(a.alert.byRole(rolePrimary)) }
	a.alert = w.alerts.show(alertSpec{
		Title: textActivity.with("cart", w.titleOf(w.tab)), Content: container.NewVBox(a.list, a.note), Wide: true,
		First: a.list.filter, Above: a.list.focus, Return: w.search,
		Buttons: []alertButton{
			{Label: textClose.say(), Role: roleSafe},
			{Label: textRestore.say(), Role: rolePrimary, Do: a.restore},
		},
		OnClosed: func() { a.tab.activity = nil },
	})
	a.list.onChosen = a.allow
	w.activity = a
	a.load()
	a.show()
}

// follow takes in that the cart may have changed. A nil list is not open.
func (a *activityList) follow() {
	if a == nil {
		return
	}
	if a.asked != a.tab.model.state.Cart.Token {
		a.load()
	}
	a.show()
}

// load asks the shop what was done.
func (a *activityList) load() {
	if a.loading {
		return
	}
	a.asked = a.tab.model.state.Cart.Token
	shop, id, known := a.window.place.Shop, a.tab.cart.ID(), maps.Clone(a.emptied)
	a.loading = a.window.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		events, err := shop.Activity(ctx, id)
		known.find(ctx, shop, events)
		return func() { a.loaded(events, known, err) }
	})
}

func (a *activityList) loaded(events []data.Event, emptied pastCarts, err error) {
	a.loading, a.err = false, err
	if err == nil {
		a.stored, a.emptied = events, emptied
	}
	if a.tab.activity == a {
		a.follow()
	}
}

// find looks up what was in the carts that people emptied. What cannot be found
// is left out: then it cannot be restored from here.
func (p pastCarts) find(ctx context.Context, shop Shop, events []data.Event) {
	var back time.Time // how far the pages reach that were read
	for _, e := range events {
		_, known := p[e.Token.Op]
		if e.Kind != data.KindClear || known || !back.IsZero() && e.At.After(back) {
			continue
		}
		page, err := shop.Past(ctx, false, e.At.Add(time.Millisecond))
		if err != nil || len(page) == 0 {
			return
		}
		for _, past := range page {
			p[past.ID] = past
		}
		back = page[len(page)-1].At
	}
}

// events returns what the shop told and what was heard since, the newest first.
func (a *activityList) events() []data.Event {
	all := slices.Clone(a.stored)
	known := map[data.OpID]bool{}
	for _, e := range all {
		known[e.Token.Op] = true
	}
	for _, e := range a.tab.model.state.News {
		if !known[e.Token.Op] {
			known[e.Token.Op] = true
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(x, y data.Event) int {
		return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.Token.Version, x.Token.Version))
	})
	return all
}

// show draws what is known.
func (a *activityList) show() {
	events := a.events()
	made := a.made(events)
	rows := make([]pickSpec, len(events))
	for i, e := range events {
		rows[i] = a.row(e, made)
	}
	nothing, note := textNoActivity.say(), ""
	switch {
	case a.err != nil:
		nothing, note = textHeardNothing.say(), textActivitySilent.say()
	case a.loading && a.stored == nil:
		nothing = textLoadingActivity.say()
	}
	if len(rows) == 0 {
		note = ""
	}
	a.note.set(note, colorWaiting)
	a.list.set(rows, nothing)
}

// made are the operations that were made, or wait to be.
func (a *activityList) made(events []data.Event) map[data.OpID]bool {
	made := map[data.OpID]bool{}
	for _, e := range events {
		made[e.Token.Op] = true
	}
	for _, c := range a.tab.model.state.Waiting {
		made[c.Op] = true
	}
	return made
}

func (a *activityList) row(e data.Event, made map[data.OpID]bool) pickSpec {
	by := somebody(e.By)
	if e.By == a.tab.cart.Counter() {
		by = textByYou.with("counter", by)
	}
	s := pickSpec{id: string(e.Token.Op), title: textEvent(e, a.name(e.Product)), caption: textClock(e.At) + " · " + by}
	lines := a.takenOut(e)
	switch {
	case len(lines) == 0:
	case isBack(lines, e.Token.Op, made):
		s.note = textRestored.say()
	default:
		s.note = textCanRestore.say()
	}
	return s
}

func (a *activityList) name(id data.ProductID) string {
	if p, ok := a.tab.model.state.Catalogue.Product(id); ok {
		return p.Name
	}
	l, _ := a.tab.model.state.Cart.Line(id)
	return cmp.Or(l.Product.Name, string(id))
}

// takenOut returns the lines that a change has taken out, as far as is known.
func (a *activityList) takenOut(e data.Event) []data.Line {
	s := a.tab.model.state
	switch {
	case e.Product != "" && e.Quantity == 0 && e.Was > 0:
		return []data.Line{{Product: data.Product{ID: e.Product, Name: a.name(e.Product)}, Quantity: e.Was}}
	case e.Kind != data.KindClear:
		return nil
	case s.Emptied != nil && s.Emptied.Token.Op == e.Token.Op:
		return s.Emptied.Lines
	case s.Cart.Ended != nil && s.Cart.Ended.ID == e.Token.Op:
		return s.Cart.Ended.Cart.Lines
	}
	return a.emptied[e.Token.Op].Cart.Lines
}

// isBack reports whether all lines were brought back that an operation took out.
func isBack(lines []data.Line, out data.OpID, made map[data.OpID]bool) bool {
	return !slices.ContainsFunc(lines, func(l data.Line) bool {
		return l.Quantity > 0 && !made[data.RestoreOp(out, l.Product.ID)]
	})
}

// restorable returns the chosen change and the lines that can be had back of it,
// none if there are none.
func (a *activityList) restorable() (data.OpID, []data.Line) {
	op, events := data.OpID(a.list.selected), a.events()
	i := slices.IndexFunc(events, func(e data.Event) bool { return e.Token.Op == op })
	if i < 0 {
		return op, nil
	}
	lines := a.takenOut(events[i])
	if isBack(lines, op, a.made(events)) {
		return op, nil
	}
	return op, lines
}

// allow enables the button where it has something to do.
func (a *activityList) allow() {
	_, lines := a.restorable()
	allowPush(a.alert.byRole(rolePrimary), len(lines) > 0)
}

// restore brings back what the chosen change took out. The dialog stays. What
// this counter did itself is undone, so that its history knows.
func (a *activityList) restore() error {
	op, lines := a.restorable()
	if len(lines) > 0 && !a.window.undoRemoval(a.tab, op) {
		items := data.Cart{Lines: lines}.Items()
		a.window.together(a.tab, textToRestore, textBroughtBack.of(items), func() {
			for _, l := range lines {
				if l.Quantity > 0 {
					a.window.submitTo(a.tab, putBack(l, op))
				}
			}
		})
	}
	a.show()
	a.list.focus()
	return errAlertStays
}

// textEvent says what a change did.
func textEvent(e data.Event, name string) string {
	name, n, was := quoted(name), grouped(e.Quantity), grouped(e.Was)
	switch {
	case e.Kind == data.KindName && e.Text == "":
		return phrase("Took the cart’s name away").say()
	case e.Kind == data.KindName:
		return phrase("Named the cart {name}").with("name", quoted(e.Text))
	case e.Kind == data.KindClear:
		return plural{"Emptied the cart ({n} line)", "Emptied the cart ({n} lines)"}.of(e.Was)
	case e.Kind == data.KindCheckout:
		return plural{"Checked the cart out ({n} line)", "Checked the cart out ({n} lines)"}.of(e.Was)
	case e.Quantity == 0:
		return phrase("Removed {name} ({n})").with("name", name, "n", was)
	case e.Kind == data.KindAdd:
		return phrase("Added {n} × {name}").with("name", name, "n", grouped(e.Quantity-e.Was))
	}
	return phrase("Changed {name} from {was} to {n}").with("name", name, "was", was, "n", n)
}
