package redistest

import (
	"fmt"
	"net"
	"strings"
	"testing"
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
	return c
}

// Addrs returns the addresses of all nodes.
func (c *Cluster) Addrs() []string { return addrs(c.Nodes) }

// Holder returns the node that is the master of key's slot, as ask sees it.
func (c *Cluster) Holder(t testing.TB, ask *Server, key string) *Server {
	t.Helper()
	slot := ask.Do(t, "CLUSTER", "KEYSLOT", key).(int64)
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
	t.Fatalf("no node holds slot %d", slot)
	return nil
}

// await waits until all nodes see the cluster as wanted.
func (c *Cluster) await(t testing.TB, good func(state string) bool) {
	t.Helper()
	for _, n := range c.Nodes {
		Await(t, "the nodes agree", func() bool { return good(n.Do(t, "CLUSTER", "INFO").(string)) })
	}
}
