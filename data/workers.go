package data

import (
	"context"
	"errors"
	"time"
)

// readTask is what the loop asks of the reader.
type readTask struct {
	known Token
	mine  OpID
	keep  bool
}

// sender sends one change after another. A change is sent until the store says
// yes or no: the operation id makes every repeat safe, and one in flight keeps
// a slow change from overtaking a newer one.
func (s *Session) sender() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case c := <-s.outbox:
			if !s.deliver(c) {
				return
			}
		}
	}
}

// deliver reports false when the session ends first.
func (s *Session) deliver(c Change) bool {
	began := time.Now()
	for attempt := 1; ; attempt++ {
		r, err := s.attempt(c)
		if FaultOf(err) == FaultNone && s.ctx.Err() == nil {
			return s.answered(c, r, err)
		}
		s.log.Debug("change not sent", "op", c.Op, "attempt", attempt, "error", err)
		s.post(func(l *loop) { l.view.troubled(err) })
		if !s.pause(retryAfter(FaultOf(err), attempt, time.Since(began))) {
			return false
		}
	}
}

func (s *Session) attempt(c Change) (Receipt, error) {
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.Pace.Attempt)
	defer cancel()
	return s.backend.Apply(ctx, s.opt.Cart, c)
}

func (s *Session) answered(c Change, r Receipt, err error) bool {
	return s.post(func(l *loop) {
		l.sending = false
		if err != nil {
			s.log.Info("change refused", "kind", c.Kind, "product", c.Product, "error", err)
			l.view.refuse(c, err)
			return
		}
		l.view.done(c, r)
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
	return backoff(attempt, 25*time.Millisecond, time.Second)
}

// pause waits, or less when somebody wants the next attempt now; false: the
// session ends.
func (s *Session) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.ctx.Done():
		return false
	case <-t.C:
	case <-s.nudge:
	}
	return true
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
		l.view.kept(err)
		l.keep = l.keep || err != nil
	})
	return nil
}

func (s *Session) takeReading(l *loop, t readTask, r Reading, err error) {
	failing := l.view.health.failures > 0
	l.view.read(t.mine, r, err)
	if err != nil {
		s.log.Debug("cart not read", "error", err)
		l.keep = l.keep || t.keep
	} else if failing {
		s.poke() // the store is back: what waits need not wait longer
		s.refreshCatalogue()
	}
	l.schedule()
	if l.keep && !t.keep {
		l.nextPoll = time.Time{} // asked for while the read was under way
	}
}

// watcher follows the events of the cart and the catalogue.
func (s *Session) watcher() {
	s.backend.Watch(s.ctx, s.opt.Cart, func(sig Signal) {
		if sig.Kind == SignalCatalogue {
			s.refreshCatalogue()
			return
		}
		s.post(func(l *loop) { l.take(sig) })
	})
}

func (l *loop) take(sig Signal) {
	switch sig.Kind {
	case SignalUp:
		l.view.following(true, nil)
		l.nextPoll = time.Time{}
		l.session.refreshCatalogue()
	case SignalDown:
		l.session.log.Debug("not following", "error", sig.Err)
		l.view.following(false, sig.Err)
		l.nextPoll = time.Time{}
	case SignalEvent:
		l.view.event(sig.Event)
	case SignalLost:
		l.view.mustRead = true
	}
}

// cataloguer loads all products at start, when asked, and now and then.
func (s *Session) cataloguer() {
	for attempt := 0; ; attempt++ {
		c, err := s.loadCatalogue(s.ctx)
		wait := s.opt.Pace.Catalogue
		if err == nil {
			s.takeCatalogue(c)
			attempt = 0
		} else {
			s.log.Debug("catalogue not loaded", "error", err)
			wait = min(wait, 500*time.Millisecond+backoff(attempt, 100*time.Millisecond, 5*time.Second))
		}
		t := time.NewTimer(wait)
		select {
		case <-s.ctx.Done():
			t.Stop()
			return
		case <-s.renew:
		case <-t.C:
		}
		t.Stop()
	}
}

// pageTime is the longest wait for all pages of the catalogue; 100,000 products
// take a quarter of a second on loopback.
const pageTime = 30 * time.Second

func (s *Session) loadCatalogue(ctx context.Context) (*Catalogue, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	var all []Product
	err := s.backend.Products(ctx, func(page []Product) bool {
		all = append(all, page...)
		return true
	})
	if err != nil {
		return nil, err
	}
	return NewCatalogue(all), nil
}

func (s *Session) takeCatalogue(c *Catalogue) {
	s.post(func(l *loop) {
		if l.view.catalogue != nil && l.view.catalogue.Equal(c) {
			return
		}
		l.view.catalogue = c
		l.view.mustRead = true // lines show their product's details
	})
}

// Found is the answer to [Session.Lookup].
type Found struct {
	Product Product
	OK      bool
	Near    []Product // products that are alike what was asked for, when OK is false
}

// Lookup asks the store itself for the product with this exact id or barcode:
// another counter may have added it a moment ago. When the store cannot be
// asked, the error says why and Near still holds what this computer knows.
func (s *Session) Lookup(ctx context.Context, code string, known *Catalogue) (Found, error) {
	near := func() Found { return Found{Near: known.Near(code, 3)} }
	id, err := ParseProductID(code)
	if err == nil {
		p, err := s.backend.Product(ctx, id)
		if err == nil {
			s.learn(p)
			return Found{Product: p, OK: true}, nil
		}
		if !errors.Is(err, ErrUnknownProduct) {
			return near(), err
		}
	}
	fresh, err := s.loadCatalogue(ctx)
	if err != nil {
		return near(), err
	}
	s.takeCatalogue(fresh)
	if p, ok := fresh.Find(code); ok {
		return Found{Product: p, OK: true}, nil
	}
	return Found{Near: fresh.Near(code, 3)}, nil
}

// CreateProduct adds a product to the catalogue; the errors are those of
// [Backend.CreateProduct].
func (s *Session) CreateProduct(ctx context.Context, p Product) error {
	if err := s.backend.CreateProduct(ctx, p); err != nil {
		return err
	}
	s.learn(p)
	s.refreshCatalogue() // a load under way may have begun without it
	return nil
}

// learn puts one product in the catalogue.
func (s *Session) learn(p Product) {
	s.post(func(l *loop) {
		if l.view.catalogue == nil {
			return // the first load is on its way
		}
		l.view.catalogue = l.view.catalogue.With(p)
		l.view.mustRead = true // a line may have waited for its details
	})
}
