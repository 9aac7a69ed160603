package data_test

import (
	"slices"
	"testing"
	"time"

	"trolley/data/redis"
	"trolley/data/redistest"
)

// writesBack is how long a cluster may take until changes are made again.
const writesBack = 5 * time.Second

func TestSentinelFailoversLoseNothing(t *testing.T) {
	for name, c := range map[string]struct {
		start  func(testing.TB) *redistest.Sentinel
		strike func(*testing.T, *redistest.Sentinel) (after func())
		loses  bool // the servers forget changes that they had confirmed
	}{
		"the master is killed":                {redistest.StartSentinel, killMaster, false},
		"the master hangs":                    {redistest.StartSentinel, hangMaster, false},
		"only counters still find the master": {redistest.StartPartitionableSentinel, cutOffMaster, true},
		"a planned change of the master":      {redistest.StartSentinel, replaceMaster, true},
	} {
		t.Run(name, func(t *testing.T) {
			if !c.loses { // sending so much again needs the computer for itself
				t.Parallel()
			}
			lab := c.start(t)
			config := redis.Config{
				Mode: redis.ModeSentinel, Addrs: lab.Addrs(), Master: redistest.MasterName, Dial: lab.Clients.Dial,
			}
			o := endure(t, config, func() func() { return c.strike(t, lab) })
			if c.loses && o.again == 0 {
				t.Error("nothing had to be made again: this trial shows nothing")
			}
		})
	}
}

// returned waits until the server that was the master has found its new place:
// there, what it has of its own is gone.
func returned(t *testing.T, old *redistest.Server) {
	t.Helper()
	redistest.Await(t, "the old master is a replica", old.IsReplica)
}

func killMaster(t *testing.T, lab *redistest.Sentinel) func() {
	old := lab.MasterAddr(t)
	lab.Master.Kill()
	lab.AwaitFailover(t, old)
	return func() {
		lab.Master.Restart()
		returned(t, lab.Master)
	}
}

func hangMaster(t *testing.T, lab *redistest.Sentinel) func() {
	old := lab.MasterAddr(t)
	lab.Master.Pause()
	lab.AwaitFailover(t, old)
	return func() {
		lab.Master.Resume()
		returned(t, lab.Master)
	}
}

func cutOffMaster(t *testing.T, lab *redistest.Sentinel) func() {
	old := lab.MasterAddr(t)
	lab.Isolate(t)
	lab.AwaitFailover(t, old)
	return func() {
		lab.Heal(t)
		returned(t, lab.Master)
	}
}

func replaceMaster(t *testing.T, lab *redistest.Sentinel) func() {
	lab.Failover(t)
	return func() { returned(t, lab.Master) }
}

func TestClusterFailoversLoseNothing(t *testing.T) {
	for name, strike := range map[string]func(*testing.T, *redistest.Cluster) (after func()){
		"the holder is killed":           killHolder,
		"a planned change of the master": replaceHolder,
		"the shop's slot moves":          moveSlot,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lab := redistest.StartCluster(t, 1)
			config := redis.Config{Mode: redis.ModeCluster, Addrs: lab.Addrs()}
			o := endure(t, config, func() func() { return strike(t, lab) })
			if o.silence >= writesBack {
				t.Errorf("no change was confirmed for %v, want less than %v", o.silence, writesBack)
			}
		})
	}
}

// shopAt returns which of the masters has the shop.
func shopAt(t *testing.T, lab *redistest.Cluster) int {
	t.Helper()
	return slices.Index(lab.Nodes, lab.Holder(t, lab.Nodes[0], "{main}:products"))
}

func killHolder(t *testing.T, lab *redistest.Cluster) func() {
	old := lab.Nodes[shopAt(t, lab)]
	old.Kill()
	return func() {
		old.Restart()
		returned(t, old)
	}
}

func replaceHolder(t *testing.T, lab *redistest.Cluster) func() {
	i := shopAt(t, lab)
	lab.Failover(t, lab.Nodes[i+len(lab.Nodes)/2])
	return func() { returned(t, lab.Nodes[i]) }
}

func moveSlot(t *testing.T, lab *redistest.Cluster) func() {
	i := shopAt(t, lab)
	to := (i + 1) % (len(lab.Nodes) / 2)
	lab.MoveSlot(t, lab.Slot(t, "{main}:products"), lab.Nodes[i], lab.Nodes[to])
	return nil
}
