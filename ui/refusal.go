package ui

import (
	"context"
	"errors"
	"time"

	"trolley/data"
	"trolley/ui/sound"
)

// remedy is one way to deal with a change that was refused.
type remedy struct {
	label string // of its button
	done  string // what a list says when it was chosen
	do    func() // nil: the change is left out
}

// tellRefusals tells what the shop said no to: at once, or in one list when the
// person has long gone on.
func (w *Window) tellRefusals() {
	for _, r := range w.model.refusals() {
		part := w.history.refused(r.Change.Op)
		switch {
		case part == partMoot:
			w.cart.Settle(r.Change.Op)
		case r.Change.Kind == data.KindCheckout:
			w.refusedCheckout(r)
		case errors.Is(r.Err, data.ErrOpReused):
			// Only what is brought back has an id that others have too: another
			// counter did so first, with another quantity.
			w.cart.Settle(r.Change.Op)
		case r.Late, r.Lost, errors.Is(r.Err, data.ErrTooLate):
			w.late.add(r)
		case part == partTurned:
			w.cart.Settle(r.Change.Op)
			w.refusedTurn(r)
		default:
			w.refused(r)
		}
	}
	w.late.askIfDue()
}

// refused tells the person that the shop said no, in the way that fits.
func (w *Window) refused(r data.Refusal) {
	w.cart.Settle(r.Change.Op)
	if r.Change.Kind == data.KindAdd { // it may have been scanned, and heard as taken
		w.tone(sound.Look)
	}
	var missing *data.NotInCartError
	var conflict *data.ConflictError
	switch {
	case errors.As(r.Err, &missing):
		w.ask(func() { w.missingItem(r.Change, missing) })
	case errors.As(r.Err, &conflict):
		w.ask(func() { w.conflict(r.Change, conflict) })
	case errors.Is(r.Err, data.ErrUnknownProduct):
		w.unknownAfterAll(r.Change)
	default:
		w.toasts.show(textRefused(r))
	}
}

// unknownAfterAll tells that a product went out of the catalogue before its
// change came there.
func (w *Window) unknownAfterAll(c data.Change) {
	known := w.model.state.Catalogue
	w.run(func(context.Context) func() {
		near := known.Near(nameOf(c), 3)
		return func() { w.ask(func() { w.unknownProduct(nameOf(c), max(1, c.Quantity), near, false) }) }
	})
}

// missingItem tells that a line is not in the cart, so that what was asked of
// it could not be done.
func (w *Window) missingItem(c data.Change, e *data.NotInCartError) {
	spec := alertSpec{Title: phrase("{name} is no longer in this cart").with("name", quoted(nameOf(c))), Return: w.search}
	ways := w.missingRemedies(c)
	if len(ways) == 1 {
		spec.Title = textNotInCart.with("name", quoted(nameOf(c)))
		spec.Body = w.textMissing(e) + " " + phrase("Nothing was taken out.").say()
		spec.Buttons = []alertButton{{Label: textClose.say(), Role: rolePrimary}}
	} else {
		spec.Body = w.textMissing(e) + " " + phrase("The new quantity ({n}) was not saved.").with("n", grouped(quantityAgain(c)))
		spec.Buttons = remedyButtons(ways)
	}
	w.alerts.show(spec)
}

// remedyButtons makes the buttons of an alert of remedies: the first is the
// safe one, and the last what most people want.
func remedyButtons(ways []remedy) []alertButton {
	var buttons []alertButton
	for i, way := range ways {
		b := alertButton{Label: way.label, Role: roleOther}
		switch i {
		case 0:
			b.Role = roleSafe
		case len(ways) - 1:
			b.Role = rolePrimary
		}
		if way.do != nil {
			b.Do = func() error { way.do(); return nil }
		}
		buttons = append(buttons, b)
	}
	return buttons
}

func (w *Window) textMissing(e *data.NotInCartError) string {
	if e.At.IsZero() {
		return phrase("It is not in this cart.").say()
	}
	return phrase("{who} removed it at {time}.").with("who", w.counterName(e.By, e.At), "time", w.textAt(e.At))
}

// counterName names who made a change.
func (w *Window) counterName(by string, at time.Time) string {
	if w.model.madeHere(at) {
		return phrase("This counter").say()
	}
	return somebody(by)
}

// textAt says when something was, behind “at”.
func (w *Window) textAt(t time.Time) string {
	t, now := t.Local(), w.model.now().Local()
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return textTime(t)
	}
	return phrase("{time} on {date}").with("date", textDay(t), "time", textTime(t))
}

const textNotInCart phrase = "{name} is not in this cart"

// nothingToTake tells that what was to be taken out by typing is not there.
func (w *Window) nothingToTake(typed string) {
	w.tellProblem(textNotInCart.with("name", quoted(typed)), phrase("Nothing was taken out. Only products that are in the cart can be.").say())
}

// conflict tells that a typed quantity met another counter's change.
func (w *Window) conflict(c data.Change, e *data.ConflictError) {
	w.alerts.show(alertSpec{
		Title:   phrase("{who} changed this quantity too").with("who", somebody(e.By)),
		Body:    textWas(quoted(nameOf(c)), e) + " " + w.textConflict(c, e),
		Return:  w.search,
		Buttons: remedyButtons(w.conflictRemedies(c, e)),
	})
}

// textWas says what a line had before both counters changed it.
func textWas(line string, e *data.ConflictError) string {
	if e.Seen == 0 {
		return phrase("{line} was damaged when this edit began.").with("line", line)
	}
	return phrase("{line} was {n} when this edit began.").with("line", line, "n", grouped(e.Seen))
}

// textItWas is textWas below the name of the line.
func textItWas(e *data.ConflictError) string {
	if e.Seen == 0 {
		return phrase("It was damaged when this edit began.").say()
	}
	return phrase("It was {n} when this edit began.").with("n", grouped(e.Seen))
}

// conflictKind tells the sentences about a conflict from each other.
type conflictKind struct {
	theirs, ours bool // it is known when that was
	out          bool // this counter took the line out
}

var conflictTexts = map[conflictKind]phrase{
	{}:                                    "{who} set {theirs}; this counter set {ours}.",
	{theirs: true}:                        "{who} set {theirs} at {then}; this counter set {ours}.",
	{ours: true}:                          "{who} set {theirs}; this counter set {ours} at {time}.",
	{theirs: true, ours: true}:            "{who} set {theirs} at {then}; this counter set {ours} at {time}.",
	{out: true}:                           "{who} set {theirs}; this counter took it out.",
	{out: true, theirs: true}:             "{who} set {theirs} at {then}; this counter took it out.",
	{out: true, ours: true}:               "{who} set {theirs}; this counter took it out at {time}.",
	{out: true, theirs: true, ours: true}: "{who} set {theirs} at {then}; this counter took it out at {time}.",
}

// textConflict tells what both counters did to a line.
func (w *Window) textConflict(c data.Change, e *data.ConflictError) string {
	kind := conflictKind{theirs: !e.At.IsZero(), ours: !c.At.IsZero(), out: c.Want < 1}
	return conflictTexts[kind].with("who", w.counterName(e.By, e.At), "theirs", grouped(e.Now), "then", w.textAt(e.At),
		"ours", grouped(c.Want), "time", w.textAt(c.At))
}

// remedies returns what can be done about a refusal. The first leaves things
// as they are.
func (w *Window) remedies(r data.Refusal) []remedy {
	var missing *data.NotInCartError
	var conflict *data.ConflictError
	var stock *data.StockError
	var damaged *data.DamagedError
	leaveIt := remedy{label: phrase("Leave it").say(), done: phrase("Left as it is.").say()}
	switch c := r.Change; {
	case errors.As(r.Err, &conflict):
		return w.conflictRemedies(c, conflict)
	case errors.As(r.Err, &missing):
		return w.missingRemedies(c)
	case errors.As(r.Err, &stock):
		return w.stockRemedies(c, stock)
	case errors.Is(r.Err, data.ErrUnknownProduct):
		return []remedy{leaveOut(), {textAddNew.say(), phrase("A new product.").say(), func() {
			w.newProduct(draft{c.Name, string(c.Product)}, max(1, c.Quantity))
		}}}
	case errors.Is(r.Err, data.ErrCartChanged):
		return []remedy{leaveIt, {phrase("Clear it now").say(), phrase("Cleared.").say(), w.clearCart}}
	case errors.Is(r.Err, data.ErrTooLate):
		return []remedy{leaveIt, {phrase("Make it again").say(), phrase("Made again.").say(), func() { w.makeAgain(c) }}}
	case errors.As(r.Err, &damaged):
		return []remedy{leaveIt}
	}
	return []remedy{leaveOut()}
}

func leaveOut() remedy {
	return remedy{label: phrase("Leave out").say(), done: phrase("Left out.").say()}
}

// conflictRemedies are to keep the quantity that is there, to use this
// counter's, and to add what both have put in.
func (w *Window) conflictRemedies(c data.Change, e *data.ConflictError) []remedy {
	set := func(label phrase, n int64) remedy {
		return remedy{label.with("n", grouped(n)), phrase("Set to {n}.").with("n", grouped(n)), func() {
			w.submit(data.Change{Kind: data.KindSet, Product: c.Product, Quantity: n, Seen: e.Now, Name: c.Name, Want: n})
		}}
	}
	keep := remedy{label: phrase("Keep {n}").with("n", grouped(e.Now)), done: phrase("Kept {n}.").with("n", grouped(e.Now))}
	if c.Want < 1 { // stepped down to nothing after it was typed
		return []remedy{keep, {phrase("Remove it").say(), phrase("Removed.").say(), func() {
			w.submit(data.Change{Kind: data.KindRemove, Product: c.Product, Name: c.Name})
		}}}
	}
	ways := []remedy{keep, set("Use {n}", c.Want)}
	both := e.Now + c.Want - e.Seen
	if e.Seen > 0 && e.Now > e.Seen && c.Want > e.Seen && both <= w.cart.Limits().Quantity {
		ways = append(ways, set("Add them: {n}", both))
	}
	return ways
}

const textAdded phrase = "Added {n}."

// quantityAgain is how many to add of a line that has gone.
func quantityAgain(c data.Change) int64 { return max(1, c.Want) }

// missingRemedies has no more than the one when the line was to go anyway.
func (w *Window) missingRemedies(c data.Change) []remedy {
	out := leaveOut()
	if c.Kind == data.KindRemove || c.Want <= 0 {
		return []remedy{out}
	}
	n := grouped(quantityAgain(c))
	return []remedy{out, {phrase("Add {n} again").with("n", n), textAdded.with("n", n), func() {
		w.submit(data.Change{Kind: data.KindAdd, Product: c.Product, Quantity: quantityAgain(c), Name: c.Name})
	}}}
}

// stockRemedies offers what is left.
func (w *Window) stockRemedies(c data.Change, e *data.StockError) []remedy {
	left := e.Left - e.Have
	if left <= 0 {
		return []remedy{leaveOut()}
	}
	n := grouped(left)
	return []remedy{leaveOut(), {phrase("Add {n}").with("n", n), textAdded.with("n", n), func() {
		w.submit(data.Change{Kind: data.KindAdd, Product: c.Product, Quantity: left, Name: c.Name})
	}}}
}

// makeAgain makes a change anew, of the cart as it is now.
func (w *Window) makeAgain(c data.Change) {
	l, there := w.model.state.Cart.Line(c.Product)
	again := data.Change{Kind: c.Kind, Product: c.Product, Quantity: c.Quantity, Name: c.Name, Want: l.Quantity + c.Quantity}
	switch {
	case c.Kind == data.KindClear:
		w.clearCart()
		return
	case c.Kind == data.KindRemove && there:
		w.remove(l)
		return
	case c.Kind == data.KindSet && there:
		again.Seen, again.Want = l.Quantity, c.Quantity
	case c.Kind == data.KindSet:
		again.Kind = data.KindAdd
	}
	w.submit(again)
}

// reason sorts refusals by what they say, so that those of one product can be
// told together.
func reason(err error) string {
	var stock *data.StockError
	var quantity *data.QuantityError
	var full *data.FullError
	switch {
	case errors.Is(err, data.ErrUnknownProduct), errors.Is(err, data.ErrTooLate):
		return err.Error()
	case errors.As(err, &stock):
		return "stock"
	case errors.As(err, &quantity):
		return "quantity"
	case errors.As(err, &full):
		return "full"
	}
	return ""
}

// textWhat says in a few words what a change was to do.
func textWhat(c data.Change) string {
	name := short(nameOf(c))
	switch {
	case c.Kind == data.KindClear:
		return phrase("Clear the cart").say()
	case c.Kind == data.KindRemove, c.Kind == data.KindSet && c.Want < 1:
		return phrase("{name}, remove").with("name", name)
	case c.Kind == data.KindSet: // and changed on from there
		return phrase("{name}, set to {n}").with("name", name, "n", grouped(c.Want))
	case c.Quantity < 0:
		return plural{"{name}, {n} fewer", "{name}, {n} fewer"}.of(-c.Quantity, "name", name)
	}
	return plural{"{name}, {n} more", "{name}, {n} more"}.of(c.Quantity, "name", name)
}

// textWhy says in a sentence or two why a change was refused that had waited.
func (w *Window) textWhy(r data.Refusal) string {
	why := w.textReason(r)
	if r.Lost {
		return phrase("It was confirmed, then the server lost it.").say() + " " + why
	}
	return why
}

func (w *Window) textReason(r data.Refusal) string {
	var missing *data.NotInCartError
	var conflict *data.ConflictError
	var quantity *data.QuantityError
	var stock *data.StockError
	var damaged *data.DamagedError
	switch err := r.Err; {
	case errors.As(err, &conflict):
		return textItWas(conflict) + " " + w.textConflict(r.Change, conflict)
	case errors.As(err, &missing):
		return w.textMissing(missing)
	case errors.As(err, &stock):
		if stock.Have == 0 {
			return phrase("Only {left} in stock.").with("left", grouped(stock.Left))
		}
		return phrase("Only {left} in stock, and {have} in the cart already.").with("left", grouped(stock.Left), "have", grouped(stock.Have))
	case errors.As(err, &quantity) && r.Change.Quantity < 0:
		return phrase("The cart has only {have} of it.").with("have", grouped(quantity.Have))
	case errors.As(err, &quantity):
		return phrase("It stays at {have}: a line holds at most {max}.").with("have", grouped(quantity.Have), "max", grouped(quantity.Max))
	case errors.As(err, &damaged):
		return phrase("The shop holds damaged data of it. Set its quantity or remove it in the cart.").say()
	case errors.Is(err, data.ErrUnknownProduct):
		return phrase("It is no longer in the catalogue.").say()
	case errors.Is(err, data.ErrCartChanged):
		return phrase("The cart was changed at another counter meanwhile.").say()
	case errors.Is(err, data.ErrTooLate):
		return phrase("It is not known whether this was made before the connection was lost. Look at the cart.").say()
	}
	return textRefused(r)
}
