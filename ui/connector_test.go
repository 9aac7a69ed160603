package ui

import (
	"context"
	"slices"
	"sync"
	"testing"

	"trolley/data"
	"trolley/data/config"
)

// fakeConnector stands in for the one that the program makes: its servers
// answer what a test says. The real one is tested with real servers, where it
// is made.
type fakeConnector struct {
	connection config.Connection
	settings   config.Settings
	locked     []config.Field
	keychain   error
	holding    data.Holding

	findings []data.Finding // of a test
	err      error          // of a test
	gate     chan struct{}  // a test and a copy wait for it; nil: they go on
	copied   []data.Shared  // what a copy tells
	copyErr  error

	mu      sync.Mutex
	tested  []config.Connection
	stopped int // tests and copies whose context ended
	shared  []config.Connection
}

func (f *fakeConnector) Connection() config.Connection                 { return f.connection }
func (f *fakeConnector) Settings() config.Settings                     { return f.settings }
func (f *fakeConnector) Locked(field config.Field) bool                { return slices.Contains(f.locked, field) }
func (f *fakeConnector) Name(config.Connection) string                 { return "" }
func (f *fakeConnector) Keychain(context.Context) error                { return f.keychain }
func (f *fakeConnector) Save(context.Context, config.Connection) error { return nil }

func (f *fakeConnector) SaveSettings(context.Context, config.Settings) error { return nil }

func (f *fakeConnector) Open(context.Context, config.Connection) (Place, error) {
	return Place{}, data.ErrClosed
}

func (f *fakeConnector) Holding(context.Context) (data.Holding, error) { return f.holding, nil }

func (f *fakeConnector) Test(ctx context.Context, c config.Connection, tell func(data.Finding)) error {
	f.note(func() { f.tested = append(f.tested, c) })
	for _, one := range f.findings {
		tell(one)
	}
	if err := f.wait(ctx); err != nil {
		return err
	}
	return f.err
}

func (f *fakeConnector) Share(ctx context.Context, c config.Connection, tell func(data.Shared)) error {
	f.note(func() { f.shared = append(f.shared, c) })
	for _, one := range f.copied {
		tell(one)
	}
	if err := f.wait(ctx); err != nil {
		return err
	}
	return f.copyErr
}

// wait waits for the gate, if there is one.
func (f *fakeConnector) wait(ctx context.Context) error {
	if f.gate == nil {
		return nil
	}
	select {
	case <-f.gate:
		return nil
	case <-ctx.Done():
		f.note(func() { f.stopped++ })
		return ctx.Err()
	}
}

func (f *fakeConnector) note(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// seen reads what another goroutine notes.
func seen[T any](f *fakeConnector, what func() T) T {
	f.mu.Lock()
	defer f.mu.Unlock()
	return what()
}

// openAt is a window on a shop, with this connector.
func openAt(t *testing.T, f *fakeConnector) *desk {
	t.Helper()
	d := openDesk(t, localShop(t, 0, goods...), Options{Connector: f})
	d.ready(len(goods))
	return d
}

// theShop is the connection of most tests.
func theShop() config.Connection {
	return config.Connection{Shared: true, Host: "10.0.0.5", Port: "6380", User: "shop", TLS: true, Keep: config.KeepKeychain}
}
