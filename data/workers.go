package data

import (
	"context"
	"errors"
	"sync"
	"time"
)

// sendTask is what the loop asks of the sender.
type sendTask struct {
	change Change // without an Op: only prove
	again  bool   // the store has said yes to it before, and may have lost it
	prove  bool   // run the preflight first
}

// readTask is what the loop asks of the reader.
type readTask struct {
	known Token
	mine  OpID
	keep  bool
}

// sender makes one attempt after another to send what the loop gives it. The
// operation id makes every repeat safe, and one in flight keeps a slow change from
// overtaking a newer one.
func (s *Session) sender() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case t := <-s.outbox:
			if !s.deliver(t) {
				return
			}
		}
	}
}

// deliver makes one attempt. What is sent next is the loop's to decide: after an
// outage there may be older changes that the store has lost.
func (s *Session) deliver(t sendTask) bool {
	r, err := s.attempt(t)
	if FaultOf(err) == FaultNone && s.ctx.Err() == nil {
		return s.answered(t, r, err)
	}
	s.log.Debug("not sent", "op", t.change.Op, "error", err)
	return s.post(func(l *loop) { l.notSent(err, time.Now()) })
}

// notSent takes a failed attempt to send or to prove. Whatever it was is found
// out before the change is at stake again.
func (l *loop) notSent(err error, now time.Time) {
	if l.failed == 0 {
		l.trying = now
	}
	l.failed++
	l.sending, l.proven = false, false
	l.nextSend = now.Add(retryAfter(FaultOf(err), l.failed, now.Sub(l.trying)))
	l.view.troubled(err)
}

func (s *Session) attempt(t sendTask) (Receipt, error) {
	if t.prove {
		if err := s.prove(); err != nil {
			return Receipt{}, err
		}
	}
	c := t.change
	switch {
	case c.Op == "":
		return Receipt{}, nil
	case !t.again && !c.sendable(time.Now()):
		return Receipt{}, ErrTooLate
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.Pace.Attempt)
	defer cancel()
	r, err := s.backend.Apply(ctx, s.opt.Cart, c)
	if c.Kind.Ends() && errors.Is(err, ErrOpReused) {
		// It was made under the token it had before the program was restarted.
		return Receipt{Duplicate: true, Event: Event{Token: Token{Op: c.Op}, Kind: c.Kind}}, nil
	}
	return r, err
}

// proveTime is how many times the time of one attempt a preflight may take: it
// asks the store several things.
const proveTime = 4

// prove runs the preflight.
func (s *Session) prove() error {
	ctx, cancel := context.WithTimeout(s.ctx, proveTime*s.opt.Pace.Attempt)
	defer cancel()
	var found []Finding
	err := s.backend.Preflight(ctx, func(f Finding) { found = append(found, f) })
	s.post(func(l *loop) {
		l.view.checks = found
		if err == nil {
			l.proven, l.view.health.writeFault = true, FaultNone
		}
	})
	if err != nil && FaultOf(err) == FaultNone {
		return &UnavailableError{Fault: FaultUnreachable, Cause: err} // it says nothing about the change
	}
	return err
}

func (s *Session) answered(t sendTask, r Receipt, err error) bool {
	c := t.change
	if err != nil {
		s.log.Info("change refused", "op", c.Op, "kind", c.Kind, "product", c.Product, "again", t.again, "error", err)
	}
	return s.post(func(l *loop) {
		l.sending, l.failed, l.nextSend = false, 0, time.Time{}
		switch {
		case c.Op == "":
		case t.again:
			l.view.mended(c, r, err)
		case err != nil:
			l.view.refuse(c, err)
		default:
			l.view.done(c, r)
		}
	})
}

// personRetry is the time between attempts when a person has to mend something
// first; Retry does not wait for it.
const personRetry = 30 * time.Second

// retryAfter returns how long to wait before the next attempt. After a minute
// without luck, and for faults that only a person can mend, attempts are rare.
func retryAfter(f Fault, attempt int, trying time.Duration) time.Duration {
	switch {
	case f.Class() == Misconfigured:
		return personRetry
	case f.Class() == Refusing:
		return time.Second + backoff(attempt, 100*time.Millisecond, 4*time.Second)
	case trying > time.Minute:
		return backoff(attempt, 25*time.Millisecond, 5*time.Second)
	}
	return backoff(attempt, 25*time.Millisecond, 500*time.Millisecond) // an election takes seconds
}

// reader reads the cart whenever the loop asks for it.
func (s *Session) reader() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case t := <-s.reads:
			r, err := s.read(t)
			s.post(func(l *loop) { s.takeReading(l, t, r, err) })
		}
	}
}

func (s *Session) read(t readTask) (Reading, error) {
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.Pace.Attempt)
	defer cancel()
	if t.keep {
		if err := s.keepCart(ctx); err != nil {
			return Reading{}, err
		}
	}
	return s.backend.Read(ctx, s.opt.Cart, t.known, t.mine)
}

// keepCart renews the timeout. A store that is read and takes no writes is no
// reason not to read: then it is tried again with the next read.
func (s *Session) keepCart(ctx context.Context) error {
	err := s.backend.Keep(ctx, s.opt.Cart)
	if err != nil && FaultOf(err).Class() == Transient {
		return err
	}
	s.post(func(l *loop) {
		if err != nil {
			l.view.health.writeFault = FaultOf(err)
			l.keep, l.proven = true, false
		}
	})
	return nil
}

func (s *Session) takeReading(l *loop, t readTask, r Reading, err error) {
	failing := l.view.health.failures > 0
	l.proven = l.proven && err == nil
	l.view.read(t.mine, r, err)
	if err != nil {
		s.log.Debug("cart not read", "error", err)
		l.keep = l.keep || t.keep
	} else if failing {
		l.nextSend = time.Time{} // the store is back: what waits need not wait longer
		s.shelf.renew()
	}
	l.schedule()
	if l.keep && !t.keep {
		l.nextPoll = time.Time{} // asked for while the read was under way
	}
}

// watcher follows the events of the cart and the catalogue, and begins anew
// when the loop finds that they do not arrive.
func (s *Session) watcher() {
	for again := true; again; {
		again = false
		ctx, cancel := context.WithCancel(s.ctx)
		var asked sync.WaitGroup
		asked.Go(func() {
			select {
			case <-s.refeed:
				again = true
				cancel()
			case <-ctx.Done():
			}
		})
		s.backend.Watch(ctx, s.opt.Cart, s.signal)
		cancel()
		asked.Wait()
	}
}

func (s *Session) signal(sig Signal) {
	if sig.Kind == SignalCatalogue {
		s.shelf.renew()
		return
	}
	s.post(func(l *loop) { l.take(sig) })
}

// refeed has the watcher subscribe anew. Until it has, what others do is found
// by asking only.
func (l *loop) refeed() {
	l.session.log.Info("no events arrive although there are changes: subscribing anew")
	l.view.following(false, nil)
	l.view.unheard.anew++
	select {
	case l.session.refeed <- struct{}{}:
	default:
	}
}

func (l *loop) take(sig Signal) {
	switch sig.Kind {
	case SignalUp:
		l.view.following(true, nil)
		l.nextPoll = time.Time{}
		l.session.shelf.renew()
	case SignalDown:
		l.session.log.Debug("not following", "error", sig.Err)
		l.view.following(false, sig.Err)
		l.nextPoll, l.proven = time.Time{}, false
	case SignalEvent:
		l.view.event(sig.Event)
	case SignalLost:
		l.view.mustRead = true
	}
}

// takeCatalogue shows other products than before.
func (s *Session) takeCatalogue(c *Catalogue) {
	s.post(func(l *loop) {
		l.view.catalogue = c
		l.view.mustRead = true // lines show their product's details
	})
}

// Lookup asks the store itself for the product with this exact id or barcode:
// another counter may have added it a moment ago. When the store cannot be
// asked, the error says why and Near still holds what this computer knows.
func (s *Session) Lookup(ctx context.Context, code string, known *Catalogue) (Found, error) {
	return s.shelf.lookup(ctx, code, known)
}

// CreateProduct adds a product to the catalogue; the errors are those of
// [Backend.CreateProduct].
func (s *Session) CreateProduct(ctx context.Context, p Product) error { return s.shelf.create(ctx, p) }
