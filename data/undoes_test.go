package data

import (
	"slices"
	"testing"
)

// What takes a change back must not be made when the change itself was not: it
// would take from what others have put in.
func TestRefusalTakesItsUndoWithIt(t *testing.T) {
	b := newBench(t, 5)
	added := b.add("a", 3)
	undone := Change{Op: NewOp(), Kind: KindStep, Product: "a", Quantity: -3, By: "me", Undoes: added.Op}
	again := Change{Op: NewOp(), Kind: KindStep, Product: "a", Quantity: 3, By: "me", Undoes: undone.Op}
	other := Change{Op: NewOp(), Kind: KindStep, Product: "a", Quantity: -1, By: "me", Undoes: "done long ago"}
	for _, c := range []Change{undone, again, other} {
		b.submit(c)
	}
	b.refuse(added, &StockError{Product: "a", Have: 5, Left: 6})
	b.want("a4*")
	b.wantWaiting(1)
	s := b.state()
	if len(s.Refused) != 1 || !slices.Equal(s.Refused[0].With, []OpID{undone.Op, again.Op}) {
		t.Errorf("refused: %+v", s.Refused)
	}
}
