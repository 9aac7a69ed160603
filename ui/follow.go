package ui

import (
	"context"
	"time"
)

// frame is the shortest time between two redraws for news from the shop.
const frame = 50 * time.Millisecond

// follow carries the states of a cart, or the lists of a shop, to the window, the
// newest first and at most one a frame, until they end or ctx does.
func follow[T any](ctx context.Context, states <-chan T, onUI func(func()), show func(T)) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case s, open := <-states:
			if !open {
				return
			}
			onUI(func() { show(s) })
		}
		pause.Reset(frame)
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

// job is a call that waits for the store. It returns what is to be done on the
// UI goroutine afterwards, or nil.
type job func(ctx context.Context) func()

// work runs jobs one after another, until ctx ends.
func work(ctx context.Context, jobs <-chan job, onUI func(func())) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-jobs:
			if then := j(ctx); then != nil && ctx.Err() == nil {
				onUI(then)
			}
		}
	}
}
