package redis

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data"
)

// Times of following a cart. A connection that has gone deaf is noticed after
// quietTime and pongTime together.
const (
	quietTime = time.Second     // without a word: ask whether somebody is there
	pongTime  = 2 * time.Second // without an answer: nobody is
	lookEvery = 500 * time.Millisecond
	pauseMin  = 50 * time.Millisecond
	pauseMax  = time.Second
)

// Reasons of our own to give a subscription up.
var (
	errDeaf  = errors.New("the subscription does not answer")
	errMoved = errors.New("the shop is on another server now")
)

// pingText comes back with the answer to our ping. Another text means that we
// and the server disagree about where a message begins.
const pingText = "trolley"

// Watch implements [data.Backend].
//
// It reads the subscription itself: the driver's channel hides that messages
// were lost in between, and its health check never waits for an answer, so that
// it takes a connection to a dead network for a quiet one.
func (s *Store) Watch(ctx context.Context, cart data.CartID, sink func(data.Signal)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ended, cancel)()
	pause := pauseMin
	for {
		up, err := s.follow(ctx, cart, sink)
		if ctx.Err() != nil {
			return
		}
		if up {
			pause = pauseMin
		}
		s.log.Debug("subscription lost", "cart", cart, "error", s.secrets.clean(err))
		sink(data.Signal{Kind: data.SignalDown, Err: s.fail(ctx, err)})
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return
		}
		pause = min(2*pause, pauseMax)
	}
}

// follow subscribes once and tells sink what comes until the subscription ends.
// Up reports whether it ever stood.
func (s *Store) follow(ctx context.Context, cart data.CartID, sink func(data.Signal)) (up bool, err error) {
	f := &follower{store: s, events: s.keys.events(cart), catalogue: s.keys.catalogue(), sink: sink}
	f.sub = s.client.Subscribe(ctx) // does not connect yet
	// Nothing but closing the connection ends a read.
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = f.sub.Close()
	})
	defer func() {
		if !stop() {
			<-closed
		}
		_ = f.sub.Close()
	}()
	if err := f.sub.Subscribe(ctx, f.events, f.catalogue); err != nil {
		return false, err
	}
	for ctx.Err() == nil {
		if err := f.receive(ctx); err != nil {
			return f.confirmed >= 2, err
		}
	}
	return f.confirmed >= 2, ctx.Err()
}

// follower is one subscription.
type follower struct {
	store             *Store
	sub               *redis.PubSub
	events, catalogue string
	sink              func(data.Signal)

	confirmed int       // channels that the server has confirmed
	home      string    // where the shop was when the last one was
	heard     time.Time // when the server said something last
	pinged    time.Time // when it was asked since; zero: it was not
}

// receive waits for one message, a short while at most.
func (f *follower) receive(ctx context.Context) error {
	if f.heard.IsZero() {
		f.heard = time.Now()
	}
	wait, err := f.patience(ctx)
	if err != nil {
		return err
	}
	msg, err := f.sub.ReceiveTimeout(ctx, wait)
	if err != nil && timedOut(err) && ctx.Err() == nil {
		f.store.lookForMaster(ctx)
		return f.checkHome(ctx)
	}
	if err != nil {
		return err
	}
	f.heard, f.pinged = time.Now(), time.Time{}
	return f.handle(ctx, msg)
}

// patience returns how long to wait for the next message. It asks after a
// server that is quiet, and gives one up that does not answer.
func (f *follower) patience(ctx context.Context) (time.Duration, error) {
	now := time.Now()
	end := f.heard.Add(quietTime)
	if f.pinged.IsZero() && !now.Before(end) {
		if err := f.sub.Ping(ctx, pingText); err != nil {
			return 0, err
		}
		f.pinged = now
	}
	if !f.pinged.IsZero() {
		end = f.pinged.Add(pongTime)
		if !now.Before(end) {
			return 0, errDeaf
		}
	}
	return max(time.Millisecond, min(end.Sub(now), lookEvery)), nil
}

// lookForMaster has the driver find out which server is Sentinel's master now: it
// cuts its connections to the one before, and only a command finds the next.
func (s *Store) lookForMaster(ctx context.Context) {
	if s.master.Load() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	_ = s.client.Ping(ctx).Err() // whatever comes of it, the poll tells as well
}

// checkHome notices that the shop has moved: the driver leads commands to the
// new server, but leaves a subscription at the old one.
func (f *follower) checkHome(ctx context.Context) error {
	if f.confirmed < 2 {
		return nil
	}
	if home := f.store.home(ctx); home != "" && home != f.home {
		return errMoved
	}
	return nil
}

func (f *follower) handle(ctx context.Context, msg any) error {
	switch m := msg.(type) {
	case *redis.Subscription:
		return f.subscribed(ctx, m)
	case *redis.Pong:
		if m.Payload != pingText {
			return fmt.Errorf("%w: out of step", errDeaf)
		}
	case *redis.Message:
		f.message(m)
		return f.checkHome(ctx)
	}
	return nil
}

func (f *follower) subscribed(ctx context.Context, m *redis.Subscription) error {
	if m.Kind != "subscribe" {
		return fmt.Errorf("%w: %s", errDeaf, data.Clean(m.Kind, 20))
	}
	f.confirmed++
	if f.confirmed == 2 {
		f.home = f.store.home(ctx)
	}
	if f.confirmed >= 2 {
		f.sink(data.Signal{Kind: data.SignalUp})
	}
	return nil
}

func (f *follower) message(m *redis.Message) {
	if m.Channel == f.catalogue {
		f.sink(data.Signal{Kind: data.SignalCatalogue})
		return
	}
	if e, err := data.ParseEvent(m.Payload); err == nil {
		f.sink(data.Signal{Kind: data.SignalEvent, Event: e})
		return
	}
	f.sink(data.Signal{Kind: data.SignalLost})
}
