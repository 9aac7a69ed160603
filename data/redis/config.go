package redis

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data"
)

// Modes of a server.
const (
	ModeSingle   = "single"
	ModeSentinel = "sentinel"
	ModeCluster  = "cluster"
)

// Config says where a shop's Redis is and how its carts behave.
type Config struct {
	// URL is redis://, rediss:// (TLS) or unix://, with user, password and
	// database where needed. With Addrs its host may be missing.
	URL string
	// Password stands in for the one in the URL.
	Password string
	// Secret is asked for the password at each new connection to a server that
	// holds data, and stands in for Password and the one in the URL; nil: those
	// count. An error counts as having no password. It may be asked by several
	// goroutines at once, and its context ends with the patience of the caller.
	// Sentinels are shown SentinelPassword whatever it says.
	Secret func(ctx context.Context) (string, error)
	// Mode is ModeSingle, ModeSentinel or ModeCluster; empty means ModeSingle.
	Mode string
	// Addrs are the sentinels or nodes of a cluster, "host:port" each; empty
	// means the one of the URL.
	Addrs []string
	// Master is what the sentinels call the master.
	Master string
	// SentinelUser and SentinelPassword are shown to the sentinels; those of
	// the URL are for the master.
	SentinelUser, SentinelPassword string
	// CA, Cert and Key are PEM files for TLS: who signed the server's
	// certificate (empty: whom the system trusts), and our own certificate.
	CA, Cert, Key string
	// ServerName is the name in the server's certificate; empty: the host.
	ServerName string
	// Unverified takes any certificate: what is sent is encrypted, and nobody
	// knows to whom.
	Unverified bool
	// Shop is part of every key.
	Shop string
	// Timeout is how long a cart lives after its last change, at least a
	// millisecond; 0: for ever.
	Timeout time.Duration
	// Remember is how long the server knows that an operation was done, at
	// least a millisecond; 0: data.OpLife. Only a trial has less to remember.
	Remember time.Duration
	// History is how long the server knows what was done to a cart after its
	// timeout, at least a millisecond; 0: data.PastLife. Only a trial has less.
	History time.Duration
	// Limits of a cart; zeros mean the defaults.
	Limits data.Limits
	// Dial stands in for the connections of the network, below TLS; nil means
	// those. With it a test or a soak can cut them.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Log takes what the driver has to say; nil discards it.
	Log *slog.Logger
}

// String names the server and the shop, and none of the secrets.
func (c Config) String() string {
	where := shownURL(c.URL)
	for _, a := range c.Addrs {
		where += " " + shownAddr(a)
	}
	return fmt.Sprintf("shop %q at %s", c.Shop, strings.TrimSpace(where))
}

// GoString is String, so that %#v shows no secret either.
func (c Config) GoString() string { return c.String() }

// LogValue is String for handlers that look into structures.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// server is what a checked Config says about the way to the server.
type server struct {
	mode           string
	network        string // tcp or unix
	addrs          []string
	user, password string
	db             int
	dialer         *dialer
}

// named reports whether a name has to be looked up on the way to the server.
func (s server) named() bool {
	return s.network != "unix" && slices.ContainsFunc(s.addrs, func(addr string) bool {
		host, _, _ := net.SplitHostPort(addr)
		_, err := netip.ParseAddr(host)
		return err != nil
	})
}

func invalid(what, value, reason string) error {
	return &data.InvalidError{What: what, Value: data.Clean(value, 80), Reason: reason}
}

// check reports the first thing that cannot be used, as an InvalidError that
// names the environment variable and holds no secret.
func (c Config) check() (server, error) {
	if err := c.checkCart(); err != nil {
		return server{}, err
	}
	srv, secure, err := c.parseURL()
	if err != nil {
		return server{}, err
	}
	if err := c.checkMode(&srv); err != nil {
		return server{}, err
	}
	config, err := c.tlsConfig(secure)
	srv.dialer = &dialer{tls: config, plain: c.Dial}
	return srv, err
}

func (c Config) checkCart() error {
	if err := data.CheckShop(c.Shop); err != nil {
		return err
	}
	if c.Timeout < 0 || c.Timeout > 0 && c.Timeout < time.Millisecond {
		return invalid("TROLLEY_CART_TIMEOUT", c.Timeout.String(), "it is not 0, and less than a millisecond")
	}
	if c.Remember < 0 || c.Remember > 0 && c.Remember < time.Millisecond {
		return invalid("life of operation records", c.Remember.String(), "it is not 0, and less than a millisecond")
	}
	if c.History < 0 || c.History > 0 && c.History < time.Millisecond {
		return invalid("life of a cart's history", c.History.String(), "it is not 0, and less than a millisecond")
	}
	l := c.Limits.OrDefault()
	if l.Quantity < 1 || l.Quantity > 1<<53 || l.Lines < 1 {
		return invalid("limits", fmt.Sprint(l), "they are not between 1 and 2^53")
	}
	return nil
}

// parseURL takes the URL apart. The driver's own errors repeat the URL with its
// password, so that none of them is passed on.
func (c Config) parseURL() (srv server, secure bool, err error) {
	srv = server{network: "tcp", password: c.Password}
	if c.URL == "" {
		if len(c.Addrs) == 0 {
			return srv, false, invalid("TROLLEY_REDIS_URL", "", "it is empty")
		}
		return srv, c.CA != "" || c.Cert != "" || c.ServerName != "" || c.Unverified, nil
	}
	o, err := redis.ParseURL(c.URL)
	if err != nil {
		return srv, false, invalid("TROLLEY_REDIS_URL", shownURL(c.URL), "it is not like redis://host:6379/0, rediss://host:6379/0 or unix:///path/redis.sock")
	}
	if u, err := url.Parse(c.URL); err != nil || !onlyDatabase(u.Query()) {
		return srv, false, invalid("TROLLEY_REDIS_URL", shownURL(c.URL), "it has options; only ?db= is allowed")
	}
	srv.network, srv.addrs, srv.user, srv.db = o.Network, []string{o.Addr}, o.Username, o.DB
	if srv.password == "" {
		srv.password = o.Password
	}
	return srv, o.TLSConfig != nil, nil
}

func onlyDatabase(q url.Values) bool {
	return len(q) == 0 || len(q) == 1 && q.Has("db")
}

// shownURL returns what of a URL may be shown: all but user and password, and
// of one that cannot be read only the scheme.
func shownURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" && u.Path == "" {
		scheme, _, found := strings.Cut(raw, "://")
		if !found || len(scheme) > 10 {
			return ""
		}
		return scheme + "://..."
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

func (c Config) checkMode(srv *server) error {
	srv.mode = c.Mode
	switch c.Mode {
	case "", ModeSingle:
		srv.mode = ModeSingle
		if len(c.Addrs) > 0 {
			return invalid("TROLLEY_REDIS_ADDRS", strings.Join(c.Addrs, ","), "a single server has its address in TROLLEY_REDIS_URL")
		}
		return nil
	case ModeSentinel:
		if c.Master == "" {
			return invalid("TROLLEY_REDIS_MASTER", "", "Sentinel needs the name of the master")
		}
	case ModeCluster:
		if srv.db != 0 {
			return invalid("TROLLEY_REDIS_URL", shownURL(c.URL), "a cluster has database 0 only")
		}
	default:
		return invalid("TROLLEY_REDIS_MODE", c.Mode, "it is not single, sentinel or cluster")
	}
	if srv.network == "unix" {
		return invalid("TROLLEY_REDIS_URL", shownURL(c.URL), "a "+c.Mode+" cannot be reached by unix://")
	}
	return c.checkAddrs(srv)
}

func (c Config) checkAddrs(srv *server) error {
	if len(c.Addrs) == 0 {
		return nil
	}
	for _, a := range c.Addrs {
		host, port, err := net.SplitHostPort(a)
		if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || host == "" || strings.Contains(host, "@") {
			return invalid("TROLLEY_REDIS_ADDRS", shownAddr(a), "it is not like host:6379")
		}
	}
	srv.addrs = c.Addrs
	return nil
}

// shownAddr hides what stands before an @: somebody may have put a URL here.
func shownAddr(a string) string { return a[strings.LastIndex(a, "@")+1:] }
