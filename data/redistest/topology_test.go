package redistest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data/redistest"
)

func TestIsolatedMasterGoesOnToTakeWrites(t *testing.T) {
	t.Parallel()
	lab := redistest.StartPartitionableSentinel(t)
	old := lab.MasterAddr(t)
	c := redis.NewClient(&redis.Options{Addr: old, Dialer: lab.Clients.Dial, MaxRetries: -1, DisableIdentity: true})
	defer c.Close()
	write := func() {
		if err := c.Set(t.Context(), "a", "1", 0).Err(); err != nil {
			t.Errorf("the old master: %v", err)
		}
	}
	write()
	lab.Isolate(t)
	lab.AwaitFailover(t, old)
	write()
	if lab.Master.IsReplica() {
		t.Error("the isolated master is a replica")
	}
	lab.Heal(t)
	redistest.Await(t, "the old master is a replica", lab.Master.IsReplica)
	if at := lab.MasterAddr(t); at == old || at == lab.Master.Addr {
		t.Errorf("the master is at %s", at)
	}
}

func TestPlannedFailoverOfSentinel(t *testing.T) {
	t.Parallel()
	lab := redistest.StartSentinel(t)
	lab.Failover(t)
	if at := lab.MasterAddr(t); at != lab.Replicas[0].Addr && at != lab.Replicas[1].Addr {
		t.Errorf("the master is at %s", at)
	}
	redistest.Await(t, "the old master is a replica", lab.Master.IsReplica)
}

func TestPlannedFailoverOfClusterNode(t *testing.T) {
	t.Parallel()
	c := redistest.StartCluster(t, 1)
	old := c.Holder(t, c.Nodes[0], "a")
	replica := c.Nodes[3:][index(c.Nodes, old)]
	c.Failover(t, replica)
	redistest.Await(t, "the old master is a replica", old.IsReplica)
	if now := c.Holder(t, old, "a"); now != replica {
		t.Errorf("the slot is at %s, want %s", now.Addr, replica.Addr)
	}
}

func index(all []*redistest.Server, s *redistest.Server) int {
	for i, one := range all {
		if one == s {
			return i
		}
	}
	return -1
}

func TestSlotMovesWithItsKeysWhileTheyAreWritten(t *testing.T) {
	t.Parallel()
	lab := redistest.StartCluster(t, 0)
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: lab.Addrs(), DisableIdentity: true})
	defer c.Close()
	const keys = 200
	for i := range keys {
		c.Incr(t.Context(), fmt.Sprintf("{s}%d", i))
	}
	from := lab.Holder(t, lab.Nodes[0], "{s}")
	to := lab.Nodes[(index(lab.Nodes, from)+1)%len(lab.Nodes)]
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; i < keys && err == nil; i++ {
			err = c.Incr(t.Context(), fmt.Sprintf("{s}%d", i)).Err()
		}
		done <- err
	}()
	lab.MoveSlot(t, lab.Slot(t, "{s}"), from, to)
	if err := <-done; err != nil {
		t.Errorf("a write during the move: %v", err)
	}
	if now := lab.Holder(t, from, "{s}"); now != to {
		t.Errorf("the slot is at %s, want %s", now.Addr, to.Addr)
	}
	for i := range keys {
		if v := c.Get(t.Context(), fmt.Sprintf("{s}%d", i)).Val(); v != "2" {
			t.Errorf("{s}%d is %q, want 2", i, v)
		}
	}
}

func TestNetworkCutsAndHeals(t *testing.T) {
	t.Parallel()
	s, other := redistest.Start(t), redistest.Start(t)
	n := redistest.NewNetwork(t)
	ping := func(addr string) error {
		c := redis.NewClient(&redis.Options{
			Addr: addr, Dialer: n.Dial, MaxRetries: -1, DialerRetries: 1, ReadTimeout: 200 * time.Millisecond, DisableIdentity: true,
		})
		defer c.Close()
		return c.Ping(t.Context()).Err()
	}
	n.Cut(s.Addr)
	if ping(s.Addr) == nil || ping(other.Addr) != nil {
		t.Error("not the one server was cut off, but another or none")
	}
	n.Cut()
	n.Heal(s.Addr)
	if ping(s.Addr) != nil || ping(other.Addr) == nil {
		t.Error("not the one server was healed, but another or none")
	}
	third := redistest.Start(t)
	if ping(third.Addr) == nil {
		t.Error("a new server was reached although all are cut off")
	}
	n.Heal()
	if err := ping(third.Addr); err != nil {
		t.Error(err)
	}
	conn, err := n.Dial(t.Context(), "tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if at := conn.RemoteAddr().String(); !strings.HasSuffix(at, s.Port()) {
		t.Errorf("the other end is %s, want %s", at, s.Addr)
	}
}
