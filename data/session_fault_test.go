package data_test

import (
	"fmt"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redistest"
)

// edit makes edit number i of a row in which none may be lost, come twice or
// change places: each set builds on the quantity the one before it left.
func edit(c *counter, i int64) {
	c.t.Helper()
	if i == 1 {
		c.add("tea", 1)
	} else {
		c.submit(data.Change{Kind: data.KindSet, Product: "tea", Quantity: i, Seen: i - 1})
	}
	c.add("milk", 1)
}

// outage makes 30 edits, 20 of them while the store is away, and checks what
// arrived.
func outage(t *testing.T, c, other *counter, away, back func()) {
	t.Helper()
	for i := int64(1); i <= 10; i++ {
		edit(c, i)
	}
	c.until("the first are done", func(s data.State) bool { return len(s.Cart.Lines) > 0 && len(s.Waiting) < 10 })
	away()
	for i := int64(11); i <= 30; i++ {
		edit(c, i)
	}
	s := c.until("it is offline and shows what waits", func(s data.State) bool {
		l, _ := s.Cart.Line("tea")
		return s.Link.Phase == data.Offline && l.Quantity == 30 && l.Waiting && len(s.Waiting) >= 40
	})
	if s.Link.Outage != 1 || s.Link.Fault == data.FaultNone || !s.Link.Ever {
		t.Errorf("while away: %s", show(s))
	}
	back()
	s = c.shows("milk 30, tea 30")
	if len(s.Refused) != 0 {
		t.Errorf("refused: %+v", s.Refused)
	}
	other.shows("milk 30, tea 30")
	if s = c.phase(data.Live); s.Link.Outage != 1 {
		t.Errorf("afterwards: %s", show(s))
	}
}

func TestEditsOutliveARestartOfTheServer(t *testing.T) {
	server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	open := stocked(t, redisShop(t, server.URL(), 0))
	c, other := join(t, open(), "Till", hurried).ready(), join(t, open(), "Other", hurried).ready()
	outage(t, c, other, server.Kill, server.Restart)
}

func TestEditsOutliveAServerThatHangs(t *testing.T) {
	server := redistest.Start(t)
	open := stocked(t, redisShop(t, server.URL(), 0))
	c, other := join(t, open(), "Till", hurried).ready(), join(t, open(), "Other", hurried).ready()
	outage(t, c, other, server.Pause, server.Resume)
}

func TestEditsOutliveACutCable(t *testing.T) {
	for name, cut := range map[string]func(*redistest.Proxy){
		"refused": (*redistest.Proxy).Refuse, "black hole": (*redistest.Proxy).BlackHole,
	} {
		t.Run(name, func(t *testing.T) {
			server := redistest.Start(t)
			proxy := redistest.NewProxy(t, server.Addr)
			open := stocked(t, redisShop(t, server.URL(), 0))
			c := join(t, redisShop(t, proxy.URL(), 0)(), "Till", hurried).ready()
			outage(t, c, join(t, open(), "Other", hurried).ready(), func() { cut(proxy) }, proxy.Resume)
		})
	}
}

func TestLostAnswersChangeNothingTwice(t *testing.T) {
	server := redistest.Start(t)
	proxy := redistest.NewProxy(t, server.Addr)
	stocked(t, redisShop(t, server.URL(), 0))
	pace := unhurried
	pace.Attempt = 200 * time.Millisecond
	c := join(t, redisShop(t, proxy.URL(), 0)(), "Till", pace).ready()
	for i := int64(1); i <= 5; i++ {
		proxy.Swallow(int(i%3+1), "EVALSHA")
		edit(c, i)
		c.shows(fmt.Sprintf("milk %d, tea %d", i, i))
		if !proxy.Swallowed() {
			t.Fatal("no answer was lost")
		}
	}
	if len(c.last.Refused) != 0 {
		t.Errorf("refused: %+v", c.last.Refused)
	}
}

func TestSilentConnectionsAreNoticed(t *testing.T) {
	server := redistest.Start(t)
	proxy := redistest.NewProxy(t, server.Addr)
	open := stocked(t, redisShop(t, server.URL(), 0))
	c, other := join(t, redisShop(t, proxy.URL(), 0)(), "Till", hurried).ready(), join(t, open(), "Other", hurried).ready()
	proxy.HalfOpen()
	other.add("tea", 1)
	c.shows("tea 1")
	c.phase(data.Live)
}

func TestServerThatIsNotThereYet(t *testing.T) {
	server := redistest.Start(t)
	open := stocked(t, redisShop(t, server.URL(), 0))
	server.Kill()
	c := join(t, open(), "Till", hurried)
	c.add("tea", 1)
	s := c.phase(data.Offline)
	if s.Link.Ever || s.Link.Outage != 0 || s.Loaded || s.Catalogue != nil || brief(s.Cart) != "tea 1?*" {
		t.Errorf("before the server is there: %s", show(s))
	}
	server.Restart() // without persistence: it comes back empty
	stocked(t, open)
	c.until("the change is refused or done", func(s data.State) bool { return len(s.Waiting) == 0 })
	c.ready()
}

func TestServerThatRefusesWrites(t *testing.T) {
	server := redistest.Start(t)
	c := join(t, stocked(t, redisShop(t, server.URL(), time.Minute))(), "Till", hurried).ready()
	c.add("tea", 1)
	c.shows("tea 1")
	server.Do(t, "CONFIG", "SET", "min-replicas-to-write", "1")
	c.add("tea", 1)
	s := c.phase(data.ReadOnly)
	if s.Link.Fault != data.FaultNoReplicas || s.Link.Outage != 1 || len(s.Waiting) != 1 {
		t.Errorf("while it refuses: %s", show(s))
	}
	c.Keep()
	read := s.Cart.ReadAt
	s = c.until("it still reads", func(s data.State) bool { return s.Cart.ReadAt.After(read.Add(10 * hurried.Poll)) })
	if s.Link.Phase != data.ReadOnly {
		t.Errorf("a refused keep makes it %q", s.Link.Phase)
	}
	server.Do(t, "CONFIG", "SET", "min-replicas-to-write", "0")
	c.Retry()
	c.shows("tea 2")
	c.phase(data.Live)
}

func TestWrongPasswordIsToldAndMended(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "hunter2")
	for url, fault := range map[string]data.Fault{
		server.URL(): data.FaultNeedsAuth, "redis://:guess@" + server.Addr: data.FaultWrongAuth,
	} {
		c := join(t, redisShop(t, url, 0)(), "Till", hurried)
		if s := c.phase(data.Broken); s.Link.Fault != fault || s.Link.Ever {
			t.Errorf("with %s: %s", url, show(s))
		}
	}
	c := join(t, redisShop(t, server.URL(), 0)(), "Till", hurried)
	c.phase(data.Broken)
	server.Do(t, "CONFIG", "SET", "requirepass", "")
	c.Retry()
	c.phase(data.Live)
}
