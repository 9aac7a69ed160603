package redis

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"trolley/data"
)

// Store is one shop on a Redis server. Its methods may be called from any
// goroutine.
type Store struct {
	client   redis.UniversalClient
	cluster  *redis.ClusterClient // the client, in cluster mode; else nil
	keys     keyspace
	limits   data.Limits
	timeout  time.Duration
	remember time.Duration // the life of operation records
	history  time.Duration // how long a cart's history outlives it
	dialer   *dialer
	secrets  *vault
	log      *slog.Logger

	mode   string
	addr   string                 // as configured
	login  login                  // as configured
	named  bool                   // an address holds a name that we look up
	master atomic.Pointer[string] // where Sentinel sent us last

	ended context.Context // over when the store was closed
	end   context.CancelFunc
}

var _ data.Backend = (*Store)(nil)

// Open checks the configuration and makes a Store of it. It does not talk to
// the server: one that is away shows at the first use. What cannot be used
// comes back as a [data.InvalidError] that names the environment variable.
func Open(c Config) (*Store, error) {
	srv, err := c.check()
	if err != nil {
		return nil, err
	}
	s := &Store{
		keys: newKeyspace(c.Shop), limits: c.Limits.OrDefault(), timeout: c.Timeout,
		remember: cmp.Or(c.Remember, data.OpLife), history: cmp.Or(c.History, data.PastLife),
		dialer: srv.dialer, log: c.Log, mode: srv.mode, addr: srv.addrs[0], named: srv.named() && c.Dial == nil,
		login: login{user: srv.user, sentinelUser: c.SentinelUser, master: c.Master, database: srv.db},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	installDriver()
	s.secrets = newVault(s.log, srv.password, c.SentinelPassword)
	s.ended, s.end = context.WithCancel(context.Background())
	s.connect(srv, c)
	return s, nil
}

// login is who we say we are and what we ask for, for sentences about it.
type login struct {
	user, sentinelUser string
	master             string
	database           int
}

// connect makes the client that fits the mode.
func (s *Store) connect(srv server, c Config) {
	ask := s.credentials(srv.user, c.Secret)
	switch srv.mode {
	case ModeSentinel:
		client := redis.NewFailoverClient(failoverOptions(srv, c, ask))
		client.AddHook(masterHook{&s.master})
		s.client = client
	case ModeCluster:
		s.cluster = redis.NewClusterClient(clusterOptions(srv, ask))
		s.client = s.cluster
	default:
		s.client = redis.NewClient(singleOptions(srv, ask))
	}
}

// Addr returns where the shop is, as "host:port" or the path of a socket:
// behind Sentinel the master used last, else as configured.
func (s *Store) Addr() string {
	if m := s.master.Load(); m != nil {
		return *m
	}
	return s.addr
}

// Ping asks the server that has the shop's keys for a sign of life, which takes
// as long as the way there and back.
func (s *Store) Ping(ctx context.Context) error {
	node, err := s.node(ctx)
	if err == nil {
		err = node.Ping(ctx).Err()
	}
	return s.fail(ctx, err)
}

// String tells where the shop is, and none of the secrets.
func (s *Store) String() string { return fmt.Sprintf("shop %s at %s", s.keys.tag, s.Addr()) }

// GoString is String, so that %#v shows no secret either.
func (s *Store) GoString() string { return s.String() }

// Close implements [data.Backend]. Closing twice does no harm.
func (s *Store) Close() error {
	if s.ended.Err() != nil {
		return nil
	}
	s.end()
	return s.client.Close()
}

// protocol is the version of Redis' protocol that is spoken.
const protocol = 3

// Sizes of the pool. One counter has few calls under way at a time.
const (
	poolSize     = 8
	pipelineSize = 2
	idleTime     = 5 * time.Minute
)

// singleOptions switches off what the driver would do behind our back:
// repeating commands, introducing itself with commands that old servers and
// narrow permissions refuse, and waiting beyond a context's deadline.
func singleOptions(srv server, ask credentials) *redis.Options {
	return &redis.Options{
		Network: srv.network, Addr: srv.addrs[0], Dialer: srv.dialer.dial,
		Username: srv.user, Password: srv.password, CredentialsProviderContext: ask, DB: srv.db,
		Protocol: protocol, MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true,
		DialTimeout: dialTimeout, ReadTimeout: ioTimeout, WriteTimeout: ioTimeout,
		PoolSize: poolSize, PipelinePoolSize: pipelineSize, PoolTimeout: ioTimeout, ConnMaxIdleTime: idleTime,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// failoverOptions shows user and password to the master only; the sentinels
// have their own.
func failoverOptions(srv server, c Config, ask credentials) *redis.FailoverOptions {
	return &redis.FailoverOptions{
		MasterName: c.Master, SentinelAddrs: srv.addrs, Dialer: srv.dialer.dial,
		SentinelUsername: c.SentinelUser, SentinelPassword: c.SentinelPassword,
		Username: srv.user, Password: srv.password, CredentialsProviderContext: ask, DB: srv.db,
		Protocol: protocol, MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true,
		DialTimeout: dialTimeout, ReadTimeout: ioTimeout, WriteTimeout: ioTimeout,
		PoolSize: poolSize, PipelinePoolSize: pipelineSize, PoolTimeout: ioTimeout, ConnMaxIdleTime: idleTime,
		DisableIdentity: true,
	}
}

// clusterOptions looks at the cluster's layout every other second; the driver's
// own minute leaves writes failing for that long after a crash.
func clusterOptions(srv server, ask credentials) *redis.ClusterOptions {
	return &redis.ClusterOptions{
		Addrs: srv.addrs, Dialer: srv.dialer.dial, TLSConfig: srv.dialer.tls,
		Username: srv.user, Password: srv.password, CredentialsProviderContext: ask,
		Protocol: protocol, MaxRetries: -1, MaxRedirects: 3, DialerRetries: 1, ContextTimeoutEnabled: true,
		DialTimeout: dialTimeout, ReadTimeout: ioTimeout, WriteTimeout: ioTimeout,
		PoolSize: poolSize, PipelinePoolSize: pipelineSize, PoolTimeout: ioTimeout, ConnMaxIdleTime: idleTime,
		DisableIdentity: true, ClusterStateReloadInterval: 2 * time.Second,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// masterHook notes which server Sentinel makes the driver connect to.
type masterHook struct{ addr *atomic.Pointer[string] }

// DialHook implements the driver's hook.
func (h masterHook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := next(ctx, network, addr)
		if err == nil {
			at := conn.RemoteAddr().String()
			h.addr.Store(&at)
		}
		return conn, err
	}
}

// ProcessHook implements the driver's hook.
func (masterHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

// ProcessPipelineHook implements the driver's hook.
func (masterHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// node returns a client for the server that holds the shop's keys.
func (s *Store) node(ctx context.Context) (redis.UniversalClient, error) {
	if s.cluster == nil {
		return s.client, nil
	}
	node, err := s.cluster.MasterForKey(ctx, s.keys.products())
	if err != nil {
		return nil, err
	}
	return node, nil
}

// home returns the address at which the shop's keys are now, as far as the
// driver knows without asking; empty for a single server.
func (s *Store) home(ctx context.Context) string {
	if s.cluster == nil {
		if m := s.master.Load(); m != nil {
			return *m
		}
		return ""
	}
	node, err := s.cluster.MasterForKey(ctx, s.keys.products())
	if err != nil {
		return ""
	}
	return node.Options().Addr
}
