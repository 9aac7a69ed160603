package redis_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// marker is a password that must not be seen anywhere. It is so long that a
// server which repeats it breaks off in the middle.
var marker = "hunter2-marker" + strings.Repeat("-and-so-on", 20)

// seen collects all that a person or a file could get to see.
type seen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *seen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

// note takes an error, and all that it wraps, in every form of print.
func (s *seen) note(err error) {
	if err == nil {
		return
	}
	fmt.Fprintf(s, "%v\n%+v\n%#v\n%q\n", err, err, err, err)
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		s.note(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			s.note(one)
		}
	}
}

// want fails the test when the marker was seen, or nothing at all.
func (s *seen) want(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.text.String()
	if i := strings.Index(text, "hunter2"); i >= 0 {
		t.Errorf("the password shows: ...%.120s", text[max(0, i-60):])
	}
	if len(text) < 20 {
		t.Errorf("nothing was seen but %q", text)
	}
}

func (s *seen) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// exercise uses a store in every way, and notes all that goes wrong.
func (s *seen) exercise(t *testing.T, store *redis.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	s.note(store.Preflight(ctx, func(f data.Finding) { fmt.Fprintf(s, "%+v\n%#v\n", f, f); s.note(f.Err) }))
	_, err := store.Apply(ctx, cart, add("tea", 1))
	s.note(err)
	_, err = store.Read(ctx, cart, data.Token{}, "")
	s.note(err)
	s.note(store.Keep(ctx, cart))
	s.note(store.Products(ctx, func([]data.Product) bool { return true }))
	s.note(store.CreateProduct(ctx, data.Product{ID: "tea", Name: "Tea", Stock: data.Unlimited}))
	watching, stop := context.WithCancel(ctx)
	store.Watch(watching, cart, func(sig data.Signal) { s.note(sig.Err); stop() })
	fmt.Fprintf(s, "%v\n%+v\n%#v\n", store, store, store)
}

func TestNoFailureShowsThePassword(t *testing.T) {
	plain, locked := redistest.Start(t), redistest.Start(t, "--requirepass", "other")
	ancient := redistest.Start(t, "--rename-command", "HELLO", "", "--rename-command", "AUTH", "")
	setUser(t, plain, "app", marker, "+ping")
	secure := redistest.StartTLS(t, redistest.NewCA(t))
	web := httptest.NewServer(nil)
	defer web.Close()
	sentinel := redistest.StartWatchdog(t, plain, 1, "--requirepass", "other")
	at := func(addr string) string { return "//app:" + marker + "@" + addr }
	cases := map[string]redis.Config{
		"wrong password":   {URL: "redis:" + at(locked.Addr)},
		"no rights":        {URL: "redis:" + at(plain.Addr)},
		"no such command":  {URL: "redis:" + at(ancient.Addr)},
		"its own variable": {URL: ancient.URL(), Password: marker},
		"refused":          {URL: "redis:" + at("127.0.0.1:1")},
		"no such host":     {URL: "redis:" + at("no-such-host.invalid:6379")},
		"no such database": {URL: "redis:" + at(plain.Addr) + "/99"},
		"untrusted":        {URL: "rediss:" + at(secure.Addr)},
		"plain to TLS":     {URL: "redis:" + at(secure.Addr)},
		"web server":       {URL: "redis:" + at(web.Listener.Addr().String())},
		"missing socket":   {URL: "unix:" + at(t.TempDir()) + "/redis.sock"},
		"cluster":          {URL: "redis:" + at(plain.Addr), Mode: redis.ModeCluster},
		"sentinel": {
			URL: "redis:" + at(sentinel.Addr), Mode: redis.ModeSentinel, Master: redistest.MasterName,
			SentinelUser: "till", SentinelPassword: marker,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := &seen{}
			c.Log, c.Timeout = s.log(), time.Hour
			s.exercise(t, open(t, c))
			s.want(t)
		})
	}
}

func TestLosingTheServerShowsNoPassword(t *testing.T) {
	b := start(t)
	setUser(t, b.server, "app", marker, aclRules, aclSelector)
	s := &seen{}
	store := open(t, redis.Config{URL: "redis://app:" + marker + "@" + b.server.Addr, Log: s.log(), Timeout: time.Hour})
	h := watch(t, store)
	h.await(data.SignalUp)
	b.raw("CLIENT", "KILL", "TYPE", "normal")
	b.raw("CLIENT", "KILL", "TYPE", "pubsub")
	s.exercise(t, store)
	s.note(h.await(data.SignalDown).Err)
	setUser(t, b.server, "app", "another", aclRules, aclSelector)
	b.raw("CLIENT", "KILL", "TYPE", "normal")
	s.exercise(t, store)
	b.server.Kill()
	s.exercise(t, store)
	s.want(t)
}

func TestSettingsThatCannotBeUsedShowNoPassword(t *testing.T) {
	cases := []redis.Config{
		{URL: "redis://app:" + marker + "@[bad:7290/0"},
		{URL: "redis://app:" + marker + "%zz@host/0"},
		{URL: "app:" + marker + "@host"},
		{URL: "http://app:" + marker + "@host"},
		{URL: "redis://app:" + marker + "@host:port/0"},
		{URL: "redis://app:" + marker + "@host?skip_verify=true"},
		{URL: "redis://host", Password: marker, Shop: "{}"},
		{URL: "redis://host", Password: marker, SentinelPassword: marker, Mode: "ring"},
		{Mode: redis.ModeCluster, Addrs: []string{"app:" + marker + "@host:1"}},
		{Mode: redis.ModeCluster, Addrs: []string{"redis://app:" + marker + "@host"}},
		{URL: "redis://app:" + marker + "@host", Mode: redis.ModeSentinel},
	}
	for _, c := range cases {
		s := &seen{}
		_, err := redis.Open(c)
		wantAs[*data.InvalidError](t, err)
		s.note(err)
		fmt.Fprintf(s, "%v %+v %#v %s\n%v %#v", c, c, c, c, &c, []redis.Config{c})
		slog.New(slog.NewJSONHandler(s, nil)).Info("settings", "config", c)
		s.want(t)
	}
}
