package data

import (
	"cmp"
	"errors"
	"time"
)

// When a store that does not answer counts as offline: after that many
// failures in a row, or that long without an answer.
const (
	offlineAfterFailures = 3
	offlineAfter         = 2 * time.Second
)

// health gathers what calls to the store tell about it, and says it as a Link.
type health struct {
	up         bool  // events are followed
	readUp     bool  // and the cart was read since
	writeFault Fault // why writes are refused while reads work

	failures  int
	failing   time.Time // since when; zero: not
	fault     Fault     // of the last failure
	addr      string
	lastOK    time.Time
	phase     Phase
	since     time.Time
	outage    int
	wasUsable bool
}

func (h *health) ok(now time.Time) {
	h.failures, h.failing, h.fault, h.lastOK = 0, time.Time{}, FaultNone, now
}

func (h *health) fail(now time.Time, err error) {
	h.failures++
	if h.failing.IsZero() {
		h.failing = now
	}
	h.fault = cmp.Or(FaultOf(err), FaultUnreachable)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		h.fault = FaultDamaged
	}
	var u *UnavailableError
	if errors.As(err, &u) {
		h.addr = cmp.Or(u.Addr, h.addr)
	}
}

func (h *health) now(now time.Time) Phase {
	switch {
	case h.failures > 0 && h.fault.Class() == Misconfigured:
		return Broken
	case h.failures >= offlineAfterFailures, h.failures > 0 && now.Sub(h.failing) >= offlineAfter:
		return Offline
	case h.lastOK.IsZero():
		return Connecting
	case h.writeFault.Class() == Misconfigured:
		return Broken
	case h.writeFault != FaultNone:
		return ReadOnly
	case h.up && h.readUp:
		return Live
	}
	return Polling
}

// link tells the phase; it must be called at every change so that it knows
// since when.
func (h *health) link(now time.Time) Link {
	if p := h.now(now); p != h.phase {
		h.phase, h.since = p, now
	}
	l := Link{Phase: h.phase, Since: h.since, Fresh: h.lastOK, Addr: h.addr, Fault: cmp.Or(h.fault, h.writeFault),
		Ever: !h.lastOK.IsZero(), Failed: h.failures, Outage: h.outage}
	down := !l.Usable() && l.Phase != Connecting
	if down && h.wasUsable {
		h.outage++
		l.Outage = h.outage
	}
	h.wasUsable = l.Usable()
	return l
}
