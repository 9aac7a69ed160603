package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/doctor"
	"trolley/data/redistest"
	"trolley/ui"
)

// kept is the password of the shop in these tests.
const kept = "kept-password"

// startedWith is an opener as it is at a start with files in the data folder and
// variables of the environment.
func startedWith(t *testing.T, dir string, env map[string]string) *opener {
	t.Helper()
	env["TROLLEY_DATA_DIR"] = dir
	conf, err := config.Load(config.Sources{OS: "linux", HomeDir: dir, Hostname: "desk",
		Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }})
	if err != nil || conf.SavedErr != nil {
		t.Fatal(err, conf.SavedErr)
	}
	return newOpener(conf, slog.New(slog.DiscardHandler))
}

// secure is a connection that nobody reads along. Nothing listens there.
var secure = config.Connection{Shared: true, Host: "127.0.0.1", Port: "9", User: "desk", TLS: true, Keep: config.KeepFile}

// withKept saves the secure connection with its password.
func withKept(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c := secure
	c.Password = kept
	if err := config.SaveConnection(dir, c); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sent returns the password that a connection would show to its server.
func sent(t *testing.T, o *opener, c config.Connection) string {
	t.Helper()
	server, err := o.server(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if server.Secret != nil {
		return "from the keychain"
	}
	return server.Password
}

func goTo(t *testing.T, o *opener, c config.Connection) {
	t.Helper()
	place, err := o.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	place.Close()
}

// A password that is kept is for whoever was sure to get it before: not for
// another server or user, and not for anybody who listens or passes for it.
func TestKeptPasswordIsForItsServerOnly(t *testing.T) {
	for _, keep := range []config.Keep{config.KeepFile, config.KeepKeychain} {
		want, dir := kept, withKept(t)
		o := startedWith(t, dir, map[string]string{})
		if keep == config.KeepKeychain {
			o.known[0].Password, want = "", "from the keychain"
		}
		c := secure
		c.Keep = keep
		if got := sent(t, o, c); got != want {
			t.Errorf("%s: its own server gets %q", keep, got)
		}
		for what, change := range map[string]func(*config.Connection){
			"plain":      func(c *config.Connection) { c.TLS = false },
			"unverified": func(c *config.Connection) { c.Unverified = true },
		} {
			weak := c
			change(&weak)
			if got := sent(t, o, weak); got != "" {
				t.Errorf("%s: %s gets %q", keep, what, got)
			}
			weak.Password = "typed"
			if got := sent(t, o, weak); got != "typed" {
				t.Errorf("%s: %s, typed: got %q", keep, what, got)
			}
		}
	}
	o := startedWith(t, withKept(t), map[string]string{})
	for what, change := range map[string]func(*config.Connection){
		"another host": func(c *config.Connection) { c.Host = "127.0.0.2" },
		"another port": func(c *config.Connection) { c.Port = "10" },
		"another user": func(c *config.Connection) { c.User = "other" },
		"another base": func(c *config.Connection) { c.Database = "1" },
	} {
		other := secure
		change(&other)
		if got := sent(t, o, other); got != "" {
			t.Errorf("%s gets %q", what, got)
		}
	}
}

// Whoever works on this computer for a while comes back without typing anything:
// the field of a password that the environment gives is locked.
func TestWayBackNeedsNoPassword(t *testing.T) {
	for what, env := range map[string]map[string]string{
		"file":        {},
		"environment": {"TROLLEY_REDIS_PASSWORD": kept},
	} {
		o := startedWith(t, withKept(t), env)
		goTo(t, o, o.Connection())
		here := o.Connection()
		here.Shared = false
		goTo(t, o, here)
		back := o.Connection()
		back.Shared = true
		if got := sent(t, o, back); got != kept {
			t.Errorf("%s: on the way back the server gets %q", what, got)
		}
		typed := back
		typed.Password = "new"
		goTo(t, o, typed)
		goTo(t, o, here)
		if got := sent(t, o, back); got != "new" {
			t.Errorf("%s: a password that was typed since is forgotten: %q", what, got)
		}
	}
}

// A shop that is opened and closed before it comes on screen, as when its password
// cannot be kept, was never the one that the window shows.
func TestShopThatDoesNotComeOnScreen(t *testing.T) {
	o := startedWith(t, t.TempDir(), map[string]string{})
	open := func(c config.Connection) ui.Place {
		place, err := o.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return place
	}
	here := open(config.Connection{})
	open(secure).Close()
	if o.Connection().Shared {
		t.Error("the window is said to show the server that it did not go to")
	}
	there := open(secure)
	here.Close() // as the window does once it has moved
	if !o.Connection().Shared {
		t.Error("the window is said to show the shop that it has left")
	}
	there.Close()
	if !o.Connection().Shared {
		t.Error("the same shop is to be opened again, and is forgotten")
	}
}

// A password of the environment is written down nowhere.
func TestPasswordOfTheEnvironmentIsNotKept(t *testing.T) {
	dir := t.TempDir()
	if err := config.SaveConnection(dir, secure); err != nil {
		t.Fatal(err)
	}
	o := startedWith(t, dir, map[string]string{"TROLLEY_REDIS_PASSWORD": kept})
	if err := o.Save(t.Context(), o.Connection()); err != nil {
		t.Fatal(err)
	}
	for _, file := range files(t, dir) {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), kept) {
			t.Errorf("%s holds the password: %v", file, err)
		}
	}
}

// A window that stands on one shop must not take it for another one.
func TestConnectionThatCannotBeUsedLeadsToNoShop(t *testing.T) {
	o := startedWith(t, t.TempDir(), map[string]string{})
	gone := secure
	gone.CA = filepath.Join(t.TempDir(), "gone.pem")
	if name := o.Name(gone); name != "" {
		t.Errorf("its name is %q", name)
	}
	if here := o.Name(config.Connection{}); here == "" {
		t.Error("the shop of this computer has no name")
	}
}

// The doctor does not find the shop of this computer in order where somebody
// chose a server that cannot be read any more.
func TestDoctorTellsOfASavedConnectionThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TROLLEY_DATA_DIR", dir)
	if err := os.WriteFile(filepath.Join(dir, "connection.env"), []byte("TROLLEY_REDIS_URL=nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := runDoctor(nil); got != doctor.BadSetting {
		t.Errorf("the doctor says %v", got)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// deadKeychain is a keychain that never answers, as one does that waits for
// somebody to unlock it.
func deadKeychain(t *testing.T) {
	t.Helper()
	bus, err := net.Listen("unix", filepath.Join(t.TempDir(), "bus"))
	if err != nil {
		t.Skip("this system has no sockets of that kind:", err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+bus.Addr().String())
}

// A keychain that does not answer is not taken for a server that does not: the
// window asks for the password then.
func TestDeadKeychainIsAMissingPassword(t *testing.T) {
	deadKeychain(t)
	server := redistest.Start(t, "--requirepass", kept)
	o := startedWith(t, t.TempDir(), map[string]string{})
	store, err := o.backend(t.Context(), config.Connection{Shared: true, Host: "127.0.0.1", Port: server.Port(), Keep: config.KeepKeychain})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // as long as a cart waits
	defer cancel()
	if _, err := store.Read(ctx, "cart", data.Token{}, ""); data.FaultOf(err) != data.FaultNeedsAuth {
		t.Errorf("it is told as %q: %v", data.FaultOf(err), err)
	}
}

// A dead keychain does not hold up the change to a connection that has no use for
// it.
func TestSavingDoesNotWaitForADeadKeychain(t *testing.T) {
	deadKeychain(t)
	dir := t.TempDir()
	c := secure
	c.Keep = config.KeepKeychain
	if err := config.SaveConnection(dir, c); err != nil {
		t.Fatal(err)
	}
	o := startedWith(t, dir, map[string]string{})
	c.Keep, c.Password = config.KeepAsk, "typed"
	saved := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { saved <- o.Save(ctx, c) }()
	select {
	case err := <-saved:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it still waits for the keychain")
	}
}

// What earlier versions left waiting is found again under the names that places
// have today.
func TestReleasedQueuesAreOfTodaysPlaces(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("data", "local", "testdata", "released", "schema-*"))
	if err != nil || len(folders) == 0 {
		t.Fatal("no files are kept", err)
	}
	for _, folder := range folders {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		o := startedWith(t, dir, map[string]string{"TROLLEY_REDIS_URL": "redis://10.0.0.5"})
		queue := o.queue(o.Name(o.Connection()))
		if queue == nil {
			t.Fatal("no queue")
		}
		if carts := o.withWaiting(queue, nil); !slices.Equal(carts, []data.CartID{"waits"}) {
			t.Errorf("%s: changes wait for %v", folder, carts)
		}
		if err := queue.Close(); err != nil {
			t.Error(err)
		}
	}
}
