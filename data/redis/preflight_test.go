package redis_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// preflight runs one and returns what it told.
func preflight(t testing.TB, s *redis.Store) ([]data.Finding, error) {
	t.Helper()
	var told []data.Finding
	err := s.Preflight(t.Context(), func(f data.Finding) { told = append(told, f) })
	return told, err
}

// last returns the finding that ended a preflight, which must be a failure
// and the error that the preflight returned.
func last(t testing.TB, s *redis.Store) data.Finding {
	t.Helper()
	told, err := preflight(t, s)
	f := told[len(told)-1]
	if f.Verdict != data.Failed || f.Err == nil || err != f.Err {
		t.Fatalf("the preflight ended with %v after %+v", err, told)
	}
	for _, earlier := range told[:len(told)-1] {
		if earlier.Verdict == data.Failed {
			t.Errorf("it went on after %+v", earlier)
		}
	}
	return f
}

// wantFindings compares what was told, each as "stage verdict concern facts".
func wantFindings(t testing.TB, told []data.Finding, want ...string) {
	t.Helper()
	var got []string
	for _, f := range told {
		verdict := []string{"fine", "unknown", "warned", "failed"}[f.Verdict]
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s: %s %s %s", f.Stage, verdict, f.Concern, f.Facts)))
	}
	for i := range got {
		got[i] = strings.Join(strings.Fields(got[i]), " ")
	}
	if !slices.Equal(got, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPreflightOfASoundServer(t *testing.T) {
	b := start(t, "--appendonly", "yes")
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	told, err := preflight(t, b.Store)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, told, "find: fine", "reach: fine "+b.server.Addr, "encrypt: fine", "sign in: fine",
		"server: fine "+b.version(), "write: fine", "rights: fine", "answer: fine", "keep: fine appendonly yes", "clock: fine")
	if took := told[7].Took; took <= 0 || took > time.Second {
		t.Errorf("an answer took %v", took)
	}
	if !told[2].Local {
		t.Error("the connection leaves this computer")
	}
	redistest.Await(t, "nothing is left", func() bool { return b.raw("DBSIZE") == int64(0) })
	select {
	case sig := <-h.signals:
		t.Errorf("other counters heard of it: %+v", sig)
	default:
	}
}

// version returns what the server says it is, apart from its first word.
func (b *bench) version() string {
	b.Helper()
	info := b.raw("INFO", "server").(string)
	for _, name := range []string{"Valkey", "Redis"} { // the former calls itself the latter as well
		if _, rest, found := strings.Cut(info, strings.ToLower(name)+"_version:"); found {
			version, _, _ := strings.Cut(rest, "\r")
			return name + " " + version
		}
	}
	b.Fatalf("INFO says %q", info)
	return ""
}

func TestPreflightIsAHandfulOfRoundTrips(t *testing.T) {
	b, proxy := behind(start(t))
	for range 2 {
		if _, err := preflight(t, b.Store); err != nil {
			t.Fatal(err)
		}
	}
	// The first one also opens the connection and sends the script.
	want := map[string]int{"HELLO": 3, "SET": 2, "EVALSHA": 2, "EVAL": 1, "PING": 6, "INFO": 2, "TIME": 2}
	for command, n := range want {
		if got := proxy.Seen(command); got != n {
			t.Errorf("%d %s, want %d", got, command, n)
		}
	}
}

func TestPreflightNamesEveryMissingRight(t *testing.T) {
	b := start(t)
	s := restrict(b)
	told, err := preflight(t, s)
	if err != nil {
		t.Fatalf("with the documented rights: %v", err)
	}
	wantFindings(t, told[6:], "rights: fine hset on {main}:product:*, zadd on {main}:products, hincrby on {main}:product:*",
		"answer: fine", "keep: unknown", "clock: fine")
	for right := range strings.FieldsSeq(aclRules) {
		command, ok := strings.CutPrefix(right, "+")
		if !ok {
			continue
		}
		b.grant("-" + command)
		f := last(t, s)
		if f.Stage != data.StageRights || data.FaultOf(f.Err) != data.FaultNoPermission || !strings.Contains(f.Facts, command) {
			t.Errorf("without %s: %+v", command, f)
		}
		if u := wantAs[*data.UnavailableError](t, f.Err); !strings.HasPrefix(u.About, command) || strings.Contains(u.About, ",") {
			t.Errorf("without %s it is about %q", command, u.About)
		}
		b.grant("+" + command)
	}
	b.grant("+info")
	told, _ = preflight(t, s)
	wantFindings(t, told[8:], "keep: warned forgets appendonly no", "clock: fine")
}

func TestPreflightNamesKeysAndChannels(t *testing.T) {
	kinds := []string{"{main}:cart:*", "{main}:cartmeta:*", "{main}:op:*",
		"{main}:carts", "{main}:here", "{main}:past", "{main}:past:*", "{main}:orders"}
	// without returns rules that allow all keys but those of one kind.
	without := func(lost string) string {
		rules := "resetkeys"
		for _, kind := range kinds {
			if kind != lost {
				rules += " ~" + kind
			}
		}
		for _, kind := range []string{"{main}:product:*", "{main}:products"} {
			if kind != lost {
				rules += " %R~" + kind
			}
		}
		return rules
	}
	cases := map[string]struct{ rules, want string }{
		"cart":      {without("{main}:cart:*"), "zadd on {main}:cart:*"},
		"meta":      {without("{main}:cartmeta:*"), "hset on {main}:cartmeta:*"},
		"operation": {without("{main}:op:*"), "set on {main}:op:*"},
		"product":   {without("{main}:product:*"), "hmget on {main}:product:*"},
		"index":     {without("{main}:products"), "zrange on {main}:products"},
		"carts":     {without("{main}:carts"), "zadd on {main}:carts"},
		"here":      {without("{main}:here"), "zadd on {main}:here"},
		"past":      {without("{main}:past"), "zadd on {main}:past"},
		"past cart": {without("{main}:past:*"), "hset on {main}:past:*"},
		"orders":    {without("{main}:orders"), "zadd on {main}:orders"},
		"events":    {"resetchannels &{main}:evp", "publish on {main}:ev:*, subscribe on {main}:ev:*"},
		"catalogue": {"resetchannels &{main}:ev:*", "subscribe on {main}:evp"},
		"scripts":   {"clearselectors", "evalsha"},
		"selector":  {"clearselectors|(+eval +evalsha ~{other}:*)", "eval on {main}:*"},
	}
	b := start(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := restrict(b)
			rules, selector, _ := strings.Cut(c.rules, "|")
			for r := range strings.FieldsSeq(rules) {
				b.grant(r)
			}
			if selector != "" {
				b.grant(selector)
			}
			if f := last(t, s); f.Stage != data.StageRights || !strings.Contains(f.Facts, c.want) || strings.Contains(f.Facts, "~") {
				t.Errorf("%+v, want %q", f, c.want)
			}
		})
	}
}

// Servers before version 7 cannot be asked what a user may do. This one stands
// in for them by a script that is kept from asking.
func TestPreflightTriesWhatItCannotAsk(t *testing.T) {
	source, err := os.ReadFile("lua/preflight.lua")
	if err != nil {
		t.Fatal(err)
	}
	script := goredis.NewScript(strings.Replace(string(source), "redis.acl_check_cmd", "nil", 1))
	b := start(t)
	restrict(b)
	c := goredis.NewClient(&goredis.Options{Addr: b.server.Addr, Username: "app", Password: "hunter2", DisableIdentity: true})
	defer c.Close()
	keys := []string{"{main}:cart:~probe", "{main}:cartmeta:~probe", "{main}:op:~probe:~probe", "{main}:product:~probe", "{main}:past:~probe:~probe",
		"{main}:products", "{main}:carts", "{main}:here", "{main}:past", "{main}:orders"}
	missing := func() string {
		v, err := script.Run(t.Context(), c, keys, "{main}:ev:~probe", "{main}:evp", "").Slice()
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(v[0])
	}
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	if got := missing(); got != "[]" {
		t.Errorf("%s is missing", got)
	}
	select {
	case sig := <-h.signals:
		t.Errorf("other counters heard of it: %+v", sig)
	default:
	}
	redistest.Await(t, "nothing is left", func() bool { return b.raw("DBSIZE") == int64(0) })
	b.grant("-hset", "-zadd")
	if got := missing(); got != "[hset on {main}:cartmeta:~probe zadd on {main}:cart:~probe hset on {main}:past:~probe:~probe zadd on {main}:carts zadd on {main}:here zadd on {main}:past zadd on {main}:orders]" {
		t.Errorf("%s is missing", got)
	}
}

func TestPreflightWarnsOfSettingsThatLoseCarts(t *testing.T) {
	b := start(t)
	b.raw("CONFIG", "SET", "maxmemory", "100mb")
	b.raw("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
	told, err := preflight(t, b.Store)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, told[8:], "keep: warned evicts maxmemory-policy allkeys-lru", "keep: warned forgets appendonly no", "clock: fine")
	b.raw("CONFIG", "SET", "maxmemory-policy", "noeviction")
	b.raw("CONFIG", "SET", "appendonly", "yes")
	told, _ = preflight(t, b.Store)
	wantFindings(t, told[8:], "keep: fine appendonly yes", "clock: fine")
}

// far is a connection that looks as if it went to another computer.
type far struct{ net.Conn }

func (far) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 6379} }

func TestPreflightWarnsOfAPlainConnectionToAnotherComputer(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, redis.Config{URL: server.URL(), Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, addr)
		return far{conn}, err
	}})
	told, err := preflight(t, s)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, told[2:3], "encrypt: warned not encrypted")
}

func TestPreflightOfASilentServerEndsSoon(t *testing.T) {
	t.Parallel()
	b, proxy := behind(start(t))
	proxy.BlackHole()
	began := time.Now()
	f := last(t, b.Store)
	if f.Stage != data.StageSignIn || data.FaultOf(f.Err) != data.FaultTimeout {
		t.Errorf("%+v", f)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it took %v", took)
	}
}
