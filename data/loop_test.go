package data

import (
	"log/slog"
	"testing"
	"time"
)

// newLoop makes a loop whose session has no goroutines: what it asks for stays
// in the channels.
func newLoop() *loop {
	s := &Session{
		opt: Options{Cart: "c", Counter: "me", Pace: Pace{}.orDefault()}, log: slog.New(slog.DiscardHandler),
		outbox: make(chan sendTask, 1), reads: make(chan readTask, 1), saves: make(chan saveTask, 1), refeed: make(chan struct{}, 1),
		shelf: newShelf(nil, time.Hour, slog.New(slog.DiscardHandler)),
	}
	return &loop{session: s, view: view{clock: time.Now}, proven: true}
}

// asked returns what the loop wants read next, if anything.
func (l *loop) asked() (readTask, bool) {
	l.dispatch()
	select {
	case t := <-l.session.reads:
		return t, true
	default:
		return readTask{}, false
	}
}

// answer lets the loop's next read come out like this.
func (l *loop) answer(t *testing.T, r Reading, err error) readTask {
	t.Helper()
	task, ok := l.asked()
	if !ok {
		t.Fatal("nothing is read")
	}
	l.session.takeReading(l, task, r, err)
	l.view.state()
	return task
}

func TestLoopSleepsWhileTheStoreRefusesTheCounter(t *testing.T) {
	l := newLoop()
	l.answer(t, Reading{}, unavailable(FaultWrongAuth))
	l.view.health.failing = time.Now().Add(-time.Minute)
	if phase := l.view.state().Link.Phase; phase != Broken {
		t.Fatalf("phase %q", phase)
	}
	if _, ok := l.asked(); ok {
		t.Error("it asks again at once")
	}
	if d := l.wake(); d < personRetry/2 {
		t.Errorf("it wakes after %v", d)
	}
}

func TestLoopWakesToTellThatItIsOffline(t *testing.T) {
	l := newLoop()
	l.session.opt.Pace.Poll = time.Hour
	l.answer(t, Reading{Cart: cartOf(1)}, nil)
	l.view.troubled(unavailable(FaultTimeout))
	if d := l.wake(); d > offlineAfter {
		t.Errorf("it wakes after %v", d)
	}
}

func TestKeepThatFailsIsNotTriedWithoutPause(t *testing.T) {
	l := newLoop()
	l.answer(t, Reading{Cart: cartOf(1)}, nil)
	l.keep, l.nextPoll = true, time.Time{}
	if task := l.answer(t, Reading{}, unavailable(FaultRefused)); !task.keep {
		t.Error("the timeout is not renewed")
	}
	if !l.keep {
		t.Error("a keep that failed is forgotten")
	}
	if _, ok := l.asked(); ok {
		t.Error("it is tried again at once")
	}
}

func TestKeepDuringAReadComesNext(t *testing.T) {
	l := newLoop()
	task, _ := l.asked()
	l.keep, l.nextPoll = true, time.Time{}
	l.session.takeReading(l, task, Reading{Cart: cartOf(1)}, nil)
	if task, ok := l.asked(); !ok || !task.keep {
		t.Error("a keep waits for the next poll")
	}
}

func TestFollowingAgainReadsEverything(t *testing.T) {
	l := newLoop()
	l.answer(t, Reading{}, unavailable(FaultWrongAuth))
	l.take(Signal{Kind: SignalUp})
	if task, ok := l.asked(); !ok || task.known != (Token{}) {
		t.Errorf("the cart is not read: %v", task)
	}
	select {
	case <-l.session.shelf.again:
	default:
		t.Error("the catalogue is not read")
	}
}

func TestSignals(t *testing.T) {
	l := newLoop()
	l.answer(t, Reading{Cart: cartOf(2)}, nil)
	l.take(Signal{Kind: SignalEvent, Event: follow(l.view.server, KindSet, "a", 5)})
	if got := brief(l.view.state().Cart); got != "a5" {
		t.Errorf("after an event: %q", got)
	}
	l.take(Signal{Kind: SignalLost})
	if task, ok := l.asked(); !ok || task.known != (Token{}) {
		t.Error("after a loss the cart is not read")
	}
	l.session.takeReading(l, readTask{}, Reading{Cart: cartOf(2)}, nil)
	l.take(Signal{Kind: SignalDown, Err: unavailable(FaultCut)})
	if _, ok := l.asked(); !ok {
		t.Error("the end of following is not looked into")
	}
}

func TestExpiryIsLookedAtInTime(t *testing.T) {
	l := newLoop()
	l.session.opt.Pace.Poll = time.Hour
	c := cartOf(2)
	c.Expires = time.Now().Add(time.Minute)
	l.answer(t, Reading{Cart: c}, nil)
	if d := time.Until(l.nextPoll); d > 61*time.Second {
		t.Errorf("the next look is in %v", d)
	}
}

func TestDrainWaitsForAClearThatIsHeldBack(t *testing.T) {
	l := newLoop()
	l.answer(t, Reading{Cart: cartOf(1)}, nil)
	b := &bench{view: &l.view, t: t}
	first := b.add("a", 1)
	b.put(KindClear, "", 0)
	l.view.startRead(true)
	l.view.done(first, Receipt{Event: b.made(first, 2)})
	idle := make(chan struct{})
	l.idle = []chan struct{}{idle}
	l.dispatch()
	select {
	case <-idle:
		t.Error("a change waits, and nobody does for it")
	case c := <-l.session.outbox:
		t.Errorf("%+v is sent before its token is known", c)
	default:
	}
}
