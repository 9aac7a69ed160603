package data

import (
	"slices"
	"time"
)

// Ending says how a cart came to its end.
type Ending string

// The endings.
const (
	Expired    Ending = "expired"     // its time ran out
	Emptied    Ending = "emptied"     // a person cleared it
	CheckedOut Ending = "checked out" // it became an order
)

// How much stores keep of what is over.
const (
	PastLife    = 30 * 24 * time.Hour
	PastPage    = 50  // carts in one answer of [Backend.Past]
	MaxActivity = 128 // changes of one cart
)

// Past is a cart that has ended, as it was.
type Past struct {
	ID   OpID // the change that ended it; of an expired cart its last change. See [RestoreOp].
	How  Ending
	At   time.Time // when it ended, by the store's clock
	By   string    // the counter that ended it; empty: nobody did, or unknown
	Cart Cart      // with the names and prices that it had; of Token, Expires and ReadAt nothing is kept
}

// Elsewhere returns the id of the cart into which every counter brings this one
// back when its own has been put to another use: brought back at two counters,
// it comes back once.
func (p Past) Elsewhere() CartID {
	return CartID(p.At.UTC().Format(madeForm) + "-" + string(RestoreOp(p.ID, ""))[:8])
}

// BroughtBack reports whether the changes of a cart show that this one was
// brought back there, if only in part.
func (p Past) BroughtBack(activity []Event) bool {
	back := make(map[OpID]bool, len(p.Cart.Lines))
	for _, l := range p.Cart.Lines {
		back[RestoreOp(p.ID, l.Product.ID)] = true
	}
	return slices.ContainsFunc(activity, func(e Event) bool { return back[e.Token.Op] })
}
