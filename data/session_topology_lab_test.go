package data_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// What happens in a trial: four counters put goods in one cart, a fifth looks
// on, and after a while something befalls the servers.
const (
	writers   = 4
	addEvery  = 10 * time.Millisecond
	mostOpen  = 20 // changes of one writer without an answer
	calm      = 2 * time.Second
	glance    = 50 * time.Millisecond
	mostStale = 4 * time.Second
)

// roomy is a limit that no soak reaches.
var roomy = data.Limits{Quantity: 1 << 40}

// outcome is what a trial has shown, apart from its being right.
type outcome struct {
	changes int64
	again   int64         // confirmed changes that the servers lost and the writers made again
	stale   time.Duration // how old the picture of the viewer got
	silence time.Duration // how long no change was confirmed
	longest time.Duration // and how long none of the writer who had to wait longest
}

func (o outcome) String() string {
	const unit = time.Millisecond
	return fmt.Sprintf("%d changes, %d of them made again; picture at most %v old; no answer for %v, for one writer for %v",
		o.changes, o.again, o.stale.Round(unit), o.silence.Round(unit), o.longest.Round(unit))
}

// trial is one shop with everybody in it.
type trial struct {
	t         *testing.T
	open      opener
	confirmed answers
	writers   []*writer
	viewer    *viewer
}

// endure runs a trial and checks that each confirmed change is in the cart
// once, and that the viewer was never left behind. Strike may wait until the
// servers have come to terms with what befell them; it returns what there is to
// do when nobody writes any more, or nil.
func endure(t *testing.T, config redis.Config, strike func() (after func())) outcome {
	t.Helper()
	tr := newTrial(t, config)
	stopLooking := during(t, tr.viewer.look)
	tr.write(strike)
	sent := settle(tr.writers)
	stopLooking()
	tr.check(sent)
	o := tr.outcome()
	t.Log(o)
	if o.stale >= mostStale {
		t.Errorf("the picture was %v old, want less than %v", o.stale, mostStale)
	}
	return o
}

func newTrial(t *testing.T, config redis.Config) *trial {
	t.Helper()
	config.Shop, config.Limits = "main", roomy
	tr := &trial{t: t}
	tr.open = stocked(t, func() data.Backend {
		t.Helper()
		s, err := redis.Open(config)
		return opened(t, s, err)
	})
	for i := range writers {
		l := &ledger{Backend: tr.open(), made: map[data.OpID]bool{}}
		w := &writer{counter: enter(t, l, fmt.Sprint("Writer ", i+1)), ledger: l, all: &tr.confirmed, sent: map[data.ProductID]int64{}}
		tr.writers = append(tr.writers, w)
	}
	tr.viewer = &viewer{counter: enter(t, tr.open(), "Viewer"), confirmed: &tr.confirmed}
	return tr
}

// write has everybody write for a while, and strikes early in it.
func (tr *trial) write(strike func() (after func())) {
	tr.t.Helper()
	var work []func(<-chan struct{})
	for _, w := range tr.writers {
		work = append(work, w.work)
	}
	stop := during(tr.t, work...)
	over := time.After(redistest.Duration(tr.t, 8*time.Second))
	<-time.After(calm)
	after := strike()
	<-over
	stop()
	if after != nil {
		after()
	}
}

func (tr *trial) outcome() outcome {
	o := outcome{stale: staleness(tr.viewer.seen), silence: tr.confirmed.silence}
	for _, w := range tr.writers {
		o.changes += w.count
		o.again += w.ledger.again.Load()
		o.longest = max(o.longest, w.own.silence)
	}
	return o
}

// enter opens the cart at a counter as the program does, and waits until it is
// live.
func enter(t *testing.T, b data.Backend, name string) *counter {
	t.Helper()
	c := &counter{Session: data.Open(b, data.Options{Cart: "c", Counter: name, Limits: roomy}), t: t}
	t.Cleanup(func() { c.Close() })
	return c.ready()
}

// during starts tasks; the function it returns ends them and waits for it. They
// end with the test at the latest.
func during(t *testing.T, tasks ...func(stop <-chan struct{})) (end func()) {
	stop := make(chan struct{})
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(func() { task(stop) })
	}
	end = sync.OnceFunc(func() {
		close(stop)
		running.Wait()
	})
	t.Cleanup(end)
	return end
}

// ledger is a store that notes which changes it has said yes to.
type ledger struct {
	data.Backend
	made  map[data.OpID]bool // the one who sends owns it
	again atomic.Int64       // changes that were new to the store although it had said yes to them
}

func (l *ledger) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	r, err := l.Backend.Apply(ctx, cart, c)
	if err != nil {
		return r, err
	}
	if l.made[c.Op] && !r.Duplicate {
		l.again.Add(1)
	}
	l.made[c.Op] = true
	return r, nil
}

// answers are the changes that somebody knows to be done.
type answers struct {
	mu      sync.Mutex
	count   int64
	last    time.Time // when they became more
	silence time.Duration
}

// more takes n answers, or with none the begin and the end of listening.
func (a *answers) more(n int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if !a.last.IsZero() {
		a.silence = max(a.silence, now.Sub(a.last))
	}
	a.count, a.last = a.count+n, now
}

func (a *answers) sum() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.count
}

// writer is a counter at which somebody adds one thing after another.
type writer struct {
	*counter
	ledger *ledger
	all    *answers // to all writers
	own    answers
	sent   map[data.ProductID]int64
	count  int64 // of all that was sent
}

func (w *writer) work(stop <-chan struct{}) {
	tick := time.NewTicker(addEvery)
	defer tick.Stop()
	w.heard(0)
	defer w.heard(0)
	for {
		select {
		case <-stop:
			return
		case w.last = <-w.States():
			// Nothing is refused in a trial: what does not wait is confirmed.
			if n := int64(w.last.Taken-len(w.last.Waiting)) - w.own.sum(); n > 0 {
				w.heard(n)
			}
		case <-tick.C:
			w.addOne()
		}
	}
}

func (w *writer) heard(n int64) {
	w.own.more(n)
	w.all.more(n)
}

func (w *writer) addOne() {
	if w.count-w.own.sum() >= mostOpen {
		return
	}
	p := goods[w.count%int64(len(goods))].ID
	if _, err := w.Submit(data.Change{Kind: data.KindAdd, Product: p, Quantity: 1}); err != nil {
		w.t.Errorf("%s: %v", w.Counter(), err)
		return
	}
	w.sent[p]++
	w.count++
}

// settle waits until the writers know of every change that it is in the cart, and
// returns what all of them have put there.
func settle(all []*writer) map[data.ProductID]int64 {
	sum := map[data.ProductID]int64{}
	for _, w := range all {
		w.t.Helper()
		s := w.until("all is confirmed and nothing is in doubt", func(s data.State) bool {
			return int64(s.Taken) == w.count && len(s.Waiting) == 0 && s.Mending == 0 && s.Link.Phase == data.Live
		})
		for _, r := range s.Refused {
			w.t.Errorf("%s: refused: %+v", w.Counter(), r)
		}
		for p, n := range w.sent {
			sum[p] += n
		}
	}
	return sum
}

// check compares what is stored and what is shown with what was sent.
func (tr *trial) check(sent map[data.ProductID]int64) {
	t := tr.t
	t.Helper()
	r, err := tr.open().Read(t.Context(), "c", data.Token{}, "")
	if err != nil {
		t.Fatalf("read the cart: %v", err)
	}
	if len(r.Cart.Lines) != len(sent) {
		t.Errorf("%d lines are stored, want %d", len(r.Cart.Lines), len(sent))
	}
	for p, n := range sent {
		if l, _ := r.Cart.Line(p); l.Quantity != n {
			t.Errorf("%s: %d are stored, %d were confirmed", p, l.Quantity, n)
		}
	}
	s := tr.viewer.until("the viewer sees it as well", func(s data.State) bool { return brief(s.Cart) == brief(r.Cart) })
	if s.Lost != nil {
		t.Errorf("the viewer is told of a loss: [%s] of [%s]", brief(*s.Lost), brief(s.Cart))
	}
}

// viewer is a counter at which somebody looks at the cart all the time.
type viewer struct {
	*counter
	confirmed *answers
	seen      []glimpse
}

// glimpse is what was shown at one moment.
type glimpse struct {
	at        time.Time
	confirmed int64 // changes that some writer knew to be done
	shown     int64 // changes that were in the picture: each added one thing
}

func (v *viewer) look(stop <-chan struct{}) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case v.last = <-v.States():
		case now := <-tick.C:
			g := glimpse{at: now, confirmed: v.confirmed.sum()}
			for _, l := range v.last.Cart.Lines {
				g.shown += l.Quantity
			}
			v.seen = append(v.seen, g)
		}
	}
}

// staleness returns how old the picture got. At each moment it is as old as the
// newest moment of which it has, or had, shown everything that was confirmed by
// then. So the clock runs from when something is missing until nothing is, be it
// that news does not arrive or that the servers lost what had been shown before.
// What the servers lost and the writers still have to send again counts; time in
// which nothing is confirmed, and nothing missing, does not.
func staleness(seen []glimpse) time.Duration {
	var oldest time.Duration
	as := 0
	for i, g := range seen {
		for as < i && seen[as+1].confirmed <= g.shown {
			as++
		}
		oldest = max(oldest, g.at.Sub(seen[as].at))
	}
	return oldest
}
