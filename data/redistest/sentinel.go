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
}

// StartSentinel starts one master, two replicas and three sentinels, and waits
// until all of them know each other.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	s := &Sentinel{Master: Start(t, "--repl-diskless-sync-delay", "0")}
	for range 2 {
		s.Replicas = append(s.Replicas, Start(t, "--replicaof", "127.0.0.1 "+s.Master.Port(), "--repl-diskless-sync-delay", "0"))
	}
	Await(t, "the replicas are in step", func() bool {
		return strings.Count(info(t, s.Master), "state=online") == len(s.Replicas)
	})
	for range 3 {
		s.Sentinels = append(s.Sentinels, StartWatchdog(t, s.Master, 2))
	}
	for _, one := range s.Sentinels {
		Await(t, "the sentinels know each other", func() bool {
			m := fields(one.Do(t, "SENTINEL", "MASTER", MasterName))
			return m["num-other-sentinels"] == "2" && m["num-slaves"] == "2" && m["flags"] == "master"
		})
	}
	return s
}

// StartWatchdog starts one sentinel for master that wants quorum sentinels to
// agree.
func StartWatchdog(t testing.TB, master *Server, quorum int) *Server {
	t.Helper()
	conf := strings.NewReplacer("NAME", MasterName, "PORT", master.Port(), "QUORUM", fmt.Sprint(quorum)).Replace(`
sentinel monitor NAME 127.0.0.1 PORT QUORUM
sentinel down-after-milliseconds NAME 1000
sentinel failover-timeout NAME 4000
`)
	return launch(t, conf, "--sentinel")
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
