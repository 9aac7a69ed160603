package local

import (
	"context"
	"testing"
	"time"

	"trolley/data"
)

func TestWatcherLearnsThatTheFileCannotBeRead(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	heard := listen(t, s)
	sqlExec(t, s.Path(), "ALTER TABLE event RENAME TO elsewhere")
	sig := nextSignal(t, heard)
	if sig.Kind != data.SignalDown || data.FaultOf(sig.Err) != data.FaultFile {
		t.Fatalf("got signal %+v, want Down", sig)
	}
	sqlExec(t, s.Path(), "ALTER TABLE elsewhere RENAME TO event")
	if sig := nextSignal(t, heard); sig.Kind != data.SignalUp {
		t.Fatalf("got signal %+v, want Up", sig)
	}
	e := do(t, s, add("espresso", 1))
	if got := nextEvent(t, heard); got.Token != e.Token {
		t.Errorf("heard %+v, want %+v", got, e)
	}
}

func TestWatcherThatLagsFarBehindLearnsOfItsLoss(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signals, release := make(chan data.Signal, 1000), make(chan struct{})
	go s.Watch(ctx, theCart, func(sig data.Signal) {
		signals <- sig
		<-release
	})
	nextSignal(t, signals) // Up, in which it is stuck
	sqlExec(t, s.Path(), numbers(queueLen+50)+"INSERT INTO event (cart, payload) SELECT '', '' FROM n")
	await(t, "the watcher to lose events", func() bool { return lossy(s) })
	close(release)
	heard := 0
	sig := nextSignal(t, signals)
	for ; sig.Kind == data.SignalCatalogue; sig = nextSignal(t, signals) {
		heard++ // those after the loss may still be coming
	}
	if sig.Kind != data.SignalLost || heard < queueLen {
		t.Errorf("got signal %+v after %d of %d, want Lost", sig, heard, queueLen)
	}
}

// lossy says whether a watcher of the store has lost signals.
func lossy(s *Store) bool {
	s.tail.mu.Lock()
	defer s.tail.mu.Unlock()
	for w := range s.tail.watchers {
		if w.lost.Load() {
			return true
		}
	}
	return false
}

func await(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline, again := time.After(patience), time.NewTicker(5*time.Millisecond)
	defer again.Stop()
	for !cond() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		case <-again.C:
		}
	}
}
