package redis_test

import (
	"context"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// heard collects the signals of a Watch that runs until the test ends.
type heard struct {
	t       *testing.T
	signals chan data.Signal
}

func watch(t *testing.T, s *redis.Store) *heard {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h := &heard{t, make(chan data.Signal, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Watch(ctx, cart, func(sig data.Signal) { h.signals <- sig })
	}()
	t.Cleanup(func() { cancel(); <-done })
	return h
}

// await returns the next signal of that kind.
func (h *heard) await(kind data.SignalKind) data.Signal {
	h.t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case sig := <-h.signals:
			if sig.Kind == kind {
				return sig
			}
		case <-late:
			h.t.Fatalf("no signal of kind %d", kind)
		}
	}
}

func TestResetSubscriptionComesBack(t *testing.T) {
	b, proxy := behind(start(t).stock("tea"))
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	proxy.Reset()
	down := h.await(data.SignalDown)
	wantFault(t, down.Err, data.FaultCut)
	h.await(data.SignalUp)
	e := b.apply(add("tea", 1)).Event
	if got := h.await(data.SignalEvent).Event; got.Encode() != e.Encode() {
		t.Errorf("event is %q, want %q", got.Encode(), e.Encode())
	}
}

func TestHalfOpenSubscriptionIsReplacedInUnderFourSeconds(t *testing.T) {
	t.Parallel()
	b, proxy := behind(start(t).stock("tea"))
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	began := time.Now()
	proxy.HalfOpen()
	h.await(data.SignalDown)
	h.await(data.SignalUp)
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it took %v", took)
	}
	b.raw("PUBLISH", "{main}:evp", "tea")
	h.await(data.SignalCatalogue)
}

func TestQuietSubscriptionStays(t *testing.T) {
	t.Parallel()
	b, proxy := behind(start(t))
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	redistest.Await(t, "two pings", func() bool { return proxy.Seen("PING") >= 2 })
	b.raw("PUBLISH", "{main}:ev:till", "1 2 3")
	select {
	case sig := <-h.signals:
		if sig.Kind != data.SignalLost {
			t.Errorf("the first signal after a quiet time is %+v", sig)
		}
	case <-time.After(5 * time.Second):
		t.Error("nothing was heard")
	}
}

func TestServerThatIsAwayIsReportedAndAwaited(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	s := open(t, redis.Config{URL: server.URL()})
	h := watch(t, s)
	wantFault(t, h.await(data.SignalDown).Err, data.FaultRefused)
	server.Restart()
	h.await(data.SignalUp)
}

func TestRefusedSubscriptionIsReported(t *testing.T) {
	b := start(t)
	b.raw("ACL", "SETUSER", "default", "resetchannels")
	wantFault(t, watch(t, b.Store).await(data.SignalDown).Err, data.FaultNoPermission)
}

func TestCartCalledLikeTheCatalogueHearsOnlyItsOwn(t *testing.T) {
	b := start(t)
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	for _, id := range []data.CartID{"products", "p", "evp"} {
		b.stock("tea")
		h.await(data.SignalCatalogue)
		if _, err := b.Apply(t.Context(), id, add("tea", 1)); err != nil {
			t.Fatal(err)
		}
	}
	b.apply(add("tea", 1))
	if sig := <-h.signals; sig.Kind != data.SignalEvent || sig.Event.Quantity != 1 {
		t.Errorf("the next signal is %+v", sig)
	}
}
