package redistest

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// Cluster is a Redis Cluster of three masters that takes a node for dead after
// a second and a half.
type Cluster struct {
	Nodes []*Server // the masters first, then their replicas
}

// slots is how many hash slots a cluster has.
const slots = 16384

// masters is how many masters StartCluster starts.
const masters = 3

// StartCluster starts a cluster with that many replicas for each of its three
// masters, and waits until all nodes agree.
func StartCluster(t testing.TB, replicas int) *Cluster {
	t.Helper()
	c := &Cluster{}
	for range masters * (1 + replicas) {
		_, bus, _ := net.SplitHostPort(freeAddr(t))
		c.Nodes = append(c.Nodes, Start(t, "--cluster-enabled", "yes", "--cluster-port", bus,
			"--cluster-node-timeout", "1500", "--repl-diskless-sync-delay", "0"))
	}
	for i, n := range c.Nodes[:masters] {
		n.Do(t, "CLUSTER", "ADDSLOTSRANGE", i*slots/masters, (i+1)*slots/masters-1)
	}
	for i, n := range c.Nodes {
		n.Do(t, "CLUSTER", "SET-CONFIG-EPOCH", i+1)
		c.Nodes[0].Do(t, "CLUSTER", "MEET", "127.0.0.1", n.Port(), n.arg("--cluster-port"))
	}
	c.await(t, func(state string) bool {
		return strings.Contains(state, fmt.Sprintf("cluster_known_nodes:%d\r", len(c.Nodes)))
	})
	for i, n := range c.Nodes[masters:] {
		n.Do(t, "CLUSTER", "REPLICATE", c.Nodes[i%masters].Do(t, "CLUSTER", "MYID"))
	}
	for _, n := range c.Nodes[masters:] {
		Await(t, "the replica is in step", func() bool { return strings.Contains(info(t, n), "master_link_status:up") })
	}
	c.await(t, func(state string) bool { return strings.Contains(state, "cluster_state:ok") })
	for _, n := range c.Nodes[masters:] {
		c.awaitRole(t, n, "slave") // nobody votes for one whose place is not known
	}
	return c
}

// awaitRole waits until all nodes know that one of them is a "master" or, in the
// server's word for a replica, a "slave".
func (c *Cluster) awaitRole(t testing.TB, which *Server, role string) {
	t.Helper()
	id := nodeID(t, which)
	for _, n := range c.Nodes {
		Await(t, "all nodes know who is a "+role, func() bool { return hasRole(n.Do(t, "CLUSTER", "NODES").(string), id, role) })
	}
}

// Addrs returns the addresses of all nodes.
func (c *Cluster) Addrs() []string { return addrs(c.Nodes) }

// Slot returns the hash slot of a key.
func (c *Cluster) Slot(t testing.TB, key string) int64 {
	t.Helper()
	return c.Nodes[0].Do(t, "CLUSTER", "KEYSLOT", key).(int64)
}

// Holder returns the node that is the master of key's slot, as ask sees it.
func (c *Cluster) Holder(t testing.TB, ask *Server, key string) *Server {
	t.Helper()
	slot := c.Slot(t, key)
	n := c.owner(t, ask, slot)
	if n == nil {
		t.Fatalf("no node holds slot %d", slot)
	}
	return n
}

// owner returns the master of a slot as ask sees it, nil where it sees none.
func (c *Cluster) owner(t testing.TB, ask *Server, slot int64) *Server {
	t.Helper()
	for _, r := range ask.Do(t, "CLUSTER", "SLOTS").([]any) {
		entry := r.([]any)
		if slot < entry[0].(int64) || slot > entry[1].(int64) {
			continue
		}
		port := fmt.Sprint(entry[2].([]any)[1])
		for _, n := range c.Nodes {
			if n.Port() == port {
				return n
			}
		}
	}
	return nil
}

// failoverTime is how long a server tries a planned failover (mf_end in its
// cluster.c). It gives up then, and wants to be asked again.
const failoverTime = 5 * time.Second

// Failover makes a replica the master although nothing is wrong, and waits
// until all nodes know.
func (c *Cluster) Failover(t testing.TB, replica *Server) {
	t.Helper()
	id := nodeID(t, replica)
	replica.Do(t, "CLUSTER", "FAILOVER")
	asked := time.Now()
	Await(t, "the replica is the master", func() bool {
		if time.Since(asked) > failoverTime {
			_, _ = replica.Try("CLUSTER", "FAILOVER") // refused where it is the master by now
			asked = time.Now()
		}
		return hasRole(replica.Do(t, "CLUSTER", "NODES").(string), id, "master")
	})
	c.awaitRole(t, replica, "master")
}

// hasRole reports whether a node with that id has a role in an answer to CLUSTER
// NODES.
func hasRole(nodes, id, role string) bool {
	for line := range strings.Lines(nodes) {
		f := strings.Fields(line)
		if f[0] == id {
			return strings.Contains(f[2], role)
		}
	}
	return false
}

// batch is how many keys go to another node at a time.
const batch = 10

// MoveSlot brings a slot with its keys from one master to another while
// clients use them.
func (c *Cluster) MoveSlot(t testing.TB, slot int64, from, to *Server) {
	t.Helper()
	to.Do(t, "CLUSTER", "SETSLOT", slot, "IMPORTING", nodeID(t, from))
	from.Do(t, "CLUSTER", "SETSLOT", slot, "MIGRATING", nodeID(t, to))
	for {
		keys := from.Do(t, "CLUSTER", "GETKEYSINSLOT", slot, batch).([]any)
		if len(keys) == 0 {
			break
		}
		from.Do(t, append([]any{"MIGRATE", "127.0.0.1", to.Port(), "", 0, patience.Milliseconds(), "KEYS"}, keys...)...)
	}
	owner := nodeID(t, to)
	to.Do(t, "CLUSTER", "SETSLOT", slot, "NODE", owner)
	from.Do(t, "CLUSTER", "SETSLOT", slot, "NODE", owner)
	for _, n := range c.Nodes {
		Await(t, "all nodes know where the slot is", func() bool { return c.owner(t, n, slot) == to })
	}
}

func nodeID(t testing.TB, n *Server) string {
	t.Helper()
	return n.Do(t, "CLUSTER", "MYID").(string)
}

// await waits until all nodes see the cluster as wanted.
func (c *Cluster) await(t testing.TB, good func(state string) bool) {
	t.Helper()
	for _, n := range c.Nodes {
		Await(t, "the nodes agree", func() bool { return good(n.Do(t, "CLUSTER", "INFO").(string)) })
	}
}
