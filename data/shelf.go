package data

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/text/language"
)

// shelf keeps the catalogue of a shop, once for all carts that a program has
// open.
type shelf struct {
	backend Backend
	every   time.Duration
	log     *slog.Logger
	again   chan struct{} // load now

	mu       sync.Mutex
	language language.Tag // in whose order the products are
	current  *Catalogue   // nil until the first load
	readers  map[*Session]struct{}
}

func newShelf(b Backend, every time.Duration, log *slog.Logger) *shelf {
	return &shelf{backend: b, every: every, log: log, again: make(chan struct{}, 1), readers: map[*Session]struct{}{}}
}

// run loads all products at once, when asked, and now and then, until ctx ends.
func (s *shelf) run(ctx context.Context) {
	for attempt := 0; ; attempt++ {
		began := time.Now()
		c, err := s.load(ctx)
		wait, took := s.every, time.Since(began)
		if err == nil {
			s.put(c)
			attempt = 0
		} else {
			s.log.Debug("catalogue not loaded", "error", err)
			wait = min(wait, 500*time.Millisecond+backoff(attempt, 100*time.Millisecond, 5*time.Second))
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-s.again:
			if err == nil { // a large catalogue is not loaded for each of many sales
				rest(ctx, min(loadShare*took, restMost))
			}
		case <-t.C:
		}
		t.Stop()
	}
}

// loadShare is what part of the time loading may take, when it is asked for again
// and again: one in so many.
const (
	loadShare = 10
	restMost  = 5 * time.Second
)

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

// renew has the products loaded soon.
func (s *shelf) renew() {
	select {
	case s.again <- struct{}{}:
	default:
	}
}

// pageTime is the longest wait for all pages of the catalogue; 100,000 products
// take a quarter of a second on loopback.
const pageTime = 30 * time.Second

func (s *shelf) load(ctx context.Context) (*Catalogue, error) {
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
	return newCatalogue(s.tongue(), all), nil
}

func (s *shelf) tongue() language.Tag {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.language
}

// sortAs puts the products in the order of a language, now and from now on.
func (s *shelf) sortAs(tag language.Tag) {
	s.mu.Lock()
	s.language = tag
	before := s.current
	s.mu.Unlock()
	sorted := before.In(tag) // takes long
	s.mu.Lock()
	defer s.mu.Unlock()
	if before != nil && s.current == before && s.language == tag {
		s.change(sorted)
	}
}

// join gives the catalogue to a session, now and whenever it changes.
func (s *shelf) join(r *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers[r] = struct{}{}
	if s.current != nil {
		r.takeCatalogue(s.current)
	}
}

func (s *shelf) leave(r *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.readers, r)
}

// put makes c the catalogue.
func (s *shelf) put(c *Catalogue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c = c.In(s.language) // another one was asked for during the load
	if s.current == nil || !s.current.Equal(c) {
		s.change(c)
	}
}

// learn puts one product in the catalogue.
func (s *shelf) learn(p Product) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil { // else the first load is on its way
		s.change(s.current.In(s.language).With(p))
	}
}

// change hands a new catalogue to all; the lock is held, so that all get the
// same ones in the same order.
func (s *shelf) change(c *Catalogue) {
	s.current = c
	for r := range s.readers {
		r.takeCatalogue(c)
	}
}

// Found is the answer to [Session.Lookup].
type Found struct {
	Product Product
	OK      bool
	Near    []Product // products that are alike what was asked for, when OK is false
}

// lookup is [Session.Lookup].
func (s *shelf) lookup(ctx context.Context, code string, known *Catalogue) (Found, error) {
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
	fresh, err := s.load(ctx)
	if err != nil {
		return near(), err
	}
	s.put(fresh)
	if p, ok := fresh.Find(code); ok {
		return Found{Product: p, OK: true}, nil
	}
	return Found{Near: fresh.Near(code, 3)}, nil
}

// create is [Session.CreateProduct].
func (s *shelf) create(ctx context.Context, p Product) error {
	if err := s.backend.CreateProduct(ctx, p); err != nil {
		return err
	}
	s.learn(p)
	s.renew() // a load under way may have begun without it
	return nil
}
