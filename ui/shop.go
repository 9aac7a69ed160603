package ui

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/text/language"

	"trolley/data"
)

// Shop is what the window needs of the live view of a shop; [OpenShop] makes
// one. None of the methods without a context waits for the store.
type Shop interface {
	// Open returns the live view of a cart, and starts it if it is not there.
	Open(id data.CartID) Cart
	Listings() <-chan data.Listing
	Look()
	Others(c data.CartInfo) []string
	Past(ctx context.Context, orders bool, before time.Time) ([]data.Past, error)
	Activity(ctx context.Context, cart data.CartID) ([]data.Event, error)
	Counter() string
	Limits() data.Limits
	// SortAs puts the products in the order of a language. It takes long.
	SortAs(tag language.Tag)
}

// OpenShop makes a shop fit for the window.
func OpenShop(s *data.Shop) Shop { return wholeShop{s} }

type wholeShop struct{ *data.Shop }

// Open implements Shop.
func (s wholeShop) Open(id data.CartID) Cart { return s.Shop.Open(id) }

// Cart is what the window needs of the live view of a cart; *data.Session is
// one. None of the methods without a context waits for the store, but End
// does.
type Cart interface {
	States() <-chan data.State
	Submit(c data.Change) (data.OpID, error)
	Settle(op data.OpID)
	Keep()
	Retry()
	Check(ctx context.Context, tell func(data.Finding)) error
	Lookup(ctx context.Context, code string, known *data.Catalogue) (data.Found, error)
	CreateProduct(ctx context.Context, p data.Product) error
	ID() data.CartID
	Counter() string
	Limits() data.Limits
	// End waits for what is under way, until drain ends, and until what was
	// confirmed is safe or linger ends, and closes the cart.
	End(drain, linger context.Context) []data.Change
}

// Place says where a shop is kept.
type Place struct {
	Shop  Shop
	Carts []data.CartID // to open, the first one on screen; at least one
	Name  string        // of this place among all others; what is remembered is remembered of it
	Local bool          // in a file of this computer
	Addr  string        // of the server, without any secret; empty when Local
	// Durable says that changes that wait are kept on this computer's disk and
	// outlive the program.
	Durable bool
	// Unverified says that the server's certificate is not checked.
	Unverified bool
	// DiskRefuses says that it should be so, and the disk does not take them.
	DiskRefuses bool
	// Elsewhere counts the changes that earlier runs left waiting for other
	// shops.
	Elsewhere int
	// LoadSamples puts the sample catalogue into the shop if it is empty.
	LoadSamples func(ctx context.Context) error
	// Close ends the shop and tells the changes that had no answer.
	Close func() []data.Change
}

// Options say what the window starts with.
type Options struct {
	Place   Place
	Version string
	Log     *slog.Logger // nil: nothing is logged
	// Connector opens other shops; nil: there are none.
	Connector Connector
	// SavedErr says what is wrong with the saved connection or settings; it
	// joins one data.InvalidError for each thing. Nil: nothing.
	SavedErr error
	// Sounds play the tones of scans; nil: none can be heard. They are ended by
	// whoever made them.
	Sounds Sounds
	// Logbook is the program's log; nil: there is none to show.
	Logbook Logbook
	System  System
}
