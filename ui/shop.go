package ui

import (
	"context"
	"log/slog"

	"trolley/data"
)

// Shop is what the window needs of the live view of a cart; *data.Session is
// one. None of the methods without a context waits for the store.
type Shop interface {
	States() <-chan data.State
	Submit(c data.Change) (data.OpID, error)
	Settle(op data.OpID)
	Keep()
	Retry()
	Check(ctx context.Context, tell func(data.Finding)) error
	Lookup(ctx context.Context, code string, known *data.Catalogue) (data.Found, error)
	CreateProduct(ctx context.Context, p data.Product) error
	Cart() data.CartID
	Counter() string
	Limits() data.Limits
}

// Place says where a shop is kept.
type Place struct {
	Shop  Shop
	Local bool   // in a file of this computer
	Addr  string // of the server, without any secret; empty when Local
	// Durable says that changes that wait are kept on this computer's disk and
	// outlive the program.
	Durable bool
	// DiskRefuses says that it should be so, and the disk does not take them.
	DiskRefuses bool
	// Elsewhere counts the changes that earlier runs left waiting for other
	// carts, or for other shops.
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
	// OpenLocal opens the shop of this computer, for the case that the server
	// cannot be reached at start.
	OpenLocal func(ctx context.Context) (Place, error)
}
