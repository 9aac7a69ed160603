package config

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

// sources returns sources of empty folders and the given environment.
func sources(t *testing.T, env map[string]string) Sources {
	t.Helper()
	dir := t.TempDir()
	return Sources{
		Lookup:   func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		WorkDir:  filepath.Join(dir, "work"),
		ExecDir:  filepath.Join(dir, "exec"),
		HomeDir:  filepath.Join(dir, "home"),
		Hostname: "till-3.shop.example",
		OS:       "linux",
	}
}

// write makes a file and the folders above it.
func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// load loads and fails on an error.
func load(t *testing.T, s Sources) Config {
	t.Helper()
	c, err := Load(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// problems returns the errors that Load joined.
func problems(t *testing.T, err error) []*data.InvalidError {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%T is no joined error", err)
	}
	var all []*data.InvalidError
	for _, err := range joined.Unwrap() {
		var invalid *data.InvalidError
		if !errors.As(err, &invalid) {
			t.Fatalf("%v is no InvalidError", err)
		}
		all = append(all, invalid)
	}
	return all
}

func TestDefaults(t *testing.T) {
	s := sources(t, nil)
	c := load(t, s)
	if c.Redis.Enabled() || c.Redis.Mode != Single {
		t.Errorf("redis = %v, want none", c.Redis)
	}
	if c.Shop != "main" || c.Counter != "till-3" || c.Cart != "" || c.Timeout != 30*time.Minute {
		t.Errorf("got %v", c)
	}
	if c.Log != slog.LevelInfo || c.File != "" {
		t.Errorf("log %v, file %q", c.Log, c.File)
	}
	if want := filepath.Join(s.HomeDir, ".local", "share", "trolley"); c.DataDir != want {
		t.Errorf("data folder %q, want %q", c.DataDir, want)
	}
}

func TestGivenValues(t *testing.T) {
	dir := t.TempDir()
	c := load(t, sources(t, map[string]string{
		"TROLLEY_REDIS_URL":    " rediss://shop@redis.example:6380/2 ",
		"TROLLEY_SHOP":         "north",
		"TROLLEY_COUNTER":      "Kasse 3 – Süd",
		"TROLLEY_CART":         "order-17",
		"TROLLEY_CART_TIMEOUT": "0",
		"TROLLEY_DATA_DIR":     dir,
		"TROLLEY_LOG":          "Debug",
	}))
	if c.Redis.URL != "rediss://shop@redis.example:6380/2" || c.Redis.Password != "" {
		t.Errorf("redis %v", c.Redis)
	}
	if c.Shop != "north" || c.Counter != "Kasse 3 – Süd" || c.Cart != "order-17" || c.Timeout != 0 {
		t.Errorf("got %v", c)
	}
	if c.DataDir != dir || c.Log != slog.LevelDebug {
		t.Errorf("data %q, log %v", c.DataDir, c.Log)
	}
}

func TestUnusableValuesAreNamed(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "file"), "x")
	for _, c := range []struct{ name, value, reason string }{
		{"TROLLEY_SHOP", "a{b}", "not allowed"},
		{"TROLLEY_SHOP", strings.Repeat("x", 129), "longer than 128"},
		{"TROLLEY_COUNTER", "a\x07b", "cannot be shown"},
		{"TROLLEY_COUNTER", strings.Repeat("x", 65), "longer than 64"},
		{"TROLLEY_CART", "my cart", "not allowed"},
		{"TROLLEY_CART_TIMEOUT", "30", "write it like 30m"},
		{"TROLLEY_CART_TIMEOUT", "half an hour", "write it like 30m"},
		{"TROLLEY_CART_TIMEOUT", "-5m", "not 0 (never)"},
		{"TROLLEY_CART_TIMEOUT", "10ms", "1s or more"},
		{"TROLLEY_DATA_DIR", "data", "whole path"},
		{"TROLLEY_DATA_DIR", file, "not a folder"},
		{"TROLLEY_LOG", "loud", "debug, info, warn or error"},
	} {
		_, err := Load(sources(t, map[string]string{c.name: c.value}))
		got := problems(t, err)
		if len(got) != 1 || got[0].What != c.name || !strings.Contains(got[0].Reason, c.reason) {
			t.Errorf("%s=%q: got %v, want %q", c.name, c.value, err, c.reason)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Load(sources(t, map[string]string{
		"TROLLEY_SHOP": "{}", "TROLLEY_LOG": "loud", "TROLLEY_CART_TIMEOUT": "soon", "TROLLEY_REDIS_URL": "http://x",
	}))
	var names []string
	for _, p := range problems(t, err) {
		names = append(names, p.What)
	}
	slices.Sort(names)
	want := []string{"TROLLEY_CART_TIMEOUT", "TROLLEY_LOG", "TROLLEY_REDIS_URL", "TROLLEY_SHOP"}
	if !slices.Equal(names, want) {
		t.Errorf("problems with %v, want %v", names, want)
	}
}

func TestCounterOfHost(t *testing.T) {
	for host, want := range map[string]string{
		"till-3": "till-3", "Annas-Mac.local": "Annas-Mac", "": "counter", ".": "counter",
		"a\x00b": "ab", strings.Repeat("x", 200): strings.Repeat("x", 64),
	} {
		s := sources(t, nil)
		s.Hostname = host
		if got := load(t, s).Counter; got != want {
			t.Errorf("host %q: counter %q, want %q", host, got, want)
		}
	}
}

func TestDefaultCart(t *testing.T) {
	cart := func(counter string) string { return Config{Counter: counter}.DefaultCart() }
	if got := cart("Till 3"); got != "counter-till-3" {
		t.Errorf("got %q", got)
	}
	if cart("收银一") == cart("收银二") || cart("前台1") == cart("收银1") {
		t.Error("two counters share a cart")
	}
	for _, counter := range []string{"Till 3", "收银一", "前台1", "!!!", "Süd", strings.Repeat("x", 64)} {
		if _, err := data.ParseCartID(cart(counter)); err != nil {
			t.Errorf("counter %q: %v", counter, err)
		}
	}
}
