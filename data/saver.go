package data

import (
	"cmp"
	"context"
	"slices"
	"time"
)

const (
	// saveAfter is how long a change may wait for its answer before it is
	// written to the disk. A server nearby answers much sooner, and then the
	// disk has nothing to do.
	saveAfter = 30 * time.Millisecond
	// saveAgain is the time between attempts while the disk refuses.
	saveAgain = 5 * time.Second
	// saveTime is the longest wait for the disk.
	saveTime = 10 * time.Second
)

// saveTask is what the loop asks of the saver.
type saveTask struct {
	keep []Change
	drop []OpID
}

// saver brings the changes that wait to the disk, and takes those away that have
// their answer.
func (s *Session) saver() {
	if s.opt.Queue == nil {
		return
	}
	again := s.resume()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-again:
			again = s.resume()
		case t := <-s.saves:
			kept, dropped := s.save(t)
			s.post(func(l *loop) { l.saved(t, kept, dropped) })
		}
	}
}

// resume takes up what an earlier run of the program left behind. It returns
// when to try again, nil for never: what cannot be read now holds nothing up.
func (s *Session) resume() <-chan time.Time {
	ctx, cancel := context.WithTimeout(s.ctx, saveTime)
	defer cancel()
	left, err := s.opt.Queue.Left(ctx, s.opt.Cart)
	s.post(func(l *loop) { l.view.resume(left, err) })
	if err != nil {
		s.log.Warn("waiting changes cannot be read", "error", err)
		return time.After(saveAgain)
	}
	if len(left) > 0 {
		s.log.Info("changes of an earlier run wait", "count", len(left))
	}
	return nil
}

// save does one task. Dropping comes first: it makes room.
func (s *Session) save(t saveTask) (kept, dropped error) {
	ctx, cancel := context.WithTimeout(s.ctx, saveTime)
	defer cancel()
	if len(t.drop) > 0 {
		dropped = s.opt.Queue.Drop(ctx, s.opt.Cart, t.drop)
	}
	if len(t.keep) > 0 {
		kept = s.opt.Queue.Keep(ctx, s.opt.Cart, t.keep)
	}
	return kept, dropped
}

// saveNow gives the saver what there is to do.
func (l *loop) saveNow(now time.Time) {
	if l.saving || !l.view.queued || now.Before(l.nextSave) {
		return
	}
	t := saveTask{drop: l.view.finished()}
	if l.view.saveDue(now, l.closing != nil) {
		t.keep = l.view.unsaved()
	}
	if len(t.keep)+len(t.drop) == 0 {
		return
	}
	l.saving = true
	l.session.saves <- t
}

func (l *loop) saved(t saveTask, kept, dropped error) {
	l.saving = false
	if err := cmp.Or(kept, dropped); err != nil {
		l.session.log.Warn("waiting changes cannot be kept on the disk", "error", err)
		l.nextSave = time.Now().Add(saveAgain)
	}
	l.view.saved(t, kept, dropped)
}

// resume puts the changes of an earlier run before all others. With an error
// they are not known yet, and the present goes on without them.
func (v *view) resume(left []Change, err error) {
	v.awaitLeft, v.unread = false, err != nil
	var waiting []pending
	for _, c := range left {
		if v.onDisk[c.Op] {
			continue // of this run
		}
		v.onDisk[c.Op] = true
		if v.pendingAt(c.Op) >= 0 {
			continue
		}
		v.resumed++
		v.own = append(v.own, c.Op)
		waiting = append(waiting, pending{Change: c, applied: v.known(c.Op), since: v.clock(), shown: true, late: true})
	}
	v.waiting = append(waiting, v.waiting...)
	v.mustRead = v.mustRead || len(left) > 0
}

// unsaved returns the changes that wait and are on no disk.
func (v *view) unsaved() []Change {
	var out []Change
	for _, p := range v.waiting {
		if !p.answered && !v.onDisk[p.Op] {
			out = append(out, p.Change)
		}
	}
	return out
}

// saveDue reports whether what is unsaved should be written now.
func (v *view) saveDue(now time.Time, closing bool) bool {
	at := v.saveAt()
	return !at.IsZero() && (closing || !now.Before(at))
}

// saveAt returns when what is unsaved should be written; zero: nothing is.
func (v *view) saveAt() time.Time {
	for _, p := range v.waiting {
		if p.answered || v.onDisk[p.Op] {
			continue
		}
		if v.health.phase == Live || v.health.phase == Polling {
			return p.since.Add(saveAfter)
		}
		return p.since
	}
	return time.Time{}
}

// finished returns what is on the disk and needs not be any more. What was
// refused stays until the person has dealt with it.
func (v *view) finished() []OpID {
	var out []OpID
	for op := range v.onDisk {
		i := v.pendingAt(op)
		if (i < 0 || v.waiting[i].answered) && !v.refusedAt(op) {
			out = append(out, op)
		}
	}
	return out
}

func (v *view) refusedAt(op OpID) bool {
	return slices.ContainsFunc(v.refused, func(r Refusal) bool { return r.Change.Op == op || slices.Contains(r.With, op) })
}

// saved takes the outcome of a save. What the disk does not take is shown all
// the same, and counted: the person must know.
func (v *view) saved(t saveTask, kept, dropped error) {
	for _, c := range t.keep {
		if kept == nil {
			v.onDisk[c.Op] = true
		}
		if i := v.pendingAt(c.Op); i >= 0 {
			v.waiting[i].shown = true
		}
	}
	for _, op := range t.drop {
		if dropped == nil {
			delete(v.onDisk, op)
		}
	}
}
