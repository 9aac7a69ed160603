package redistest

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// MasterName is what the sentinels of this package call their master.
const MasterName = "shop"

// Sentinel is a master with replicas, looked after by sentinels that take it
// for dead after a second.
type Sentinel struct {
	Master    *Server   // the first one; a failover makes it a replica
	Replicas  []*Server // two
	Sentinels []*Server // three
	Clients   *Network  // the clients' way to all of them; others may be used as well

	gate *Proxy // between the first master and the other servers; nil: nothing
}

// StartSentinel starts one master, two replicas and three sentinels, and waits
// until all of them know each other.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	master := Start(t, "--repl-diskless-sync-delay", "0")
	s := &Sentinel{Master: master, Clients: NewNetwork(t)}
	s.surround(t, master.Addr)
	return s
}

// StartPartitionableSentinel is StartSentinel with a master that Isolate can
// part from the other servers. They know it by an address at which only the
// network Clients finds it then, and which MasterAddr returns: clients have to
// use Clients.Dial.
func StartPartitionableSentinel(t testing.TB) *Sentinel {
	t.Helper()
	gate := NewProxy(t, "")
	_, port, _ := net.SplitHostPort(gate.Addr)
	master := Start(t, "--repl-diskless-sync-delay", "0",
		"--replica-announce-ip", "127.0.0.1", "--replica-announce-port", port)
	gate.Redirect(master.Addr)
	s := &Sentinel{Master: master, Clients: NewNetwork(t), gate: gate}
	s.Clients.Proxy(gate.Addr).Redirect(master.Addr)
	s.surround(t, gate.Addr)
	return s
}

// surround gives the master, which the others reach at addr, its replicas and
// sentinels.
func (s *Sentinel) surround(t testing.TB, addr string) {
	t.Helper()
	_, port, _ := net.SplitHostPort(addr)
	for range 2 {
		s.Replicas = append(s.Replicas, Start(t, "--replicaof", "127.0.0.1 "+port, "--repl-diskless-sync-delay", "0"))
	}
	Await(t, "the replicas are in step", func() bool {
		return strings.Count(info(t, s.Master), "state=online") == len(s.Replicas)
	})
	for range 3 {
		s.Sentinels = append(s.Sentinels, watchdog(t, port, 2))
	}
	for _, one := range s.Sentinels {
		Await(t, "the sentinels know each other", func() bool {
			m := fields(one.Do(t, "SENTINEL", "MASTER", MasterName))
			return m["num-other-sentinels"] == "2" && m["num-slaves"] == "2" && m["flags"] == "master"
		})
	}
}

// Isolate parts the first master from its replicas and sentinels, but not from
// the clients: the sentinels promote a replica while connected clients go on to
// write to the old master. It needs StartPartitionableSentinel.
func (s *Sentinel) Isolate(t testing.TB) {
	t.Helper()
	if s.gate == nil {
		t.Fatal("this master cannot be isolated")
	}
	s.gate.BlackHole()
}

// Heal undoes Isolate. A few seconds later the sentinels make the old master a
// replica of the new one, and what was written to it meanwhile is lost.
func (s *Sentinel) Heal(t testing.TB) {
	t.Helper()
	s.gate.Resume()
}

// Failover lets the sentinels make a replica the master although nothing is
// wrong, and waits until they have.
func (s *Sentinel) Failover(t testing.TB) {
	t.Helper()
	old := s.MasterAddr(t)
	Await(t, "the sentinels agree to a failover", func() bool {
		_, err := s.Sentinels[0].Try("SENTINEL", "FAILOVER", MasterName)
		return err == nil
	})
	s.AwaitFailover(t, old)
}

// StartWatchdog starts one sentinel for master that wants quorum sentinels to
// agree, with further arguments of its command line.
func StartWatchdog(t testing.TB, master *Server, quorum int, args ...string) *Server {
	t.Helper()
	return watchdog(t, master.Port(), quorum, args...)
}

// watchdog starts a sentinel for the master at a port. It looks around and
// talks to the others more often than usual, where it is of a version that can
// be told to; otherwise everything takes some seconds longer.
func watchdog(t testing.TB, port string, quorum int, args ...string) *Server {
	t.Helper()
	conf := strings.NewReplacer("NAME", MasterName, "PORT", port, "QUORUM", fmt.Sprint(quorum)).Replace(`
sentinel monitor NAME 127.0.0.1 PORT QUORUM
sentinel down-after-milliseconds NAME 1000
sentinel failover-timeout NAME 4000
`)
	s := launch(t, conf, append([]string{"--sentinel"}, args...)...)
	_, _ = s.Try("SENTINEL", "DEBUG", "PUBLISH-PERIOD", 500, "INFO-PERIOD", 1000)
	return s
}

// Addrs returns the addresses of the sentinels.
func (s *Sentinel) Addrs() []string { return addrs(s.Sentinels) }

// MasterAddr returns which server the sentinels hold for the master now.
func (s *Sentinel) MasterAddr(t testing.TB) string {
	t.Helper()
	at := s.Sentinels[0].Do(t, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MasterName).([]any)
	return net.JoinHostPort(at[0].(string), at[1].(string))
}

// AwaitFailover waits until another server than old is the master.
func (s *Sentinel) AwaitFailover(t testing.TB, old string) {
	t.Helper()
	Await(t, "another server is the master", func() bool { return s.MasterAddr(t) != old })
}

func info(t testing.TB, s *Server) string {
	t.Helper()
	text, _ := s.Do(t, "INFO", "replication").(string)
	return text
}

func addrs(servers []*Server) []string {
	var all []string
	for _, s := range servers {
		all = append(all, s.Addr)
	}
	return all
}

// fields makes a map of a reply that lists names and values in turn.
func fields(reply any) map[string]string {
	m := map[string]string{}
	list, _ := reply.([]any)
	for i := 0; i+1 < len(list); i += 2 {
		m[fmt.Sprint(list[i])] = fmt.Sprint(list[i+1])
	}
	return m
}
