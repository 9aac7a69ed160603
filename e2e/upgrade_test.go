//go:build e2e && linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trolley/e2e/desk"
)

// Whoever installs this version over the first one finds what was there: in the
// shop, in the carts, and which cart was open.
func TestWindowOpensWhatTheFirstVersionLeft(t *testing.T) {
	d := newDesk(t, desk.Options{})
	shop := filepath.Join(d.Home(), "data", "trolley")
	leave(t, filepath.Join("..", "data", "local", "testdata", "released", "schema-1"), shop)
	leave(t, filepath.Join("..", "ui", "testdata", "released", "first"), filepath.Join(d.Home(), "config", "fyne", "org.trolley.counter"))

	w := launch(t, d, "upgraded", delivered, "TROLLEY_LOG=debug", "TROLLEY_CART=never")
	shows(t, w, "live: 1 lines, 5 items, total 9.00, 0 waiting")
	enter(t, w, "espresso")
	shows(t, w, "live: 2 lines, 6 items, total 11.40, 0 waiting")
	check(t, w.Key("ctrl+w"))
	check(t, w.Until("the cart that was open is on screen", func() (bool, error) {
		title, err := w.Title()
		return strings.HasSuffix(title, " front"), err
	}))
	check(t, w.Quit())
	expectFiles(t, d, "data/trolley/shop-*", "shop-main.db")
	if waiting, err := filepath.Glob(filepath.Join(shop, "waiting-*.db")); err != nil || len(waiting) != 1 {
		t.Errorf("what waits for a server is in %v (%v)", waiting, err)
	}
}

// leave copies kept files to where an earlier version left them.
func leave(t *testing.T, from, to string) {
	t.Helper()
	check(t, os.MkdirAll(to, 0o700))
	check(t, os.CopyFS(to, os.DirFS(from)))
}
