package data

import (
	"errors"
	"testing"
	"time"
)

// at is a moment of a test, so many milliseconds after its begin.
func at(ms int) time.Time { return time.UnixMilli(1_000_000 + int64(ms)) }

func unavailable(f Fault) error { return &UnavailableError{Fault: f, Addr: "shop:6379"} }

func TestPhases(t *testing.T) {
	down, wrong := unavailable(FaultRefused), unavailable(FaultWrongAuth)
	fail := func(h *health, ms int, err error, times int) {
		for range times {
			h.fail(at(ms), err)
		}
	}
	following := func(h *health) { h.ok(at(0)); h.up, h.readUp = true, true }
	for name, c := range map[string]struct {
		happened func(*health)
		now      int
		want     Phase
		fault    Fault
	}{
		"nothing yet":          {func(*health) {}, 0, Connecting, FaultNone},
		"a first failure":      {func(h *health) { fail(h, 0, down, 1) }, 10, Connecting, FaultRefused},
		"read":                 {func(h *health) { h.ok(at(0)) }, 0, Polling, FaultNone},
		"followed, not read":   {func(h *health) { h.ok(at(0)); h.up = true }, 0, Polling, FaultNone},
		"followed and read":    {following, 0, Live, FaultNone},
		"two failures":         {func(h *health) { following(h); fail(h, 0, down, 2) }, 1999, Live, FaultRefused},
		"three failures":       {func(h *health) { following(h); fail(h, 0, down, 3) }, 0, Offline, FaultRefused},
		"failing for long":     {func(h *health) { following(h); fail(h, 0, down, 1) }, 2000, Offline, FaultRefused},
		"answered again":       {func(h *health) { following(h); fail(h, 0, down, 3); h.ok(at(5)) }, 6, Live, FaultNone},
		"never there":          {func(h *health) { fail(h, 0, down, 3) }, 0, Offline, FaultRefused},
		"wrong password":       {func(h *health) { following(h); fail(h, 0, wrong, 1) }, 0, Broken, FaultWrongAuth},
		"writes refused":       {func(h *health) { following(h); h.writeFault = FaultFull }, 0, ReadOnly, FaultFull},
		"writes not permitted": {func(h *health) { following(h); h.writeFault = FaultNoPermission }, 0, Broken, FaultNoPermission},
		"full, then away":      {func(h *health) { following(h); h.writeFault = FaultFull; fail(h, 0, down, 3) }, 0, Offline, FaultRefused},
		"no fault is named":    {func(h *health) { fail(h, 0, errors.New("odd"), 3) }, 0, Offline, FaultUnreachable},
	} {
		var h health
		c.happened(&h)
		if l := h.link(at(c.now)); l.Phase != c.want || l.Fault != c.fault {
			t.Errorf("%s: %s (%s), want %s (%s)", name, l.Phase, l.Fault, c.want, c.fault)
		}
	}
}

func TestLinkTellsSinceWhenAndHowOften(t *testing.T) {
	var h health
	if l := h.link(at(0)); l.Ever || l.Outage != 0 || !l.Since.Equal(at(0)) || !l.Fresh.IsZero() {
		t.Errorf("at the begin: %+v", l)
	}
	h.ok(at(10))
	if l := h.link(at(20)); !l.Ever || !l.Fresh.Equal(at(10)) || !l.Since.Equal(at(20)) || !l.Usable() {
		t.Errorf("after the first answer: %+v", l)
	}
	h.fail(at(30), unavailable(FaultCut))
	h.link(at(30))
	for _, now := range []int{2030, 3000} {
		if l := h.link(at(now)); l.Outage != 1 || !l.Since.Equal(at(2030)) || l.Addr != "shop:6379" || !l.Fresh.Equal(at(10)) {
			t.Errorf("in the first outage at %d: %+v", now, l)
		}
	}
	h.ok(at(4000))
	if l := h.link(at(4000)); l.Outage != 1 || l.Phase != Polling {
		t.Errorf("between outages: %+v", l)
	}
	h.writeFault = FaultFull
	if l := h.link(at(5000)); l.Outage != 2 {
		t.Errorf("in the second outage: %+v", l)
	}
	h.fail(at(6000), unavailable(FaultWrongAuth))
	if l := h.link(at(6000)); l.Outage != 2 || l.Phase != Broken {
		t.Errorf("an outage that changes its reason is the same one: %+v", l)
	}
}

func TestOutageIsNotCountedBeforeTheFirstAnswer(t *testing.T) {
	var h health
	for range 3 {
		h.fail(at(0), unavailable(FaultRefused))
	}
	if l := h.link(at(0)); l.Outage != 0 || l.Ever || l.Phase != Offline {
		t.Errorf("a store that was never there: %+v", l)
	}
}

func TestBackoffStaysInItsBounds(t *testing.T) {
	for attempt := range 100 {
		if d := backoff(attempt, 25*time.Millisecond, time.Second); d <= 0 || d > time.Second+time.Millisecond {
			t.Fatalf("attempt %d waits %v", attempt, d)
		}
	}
	for fault, want := range map[Fault][2]time.Duration{
		FaultRefused: {0, time.Second + time.Millisecond}, FaultFull: {time.Second, 5*time.Second + time.Millisecond},
		FaultWrongAuth: {personRetry, personRetry},
	} {
		if d := retryAfter(fault, 9, 0); d < want[0] || d > want[1] {
			t.Errorf("after %q the next attempt waits %v", fault, d)
		}
	}
}
