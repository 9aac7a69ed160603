package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"trolley/data"
)

// awkward is text as people may call something, with all that a file of
// variables or a URL could take for a sign of its own.
func awkward(limit int) *rapid.Generator[string] {
	signs := rapid.SampledFrom([]rune(`ab XYZ09'"\$#{}()%@:/?&=+,;ßé漢` + "`"))
	return rapid.Map(rapid.SliceOfN(signs, 0, 12), func(r []rune) string { return data.Clean(string(r), limit) })
}

// pems are files of a certificate and its key with awkward names.
func pems(t *testing.T) (cert, key string) {
	t.Helper()
	certText, keyText := pair(t)
	dir := filepath.Join(t.TempDir(), `o'brien #1 "$HOME"`)
	if os.PathSeparator != '/' {
		dir = filepath.Join(t.TempDir(), "o'brien #1 $HOME")
	}
	return write(t, filepath.Join(dir, "cert.pem"), certText), write(t, filepath.Join(dir, "key pem"), keyText)
}

// good generates connections that can be tried and that say nothing that is of
// no account.
func good(cert, key string) *rapid.Generator[Connection] {
	return rapid.Custom(func(t *rapid.T) Connection {
		c := Connection{
			Shared:   true,
			Mode:     rapid.SampledFrom([]Mode{Single, Sentinel, Cluster}).Draw(t, "mode"),
			User:     awkward(40).Draw(t, "user"),
			Password: Secret(awkward(40).Draw(t, "password")),
			Shop:     rapid.SampledFrom([]string{"", "north", "a.b-c_D"}).Draw(t, "shop"),
			Keep:     rapid.SampledFrom([]Keep{KeepAsk, KeepKeychain, KeepFile}).Draw(t, "keep"),
		}
		if c.Mode != Cluster {
			c.Database = rapid.SampledFrom([]string{"", "0", "5"}).Draw(t, "database")
		}
		if c.Mode == Single && rapid.Bool().Draw(t, "socket") {
			c.Socket = "/run/" + strings.Trim(awkward(40).Draw(t, "path"), " ")
			return c
		}
		if c.Mode == Single {
			c.Host = rapid.SampledFrom([]string{"localhost", "10.0.0.5", "::1", "fe80::1%eth0", "till-3.shop.example", "kühl"}).Draw(t, "host")
			c.Port = rapid.SampledFrom([]string{"", "6379", "1", "65535"}).Draw(t, "port")
		} else {
			c.Addrs = rapid.SampledFrom([]string{"a:1", "a:26379,10.0.0.5:2", "[::1]:1,b:2,c:3"}).Draw(t, "addrs")
		}
		if c.Mode == Sentinel {
			c.Master = "m" + awkward(40).Draw(t, "master")
			c.SentinelUser = awkward(40).Draw(t, "sentinel user")
			c.SentinelPassword = Secret(awkward(40).Draw(t, "sentinel password"))
		}
		if c.TLS = rapid.Bool().Draw(t, "tls"); c.TLS && rapid.Bool().Draw(t, "files") {
			c.CA, c.Cert, c.Key, c.ServerName = cert, cert, key, "redis.example"
			c.Unverified = rapid.Bool().Draw(t, "unverified")
		}
		return c
	})
}

// What the dialog tries is what the next start reads.
func TestRedisIsWhatLoadReads(t *testing.T) {
	cert, key := pems(t)
	rapid.Check(t, func(rt *rapid.T) {
		c := good(cert, key).Draw(rt, "connection")
		if problems := c.Check(); len(problems) > 0 {
			rt.Fatalf("refused: %v", problems)
		}
		got, err := c.Redis()
		if err != nil {
			rt.Fatal(err)
		}
		env := c.variables()
		env[envPassword], env[envSentinelPass] = string(c.Password), string(c.SentinelPassword)
		read, err := Load(sources(t, env))
		if err != nil {
			rt.Fatal(err)
		}
		if got.URL != read.Redis.URL || got.String() != read.Redis.String() || got.Place() != read.Redis.Place() ||
			got.Password != c.Password || got.SentinelPassword != c.SentinelPassword || got.Unverified != c.Unverified {
			rt.Fatalf("got %v, want %v", got, read.Redis)
		}
		back := read.Connection()
		back.Shop = c.Shop // the default is filled in
		if back != c {
			rt.Fatalf("got  %+v\nwant %+v", back, c)
		}
	})
}

func TestServersOfConnections(t *testing.T) {
	for _, c := range []struct {
		conn Connection
		want string
	}{
		{Connection{}, "none"},
		{Connection{Host: "x", Mode: "nonsense"}, "none"},
		{Connection{Shared: true, Host: " localhost "}, "single redis://localhost"},
		{Connection{Shared: true, Host: "[::1]", Port: "1", User: "u@v", TLS: true, Database: "2"}, "single rediss://u%40v@[::1]:1/2"},
		{Connection{Shared: true, Host: "x", TLS: true, Unverified: true}, "single rediss://x (certificate not verified)"},
		{Connection{Shared: true, Socket: "/run/r.sock", Host: "x", TLS: true, Database: "2"}, "single unix:///run/r.sock?db=2"},
		{Connection{Shared: true, Host: "x", Addrs: "a:1", Master: "m", CA: "/nowhere"}, "single redis://x"},
		{Connection{Shared: true, Mode: Cluster, Host: "?", Addrs: "a:1 b:2"}, "cluster redis://a:1"},
	} {
		if got, err := c.conn.Redis(); err != nil || got.String() != c.want {
			t.Errorf("%+v: %v %v, want %s", c.conn, got, err, c.want)
		}
	}
}

// wrongConnection is a connection and what is wrong with it.
type wrongConnection struct {
	conn   Connection
	field  Field
	reason string
}

func TestCheckOfConnections(t *testing.T) {
	for _, c := range wrongConnections(t) {
		got := c.conn.Check()
		if want := (Problem{c.field, c.reason}); !slices.Equal(got, []Problem{want}) {
			t.Errorf("%.200v: got %v, want %v", c.conn, got, want)
		}
		_, err := c.conn.Redis()
		if faults := problems(t, err); len(faults) != 1 || faults[0].What != string(c.field) || faults[0].Reason != c.reason {
			t.Errorf("%.200v: %v, want %s", c.conn, err, c.reason)
		}
		if c.field != FieldShop && !slices.Contains(Reasons(), c.reason) {
			t.Errorf("%q is not among the reasons", c.reason)
		}
	}
}

func wrongConnections(t *testing.T) []wrongConnection {
	dir := t.TempDir()
	cert, key := pems(t)
	_, otherText := pair(t)
	other := write(t, filepath.Join(dir, "other"), otherText)
	large := write(t, filepath.Join(dir, "large"), strings.Repeat("x", maxNamed+1))
	long := strings.Repeat("x", 5000)
	tls := func(change func(*Connection)) Connection {
		c := Connection{Shared: true, Host: "x", TLS: true}
		change(&c)
		return c
	}
	sentinel := func(change func(*Connection)) Connection {
		c := Connection{Shared: true, Mode: Sentinel, Addrs: "a:1", Master: "m"}
		change(&c)
		return c
	}
	return []wrongConnection{
		{Connection{Shared: true, Host: "x", Mode: "several"}, FieldMode, reasonMode},
		{Connection{Shared: true}, FieldHost, reasonEmpty},
		{Connection{Shared: true, Host: "a b"}, FieldHost, reasonHost},
		{Connection{Shared: true, Host: "u:p@x"}, FieldHost, reasonHost},
		{Connection{Shared: true, Host: "fe80::1%a/b"}, FieldHost, reasonHost},
		{Connection{Shared: true, Host: "x:6379"}, FieldHost, reasonHostPort},
		{Connection{Shared: true, Host: "redis://x"}, FieldHost, reasonHostLink},
		{Connection{Shared: true, Host: "x", Port: "0"}, FieldPort, reasonPort},
		{Connection{Shared: true, Host: "x", Port: "65536"}, FieldPort, reasonPort},
		{Connection{Shared: true, Host: "x", Port: "http"}, FieldPort, reasonPort},
		{Connection{Shared: true, Socket: "r.sock"}, FieldSocket, reasonSocket},
		{Connection{Shared: true, Host: "x", Database: "main"}, FieldDatabase, reasonDatabase},
		{Connection{Shared: true, Mode: Cluster, Addrs: "a:1", Database: "1"}, FieldDatabase, reasonCluster},
		{Connection{Shared: true, Host: "x", User: "a\nb"}, FieldUser, reasonShown},
		{Connection{Shared: true, Host: "x", User: long}, FieldUser, reasonLong},
		{Connection{Shared: true, Host: "x", Password: "a\nb"}, FieldPassword, reasonLines},
		{Connection{Shared: true, Host: "x", Password: Secret(long)}, FieldPassword, reasonLongSecret},
		{Connection{Shared: true, Host: "x", Keep: "pocket"}, FieldPassword, reasonKeep},
		{tls(func(c *Connection) { c.CA = "ca.pem" }), FieldCA, reasonPath},
		{tls(func(c *Connection) { c.CA = filepath.Join(dir, "none") }), FieldCA, reasonNotThere},
		{tls(func(c *Connection) { c.CA = dir }), FieldCA, reasonNoFile},
		{tls(func(c *Connection) { c.CA = large }), FieldCA, reasonLarge},
		{tls(func(c *Connection) { c.CA = dir + "/a\nb" }), FieldCA, reasonShown},
		{tls(func(c *Connection) { c.CA = key }), FieldCA, reasonNoPEM},
		{tls(func(c *Connection) { c.Cert = cert }), FieldKey, reasonNoKey},
		{tls(func(c *Connection) { c.Key = key }), FieldCert, reasonNoCert},
		{tls(func(c *Connection) { c.Cert, c.Key = cert, other }), FieldCert, reasonPair},
		{tls(func(c *Connection) { c.Cert, c.Key = cert, filepath.Join(dir, "none") }), FieldKey, reasonNotThere},
		{tls(func(c *Connection) { c.ServerName = "x:1" }), FieldServerName, reasonHost},
		{sentinel(func(c *Connection) { c.Addrs = "" }), FieldAddrs, reasonEmpty},
		{sentinel(func(c *Connection) { c.Addrs = "a" }), FieldAddrs, reasonAddrs},
		{sentinel(func(c *Connection) { c.Addrs = "a:1,b:0" }), FieldAddrs, reasonAddrs},
		{sentinel(func(c *Connection) { c.Addrs = "u@a:1" }), FieldAddrs, reasonAddrs},
		{sentinel(func(c *Connection) { c.Addrs = "," }), FieldAddrs, reasonAddrs},
		{sentinel(func(c *Connection) { c.Addrs = long }), FieldAddrs, reasonLong},
		{sentinel(func(c *Connection) { c.Master = " " }), FieldMaster, reasonEmpty},
		{sentinel(func(c *Connection) { c.SentinelUser = "a\x00" }), FieldSentinelUser, reasonShown},
		{sentinel(func(c *Connection) { c.SentinelPassword = "a\x00" }), FieldSentinelPass, reasonLines},
		{Connection{Shop: strings.Repeat("x", 200)}, FieldShop, "it is longer than 128 characters"},
		{Connection{Shared: true, Host: "x", Shop: "a b"}, FieldShop, `' ' is not allowed; letters A-Z, digits, dot, dash and underscore are`},
	}
}

func TestProblemsComeInTheOrderOfTheFields(t *testing.T) {
	c := Connection{Shared: true, Port: "x", Database: "x", User: "\n x \n y", Password: "\n", TLS: true, CA: "x", Key: "x", ServerName: "a b", Shop: "{"}
	var got []Field
	for _, p := range c.Check() {
		got = append(got, p.Field)
	}
	want := []Field{FieldHost, FieldPort, FieldDatabase, FieldUser, FieldPassword, FieldCA, FieldCert, FieldServerName, FieldShop}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCheckOfSettings(t *testing.T) {
	if p := (Settings{Counter: "Kasse 3", Timeout: DefaultTimeout}).Check(); len(p) > 0 {
		t.Errorf("refused: %v", p)
	}
	got := Settings{Timeout: 10}.Check()
	want := []Problem{{FieldCounter, "it is empty"}, {FieldTimeout, reasonTimeout}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAccountsOfPasswords(t *testing.T) {
	account := func(c Connection) string {
		c.Shared = true
		r, err := c.Redis()
		if err != nil {
			t.Fatal(err)
		}
		return r.Account()
	}
	first := account(Connection{Host: "Shop"})
	for _, same := range []Connection{{Host: "shop", Port: "6379"}, {Host: "shop", TLS: true, User: "default"}, {Host: "shop", Database: "0", Password: "x"}} {
		if got := account(same); got != first {
			t.Errorf("%v has the account %q, want %q", same, got, first)
		}
	}
	seen := map[string]bool{first: true}
	long := strings.Repeat("host-of-a-large-cluster:1,", 50)
	for _, other := range []Connection{
		{Host: "shop", User: "u"}, {Host: "shop", User: "@"}, {Host: "shop", Port: "1"}, {Host: "shop", Database: "1"},
		{Host: "shop", User: "sentinels:default"}, {Mode: Cluster, Addrs: long}, {Mode: Cluster, Addrs: long + "x:1"},
	} {
		got := account(other)
		if seen[got] || len(got) > maxAccount {
			t.Errorf("%v has the account %q", other, got)
		}
		seen[got] = true
	}
	if (Redis{Mode: Sentinel, Master: "m"}).SentinelAccount() == (Redis{Mode: Sentinel, Master: "m"}).Account() {
		t.Error("server and sentinels share a password")
	}
}
