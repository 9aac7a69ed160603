package ui

import (
	"context"

	"trolley/data"
	"trolley/data/config"
)

// Connector brings the window to shops: this computer's and those of servers.
// Methods with a context may take long and are not for the UI goroutine.
type Connector interface {
	// Connection returns how the shop on screen is reached.
	Connection() config.Connection
	// Settings returns what else the shop is opened with.
	Settings() config.Settings
	// Locked reports whether the environment says what stands in a field, so
	// that nothing can be chosen there.
	Locked(f config.Field) bool

	// Test finds out, stage by stage, whether a connection would do. Nothing is
	// saved and nothing on screen changes.
	Test(ctx context.Context, c config.Connection, tell func(data.Finding)) error
	// Keychain returns why this computer cannot keep passwords; nil: it can.
	Keychain(ctx context.Context) error
	// Save keeps the connection for the next start, and its passwords where
	// c.Keep says.
	Save(ctx context.Context, c config.Connection) error
	// SaveSettings keeps the settings for the next start.
	SaveSettings(ctx context.Context, s config.Settings) error
	// Open opens the shop of a connection, with the settings. It is the one
	// that Connection tells from then on.
	Open(ctx context.Context, c config.Connection) (Place, error)

	// Name returns the Name that the Place of a connection will have.
	Name(c config.Connection) string

	// Holding returns what there is in the shop of this computer.
	Holding(ctx context.Context) (data.Holding, error)
	// Share copies the products and the open carts of this computer's shop to
	// that of a connection. Doing it again copies nothing twice.
	Share(ctx context.Context, c config.Connection, tell func(data.Shared)) error
}
