package data

import (
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
	s.resume()
	for {
		select {
		case <-s.ctx.Done():
			return
		case t := <-s.saves:
			err := s.save(t)
			s.post(func(l *loop) { l.saved(t, err) })
		}
	}
}

// resume takes up what an earlier run of the program left behind.
func (s *Session) resume() {
	ctx, cancel := context.WithTimeout(s.ctx, saveTime)
	defer cancel()
	left, err := s.opt.Queue.Left(ctx, s.opt.Cart)
	if err != nil {
		s.log.Warn("waiting changes cannot be read", "error", err)
	}
	if len(left) > 0 {
		s.log.Info("changes of an earlier run wait", "count", len(left))
	}
	s.post(func(l *loop) { l.view.resume(left) })
}

func (s *Session) save(t saveTask) error {
	ctx, cancel := context.WithTimeout(s.ctx, saveTime)
	defer cancel()
	if len(t.keep) > 0 {
		if err := s.opt.Queue.Keep(ctx, s.opt.Cart, t.keep); err != nil {
			return err
		}
	}
	if len(t.drop) == 0 {
		return nil
	}
	return s.opt.Queue.Drop(ctx, s.opt.Cart, t.drop)
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

func (l *loop) saved(t saveTask, err error) {
	l.saving = false
	if err != nil {
		l.session.log.Warn("waiting changes cannot be kept on the disk", "error", err)
		l.nextSave = time.Now().Add(saveAgain)
	}
	l.view.saved(t, err)
}

// resume puts the changes of an earlier run before all others.
func (v *view) resume(left []Change) {
	v.resumed, v.awaitLeft = len(left), false
	var waiting []pending
	for _, c := range left {
		v.onDisk[c.Op] = true
		if v.pendingAt(c.Op) >= 0 {
			continue
		}
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
	return slices.ContainsFunc(v.refused, func(r Refusal) bool { return r.Change.Op == op })
}

// saved takes the outcome of a save. What the disk does not take is shown all
// the same, and counted: the person must know.
func (v *view) saved(t saveTask, err error) {
	for _, c := range t.keep {
		if err == nil {
			v.onDisk[c.Op] = true
		}
		if i := v.pendingAt(c.Op); i >= 0 {
			v.waiting[i].shown = true
		}
	}
	if err != nil {
		return
	}
	for _, op := range t.drop {
		delete(v.onDisk, op)
	}
}
