package data

import (
	"errors"
	"slices"
	"time"
)

// lossGrace is how long after a loss the other counters are given to send theirs
// again, before what is still missing counts as lost.
const lossGrace = 5 * time.Second

// confirmed is a change that the store has said yes to.
type confirmed struct {
	Change
	at time.Time
}

// journal remembers the last confirmed changes, and what of them is to be sent
// again. A store may say yes to a change and lose it: a server that restarts has
// not saved the last second, a replica that takes over has not heard of the last
// moment. Stores know the operations that they have: of those nothing happens
// twice.
type journal struct {
	span    time.Duration // how long a change is remembered while the store answers
	recent  []confirmed
	mending []Change // oldest first; the first one may be under way

	before *Cart     // as last known before the store went back; nil: it did not
	failed []Refusal // what could not be made again
	since  time.Time // when the first of the two came up
	lost   *Cart     // what State.Lost shows
}

// note remembers a change that the store has confirmed.
func (j *journal) note(c Change, now time.Time) {
	j.recent = append(j.recent, confirmed{c, now})
	j.forget(now)
}

// forget lets go of what is old. It must be called only while the store
// answers: how long it has been away says nothing about what it has kept. While
// it is still being asked, everything is needed: it may have to be asked anew.
func (j *journal) forget(now time.Time) {
	if len(j.mending) == 0 {
		j.recent = slices.DeleteFunc(j.recent, func(c confirmed) bool { return now.Sub(c.at) > j.span })
	}
}

// mend has everything that is remembered sent again.
func (j *journal) mend() {
	j.mending = nil
	for _, c := range j.recent {
		j.mending = append(j.mending, c.Change)
	}
}

// toMend returns what is to be sent again, as long as stores know for sure
// whether they have it.
func (j *journal) toMend(now time.Time) []Change {
	for len(j.mending) > 0 && !j.mending[0].sendable(now) {
		j.mending = j.mending[1:]
	}
	return j.mending
}

// remade notes that the store had lost a change, and has it only since now.
func (j *journal) remade(op OpID, now time.Time) {
	for i := range j.recent {
		if j.recent[i].Op == op {
			j.recent[i].at = now
		}
	}
}

// drop forgets a change that cannot be made again.
func (j *journal) drop(op OpID) {
	j.recent = slices.DeleteFunc(j.recent, func(c confirmed) bool { return c.Op == op })
}

// wentBack reports whether a cart that was read comes before the known one:
// the store has lost what came after.
func wentBack(known, now Cart) bool {
	if now.Token.Version == known.Token.Version {
		return now.Token != known.Token
	}
	return now.Token.Version < known.Token.Version
}

// regressed takes the news that the store lost changes. Expired says that the
// cart's time is over: then it is no loss that it is gone.
func (v *view) regressed(expired bool) {
	v.journal.mend()
	if v.journal.before == nil && !expired && len(v.server.Lines) > 0 {
		v.journal.suspect(v.clock())
		before := v.server
		v.journal.before = &before
	}
}

// suspect begins the time in which a loss may still turn out to be none.
func (j *journal) suspect(now time.Time) {
	if j.before == nil && len(j.failed) == 0 {
		j.since = now
	}
}

// mended takes the answer to a change that was sent again.
func (v *view) mended(c Change, r Receipt, err error) {
	v.writable()
	if m := v.journal.mending; len(m) > 0 && m[0].Op == c.Op { // else it began anew meanwhile
		v.journal.mending = m[1:]
	}
	if err == nil && r.Duplicate {
		return
	}
	v.mustRead = true
	if err == nil {
		v.journal.remade(c.Op, v.clock())
	}
	if err != nil && !standsAnyway(c, err) {
		v.journal.drop(c.Op)
		v.journal.suspect(v.clock())
		v.journal.failed = append(v.journal.failed, Refusal{Change: c, Err: err, At: v.clock(), Late: true, Lost: true})
	}
}

// standsAnyway reports whether the cart is as a change wanted it, although the
// store refused to make the change again.
func standsAnyway(c Change, err error) bool {
	var missing *NotInCartError
	var conflict *ConflictError
	switch c.Kind {
	case KindRemove:
		return errors.As(err, &missing)
	case KindSet:
		return errors.As(err, &conflict) && conflict.Now == c.Quantity
	}
	return false
}

// weighLoss decides, once all have sent again what they had, whether something
// is lost for good. What is missing from the cart is told as that; changes that
// could not be made again are told one by one only where that does not say it.
func (v *view) weighLoss() {
	j := &v.journal
	if j.before == nil && len(j.failed) == 0 || len(j.mending) > 0 || v.mustRead || v.reading ||
		v.clock().Sub(j.since) < lossGrace {
		return
	}
	var missing []Change
	if j.before != nil {
		missing = Missing(*j.before, v.server)
	}
	if len(missing) > 0 {
		j.lost = together(j.lost, *j.before)
	}
	for _, r := range j.failed {
		same := func(c Change) bool { return c.Product == r.Change.Product }
		if !slices.ContainsFunc(missing, same) {
			v.refused = append(v.refused, r)
		}
	}
	j.before, j.failed = nil, nil
}

// together returns a cart that has all that either of two carts had, under the
// name of the second. The first may be nil.
func together(first *Cart, second Cart) *Cart {
	if first == nil {
		return &second
	}
	second.Lines = slices.Clone(second.Lines)
	for _, l := range first.Lines {
		if i := second.index(l.Product.ID); i < 0 {
			second.Lines = append(second.Lines, l)
		} else if second.Lines[i].Quantity < l.Quantity {
			second.Lines[i].Quantity = l.Quantity
		}
	}
	return &second
}

// open returns how many questions to the store about what it may have lost are
// still open.
func (j *journal) open() int {
	if j.before != nil {
		return len(j.mending) + 1
	}
	return len(j.mending)
}

// Missing returns what must be added to a cart so that it has again all that it
// had before. The operations are the same at every counter, so that what
// several of them bring back comes back once.
func Missing(before, now Cart) []Change {
	var out []Change
	for _, was := range before.Lines {
		is, _ := now.Line(was.Product.ID)
		if n := was.Quantity - is.Quantity; n > 0 {
			out = append(out, Change{Op: RestoreOp(before.Token.Op, was.Product.ID), Kind: KindAdd, Product: was.Product.ID,
				Quantity: n, Name: was.Product.Name, Want: was.Quantity})
		}
	}
	return out
}
