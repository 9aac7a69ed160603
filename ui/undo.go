package ui

import (
	"slices"

	"trolley/data"
)

const (
	textRedo        phrase = "Redo"
	textUndoWhat    phrase = "Undo: {what}"
	textRedoWhat    phrase = "Redo: {what}"
	textUndone      phrase = "Undone: {what}."
	textDoneAgain   phrase = "Done again: {what}."
	textNoUndo      phrase = "There is nothing to undo in this cart."
	textNoRedo      phrase = "There is nothing to redo in this cart."
	textOrderStays  phrase = "An order stays; undo does not take it back."
	textLeftAsIs    phrase = "{name} was left as it is. {reason}"
	textNameStays   phrase = "The cart was named anew meanwhile; that name stays."
	textNothingLeft phrase = "Nothing is left of it to take back."
	textToBringBack phrase = "bring the cart back"
)

var textBroughtBack = plural{"{n} item brought back.", "{n} items brought back."}

// undo takes back what this counter did last in the cart on screen.
func (w *Window) undo() {
	switch s := lastOf(w.history.past); {
	case s == nil:
		w.sayInstead(textNoUndo)
	case s.final:
		w.sayInstead(textOrderStays)
	default:
		w.turnTo(w.tab, s, textUndone, textRedo)
	}
}

// redo makes again what was taken back last.
func (w *Window) redo() {
	s := lastOf(w.history.future)
	if s == nil {
		w.sayInstead(textNoRedo)
		return
	}
	w.turnTo(w.tab, s, textDoneAgain, textUndo)
}

// sayInstead says something at once, in the place of what offers to turn a step.
func (w *Window) sayInstead(text phrase) {
	w.history.offer(nil, func() {})
	w.toasts.show(text.say())
}

// undoLabel says what undo would take back, for a menu.
func (w *Window) undoLabel() string {
	if s := lastOf(w.history.past); s != nil && !s.final {
		return textUndoWhat.with("what", s.what())
	}
	return textUndo.say()
}

// redoLabel says what redo would make again.
func (w *Window) redoLabel() string {
	if s := lastOf(w.history.future); s != nil {
		return textRedoWhat.with("what", s.what())
	}
	return textRedo.say()
}

// turnTo takes a step back, or makes it again, and says so in a toast that
// offers the way back. It need not be the last one: differences can be taken
// back in any order.
func (w *Window) turnTo(t *tab, s *historyStep, said, back phrase) {
	t.history.offer(nil, func() {})
	switch {
	case !t.history.swap(s):
	case s.known(t.model):
		if !w.turn(t, s) {
			return
		}
	default:
		t.history.owed = append(t.history.owed, s)
		if !t.model.state.Link.Usable() {
			w.toasts.show(textComesBack.say())
			return
		}
	}
	w.offerTurn(t, s, said.with("what", s.what()), back)
}

// offerTurn says what was done, with a button that takes it back.
func (w *Window) offerTurn(t *tab, s *historyStep, said string, label phrase) {
	answer, next := textUndone, textRedo
	if label == textRedo {
		answer, next = textDoneAgain, textUndo
	}
	t.history.offer(s, w.toasts.showAction(said, label.say(), func() { w.turnTo(t, s, answer, next) }))
}

// turn sends what takes back what a step has made last. It says so and reports
// false when that comes to nothing.
func (w *Window) turn(t *tab, s *historyStep) bool {
	before := s.made
	s.made = nil
	for _, m := range (&historyStep{made: before}).opposite(t.model.state.Cart) {
		if _, ok := w.send(t, m.Change); !ok {
			continue
		}
		m.By = t.cart.Counter()
		s.made = append(s.made, m)
		t.history.steps[m.Op] = s
		if m.Quantity > 0 {
			t.reveal = m.Product
		}
	}
	if len(s.made) > 0 {
		return true
	}
	s.made = before
	t.history.forget(s)
	if before[0].Kind == data.KindName {
		w.toasts.show(textNameStays.say())
	} else {
		w.toasts.show(textNothingLeft.say())
	}
	return false
}

// undoRemoval takes a change back with which this counter took something out;
// false: it is none of this run, or was taken back.
func (w *Window) undoRemoval(t *tab, op data.OpID) bool {
	s := t.history.steps[op]
	if s == nil || len(s.made) != 1 || s.made[0].Op != op || !slices.Contains(t.history.past, s) {
		return false
	}
	w.turnTo(t, s, textUndone, textRedo)
	return true
}

// followHistory takes in what has come of the changes of a cart, and turns the
// steps that waited for that.
func (w *Window) followHistory(t *tab) {
	if e := t.model.state.Cart.Ended; e != nil && e.ID != t.history.ended && w.takenAway(*e) {
		t.history.past, t.history.future, t.history.owed = nil, nil, nil // what comes next is another customer's
		t.history.ended = e.ID
	}
	t.history.learn(t.model.state)
	due := func(s *historyStep) bool { return s.known(t.model) }
	ready := slices.DeleteFunc(slices.Clone(t.history.owed), func(s *historyStep) bool { return !due(s) })
	t.history.owed = slices.DeleteFunc(t.history.owed, due)
	for _, s := range ready {
		w.turn(t, s)
	}
	t.activity.follow()
}

// takenAway reports whether a cart came to an end that this counter has no part
// in, and after which its id is another customer's.
func (w *Window) takenAway(p data.Past) bool {
	return p.How == data.Expired || p.How == data.CheckedOut && p.By != w.model.me
}

// note keeps what the person did to a cart, and offers to take it back where
// something went out of it. What was damaged cannot be had back.
func (w *Window) note(t *tab, c data.Change, before data.Cart) {
	l, _ := before.Line(c.Product)
	m := madeChange{Change: c, seen: l.Quantity, name: before.Name}
	if c.Kind.Ends() {
		m.lines = before.Lines
	}
	if l.Damaged != "" {
		if c.Kind == data.KindRemove {
			w.toasts.show(textRemoved(nameOf(c)))
		}
		return
	}
	grouped := t.history.open != nil
	s := t.history.note(m, func() string { return textDid(c) })
	switch {
	case grouped || t != w.tab:
	case c.Kind == data.KindClear:
		w.offerTurn(t, s, textCleared(before.Items()), textUndo)
	case c.Kind == data.KindRemove, c.Kind == data.KindStep && c.Want <= 0:
		w.offerTurn(t, s, textRemoved(nameOf(c)), textUndo)
	}
}

// together makes one step of the history of all that do submits to a cart, and
// says it in a toast.
func (w *Window) together(t *tab, what phrase, said string, do func()) {
	if s := t.history.together(what.say, do); s != nil && t == w.tab {
		w.offerTurn(t, s, said, textUndo)
	}
}

// unmake takes back a change that the person never meant.
func (w *Window) unmake(t *tab, op data.OpID) {
	if s := t.history.steps[op]; s != nil && w.turn(t, s) {
		t.history.forget(s)
	}
}

// refusedTurn tells that something could not be taken back, or made again.
func (w *Window) refusedTurn(r data.Refusal) {
	w.toasts.show(textLeftAsIs.with("name", quoted(nameOf(r.Change)), "reason", w.textReason(r)))
}

// textDid says in the fewest words what a change does, for a menu.
func textDid(c data.Change) string {
	name := quoted(nameOf(c))
	switch {
	case c.Kind == data.KindName && c.Text == "":
		return phrase("take the cart’s name away").say()
	case c.Kind == data.KindName:
		return phrase("name the cart {name}").with("name", quoted(c.Text))
	case c.Kind == data.KindClear:
		return phrase("clear the cart").say()
	case c.Kind == data.KindRemove, c.Kind == data.KindStep && c.Want <= 0:
		return phrase("remove {name}").with("name", name)
	case c.Kind == data.KindSet:
		return phrase("change {name} from {was} to {n}").with("name", name, "was", grouped(c.Seen), "n", grouped(c.Quantity))
	case c.Quantity < 0:
		return phrase("take out {n} × {name}").with("n", grouped(-c.Quantity), "name", name)
	}
	return phrase("add {n} × {name}").with("n", grouped(c.Quantity), "name", name)
}
