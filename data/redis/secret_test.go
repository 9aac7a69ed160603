package redis_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
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
		"wrong password":       {URL: "redis:" + at(locked.Addr)},
		"no rights":            {URL: "redis:" + at(plain.Addr)},
		"no such command":      {URL: "redis:" + at(ancient.Addr)},
		"its own variable":     {URL: ancient.URL(), Password: marker},
		"refused":              {URL: "redis:" + at("127.0.0.1:1")},
		"no such host":         {URL: "redis:" + at("no-such-host.invalid:6379")},
		"no such database":     {URL: "redis:" + at(plain.Addr) + "/99"},
		"untrusted":            {URL: "rediss:" + at(secure.Addr)},
		"plain to TLS":         {URL: "redis:" + at(secure.Addr)},
		"web server":           {URL: "redis:" + at(web.Listener.Addr().String())},
		"missing socket":       {URL: "unix:" + at(t.TempDir()) + "/redis.sock"},
		"cluster":              {URL: "redis:" + at(plain.Addr), Mode: redis.ModeCluster},
		"told late":            {URL: "redis://app@" + locked.Addr, Secret: tells(marker)},
		"told late, no rights": {URL: "redis://app@" + plain.Addr, Secret: tells(marker)},
		"told late, unknown":   {URL: ancient.URL(), Secret: tells(marker)},
		"told late, cluster":   {URL: "redis://app@" + plain.Addr, Mode: redis.ModeCluster, Secret: tells(marker)},
		"told once, then not":  {URL: "redis://app@" + locked.Addr, Secret: forgets(marker)},
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

// tells returns a Secret that knows a password.
func tells(password string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return password, nil }
}

// forgets returns a Secret that knows a password once, and repeats it when it
// fails from then on.
func forgets(password string) func(context.Context) (string, error) {
	var asked atomic.Int32
	return func(context.Context) (string, error) {
		if asked.Add(1) == 1 {
			return password, nil
		}
		return "", fmt.Errorf("the keychain has lost %q", password)
	}
}

func TestSecretIsAskedForEachConnection(t *testing.T) {
	server := redistest.Start(t)
	setUser(t, server, "app", "one", "~* &* +@all")
	var known atomic.Value
	known.Store("one")
	s := open(t, redis.Config{URL: "redis://app:wrong@" + server.Addr, Password: "wrong as well",
		Secret: func(context.Context) (string, error) { return known.Load().(string), nil }})
	if _, err := preflight(t, s); err != nil {
		t.Fatal(err)
	}
	setUser(t, server, "app", "two", "~* &* +@all")
	server.Do(t, "CLIENT", "KILL", "TYPE", "normal")
	redistest.Await(t, "the old password is refused", func() bool {
		_, err := preflight(t, s)
		return data.FaultOf(err) == data.FaultWrongAuth
	})
	known.Store("two")
	if _, err := preflight(t, s); err != nil {
		t.Errorf("with the new password: %v", err)
	}
}

func TestSecretIsAskedBehindSentinelAndOnACluster(t *testing.T) {
	t.Parallel()
	master := redistest.Start(t)
	lab := redistest.StartCluster(t, 0)
	for _, node := range append(lab.Nodes, master) {
		setUser(t, node, "app", "one", "~* &* +@all")
	}
	watchdog := redistest.StartWatchdog(t, master, 1)
	for name, c := range map[string]redis.Config{
		"sentinel": {URL: "redis://app@" + watchdog.Addr, Mode: redis.ModeSentinel, Master: redistest.MasterName},
		"cluster":  {URL: "redis://app@" + lab.Nodes[0].Addr, Mode: redis.ModeCluster},
	} {
		c.Secret = tells("one")
		if _, err := preflight(t, open(t, c)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		c.Secret = tells("two")
		if f := last(t, open(t, c)); data.FaultOf(f.Err) != data.FaultWrongAuth || f.Stage != data.StageSignIn {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestSecretThatFailsIsNoPassword(t *testing.T) {
	free, locked := redistest.Start(t), redistest.Start(t, "--requirepass", "hunter2")
	s := &seen{}
	locks := func(context.Context) (string, error) { return "", errors.New("the keychain is locked") }
	if _, err := preflight(t, open(t, redis.Config{URL: free.URL(), Secret: locks})); err != nil {
		t.Errorf("a server that wants none: %v", err)
	}
	f := last(t, open(t, redis.Config{URL: locked.URL(), Secret: locks, Log: s.log()}))
	if f.Stage != data.StageSignIn || data.FaultOf(f.Err) != data.FaultNeedsAuth {
		t.Errorf("%+v", f)
	}
	if text := s.text.String(); !strings.Contains(text, "the keychain is locked") {
		t.Errorf("the log says %q", text)
	}
}

// A keychain may wait for a person to unlock it.
func TestSecretThatWaitsDoesNotHoldUpWhoGivesUp(t *testing.T) {
	asked := make(chan struct{}, 8)
	waits := func(ctx context.Context) (string, error) {
		asked <- struct{}{}
		<-ctx.Done()
		return "", ctx.Err()
	}
	s := open(t, redis.Config{URL: redistest.Start(t).URL(), Secret: waits})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, done := telling(ctx, s)
	expectStage(t, told, data.StageFind)
	expectStage(t, told, data.StageReach)
	<-asked
	expectEnd(t, cancel, told, done)
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
