package redis_test

import (
	"context"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

func TestConformanceBehindSentinel(t *testing.T) {
	s := redistest.StartSentinel(t)
	conform(t, redis.Config{Mode: redis.ModeSentinel, Addrs: s.Addrs(), Master: redistest.MasterName})
}

func TestConformanceOnACluster(t *testing.T) {
	conform(t, redis.Config{Mode: redis.ModeCluster, Addrs: redistest.StartCluster(t, 0).Addrs()})
}

// insist sends a change until it has a definite answer, as a session does.
func insist(t *testing.T, s *redis.Store, c data.Change) data.Receipt {
	t.Helper()
	var receipt data.Receipt
	redistest.Await(t, "the change is done", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, err := s.Apply(ctx, cart, c)
		if err != nil && data.FaultOf(err) == data.FaultNone {
			t.Fatalf("%s: %v", c.Kind, err)
		}
		receipt = r
		return err == nil
	})
	return receipt
}

func TestSentinelFailoverIsFollowed(t *testing.T) {
	t.Parallel()
	lab := redistest.StartSentinel(t)
	s := open(t, redis.Config{Mode: redis.ModeSentinel, Addrs: lab.Addrs(), Master: redistest.MasterName})
	b := (&bench{t, s, lab.Master}).stock("tea")
	h := watch(t, s)
	h.await(data.SignalUp)
	b.apply(add("tea", 1))
	b.raw("WAIT", 2, 5000)
	if s.Addr() != lab.Master.Addr {
		t.Errorf("address is %s, want the master's, %s", s.Addr(), lab.Master.Addr)
	}
	lab.Master.Pause()
	e := insist(t, s, add("tea", 2)).Event
	if e.Quantity != 3 || s.Addr() == lab.Master.Addr {
		t.Errorf("after the failover: %d at %s", e.Quantity, s.Addr())
	}
	h.await(data.SignalUp)
	b.apply(add("tea", 1))
	if got := h.await(data.SignalEvent).Event; got.Kind != data.KindAdd {
		t.Errorf("event is %+v", got)
	}
}

// A master that Sentinel has replaced may go on to live, cut off from the
// others: its subscribers hear nothing, yet their connections are sound.
func TestSubscriptionFollowsTheMasterThatCommandsGoTo(t *testing.T) {
	t.Parallel()
	old, next := redistest.Start(t), redistest.Start(t)
	watchdog := redistest.StartWatchdog(t, old, 1)
	s := open(t, redis.Config{Mode: redis.ModeSentinel, Addrs: []string{watchdog.Addr}, Master: redistest.MasterName})
	h := watch(t, s)
	h.await(data.SignalUp)
	watchdog.Do(t, "SENTINEL", "REMOVE", redistest.MasterName)
	watchdog.Do(t, "SENTINEL", "MONITOR", redistest.MasterName, "127.0.0.1", next.Port(), 1)
	old.Do(t, "CLIENT", "KILL", "TYPE", "normal")
	redistest.Await(t, "commands go to the new master", func() bool {
		_ = s.Keep(t.Context(), cart)
		return s.Addr() == next.Addr
	})
	h.await(data.SignalDown)
	h.await(data.SignalUp)
	next.Do(t, "PUBLISH", "{main}:evp", "tea")
	h.await(data.SignalCatalogue)
}

func TestClusterFailoverIsFollowed(t *testing.T) {
	t.Parallel()
	lab := redistest.StartCluster(t, 1)
	s := open(t, redis.Config{Mode: redis.ModeCluster, Addrs: lab.Addrs()})
	holder := lab.Holder(t, lab.Nodes[0], "{main}:products")
	b := (&bench{t, s, holder}).stock("tea")
	h := watch(t, s)
	h.await(data.SignalUp)
	b.apply(add("tea", 1))
	b.raw("WAIT", 1, 5000)
	began := time.Now()
	holder.Kill()
	if e := insist(t, s, add("tea", 2)).Event; e.Quantity != 3 {
		t.Errorf("after the failover: %d", e.Quantity)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	h.await(data.SignalDown)
	h.await(data.SignalUp)
	b.apply(add("tea", 1))
	h.await(data.SignalEvent)
}
