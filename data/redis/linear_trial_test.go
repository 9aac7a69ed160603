package redis_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"trolley/data"
	"trolley/data/redistest"
)

// shelf is what all clients of a trial put in the one cart.
var shelf = []data.ProductID{"tea", "milk", "bread", "butter", "jam", "salt"}

// crew is how many clients a trial has.
const crew = 8

// trial is a run of several clients on one cart, of which it keeps the history.
type trial struct {
	t       testing.TB
	seed    uint64
	server  *redistest.Server
	limit   int64       // most of one line
	kinds   []data.Kind // what clients do, each as often as it is in here
	command string      // the one of which replies get lost; empty: nothing goes wrong
	crashes int         // how often the server is killed

	began   time.Time
	workers []*worker
	trouble trouble
}

// join adds a client that finds the server behind a proxy.
func (tr *trial) join(p *redistest.Proxy, a actor) {
	id := len(tr.workers)
	tr.workers = append(tr.workers, &worker{
		trial: tr, id: id, proxy: p, actor: a,
		random: tr.random(id), seen: map[data.ProductID]int64{},
	})
}

// random returns the source of one's choices. The same seed gives the same.
func (tr *trial) random(who int) *rand.Rand { return rand.New(rand.NewPCG(tr.seed, uint64(who))) }

// run lets all clients work for that long, takes a last look at the cart, and
// returns the history.
func (tr *trial) run(length time.Duration) []porcupine.Operation {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(tr.t.Context(), length)
	defer cancel()
	tr.began = time.Now()
	var all sync.WaitGroup
	for _, w := range tr.workers {
		all.Go(func() { w.work(ctx) })
		if tr.command != "" {
			all.Go(func() { tr.trouble.make(ctx, tr.random(crew+w.id), w.proxy, tr.command) })
		}
	}
	if tr.crashes > 0 {
		all.Go(func() { tr.trouble.flush(ctx, tr.random(2*crew), tr.server) })
	}
	for range tr.crashes {
		if pause(ctx, length/time.Duration(tr.crashes+1)) {
			tr.trouble.crash(tr.server)
		}
	}
	all.Wait()
	return tr.history()
}

// history looks at the cart for a last time and returns all that happened.
func (tr *trial) history() []porcupine.Operation {
	tr.t.Helper()
	var all []porcupine.Operation
	for _, p := range shelf {
		redistest.Await(tr.t, "a last look", func() bool { return tr.workers[0].look(p) })
	}
	for _, w := range tr.workers {
		all = append(all, w.history...)
	}
	return all
}

// worker is a client at work.
type worker struct {
	trial   *trial
	id      int // changes when it leaves a move without an answer behind
	proxy   *redistest.Proxy
	actor   actor
	random  *rand.Rand
	seen    map[data.ProductID]int64
	history []porcupine.Operation
}

func (w *worker) work(ctx context.Context) {
	for pause(ctx, between(w.random, 0, 4*time.Millisecond)) {
		m := w.choose()
		if m.kind == look {
			w.look(m.product)
			continue
		}
		call := w.now()
		w.note(call, m, w.actor.change(ctx, m))
	}
}

func (w *worker) choose() move {
	m := move{kind: pick(w.random, w.trial.kinds), product: pick(w.random, shelf), n: 1 + w.random.Int64N(6)}
	switch m.kind {
	case data.KindStep:
		m.n *= 1 - 2*w.random.Int64N(2)
	case data.KindSet:
		m.seen = max(1, w.seen[m.product])
	case data.KindRemove, look:
		m.n = 0
	}
	return m
}

// look reads a line; false: there was no answer.
func (w *worker) look(p data.ProductID) bool {
	call := w.now()
	have, ok := w.actor.quantities(p)
	if !ok {
		return false
	}
	for p, q := range have {
		w.note(call, move{kind: look, product: p}, answer{done, q, q})
	}
	return true
}

func (w *worker) now() int64 { return int64(time.Since(w.trial.began)) }

// note keeps a move that began at call and ended now.
func (w *worker) note(call int64, m move, a answer) {
	op := porcupine.Operation{ClientId: w.id, Input: m, Output: a, Call: call, Return: w.now()}
	if a.outcome == unknown {
		op.Return = never
		w.id += crew
	} else {
		w.seen[m.product] = a.quantity
	}
	w.history = append(w.history, op)
}

// trouble counts what went wrong.
type trouble struct {
	resets, holes, refusals, flushes, crashes atomic.Int64
}

// make spoils the connections of one client again and again until ctx ends,
// and leaves them sound.
func (tr *trouble) make(ctx context.Context, random *rand.Rand, p *redistest.Proxy, command string) {
	for pause(ctx, between(random, 40*time.Millisecond, 240*time.Millisecond)) {
		switch random.IntN(5) {
		case 0:
			p.Reset()
			tr.resets.Add(1)
		case 1:
			p.BlackHole()
			pause(ctx, between(random, 0, 300*time.Millisecond))
			tr.holes.Add(1)
			p.Resume()
		case 2:
			p.Refuse()
			pause(ctx, between(random, 0, 200*time.Millisecond))
			tr.refusals.Add(1)
			p.Resume()
		default:
			p.Swallow(1+random.IntN(7), command)
		}
	}
}

// flush makes the server forget its scripts again and again.
func (tr *trouble) flush(ctx context.Context, random *rand.Rand, s *redistest.Server) {
	for pause(ctx, between(random, 100*time.Millisecond, 300*time.Millisecond)) {
		if _, err := s.Try("SCRIPT", "FLUSH"); err == nil {
			tr.flushes.Add(1)
		}
	}
}

// crash ends the server as a power cut would and starts it again.
func (tr *trouble) crash(s *redistest.Server) {
	s.Kill()
	s.Restart()
	tr.crashes.Add(1)
}

func between(random *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(random.Int64N(int64(high-low)))
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }
