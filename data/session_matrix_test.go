package data_test

import (
	"context"
	"crypto/sha1"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// shopfloor is a server with two counters: one reaches it through a proxy, keeps
// what waits on its disk and has the user "desk"; the other is not in the way of
// most faults.
type shopfloor struct {
	*testing.T
	server *redistest.Server
	proxy  *redistest.Proxy
	desk   *counter
	other  *counter
	disk   *diary
	told   *gossip
}

func openShopfloor(t *testing.T, args ...string) *shopfloor {
	t.Helper()
	user := []string{"--user", "desk", "on", ">" + password, "~*", "&*", "+@all"}
	f := &shopfloor{T: t, server: redistest.Start(t, append(user, args...)...), told: &gossip{}}
	f.proxy = redistest.NewProxy(t, f.server.Addr)
	direct := redisShop(t, f.server.URL(), 0)
	stocked(t, direct)
	folder := t.TempDir()
	f.disk = openDiary(t, folder)
	store, err := redis.Open(redis.Config{URL: f.deskURL(), Shop: "main", Log: f.told.log()})
	o := data.Options{Cart: "c", Counter: "Desk", Pace: hurried, Queue: f.disk, Log: f.told.log()}
	f.desk = &counter{Session: data.Open(opened(t, store, err), o), t: t, each: f.told.hear}
	t.Cleanup(func() {
		f.desk.Close()
		f.told.keepsTheSecret(t, folder)
	})
	f.desk.ready()
	f.other = join(t, direct(), "Other", hurried).ready()
	return f
}

func (f *shopfloor) deskURL() string {
	return strings.Replace(f.proxy.URL(), "//", "//desk:"+password+"@", 1)
}

// setRights makes the desk's user anew, with further rules.
func (f *shopfloor) setRights(rules ...string) {
	args := []any{"ACL", "SETUSER", "desk", "on", ">" + password, "~*", "&*"}
	for _, r := range rules {
		args = append(args, r)
	}
	f.server.Do(f.T, args...)
}

// stored waits until the server holds exactly n teas, and checks that everybody
// sees them and that nothing is left anywhere.
func (f *shopfloor) stored(n int) {
	f.Helper()
	want := fmt.Sprintf("tea %d", n)
	holds := func() string { return fmt.Sprint(f.server.Do(f.T, "ZSCORE", "{main}:cart:c", "tea")) }
	redistest.Await(f.T, "the server holds "+want, func() bool { return "tea "+holds() == want })
	if s := f.desk.shows(want); len(s.Refused) != 0 || s.Unkept != 0 {
		f.Errorf("at the desk: %s", show(s))
	}
	f.other.shows(want)
	f.desk.until("it is live and nothing is sent again", func(s data.State) bool { return s.Link.Phase == data.Live && s.Mending == 0 })
	if got := holds(); got != fmt.Sprint(n) {
		f.Errorf("the server holds %s, %d were acknowledged", got, n)
	}
	redistest.Await(f.T, "the disk has nothing left", func() bool { return len(f.disk.holds()) == 0 })
}

// A fault begins, five changes are made while it lasts, and it ends. The person
// sees what is wrong, and afterwards every change is there once, without a
// restart of the program.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		args         []string
		begin, end   func(*shopfloor)
		phase        data.Phase // seen meanwhile; empty: it may pass too quickly
		fault        data.Fault
		seenByOthers bool // the other counter is not affected
	}{
		"answer lost once":      {begin: loseAnswers(1), end: allLost},
		"answer lost 3 times":   {begin: loseAnswers(3), end: allLost},
		"answer lost 5 times":   {begin: loseAnswers(5), end: allLost},
		"answers are too late":  {begin: func(f *shopfloor) { f.proxy.Slow(2 * hurried.Attempt) }, end: resume, phase: data.Offline, fault: data.FaultTimeout},
		"connections reset":     {begin: func(f *shopfloor) { f.hinder(3); f.proxy.Reset() }, end: nothing, phase: data.Polling},
		"connections half open": {begin: func(f *shopfloor) { f.hinder(4); f.proxy.HalfOpen() }, end: nothing, phase: data.Polling},
		"cable out":             {begin: func(f *shopfloor) { f.proxy.BlackHole() }, end: resume, phase: data.Offline, fault: data.FaultTimeout},
		"refused":               {begin: func(f *shopfloor) { f.proxy.Refuse() }, end: resume, phase: data.Offline, fault: data.FaultRefused},
		"server restarted": {args: []string{"--appendonly", "yes", "--appendfsync", "always"},
			begin: func(f *shopfloor) { f.server.Kill() }, end: func(f *shopfloor) { f.server.Restart() }, phase: data.Offline},
		"server stopped":     {begin: func(f *shopfloor) { f.server.Pause() }, end: func(f *shopfloor) { f.server.Resume() }, phase: data.Offline, fault: data.FaultTimeout},
		"no memory":          {begin: set("maxmemory", "1"), end: set("maxmemory", "0"), phase: data.ReadOnly, fault: data.FaultFull},
		"cannot save":        {args: []string{"--save", "3600 1"}, begin: breakDisk, end: mendDisk, phase: data.ReadOnly, fault: data.FaultCannotSave},
		"became a replica":   {begin: command("REPLICAOF", "127.0.0.1", "1"), end: command("REPLICAOF", "NO", "ONE"), phase: data.ReadOnly, fault: data.FaultReadOnly},
		"too few replicas":   {begin: set("min-replicas-to-write", "1"), end: set("min-replicas-to-write", "0"), phase: data.ReadOnly, fault: data.FaultNoReplicas},
		"busy with a script": {args: []string{"--busy-reply-threshold", "20"}, begin: runForever, end: killScript, phase: data.Offline, fault: data.FaultBusy},
		"password changed":   {begin: changePassword, end: restorePassword, phase: data.Broken, fault: data.FaultWrongAuth},
		"a right is missing": {begin: func(f *shopfloor) { f.setRights("-zadd") }, end: func(f *shopfloor) { f.setRights("+zadd") },
			phase: data.Broken, fault: data.FaultNoPermission, seenByOthers: true},
		"the last right is missing": {begin: func(f *shopfloor) { f.setRights("-set") }, end: func(f *shopfloor) { f.setRights("+set") },
			phase: data.Broken, fault: data.FaultNoPermission, seenByOthers: true},
		"scripts forgotten": {begin: command("SCRIPT", "FLUSH"), end: nothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openShopfloor(t, c.args...)
			f.desk.add("tea", 3)
			f.stored(3)
			f.watchPicture()
			c.begin(f)
			for range 5 {
				f.desk.add("tea", 1)
			}
			if c.phase != "" {
				f.sees(c.phase, c.fault)
			}
			if c.seenByOthers {
				f.other.shows("tea 3") // nothing was made by halves
			}
			c.end(f)
			f.desk.Retry()
			f.stored(8)
		})
	}
}

// watchPicture fails the test when the desk is shown anything but what the
// person there has done: three teas by the first change, and one by each other.
func (f *shopfloor) watchPicture() {
	f.desk.each = func(s data.State) {
		f.told.hear(s)
		if l, _ := s.Cart.Line("tea"); l.Quantity != int64(s.Taken)+2 {
			f.Errorf("after %d changes the picture is %s", s.Taken, show(s))
		}
	}
}

// sees waits until the desk shows a phase and why. Where the store takes no
// changes, all five are shown as waiting.
func (f *shopfloor) sees(phase data.Phase, fault data.Fault) {
	f.Helper()
	usable := data.Link{Phase: phase}.Usable()
	s := f.desk.until("it is seen", func(s data.State) bool {
		return s.Link.Phase == phase && (fault == "" || s.Link.Fault == fault) && (usable || len(s.Waiting) == 5)
	})
	if l, _ := s.Cart.Line("tea"); !usable && !l.Waiting || s.Unkept != 0 {
		f.Errorf("meanwhile: %s", show(s))
	}
}

// hinder lets the desk's next n attempts to subscribe fail, so that it is
// without news of others for long enough to be seen.
func (f *shopfloor) hinder(n int) { f.proxy.Swallow(n, "SUBSCRIBE") }

func nothing(*shopfloor) {}

func resume(f *shopfloor) { f.proxy.Resume() }

// loseAnswers loses the answers to the next n attempts to make a change: all of
// them are made, and those after the first are repeats.
func loseAnswers(n int) func(*shopfloor) {
	return func(f *shopfloor) {
		var script []byte
		for _, part := range []string{"cart", "mutate"} {
			text, err := os.ReadFile("redis/lua/" + part + ".lua")
			if err != nil {
				f.Fatal(err)
			}
			script = append(script, text...)
		}
		f.proxy.Swallow(n, fmt.Sprintf("EVALSHA %x", sha1.Sum(script)))
	}
}

func allLost(f *shopfloor) { redistest.Await(f.T, "the answers are lost", f.proxy.Swallowed) }

func set(name, value string) func(*shopfloor) { return command("CONFIG", "SET", name, value) }

func command(args ...any) func(*shopfloor) {
	return func(f *shopfloor) { f.server.Do(f.T, args...) }
}

// breakDisk puts a folder where the server wants to save.
func breakDisk(f *shopfloor) {
	if err := os.MkdirAll(filepath.Join(f.server.Dir(), "dump.rdb", "in the way"), 0o755); err != nil {
		f.Fatal(err)
	}
	f.server.Do(f.T, "BGSAVE")
	redistest.Await(f.T, "saving has failed", func() bool { return lastSave(f) == "err" })
}

func mendDisk(f *shopfloor) {
	if err := os.RemoveAll(filepath.Join(f.server.Dir(), "dump.rdb")); err != nil {
		f.Fatal(err)
	}
	f.server.Do(f.T, "BGSAVE")
	redistest.Await(f.T, "saving works", func() bool { return lastSave(f) == "ok" })
}

func lastSave(f *shopfloor) string {
	_, after, _ := strings.Cut(f.server.Do(f.T, "INFO", "persistence").(string), "rdb_last_bgsave_status:")
	return strings.TrimSpace(after[:3])
}

// runForever keeps the server busy until its script is killed.
func runForever(f *shopfloor) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = f.server.Try("EVAL", "while true do end", 0)
	}()
	f.Cleanup(func() { <-ended })
	redistest.Await(f.T, "the server is busy", func() bool {
		_, err := f.server.Try("GET", "x")
		return err != nil && strings.HasPrefix(err.Error(), "BUSY")
	})
}

// killScript ends runForever, which takes the server a moment.
func killScript(f *shopfloor) {
	f.server.Do(f.T, "SCRIPT", "KILL")
	redistest.Await(f.T, "the server is free again", func() bool { _, err := f.server.Try("GET", "x"); return err == nil })
}

func changePassword(f *shopfloor) {
	f.setRights("resetpass", ">another")
	f.server.Do(f.T, "CLIENT", "KILL", "USER", "desk")
}

func restorePassword(f *shopfloor) { f.setRights("resetpass", ">"+password) }

// A server that comes back takes a while to load what it has saved.
func TestServerThatLoads(t *testing.T) {
	t.Parallel()
	f := openShopfloor(t, "--appendonly", "yes", "--appendfsync", "always", "--key-load-delay", "20000",
		"--loading-process-events-interval-bytes", "1024", "--aof-use-rdb-preamble", "yes")
	f.desk.add("tea", 3)
	f.stored(3)
	for i := range 100 {
		f.server.Do(t, "SET", fmt.Sprint("ballast:", i), strings.Repeat("x", 2000))
	}
	f.server.Do(t, "BGREWRITEAOF")
	redistest.Await(t, "the file is written anew", func() bool {
		return strings.Contains(f.server.Do(t, "INFO", "persistence").(string), "aof_rewrite_in_progress:0") &&
			strings.Contains(f.server.Do(t, "INFO", "persistence").(string), "aof_rewrite_scheduled:0")
	})
	f.server.Kill()
	f.desk.add("tea", 5)
	up := make(chan struct{})
	go func() { defer close(up); f.server.Restart() }()
	f.desk.until("it says so", func(s data.State) bool {
		return s.Link.Phase == data.Offline && s.Link.Fault == data.FaultLoading && len(s.Waiting) == 1
	})
	<-up
	redistest.Await(t, "it has loaded", func() bool { _, err := f.server.Try("GET", "x"); return err == nil })
	f.desk.Retry()
	f.stored(8)
}

// A connection on which nothing arrives any more looks like a quiet one. Nobody
// asks for news here: they come by events, or not at all.
func TestHalfOpenSubscriptionIsMadeAnew(t *testing.T) {
	t.Parallel()
	f := openShopfloor(t)
	quiet := joinAt(t, redisShop(t, f.deskURL(), 0)(), nil, "Quiet", unhurried).ready()
	f.hinder(5) // the desk's as well
	began := time.Now()
	f.proxy.HalfOpen()
	f.other.add("tea", 1)
	quiet.phase(data.Polling)
	quiet.shows("tea 1")
	quiet.phase(data.Live)
	if took := time.Since(began); took >= mostStale {
		t.Errorf("it took %v, want less than %v", took, mostStale)
	}
	f.other.add("tea", 1)
	quiet.shows("tea 2")
	quiet.add("tea", 1)
	f.stored(3)
}

// Events do not arrive although the connection answers: reads find out.
func TestDeafSubscriptionIsMadeAnew(t *testing.T) {
	t.Parallel()
	f := openShopfloor(t)
	f.proxy.Deafen()
	// The newest state wins, so that it is live anew may be all that is seen.
	deaf := f.desk.last.Link.Since
	for i := 1; f.desk.last.Link.Since.Equal(deaf); i++ {
		f.other.add("tea", 1)
		f.desk.shows(fmt.Sprintf("tea %d", i)) // by asking
	}
	f.desk.phase(data.Live)
	l, _ := f.desk.last.Cart.Line("tea")
	f.other.add("tea", 1)
	f.stored(int(l.Quantity) + 1)
}

// A server without persistence comes back with nothing. The person is told what
// the cart had, and can bring it back as soon as there are products again.
func TestServerThatLostEverything(t *testing.T) {
	t.Parallel()
	f := openShopfloor(t)
	f.desk.add("tea", 3)
	f.other.add("milk", 1)
	f.desk.shows("milk 1, tea 3")
	f.server.Kill()
	f.server.Restart()
	f.desk.Retry()
	s := f.desk.until("the loss is told", func(s data.State) bool { return s.Lost != nil })
	if len(s.Refused) != 0 || brief(*s.Lost) != "milk 1, tea 3" || len(s.Cart.Lines) != 0 {
		t.Errorf("told: %s, refused %v", show(s), s.Refused)
	}
	stocked(t, redisShop(t, f.server.URL(), 0))
	for _, c := range data.Missing(*s.Lost, s.Cart) {
		f.desk.submit(c)
		f.other.submit(c) // the person there does the same: it comes back once
	}
	f.desk.shows("milk 1, tea 3")
	f.other.shows("milk 1, tea 3")
	f.desk.until("nothing is lost any more", func(s data.State) bool { return s.Lost == nil })
}

// A server that saves once a second loses what it acknowledged in the last one.
// The counters still know it.
func TestServerThatLostTheLastSecond(t *testing.T) {
	t.Parallel()
	f := openShopfloor(t, "--save", "", "--appendonly", "no")
	f.desk.add("tea", 1)
	f.stored(1)
	f.server.Do(t, "SAVE") // what is on the disk when the power fails
	f.desk.add("tea", 2)
	f.other.add("tea", 4)
	f.desk.shows("tea 7")
	f.other.shows("tea 7")
	f.server.Kill()
	f.server.Restart()
	f.desk.Retry()
	f.stored(7)
	if s := f.desk.last; s.Lost != nil {
		t.Errorf("told as lost: %s", brief(*s.Lost))
	}
}

// What is done during an outage builds on what the server has lost meanwhile: that
// comes first.
func TestChangesThatBuildOnALostOne(t *testing.T) {
	for name, c := range map[string]struct {
		change data.Change
		want   string
	}{
		"remove":  {data.Change{Kind: data.KindRemove, Product: "milk"}, "tea 1"},
		"step":    {data.Change{Kind: data.KindStep, Product: "milk", Quantity: 1}, "milk 3, tea 1"},
		"set":     {data.Change{Kind: data.KindSet, Product: "milk", Quantity: 5, Seen: 2}, "milk 5, tea 1"},
		"add":     {data.Change{Kind: data.KindAdd, Product: "milk", Quantity: 4}, "milk 6, tea 1"},
		"to zero": {data.Change{Kind: data.KindStep, Product: "milk", Quantity: -2}, "tea 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openShopfloor(t)
			f.desk.add("tea", 1)
			f.stored(1)
			f.server.Do(t, "SAVE")
			f.desk.add("milk", 2)
			f.desk.shows("milk 2, tea 1")
			f.server.Kill()
			op := f.desk.submit(c.change)
			f.desk.until("it waits", func(s data.State) bool {
				n := len(s.Waiting) // the one before waits as well if its answer did not make it
				return s.Link.Phase == data.Offline && n > 0 && s.Waiting[n-1].Op == op
			})
			f.server.Restart()
			s := f.desk.shows(c.want)
			if f.other.shows(c.want); len(s.Refused) != 0 {
				t.Errorf("refused: %v", s.Refused[0].Err)
			}
		})
	}
}

// However long the outage is: what was confirmed right before it is remembered.
func TestLossAtTheBeginOfALongOutage(t *testing.T) {
	t.Parallel()
	f := openShopfloor(t)
	pace := hurried
	pace.Remember = time.Second
	desk := joinAt(t, redisShop(t, f.deskURL(), 0)(), nil, "Short", pace).ready()
	f.desk.Close() // it would remember as well
	desk.add("tea", 1)
	desk.shows("tea 1")
	f.server.Do(t, "SAVE")
	desk.add("tea", 2)
	desk.shows("tea 3")
	f.server.Kill()
	gone := time.Now()
	redistest.Await(t, "more time has passed than is remembered", func() bool { return time.Since(gone) > 3*pace.Remember/2 })
	f.server.Restart()
	f.other.shows("tea 3")
	if s := desk.shows("tea 3"); s.Lost != nil || len(s.Refused) != 0 {
		t.Errorf("told as lost: %v, refused %v", s.Lost, s.Refused)
	}
}

// What the connection is like is known before a change is at stake.
func TestReadOnlyServerIsToldBeforeAnybodyChangesAnything(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "yes")
	c := join(t, redisShop(t, server.URL(), 0)(), "Till", hurried)
	s := c.phase(data.ReadOnly)
	if s.Link.Fault != data.FaultReadOnly || len(s.Checks) == 0 {
		t.Errorf("told: %s, checks %v", show(s), s.Checks)
	}
	server.Do(t, "REPLICAOF", "NO", "ONE")
	c.phase(data.Live) // without being asked
}

// Carts are opened and closed one by one, and as the tabs of a window are: in
// one shop, of which they share the products.
func TestThousandOpeningsLeaveNothingBehind(t *testing.T) {
	for name, open := range map[string]func(data.Backend, data.Options) (open func(data.CartID) *data.Session, over func()){
		"alone": func(b data.Backend, o data.Options) (func(data.CartID) *data.Session, func()) {
			return func(id data.CartID) *data.Session { o.Cart = id; return data.Open(b, o) }, func() {}
		},
		"in a shop": func(b data.Backend, o data.Options) (func(data.CartID) *data.Session, func()) {
			s := data.OpenShop(b, o)
			return s.Open, func() { s.Close(context.Background()) }
		},
	} {
		t.Run(name, func(t *testing.T) { openThousand(t, open) })
	}
}

// ours is in the stack of every goroutine of a cart or a shop that is open.
const ours = "trolley/data.("

func openThousand(t *testing.T, how func(data.Backend, data.Options) (func(data.CartID) *data.Session, func())) {
	server := redistest.Start(t)
	b, err := redis.Open(redis.Config{URL: server.URL(), Shop: "main"})
	if err != nil {
		t.Fatal(err)
	}
	open, over := how(b, data.Options{Counter: "Till", Pace: unhurried})
	for i := range 1000 {
		s := open(data.CartID(fmt.Sprint("cart-", i)))
		if i%10 == 0 {
			c := &counter{Session: s, t: t}
			c.phase(data.Live)
			if !strings.Contains(goroutines(), ours) {
				t.Fatal("an open cart has no goroutine: what is looked for below is not what there is")
			}
		}
		s.Close()
	}
	over()
	redistest.Await(t, "no goroutine is left", func() bool { return !strings.Contains(goroutines(), ours) })
	subscriptions := func() int { return strings.Count(server.Do(t, "CLIENT", "LIST", "TYPE", "pubsub").(string), "\n") }
	redistest.Await(t, "no subscription is left", func() bool { return subscriptions() == 0 })
	if n := strings.Count(server.Do(t, "CLIENT", "LIST", "TYPE", "normal").(string), "\n"); n > 12 {
		t.Errorf("%d connections are left, more than the pool of one store", n)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	redistest.Await(t, "no connection is left", func() bool {
		return strings.Count(server.Do(t, "CLIENT", "LIST").(string), "\n") <= 1 // the one that asks
	})
}
