package ui

import (
	"context"
	"time"

	"trolley/data"
)

// frame is the shortest time between two redraws for news from the shop.
const frame = 50 * time.Millisecond

// follow carries the states of a shop to the window, the newest first and at
// most one a frame, until the shop is closed or ctx ends.
func follow(ctx context.Context, states <-chan data.State, onUI func(func()), show func(data.State)) {
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
