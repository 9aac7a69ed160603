package data

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Options say how a Session works. Cart and Counter must be set.
type Options struct {
	Cart    CartID
	Counter string // shown to the other counters
	Limits  Limits
	Queue   Queue        // where waiting changes outlive the program; nil: nowhere
	Log     *slog.Logger // nil: nothing is logged
	Pace    Pace
}

// Pace says how often the store is asked. The zero value means the defaults,
// which are part of what the product promises; tests go faster.
type Pace struct {
	Poll      time.Duration // whether the cart changed; default 2 s, give or take a quarter
	Reread    time.Duration // the whole cart, whatever it says; default 15 s
	Catalogue time.Duration // all products; default 60 s
	Attempt   time.Duration // longest wait for one answer; default 1 s
	Remember  time.Duration // confirmed changes, while the store answers; default 1 min
	Visit     time.Duration // which carts there are and who has them open; default 3 s, a quarter of HereLife
}

func (p Pace) orDefault() Pace {
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&p.Poll, 2*time.Second)
	set(&p.Reread, 15*time.Second)
	set(&p.Catalogue, time.Minute)
	set(&p.Attempt, time.Second)
	set(&p.Remember, time.Minute) // elections and restarts of servers take less
	set(&p.Visit, HereLife/4)
	return p
}

// Session is the live view of one cart, and the only way in which a window
// changes it. Its methods may be called from any goroutine and, where they take
// no context, never wait for the store.
type Session struct {
	backend Backend
	opt     Options
	log     *slog.Logger
	shelf   *shelf
	left    func() // called when it is not to be handed out any more; nil: nobody wants to know
	over    func() // called when it was closed; likewise

	inbox  chan func(*loop) // everything that happens, in order
	states latest[State]
	outbox chan sendTask // to the sender, one at a time
	reads  chan readTask // to the reader, one at a time
	saves  chan saveTask // to the saver, one at a time
	refeed chan struct{} // to the watcher: subscribe anew

	ctx    context.Context
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// Open starts the live view of a cart. It does not wait for the store and never
// fails: what is wrong with the store shows in the states. The Session does not
// close the backend.
func Open(b Backend, o Options) *Session {
	o = o.orDefault()
	s := newSession(b, o, newShelf(b, o.Pace.Catalogue, o.Log))
	s.ended.Go(func() { s.shelf.run(s.ctx) })
	s.start()
	return s
}

// orDefault returns o with the defaults in place of zeros.
func (o Options) orDefault() Options {
	o.Limits, o.Pace = o.Limits.OrDefault(), o.Pace.orDefault()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func newSession(b Backend, o Options, catalogue *shelf) *Session {
	s := &Session{
		backend: b, opt: o, log: o.Log, shelf: catalogue,
		inbox: make(chan func(*loop), 256), states: make(latest[State], 1),
		outbox: make(chan sendTask, 1), reads: make(chan readTask, 1), saves: make(chan saveTask, 1),
		refeed: make(chan struct{}, 1),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

func (s *Session) start() {
	s.log.Debug("opened", "cart", s.opt.Cart, "counter", s.opt.Counter)
	for _, f := range []func(){s.loop, s.saver, s.sender, s.reader, s.watcher} {
		s.ended.Go(f)
	}
	s.shelf.join(s)
}

// States returns the channel on which the newest state waits. It is closed by
// Close.
func (s *Session) States() <-chan State { return s.states }

// ID returns the id of the cart the session shows.
func (s *Session) ID() CartID { return s.opt.Cart }

// Counter returns the name under which the session's changes are made.
func (s *Session) Counter() string { return s.opt.Counter }

// Limits returns what a cart may hold.
func (s *Session) Limits() Limits { return s.opt.Limits }

// Submit takes a change and returns its operation id; an empty Op, By and At
// are filled in. From then on the change shows in the states: as waiting, then in
// the cart, or among the refused. The error is that of [Change.Check], or
// ErrClosed; then nothing was taken.
func (s *Session) Submit(c Change) (OpID, error) {
	if c.Op == "" {
		c.Op = NewOp()
	}
	if c.By == "" {
		c.By = s.opt.Counter
	}
	if c.At.IsZero() {
		c.At = time.Now().Round(0) // of the calendar: the other clock stands still while the computer sleeps
	}
	if err := c.Check(s.opt.Limits); err != nil {
		return "", err
	}
	if !s.post(func(l *loop) { l.view.submit(c) }) {
		return "", ErrClosed
	}
	s.log.Debug("submitted", "cart", s.opt.Cart, "op", c.Op, "kind", c.Kind, "product", c.Product)
	return c.Op, nil
}

// Settle forgets a refused change that the person has dealt with.
func (s *Session) Settle(op OpID) { s.post(func(l *loop) { l.view.settle(op) }) }

// Keep renews the cart's timeout.
func (s *Session) Keep() {
	s.post(func(l *loop) { l.keep, l.nextPoll = true, time.Time{} })
}

// Retry asks the store at once instead of waiting for the next attempt.
func (s *Session) Retry() {
	s.post(func(l *loop) { l.nextPoll, l.nextSend, l.nextSave = time.Time{}, time.Time{}, time.Time{} })
	s.shelf.renew()
}

// Check runs the store's preflight now and tells what it finds, stage by stage.
func (s *Session) Check(ctx context.Context, tell func(Finding)) error {
	return s.backend.Preflight(ctx, tell)
}

// Drain waits until every change has its answer, or ctx ends. Confirmed changes
// that are sent again for safety count as well.
func (s *Session) Drain(ctx context.Context) {
	idle := make(chan struct{})
	if !s.post(func(l *loop) { l.idle = append(l.idle, idle) }) {
		return
	}
	select {
	case <-idle:
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
}

// End lets the cart go: whoever opens it from now on gets a live view of its own.
// It waits for changes under way until drain ends, and until linger ends for what
// was confirmed to be safe: what the store loses until then is made again. What
// it refused is the person's business no more, and is forgotten.
func (s *Session) End(drain, linger context.Context) []Change {
	s.leave()
	s.Drain(drain)
	s.post(func(l *loop) { l.view.refused = nil })
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for s.remembers() {
		select {
		case <-tick.C:
			continue
		case <-linger.Done():
		case <-s.ctx.Done():
		}
		break
	}
	return s.Close()
}

// remembers reports whether a confirmed change could still get lost.
func (s *Session) remembers() bool {
	answer := make(chan bool, 1)
	if !s.post(func(l *loop) { answer <- len(l.view.journal.recent) > 0 }) {
		return false
	}
	select {
	case yes := <-answer:
		return yes
	case <-s.ctx.Done():
		return false
	}
}

// Close ends the session and waits for all it started. Changes without an
// answer stay in the queue for the next run; those that are in no queue are
// returned, oldest first.
func (s *Session) Close() []Change {
	s.leave()
	var left []Change
	took := make(chan struct{})
	last := func(l *loop) { left = l.view.unsaved(); close(took) }
	if s.post(func(l *loop) { l.closing = last }) {
		select {
		case <-took:
		case <-s.ctx.Done():
		}
	}
	s.cancel()
	s.shelf.leave(s)
	s.ended.Wait()
	if s.over != nil {
		s.over()
	}
	return left
}

// leave tells that this live view is not to be handed out any more.
func (s *Session) leave() {
	if s.left != nil {
		s.left()
	}
}

// post hands f to the loop; false: the session is closed.
func (s *Session) post(f func(*loop)) bool {
	select {
	case <-s.ctx.Done():
		return false
	default:
	}
	select {
	case s.inbox <- f:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// loop owns the view and decides what the other goroutines do next.
type loop struct {
	view    view
	session *Session
	sending bool            // the sender has a task
	failed  int             // how often it failed in a row
	trying  time.Time       // since when
	saving  bool            // the saver has one
	keep    bool            // renew the timeout with the next read
	proven  bool            // the preflight has passed since anything was wrong
	idle    []chan struct{} // closed when no change waits
	closing func(*loop)     // called once what waits was saved; nil: it goes on

	nextPoll time.Time
	nextAll  time.Time
	nextSend time.Time // after it failed
	nextSave time.Time // after the disk refused
}

func (s *Session) loop() {
	defer close(s.states)
	l := &loop{session: s, view: view{clock: time.Now, onDisk: map[OpID]bool{}}}
	l.view.queued = s.opt.Queue != nil
	l.view.awaitLeft = l.view.queued
	l.view.journal.span = s.opt.Pace.Remember
	l.view.server.ID = s.opt.Cart
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case f := <-s.inbox:
			f(l)
		case <-timer.C:
		}
		if len(s.inbox) > 0 {
			continue
		}
		l.dispatch()
		timer.Reset(l.wake())
		s.states.put(l.view.state())
	}
}

// dispatch gives the workers what there is to do.
func (l *loop) dispatch() {
	now := time.Now()
	l.sendNow(now)
	l.saveNow(now)
	l.readNow(now)
	if l.view.deaf() {
		l.refeed()
	}
	if !l.view.unanswered() && len(l.view.journal.mending) == 0 {
		for _, waiter := range l.idle {
			close(waiter)
		}
		l.idle = nil
	}
	if done := l.closing; done != nil && !l.saving {
		l.closing = nil
		done(l)
	}
}

// sendNow gives the sender the next change: those first that the store may have
// lost, so that newer ones find what they build on. With nothing to send it
// proves now and then that something could be sent.
func (l *loop) sendNow(now time.Time) {
	t, ok := l.task()
	if !ok || now.Before(l.nextSend) {
		return
	}
	l.sending = true
	l.session.outbox <- t
}

// task returns what the sender should do next, if anything. A store that cannot
// be read has other worries than whether it takes changes.
func (l *loop) task() (t sendTask, ok bool) {
	if l.sending || l.view.awaitLeft {
		return t, false
	}
	t.prove = !l.proven
	if t.change, t.again, ok = l.view.toSend(); ok {
		return t, true
	}
	return t, t.prove && l.view.loaded && l.view.health.failures == 0
}

func (l *loop) readNow(now time.Time) {
	all := !now.Before(l.nextAll)
	due := all || !now.Before(l.nextPoll) || l.view.mustRead && l.view.health.failures == 0
	if !due || l.view.reading {
		return
	}
	known, mine := l.view.startRead(all || l.keep)
	l.session.reads <- readTask{known: known, mine: mine, keep: l.keep}
	l.keep = false
	if all {
		l.nextAll = now.Add(l.session.opt.Pace.Reread)
	}
}

// schedule sets the time of the next poll after a read.
func (l *loop) schedule() {
	wait := l.session.opt.Pace.Poll
	switch h := &l.view.health; {
	case h.failures > 0 && h.fault.Class() == Misconfigured:
		wait = personRetry
	case h.failures > 0:
		wait = backoff(h.failures, 100*time.Millisecond, min(wait, time.Second))
	}
	now := time.Now()
	l.nextPoll = now.Add(wait*3/4 + rand.N(wait/2+1))
	// The end of the cart's time is worth a look of its own.
	if e := l.view.server.Expires; e.After(now) && e.Before(l.nextPoll) {
		l.nextPoll = e.Add(20 * time.Millisecond)
	}
}

// wake returns how long the loop may sleep.
func (l *loop) wake() time.Duration {
	next := l.nextPoll
	if l.view.reading {
		next = time.Now().Add(l.session.opt.Pace.Poll)
	}
	if _, ok := l.task(); ok {
		next = earlier(next, l.nextSend)
	}
	if at := l.view.saveAt(); !l.saving && !at.IsZero() && l.view.queued {
		next = earlier(next, later(at, l.nextSave))
	}
	// A state that only time changes: failing becomes offline.
	if f := l.view.health.failing; !f.IsZero() && l.view.health.phase != Offline {
		if at := f.Add(offlineAfter); at.After(time.Now()) && at.Before(next) {
			next = at
		}
	}
	return max(time.Until(next), time.Millisecond)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// backoff returns a wait that doubles with each attempt from base to most, with
// full jitter so that many counters do not come back in step.
func backoff(attempt int, base, most time.Duration) time.Duration {
	d := most
	if attempt < 16 {
		d = min(most, base<<attempt)
	}
	return rand.N(d) + time.Millisecond
}
