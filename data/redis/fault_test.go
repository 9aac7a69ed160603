package redis_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// behind puts a proxy between a new store and the server of b.
func behind(b *bench) (*bench, *redistest.Proxy) {
	b.Helper()
	p := redistest.NewProxy(b, b.server.Addr)
	return &bench{b.TB, open(b, redis.Config{URL: p.URL()}), b.server}, p
}

func TestLostAnswersApplyAChangeOnce(t *testing.T) {
	for _, lost := range []int{1, 3, 5} {
		t.Run(fmt.Sprint(lost), func(t *testing.T) {
			b, proxy := behind(start(t).stock("tea"))
			b.apply(add("tea", 1)) // the server knows the script from now on
			proxy.Swallow(lost, "EVALSHA")
			c := add("tea", 2)
			for range lost {
				_, err := b.Apply(t.Context(), cart, c)
				if data.FaultOf(err).Class() != data.Transient || err == nil {
					t.Fatalf("a lost answer came back as %v", err)
				}
			}
			r := b.apply(c)
			if !r.Duplicate || r.Event.Quantity != 3 || r.Event.Was != 1 || r.Event.Token.Version != 2 {
				t.Errorf("receipt is %+v", r)
			}
			b.want("3", "ZSCORE", "{main}:cart:till", "tea")
		})
	}
}

func TestOneCallIsOneRoundTrip(t *testing.T) {
	b, proxy := behind(start(t).stock("tea"))
	b.apply(add("tea", 1))
	b.read()
	before := proxy.Seen("EVALSHA")
	b.apply(add("tea", 1))
	b.read()
	if n := proxy.Seen("EVALSHA") - before; n != 2 {
		t.Errorf("a change and a read took %d scripts", n)
	}
}

func TestServerThatComesBackIsUsedAgain(t *testing.T) {
	b := start(t).stock("tea")
	b.server.Kill()
	_, err := b.Read(t.Context(), cart, data.Token{}, "")
	if f := data.FaultOf(err); f != data.FaultRefused && f != data.FaultCut {
		t.Errorf("fault is %q (%v)", f, err)
	}
	if u := wantAs[*data.UnavailableError](t, err); u.Addr != b.server.Addr {
		t.Errorf("address is %q", u.Addr)
	}
	b.server.Restart()
	redistest.Await(t, "the store reads again", func() bool {
		_, err := b.Read(t.Context(), cart, data.Token{}, "")
		return err == nil
	})
}

func TestSilentServerEndsWithTheContext(t *testing.T) {
	b := start(t).stock("tea")
	b.read()
	b.server.Pause()
	defer b.server.Resume()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := b.Apply(ctx, cart, add("tea", 1))
	wantFault(t, err, data.FaultTimeout)
	if took := time.Since(began); took > 900*time.Millisecond {
		t.Errorf("it took %v", took)
	}
}

func TestCloseEndsCallsUnderWay(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, redis.Config{URL: server.URL()})
	_ = s.Keep(t.Context(), cart)
	server.Pause()
	defer server.Resume()
	failed := make(chan error, 1)
	go func() {
		_, err := s.Read(context.Background(), cart, data.Token{}, "")
		failed <- err
	}()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-failed; err == nil {
		t.Error("the call was answered")
	}
}

// listen accepts connections and hands them over.
func listen(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			handle(conn)
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

// closer closes connections at the first word, as a TLS port does when it is
// spoken to in plain.
func closer(t *testing.T) string {
	return listen(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.Close()
	})
}

// silent takes connections and never says a word.
func silent(t *testing.T) string {
	return listen(t, func(conn net.Conn) { t.Cleanup(func() { _ = conn.Close() }) })
}

func TestFaultsOfRealServers(t *testing.T) {
	plain := redistest.Start(t)
	locked := redistest.Start(t, "--requirepass", "hunter2")
	narrow := redistest.Start(t)
	narrow.Do(t, "ACL", "SETUSER", "app", "on", ">hunter2", "~*", "&*", "+hello", "+auth")
	full := redistest.Start(t, "--maxmemory", "1")
	alone := redistest.Start(t, "--min-replicas-to-write", "1")
	replica := redistest.Start(t, "--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "yes")
	node := redistest.Start(t, "--cluster-enabled", "yes")
	cases := map[string]struct {
		config redis.Config
		want   data.Fault
	}{
		"no such host":      {redis.Config{URL: "redis://no-such-host.invalid:6379"}, data.FaultNoHost},
		"refused":           {redis.Config{URL: "redis://127.0.0.1:1"}, data.FaultRefused},
		"socket missing":    {redis.Config{URL: "unix://" + t.TempDir() + "/redis.sock"}, data.FaultRefused},
		"closed at once":    {redis.Config{URL: "redis://" + closer(t)}, data.FaultMaybeTLS},
		"no password":       {redis.Config{URL: locked.URL()}, data.FaultNeedsAuth},
		"wrong password":    {redis.Config{URL: locked.URL(), Password: "hunter3"}, data.FaultWrongAuth},
		"no permission":     {redis.Config{URL: strings.Replace(narrow.URL(), "//", "//app:hunter2@", 1)}, data.FaultNoPermission},
		"no database":       {redis.Config{URL: strings.TrimSuffix(plain.URL(), "0") + "99"}, data.FaultNoDatabase},
		"no memory":         {redis.Config{URL: full.URL()}, data.FaultFull},
		"no replicas":       {redis.Config{URL: alone.URL()}, data.FaultNoReplicas},
		"replica":           {redis.Config{URL: replica.URL()}, data.FaultReadOnly},
		"part of a cluster": {redis.Config{URL: node.URL()}, data.FaultCluster},
		"not a cluster":     {redis.Config{URL: plain.URL(), Mode: redis.ModeCluster}, data.FaultMode},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.config.Timeout = time.Hour
			s := open(t, c.config)
			p := data.Product{ID: "tea", Name: "Tea", Stock: data.Unlimited}
			err := s.CreateProduct(t.Context(), p)
			wantFault(t, err, c.want)
			if err != nil && strings.Contains(err.Error(), "hunter") {
				t.Errorf("the password shows: %v", err)
			}
		})
	}
}

func TestBusyServer(t *testing.T) {
	b := start(t, "--busy-reply-threshold", "50")
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = b.server.Try("EVAL", "while true do end", 0)
	}()
	redistest.Await(t, "the server is busy", func() bool {
		_, err := b.Read(t.Context(), cart, data.Token{}, "")
		return data.FaultOf(err) == data.FaultBusy
	})
	b.raw("SCRIPT", "KILL")
	<-done
	b.read()
}

func TestUnixSocket(t *testing.T) {
	path := t.TempDir() + "/redis.sock"
	redistest.Start(t, "--unixsocket", path)
	s := open(t, redis.Config{URL: "unix://" + path})
	if _, err := s.Read(t.Context(), cart, data.Token{}, ""); err != nil {
		t.Error(err)
	}
	if s.Addr() != path {
		t.Errorf("address is %q", s.Addr())
	}
}

// A change that was given up must not arrive later, when the network is back and
// the person has been told that it was refused.
func TestAttemptThatWasGivenUpEndsWithItsConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := open(t, redis.Config{URL: "redis://" + l.Addr().String()})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	go func() { _, _ = s.Apply(ctx, cart, add("tea", 1)) }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.Copy(io.Discard, conn); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection ends with %v, want a reset: what was not delivered must be thrown away", err)
	}
}
