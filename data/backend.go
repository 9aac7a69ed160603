package data

import (
	"context"
	"time"
)

// Backend is a store that holds one shop. Its methods may be called from any
// goroutine. Errors are the refusals of this package, or an
// [UnavailableError]; a context that ends counts as FaultTimeout, and then the
// outcome is unknown.
type Backend interface {
	// Apply makes one change, whole or not at all.
	Apply(ctx context.Context, cart CartID, c Change) (Receipt, error)

	// Read returns the cart with the details of its products, or Same when it
	// still has the token known (the zero token always reads). Mine is an
	// operation whose answer the caller waits for; the answer says whether the
	// cart that was read has it in. Read never renews the timeout.
	Read(ctx context.Context, cart CartID, known Token, mine OpID) (Reading, error)

	// Keep renews the cart's timeout. One that is not there stays so.
	Keep(ctx context.Context, cart CartID) error

	// Products hands the catalogue over in pages until yield returns false.
	Products(ctx context.Context, yield func([]Product) bool) error

	// Product returns one product, or ErrUnknownProduct.
	Product(ctx context.Context, id ProductID) (Product, error)

	// CreateProduct puts a new product in the catalogue and tells every
	// counter. ErrProductExists: the id is taken by another product; one that
	// is the same in all fields is no error, so that a repeat is safe.
	CreateProduct(ctx context.Context, p Product) error

	// Watch follows the cart and the catalogue until ctx ends, and tells sink
	// from one goroutine at a time. It owns reconnecting. It returns when all
	// it started has ended.
	Watch(ctx context.Context, cart CartID, sink func(Signal))

	// Carts tells the store which carts this program has open, and lists the
	// open carts of the shop with who has them open: those with lines or a name, and
	// those that some counter has open, at most MaxCarts. A visit is forgotten
	// HereLife after the last call; one without carts ends it at once. Carts
	// whose time has run out are put to the past first. It renews no timeout.
	Carts(ctx context.Context, v Visit) ([]CartInfo, error)

	// Past lists the carts that ended, or instead the orders, newest first, at
	// most PastPage of those that ended before a time (zero: now). None is older
	// than PastLife.
	Past(ctx context.Context, orders bool, before time.Time) ([]Past, error)

	// Activity returns the last changes of a cart, newest first, at most
	// MaxActivity, as far as they belong to its last PastLife. It outlives the
	// cart's ends.
	Activity(ctx context.Context, cart CartID) ([]Event, error)

	// Preflight finds out whether the store can be used, stage by stage, and
	// tells what it found. It changes nothing that a person would see. The
	// error is that of the stage that failed: then no change may be sent, as it
	// might be made by halves.
	Preflight(ctx context.Context, tell func(Finding)) error

	// Close ends everything. Calls under way fail.
	Close() error
}

// Reading is the answer of [Backend.Read].
type Reading struct {
	Same bool // the token is still the known one; of Cart only Expires and ReadAt are set
	Mine bool // the operation asked about is part of what was read
	Cart Cart
}

// Signal is what [Backend.Watch] tells.
type Signal struct {
	Kind  SignalKind
	Event Event // SignalEvent
	Err   error // SignalDown: why
}

// SignalKind says what a Signal is about.
type SignalKind int

const (
	// SignalUp means that following has begun or begun again: what happened
	// before is not known, read everything.
	SignalUp SignalKind = iota
	// SignalDown means that nothing is followed at the moment.
	SignalDown
	// SignalEvent carries an event.
	SignalEvent
	// SignalLost means that an event came that could not be understood or
	// kept: read the cart again.
	SignalLost
	// SignalCatalogue means that a product was added or changed.
	SignalCatalogue
)
