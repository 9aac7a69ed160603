package redis_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// certificate makes one that vouches for itself, for 127.0.0.1 and a year, but
// for what change makes of it, and returns the files of it and its key.
func certificate(t testing.TB, change func(*x509.Certificate)) (cert, key string) {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "the shop's own"}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	change(c)
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		if err := os.WriteFile(dir+"/"+name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir + "/" + name
	}
	return write("cert.pem", "CERTIFICATE", signed), write("key.pem", "EC PRIVATE KEY", secret)
}

// vouched starts a TLS server with such a certificate, which wants none of its
// clients, and returns how it is reached.
func vouched(t testing.TB, change func(*x509.Certificate)) redis.Config {
	t.Helper()
	cert, key := certificate(t, change)
	s := redistest.StartTLSWith(t, &redistest.CA{File: cert}, cert, key, "--tls-auth-clients", "no")
	return redis.Config{URL: "rediss://" + s.Addr, CA: cert}
}

// failure is how a preflight is to end.
type failure struct {
	config redis.Config
	stage  data.Stage
	fault  data.Fault
	about  string
}

func (c failure) check(t *testing.T) {
	t.Helper()
	f := last(t, open(t, c.config))
	u := wantAs[*data.UnavailableError](t, f.Err)
	if f.Stage != c.stage || u.Fault != c.fault || u.About != c.about {
		t.Errorf("%s failed with %v about %q, want %s with %s about %q", f.Stage, f.Err, u.About, c.stage, c.fault, c.about)
	}
}

func TestPreflightNamesTheStageThatFails(t *testing.T) {
	t.Parallel()
	plain, locked := redistest.Start(t), redistest.Start(t, "--requirepass", "hunter2")
	web := httptest.NewServer(nil)
	defer web.Close()
	sentinel := redistest.StartWatchdog(t, plain, 1)
	node := redistest.Start(t, "--cluster-enabled", "yes")
	crowded := redistest.Start(t)
	only, err := net.Dial("tcp", crowded.Addr) // first: it would be one too many itself
	if err != nil {
		t.Fatal(err)
	}
	defer only.Close()
	crowded.Do(t, "CONFIG", "SET", "maxclients", 1)
	run := func(args ...string) redis.Config { return redis.Config{URL: redistest.Start(t, args...).URL()} }
	at := func(where string) redis.Config { return redis.Config{URL: "redis://" + where} }
	cases := map[string]failure{
		"no such host":       {at("no-such-host.invalid"), data.StageFind, data.FaultNoHost, ""},
		"refused":            {at("127.0.0.1:1"), data.StageReach, data.FaultRefused, ""},
		"too many":           {at(crowded.Addr), data.StageSignIn, data.FaultTooMany, ""},
		"no password":        {at("app@" + locked.Addr), data.StageSignIn, data.FaultNeedsAuth, "app"},
		"no password, alone": {at(locked.Addr), data.StageSignIn, data.FaultNeedsAuth, ""},
		"wrong password":     {at("app:x@" + locked.Addr), data.StageSignIn, data.FaultWrongAuth, "app"},
		"no database":        {at(plain.Addr + "/99"), data.StageSignIn, data.FaultNoDatabase, "99"},
		"a web server":       {at(web.Listener.Addr().String()), data.StageServer, data.FaultUnsupported, "HTTP/1.1 400 Bad Request"},
		"a sentinel":         {at(sentinel.Addr), data.StageServer, data.FaultMode, data.AboutSentinel},
		"part of a cluster":  {at(node.Addr), data.StageServer, data.FaultCluster, ""},
		"not a cluster":      {redis.Config{URL: plain.URL(), Mode: redis.ModeCluster}, data.StageServer, data.FaultMode, data.AboutSingle},
		"not a sentinel":     {redis.Config{URL: plain.URL(), Mode: redis.ModeSentinel, Master: "shop"}, data.StageServer, data.FaultMode, data.AboutSingle},
		"a replica":          {run("--replicaof", "127.0.0.1 1"), data.StageWrite, data.FaultReadOnly, ""},
		"no memory":          {run("--maxmemory", "1"), data.StageWrite, data.FaultFull, ""},
		"no replicas":        {run("--min-replicas-to-write", "1"), data.StageWrite, data.FaultNoReplicas, ""},
	}
	for name, c := range cases {
		t.Run(name, c.check)
	}
}

func TestPreflightNamesWhatIsWrongWithSecurity(t *testing.T) {
	t.Parallel()
	ca := redistest.NewCA(t)
	strict, plain := redistest.StartTLS(t, ca), redistest.Start(t)
	older := redistest.StartTLS(t, ca, "--tls-protocols", "TLSv1.2")
	_, stranger := redistest.NewCA(t), redistest.NewCA(t)
	cert, key := stranger.Issue("till", time.Now().Add(time.Hour))
	early, late := time.Now().Add(24*time.Hour).UTC().Truncate(time.Second), time.Now().Add(-24*time.Hour).UTC().Truncate(time.Second)
	unknown := vouched(t, func(*x509.Certificate) {})
	unknown.CA = ca.File
	long := strings.Repeat("x", 63)
	cases := map[string]failure{
		"untrusted": {unknown, data.StageEncrypt, data.FaultUntrusted, "the shop's own"},
		"wrong name": {vouched(t, func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"a.shop", "b.shop", "c.shop", "d.shop"}
		}), data.StageEncrypt, data.FaultWrongName, "a.shop, b.shop, c.shop"},
		"long names": {vouched(t, func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{long, long, long, long}
		}), data.StageEncrypt, data.FaultWrongName, strings.Join([]string{long[:60], long[:60], long[:60]}, ", ")},
		"ended":     {vouched(t, func(c *x509.Certificate) { c.NotAfter = late }), data.StageEncrypt, data.FaultCertExpired, late.Format(time.RFC3339)},
		"not begun": {vouched(t, func(c *x509.Certificate) { c.NotBefore = early }), data.StageEncrypt, data.FaultCertEarly, early.Format(time.RFC3339)},
		"no certificate": {redis.Config{URL: "rediss://" + strict.Addr, CA: ca.File},
			data.StageEncrypt, data.FaultNeedsCert, ""},
		"no certificate, TLS 1.2": {redis.Config{URL: "rediss://" + older.Addr, CA: ca.File}, data.StageEncrypt, data.FaultNeedsCert, ""},
		"a stranger's certificate": {redis.Config{URL: "rediss://" + strict.Addr, CA: ca.File, Cert: cert, Key: key},
			data.StageEncrypt, data.FaultTLS, ""},
		"plain to TLS": {redis.Config{URL: "redis://" + strict.Addr}, data.StageEncrypt, data.FaultMaybeTLS, ""},
		"TLS to plain": {redis.Config{URL: "rediss://" + plain.Addr}, data.StageEncrypt, data.FaultNotTLS, ""},
	}
	for name, c := range cases {
		t.Run(name, c.check)
	}
}

func TestPreflightBehindSentinelNamesTheStageThatFails(t *testing.T) {
	t.Parallel()
	master, gone := redistest.Start(t, "--requirepass", "hunter2"), redistest.Start(t)
	watching, locked := redistest.StartWatchdog(t, master, 1), redistest.StartWatchdog(t, master, 1, "--requirepass", "hunter2")
	orphan := redistest.StartWatchdog(t, gone, 1)
	gone.Kill()
	behind := func(s *redistest.Server, master string) redis.Config {
		return redis.Config{URL: "redis://app@" + s.Addr, Mode: redis.ModeSentinel, Master: master, SentinelUser: "till"}
	}
	nobody := redis.Config{Mode: redis.ModeSentinel, Master: "shop", Addrs: []string{"no-such-host.invalid:26379", "no-such-host.invalid:26380"}}
	cases := map[string]failure{
		"no such host":              {nobody, data.StageFind, data.FaultNoHost, ""},
		"unknown master":            {behind(watching, "shpo"), data.StageReach, data.FaultNoMaster, "shpo"},
		"master gone":               {behind(orphan, redistest.MasterName), data.StageReach, data.FaultRefused, ""},
		"master wants a password":   {behind(watching, redistest.MasterName), data.StageSignIn, data.FaultNeedsAuth, "app"},
		"sentinels want a password": {behind(locked, redistest.MasterName), data.StageSignIn, data.FaultNeedsAuth, "till"},
	}
	for name, c := range cases {
		t.Run(name, c.check)
	}
	u := wantAs[*data.UnavailableError](t, last(t, open(t, behind(orphan, redistest.MasterName))).Err)
	if u.Addr != gone.Addr {
		t.Errorf("the address is %q, want that of the master, %q", u.Addr, gone.Addr)
	}
}

func TestPreflightOfAServerThatIsLoading(t *testing.T) {
	t.Parallel()
	b := start(t, "--enable-debug-command", "yes", "--key-load-delay", "20000", "--loading-process-events-interval-bytes", "1024")
	for i := range 100 {
		b.raw("SET", i, strings.Repeat("x", 2000))
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for again := true; again; {
			_, _ = b.server.Try("DEBUG", "RELOAD") // takes 2 s
			select {
			case <-stop:
				again = false
			default:
			}
		}
	}()
	defer func() { close(stop); <-done }()
	redistest.Await(t, "the server is loading", func() bool {
		told, err := preflight(t, b.Store)
		return data.FaultOf(err) == data.FaultLoading && told[len(told)-1].Stage == data.StageWrite
	})
}

func TestPreflightTellsHowAConnectionIsEncrypted(t *testing.T) {
	t.Parallel()
	encryption := func(c redis.Config) data.Finding {
		t.Helper()
		told, err := preflight(t, open(t, c))
		if err != nil {
			t.Fatal(err)
		}
		return told[2]
	}
	next := time.Now().AddDate(1, 0, 0).UTC().Truncate(time.Second)
	sound := vouched(t, func(c *x509.Certificate) { c.NotAfter = next })
	if f := encryption(sound); f.Verdict != data.Fine || f.Facts != "TLS 1.3" || !f.Until.Equal(next) || f.Local {
		t.Errorf("sound: %+v", f)
	}
	soon := time.Now().Add(13 * 24 * time.Hour).UTC().Truncate(time.Second)
	if f := encryption(vouched(t, func(c *x509.Certificate) { c.NotAfter = soon })); f.Concern != data.ConcernCertEnds || !f.Until.Equal(soon) {
		t.Errorf("ending soon: %+v", f)
	}
	ended := vouched(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })
	ended.CA, ended.Unverified = "", true
	if f := encryption(ended); f.Verdict != data.Warned || f.Concern != data.ConcernUnverified || f.Facts != "TLS 1.3" || f.Until.IsZero() {
		t.Errorf("not verified: %+v", f)
	}
}

// A certificate of ours that the server accepts, and no warning of its being
// asked for.
func TestPreflightWithACertificateOfOurOwn(t *testing.T) {
	t.Parallel()
	ca := redistest.NewCA(t)
	server := redistest.StartTLS(t, ca)
	cert, key := ca.Issue("till", time.Now().Add(time.Hour))
	told, err := preflight(t, open(t, redis.Config{URL: "rediss://" + server.Addr, CA: ca.File, Cert: cert, Key: key}))
	if err != nil || len(told) < 5 || told[2].Stage != data.StageEncrypt || told[3].Stage != data.StageSignIn {
		t.Errorf("told %+v, %v", told, err)
	}
}

// repeating answers whatever it hears with the same text.
func repeating(t *testing.T, text string) string {
	return listen(t, func(conn net.Conn) {
		go func() {
			defer conn.Close()
			for {
				if _, err := conn.Read(make([]byte, 4096)); err != nil {
					return
				}
				_, _ = conn.Write([]byte(text))
			}
		}()
	})
}

func TestWhatAServerSaysIsCleanedAndCut(t *testing.T) {
	const bell = "\x1b[31m\a\u202e"
	long := bell + strings.Repeat("x", 3000)
	for name, text := range map[string]string{
		"right":   "-NOPERM this user has no permissions to run the '" + long + "hunter2' command\r\n",
		"secret":  "-NOPERM this user has no permissions to run the '" + strings.Repeat("x", 36) + "hunter2' command\r\n",
		"web":     "HTTP/1.1 " + long + "\r\n",
		"kind":    "%3\r\n+server\r\n+" + long + "\r\n+version\r\n+5" + long + "\r\n+proto\r\n:3\r\n",
		"refusal": "-DENIED " + long + "\r\n",
	} {
		s := open(t, redis.Config{URL: "redis://app@" + repeating(t, text), Secret: tells("hunter2")})
		f := last(t, s)
		about := wantAs[*data.UnavailableError](t, f.Err).About
		for _, shown := range []string{f.Facts, about} {
			if shown != data.Clean(shown, 200) || strings.Contains(shown, "hunt") {
				t.Errorf("%s: %q", name, shown)
			}
		}
	}
}

// A server with several certificates chooses by the name that it is asked for.
func TestUnverifiedConnectionAsksForTheName(t *testing.T) {
	cert, key := certificate(t, func(*x509.Certificate) {})
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 8)
	addr := listen(t, func(conn net.Conn) {
		defer conn.Close()
		_ = tls.Server(conn, &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			asked <- hello.ServerName
			return &pair, nil
		}}).Handshake()
	})
	f := last(t, open(t, redis.Config{URL: "rediss://" + addr, ServerName: "a.shop", Unverified: true}))
	if got := <-asked; got != "a.shop" {
		t.Errorf("it asked for %q, and came to %+v", got, f)
	}
}

// Since TLS 1.3 the connection stands before the server has looked at the
// certificate. What it says then is lost where it resets the connection.
func TestServerThatResetsRefusesTheCertificate(t *testing.T) {
	t.Parallel()
	ca := redistest.NewCA(t)
	pair, err := tls.LoadX509KeyPair(ca.Issue("127.0.0.1", time.Now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	addr := listen(t, func(conn net.Conn) {
		if tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequestClientCert}).Handshake() == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}
		conn.Close()
	})
	cert, key := ca.Issue("till", time.Now().Add(time.Hour))
	for _, c := range []struct {
		config redis.Config
		want   data.Fault
	}{
		{redis.Config{Cert: cert, Key: key}, data.FaultTLS},
		{redis.Config{}, data.FaultNeedsCert},
	} {
		c.config.URL, c.config.CA = "rediss://"+addr, ca.File
		s := open(t, c.config)
		wantFault(t, s.Keep(t.Context(), cart), c.want)
		if f := last(t, s); f.Stage != data.StageEncrypt {
			t.Errorf("%s is told of stage %s", c.want, f.Stage)
		}
	}
}

// telling runs a preflight and hands over what it tells as it does.
func telling(ctx context.Context, s *redis.Store) (told <-chan data.Finding, done <-chan error) {
	findings, ended := make(chan data.Finding, 32), make(chan error, 1)
	go func() { ended <- s.Preflight(ctx, func(f data.Finding) { findings <- f }) }()
	return findings, ended
}

// promptly is how soon a person who gives up is heard, and a stage told that is
// known; a test has half a second more.
const promptly = 600 * time.Millisecond

func expectStage(t *testing.T, told <-chan data.Finding, want data.Stage) data.Finding {
	t.Helper()
	select {
	case f := <-told:
		if f.Stage != want || f.Verdict == data.Failed {
			t.Fatalf("told %+v, want %s", f, want)
		}
		return f
	case <-time.After(promptly):
		t.Fatalf("nothing was told of %s", want)
	}
	return data.Finding{}
}

// expectEnd ends a preflight that waits, after which nothing more is told.
func expectEnd(t *testing.T, cancel func(), told <-chan data.Finding, done <-chan error) {
	t.Helper()
	select {
	case f := <-told:
		t.Fatalf("told %+v", f)
	case err := <-done:
		t.Fatalf("it ended with %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) || data.FaultOf(err) == data.FaultNone {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(promptly):
		t.Fatal("it goes on")
	}
	select {
	case f := <-told:
		t.Errorf("told %+v", f)
	default:
	}
}

func TestPreflightTellsAtOnceAndEndsAtOnce(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(t *testing.T) redis.Config{
		"silent": func(t *testing.T) redis.Config { return redis.Config{URL: "redis://" + silent(t)} },
		"frozen": func(t *testing.T) redis.Config {
			s := redistest.Start(t)
			s.Pause()
			t.Cleanup(s.Resume)
			return redis.Config{URL: s.URL()}
		},
		"silent to TLS": func(t *testing.T) redis.Config { return redis.Config{URL: "rediss://" + silent(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, config(t))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			told, done := telling(ctx, s)
			expectStage(t, told, data.StageFind)
			expectStage(t, told, data.StageReach)
			expectEnd(t, cancel, told, done)
		})
	}
}
