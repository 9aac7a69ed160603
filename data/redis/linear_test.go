package redis_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	driver "github.com/redis/go-redis/v9"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// everything is what clients of the store do.
var everything = []data.Kind{
	data.KindAdd, data.KindAdd, data.KindAdd, data.KindStep, data.KindStep, data.KindStep,
	data.KindSet, data.KindSet, data.KindRemove, look, look,
}

// roundLength is how long one history is. Longer ones would take much more
// memory to check.
const roundLength = 8 * time.Second

// Whatever happens to the network and the server, no client is told anything
// that a cart on which all work one after the other could not have told it.
func TestHistoriesAreLinearizable(t *testing.T) {
	t.Parallel()
	seed := redistest.Seed(t)
	length := redistest.Duration(t, roundLength)
	rounds := max(1, length/roundLength)
	for i := range uint64(rounds) {
		t.Run(fmt.Sprintf("seed=%d", seed+i), func(t *testing.T) { testRound(t, seed+i, length/rounds) })
	}
}

func testRound(t *testing.T, seed uint64, length time.Duration) {
	server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	tr := &trial{t: t, seed: seed, server: server, limit: 12, kinds: everything, command: "EVALSHA", crashes: 2}
	clients := tr.staff(false)
	history := tr.run(length)
	tr.wantTrouble(clients, history, length)
	result, info := porcupine.CheckOperationsVerbose(cartModel(tr.limit), history, time.Minute)
	if result == porcupine.Ok {
		return
	}
	path := filepath.Join(t.ArtifactDir(), fmt.Sprintf("history-%d.html", seed))
	if err := porcupine.VisualizePath(cartModel(tr.limit), info, path); err != nil {
		t.Errorf("draw the history: %v", err)
	}
	t.Errorf("the history is %v, seed %d: see %s (kept with -artifacts)", result, seed, path)
}

// staff fills the catalogue and lets clients of the store join, each behind a
// proxy of its own. Forgets gives them a mistake.
func (tr *trial) staff(forgets bool) []*careful {
	tr.t.Helper()
	var clients []*careful
	limits := data.Limits{Quantity: tr.limit}
	direct := open(tr.t, redis.Config{URL: tr.server.URL(), Limits: limits})
	(&bench{tr.t, direct, tr.server}).stock(shelf...)
	for range crew {
		p := redistest.NewProxy(tr.t, tr.server.Addr)
		c := &careful{t: tr.t, store: open(tr.t, redis.Config{URL: p.URL(), Limits: limits}), forgets: forgets}
		clients = append(clients, c)
		tr.join(p, c)
	}
	return clients
}

// wantTrouble fails the test where too little happened to prove anything.
func (tr *trial) wantTrouble(clients []*careful, history []porcupine.Operation, length time.Duration) {
	tr.t.Helper()
	lost, again, unanswered := 0, 0, 0
	for i, w := range tr.workers {
		lost += w.proxy.Lost()
		again += clients[i].again
	}
	for _, op := range history {
		if op.Return == never {
			unanswered++
		}
	}
	x := &tr.trouble
	tr.t.Logf("%d operations, %d without an answer; %d replies lost, %d changes found done; %d resets, %d black holes, %d refusals, %d flushes, %d crashes",
		len(history), unanswered, lost, again, x.resets.Load(), x.holes.Load(), x.refusals.Load(), x.flushes.Load(), x.crashes.Load())
	seconds := int(length.Seconds())
	if len(history) < 100*seconds || lost < 4*seconds || again < seconds || x.crashes.Load() != int64(tr.crashes) {
		tr.t.Errorf("too little happened in %v", length)
	}
	if rarest := min(x.resets.Load(), x.holes.Load(), x.refusals.Load(), x.flushes.Load()); rarest < int64(seconds) {
		tr.t.Errorf("some kind of trouble was made only %d times in %v", rarest, length)
	}
}

// plantedLength is how long a trial with a planted bug is, and plantedRounds
// how many of them there are at most until it is found.
const (
	plantedLength = 1500 * time.Millisecond
	plantedRounds = 6
)

// The check above is worth something only if it finds what it is to find.
func TestPlantedBugsAreFound(t *testing.T) {
	t.Parallel()
	for name, staff := range map[string]func(*trial){
		"bare increments":                     staffNaive,
		"a new operation id for each attempt": func(tr *trial) { tr.command = "EVALSHA"; tr.staff(true) },
		"reading, then writing":               staffHasty,
	} {
		t.Run(name, func(t *testing.T) {
			seed := redistest.Seed(t)
			for i := range uint64(plantedRounds) {
				tr := &trial{t: t, seed: seed + i, server: redistest.Start(t), limit: 9999, kinds: []data.Kind{data.KindAdd, look}}
				staff(tr)
				if porcupine.CheckOperationsTimeout(cartModel(tr.limit), tr.run(plantedLength), time.Minute) == porcupine.Illegal {
					t.Logf("found in trial %d", i+1)
					return
				}
			}
			t.Errorf("not found in %d trials", plantedRounds)
		})
	}
}

func staffNaive(tr *trial) {
	tr.command = "ZINCRBY"
	for range crew {
		p := redistest.NewProxy(tr.t, tr.server.Addr)
		tr.join(p, &naive{connect(tr.t, p.Addr)})
	}
}

func staffHasty(tr *trial) {
	for range crew {
		tr.join(nil, &hasty{naive{connect(tr.t, tr.server.Addr)}})
	}
}

// connect opens a client that repeats what fails, as the driver does when it
// is left to its own devices.
func connect(t testing.TB, addr string) *driver.Client {
	t.Helper()
	c := driver.NewClient(&driver.Options{Addr: addr, DisableIdentity: true})
	t.Cleanup(func() { _ = c.Close() })
	return c
}
