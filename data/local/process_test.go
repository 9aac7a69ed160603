package local

import (
	"context"
	"slices"
	"testing"
	"time"

	"trolley/data"
)

func TestTwoProcessesWriteAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir})
	stock(t, s, "espresso")
	c := startChild(t, "add-100", dir)
	for range 100 {
		do(t, s, add("espresso", 1))
	}
	acks := c.rest()
	if len(acks) != 100 {
		t.Fatalf("the other process made %d changes, want 100: %v", len(acks), acks)
	}
	cart := read(t, s, "").Cart
	if l, _ := cart.Line("espresso"); l.Quantity != 200 || cart.Token.Version != 200 {
		t.Errorf("the cart holds %d at version %d, want 200", l.Quantity, cart.Token.Version)
	}
}

func TestOtherProcessIsHeard(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir})
	stock(t, s, "espresso")
	heard := listen(t, s)
	want := startChild(t, "add-100", dir).rest()
	var got []string
	for range want {
		got = append(got, string(nextEvent(t, heard).Token.Op))
	}
	if len(want) != 100 || !slices.Equal(got, want) {
		t.Errorf("heard %d changes %v\nwant %d %v", len(got), got, len(want), want)
	}
}

// listen follows the cart; it returns once following has begun.
func listen(t *testing.T, s *Store) <-chan data.Signal {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	signals, done := make(chan data.Signal, 20_000), make(chan struct{})
	go func() {
		defer close(done)
		s.Watch(ctx, theCart, func(sig data.Signal) { signals <- sig })
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	if sig := nextSignal(t, signals); sig.Kind != data.SignalUp {
		t.Fatalf("the first signal is %+v, want Up", sig)
	}
	return signals
}

func nextSignal(t *testing.T, signals <-chan data.Signal) data.Signal {
	t.Helper()
	select {
	case sig := <-signals:
		return sig
	case <-time.After(patience):
		t.Fatal("no signal came")
		return data.Signal{}
	}
}

func nextEvent(t *testing.T, signals <-chan data.Signal) data.Event {
	t.Helper()
	sig := nextSignal(t, signals)
	if sig.Kind != data.SignalEvent {
		t.Fatalf("got signal %+v, want an event", sig)
	}
	return sig.Event
}

func TestKilledProcessLosesNoAcknowledgedChange(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir, Limits: data.Limits{Quantity: 1_000_000}})
	stock(t, s, "espresso")
	closeStore(t, s)
	acknowledged := 0
	for round := range 10 {
		c := startChild(t, "add-forever", dir)
		var acks []string
		for len(acks) < 3+7*round {
			op, ok := c.line()
			if !ok {
				t.Fatalf("round %d: the process ended by itself", round)
			}
			acks = append(acks, op)
		}
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		acks = append(acks, c.rest()...)
		acknowledged += len(acks)
		acknowledged += wantAll(t, dir, acks, acknowledged)
	}
}

// wantAll opens what a killed process left and finds every acknowledged change
// in it. It returns how many changes, none or one, were made without their
// acknowledgement coming out.
func wantAll(t *testing.T, dir string, acks []string, acknowledged int) (unheard int) {
	t.Helper()
	s := open(t, Config{Dir: dir})
	defer closeStore(t, s)
	for _, op := range acks {
		if !read(t, s, data.OpID(op)).Mine {
			t.Errorf("acknowledged change %s is lost", op)
		}
	}
	cart := read(t, s, "").Cart
	l, _ := cart.Line("espresso")
	unheard = int(l.Quantity) - acknowledged
	if unheard < 0 || unheard > 1 || cart.Token.Version != l.Quantity {
		t.Fatalf("the cart holds %d at version %d after %d acknowledged changes", l.Quantity, cart.Token.Version, acknowledged)
	}
	if found := ask(t, s.Path(), "PRAGMA integrity_check"); found != "ok" {
		t.Errorf("integrity check: %s", found)
	}
	return unheard
}
