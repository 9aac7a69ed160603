package redis_test

import (
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// sentinelRules are the rights of a counter at the sentinels: they stand in the
// documentation as well.
const sentinelRules = "resetkeys resetchannels -@all +sentinel|get-master-addr-by-name +sentinel|sentinels +subscribe +ping " +
	"&+switch-master &+replica-reconf-done"

// clusterRules come on top of aclRules in a Cluster; likewise.
const clusterRules = "+cluster|slots +asking"

// setUser makes a user of a server with the given rules.
func setUser(t testing.TB, s *redistest.Server, user, password string, rules ...string) {
	t.Helper()
	args := []any{"ACL", "SETUSER", user, "reset", "on", ">" + password}
	for _, r := range rules {
		if strings.HasPrefix(r, "(") {
			args = append(args, r)
			continue
		}
		for one := range strings.FieldsSeq(r) {
			args = append(args, one)
		}
	}
	s.Do(t, args...)
}

// use does everything that a counter does.
func (b *bench) use() {
	b.Helper()
	if _, err := preflight(b, b.Store); err != nil {
		b.Errorf("preflight: %v", err)
	}
	b.apply(add("tea", 1))
	b.apply(change(data.KindStep, "tea", 1))
	b.read()
	if err := b.Keep(b.Context(), cart); err != nil {
		b.Errorf("keep: %v", err)
	}
	if all, err := b.catalogue(); err != nil || len(all) != 1 {
		b.Errorf("%d products, %v", len(all), err)
	}
	c := change(data.KindClear, "", 0)
	c.Token = b.read().Token
	b.apply(c)
}

func TestSentinelsWithCredentialsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := start(t).stock("tea")
	setUser(t, b.server, "app", "hunter2", aclRules, aclSelector)
	watchdog := redistest.StartWatchdog(t, b.server, 1, "--requirepass", "hunter3")
	setUser(t, watchdog, "till", "hunter4", sentinelRules)
	c := redis.Config{
		Mode: redis.ModeSentinel, Addrs: []string{watchdog.Addr}, Master: redistest.MasterName,
		URL: "redis://app:hunter2@" + watchdog.Addr, Timeout: time.Hour,
	}
	wantFault(t, last(t, open(t, c)).Err, data.FaultNeedsAuth)
	for user, password := range map[string]string{"": "hunter3", "till": "hunter4"} {
		c.SentinelUser, c.SentinelPassword = user, password
		b.Store = open(t, c)
		h := watch(t, b.Store)
		h.await(data.SignalUp)
		b.use()
		h.await(data.SignalEvent)
	}
	c.SentinelPassword = "wrong"
	f := last(t, open(t, c))
	if f.Stage != data.StageSignIn || data.FaultOf(f.Err) != data.FaultWrongAuth {
		t.Errorf("%+v", f)
	}
}

func TestLeastRightsOfSentinelsSurviveAFailover(t *testing.T) {
	t.Parallel()
	b := start(t).stock("tea")
	next := redistest.Start(t, "--replicaof", "127.0.0.1 "+b.server.Port(), "--repl-diskless-sync-delay", "0")
	watchdog := redistest.StartWatchdog(t, b.server, 1, "--requirepass", "hunter3")
	setUser(t, watchdog, "till", "hunter4", sentinelRules)
	for _, s := range []*redistest.Server{b.server, next} {
		setUser(t, s, "app", "hunter2", aclRules, aclSelector)
	}
	b.Store = open(t, redis.Config{
		Mode: redis.ModeSentinel, Addrs: []string{watchdog.Addr}, Master: redistest.MasterName, Timeout: time.Hour,
		URL: "redis://app:hunter2@" + watchdog.Addr, SentinelUser: "till", SentinelPassword: "hunter4",
	})
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	b.use()
	redistest.Await(t, "the replica is in step", func() bool { return b.raw("WAIT", 1, 100) == int64(1) })
	redistest.Await(t, "the sentinel makes the replica the master", func() bool {
		_, err := watchdog.Try("SENTINEL", "FAILOVER", redistest.MasterName)
		return err == nil
	})
	redistest.Await(t, "changes go to the new master", func() bool {
		_, err := b.Apply(t.Context(), cart, add("tea", 1))
		return err == nil && b.Addr() == next.Addr
	})
	h.await(data.SignalDown)
	h.await(data.SignalUp)
	b.use()
}

func TestClusterWithTheLeastRights(t *testing.T) {
	t.Parallel()
	lab := redistest.StartCluster(t, 0)
	admin := open(t, redis.Config{Mode: redis.ModeCluster, Addrs: lab.Addrs()})
	b := (&bench{t, admin, lab.Nodes[0]}).stock("tea")
	for _, n := range lab.Nodes {
		setUser(t, n, "app", "hunter2", aclRules, clusterRules, aclSelector)
	}
	c := redis.Config{Mode: redis.ModeCluster, Addrs: lab.Addrs(), URL: "redis://app:hunter2@" + lab.Nodes[0].Addr, Timeout: time.Hour}
	b.Store = open(t, c)
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	b.use()
	h.await(data.SignalEvent)
	for _, lost := range []struct{ right, facts string }{{"-asking", "asking"}, {"-cluster|slots", "cluster|slots"}} {
		for _, n := range lab.Nodes {
			n.Do(t, "ACL", "SETUSER", "app", lost.right)
		}
		f := last(t, open(t, c))
		if data.FaultOf(f.Err) != data.FaultNoPermission || f.Facts != lost.facts {
			t.Errorf("with %s: %+v", lost.right, f)
		}
	}
}

func TestUnixSocketWithAPassword(t *testing.T) {
	path := t.TempDir() + "/redis.sock"
	b := start(t, "--unixsocket", path).stock("tea")
	setUser(t, b.server, "app", "hunter2", aclRules, aclSelector)
	b.Store = open(t, redis.Config{URL: "unix://app:hunter2@" + path, Timeout: time.Hour})
	b.use()
	told, err := preflight(t, b.Store)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, told[:4], "find: fine", "reach: fine "+path, "encrypt: fine", "sign in: fine")
	wantFault(t, last(t, open(t, redis.Config{URL: "unix://app:hunter3@" + path})).Err, data.FaultWrongAuth)
}

func TestMutualTLS(t *testing.T) {
	ca := redistest.NewCA(t)
	server := redistest.StartTLS(t, ca)
	cert, key := ca.Issue("till", time.Now().Add(time.Hour))
	c := redis.Config{URL: "rediss://" + server.Addr, CA: ca.File, Cert: cert, Key: key, Timeout: time.Hour}
	b := (&bench{t, open(t, c), server}).stock("tea")
	b.use()
	told, err := preflight(t, b.Store)
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, told[2:4], "encrypt: warned certificate ends soon TLS 1.3", "sign in: fine")
}

func TestDatabaseNumberNeedsItsRight(t *testing.T) {
	b := start(t)
	url := "redis://app:hunter2@" + b.server.Addr + "/2"
	setUser(t, b.server, "app", "hunter2", aclRules, aclSelector)
	f := last(t, open(t, redis.Config{URL: url}))
	if f.Stage != data.StageSignIn || f.Facts != "select" || data.FaultOf(f.Err) != data.FaultNoPermission {
		t.Errorf("%+v", f)
	}
	setUser(t, b.server, "app", "hunter2", aclRules, "+select", aclSelector)
	if _, err := preflight(t, open(t, redis.Config{URL: url})); err != nil {
		t.Error(err)
	}
}
