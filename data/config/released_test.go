package config

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// keptConnection is what was saved in testdata/released/window.
func keptConnection() Connection {
	return Connection{
		Shared: true, Mode: Sentinel, Addrs: "10.0.0.5:26379,10.0.0.6:26379", Master: "shop", User: "shop", TLS: true,
		ServerName: "redis.shop.example", SentinelUser: "till", Password: `p$ a"s'w\`, SentinelPassword: "s3cret", Shop: "north", Keep: KeepFile,
	}
}

func keptSettings() Settings { return Settings{Counter: `Größe "L" $1`, Timeout: 90 * time.Minute} }

func TestReleasedSettingsAreRead(t *testing.T) {
	s, dir := home(t, nil)
	for _, name := range []string{connectionFile, settingsFile, secretsFile} {
		write(t, filepath.Join(dir, name), kept(t, "window/"+name))
	}
	c := load(t, s)
	if c.SavedErr != nil || c.Settings() != keptSettings() {
		t.Errorf("got %v, %+v", c.SavedErr, c.Settings())
	}
	if got, want := wired(t, c.Connection()), wired(t, keptConnection()); got != want || c.Shop != "north" {
		t.Errorf("got shop %s at %s\nwant %s", c.Shop, got, want)
	}
	if c.Redis.Password != keptConnection().Password || c.Redis.SentinelPassword != keptConnection().SentinelPassword {
		t.Error("the passwords are others")
	}
}

// kept returns a file of testdata/released.
func kept(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "released", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wired says which server a connection leads to.
func wired(t *testing.T, c Connection) string {
	t.Helper()
	r, err := c.Redis()
	if err != nil {
		t.Fatal(err)
	}
	return r.String() + " " + r.Account() + " " + r.SentinelAccount() + " " + r.ServerName
}

// Whoever changes the form of what is saved keeps files of the new one as well;
// see testdata/released/README.txt.
func TestSavedFormIsOneThatIsKept(t *testing.T) {
	dir := t.TempDir()
	save(t, dir, keptConnection())
	if err := SaveSettings(dir, keptSettings()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{connectionFile, settingsFile, secretsFile} {
		saved, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if was := kept(t, "window/"+name); string(saved) != was {
			t.Errorf("%s is saved as\n%s\nkept is\n%s", name, saved, was)
		}
	}
}

// The first version read nothing but the environment and a .env file.
func TestReleasedDotenvIsRead(t *testing.T) {
	s := sources(t, nil)
	write(t, filepath.Join(s.WorkDir, ".env"), kept(t, "first.env"))
	c := load(t, s)
	if c.Shop != "north" || c.Counter != "Till 1" || c.Cart != "front" || c.Timeout != 90*time.Minute || c.Log != slog.LevelWarn {
		t.Errorf("got %v", c)
	}
	r := c.Redis
	if r.Place() != "sentinel 10.0.0.5:26379,10.0.0.6:26379/0 shop" || r.Password != "p$a s s" || r.SentinelUser != "till" ||
		r.SentinelPassword != "pass" || r.ServerName != "redis.shop.example" || r.URL != "rediss://shop@10.0.0.5:6380" {
		t.Errorf("got %v, %q", r, r.URL)
	}
}
