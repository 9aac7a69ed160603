package data

import (
	"context"
	"time"
)

// OpLife is how long stores remember an operation, and so how late it may be
// sent again without being done twice. A week bridges a long weekend, and costs
// a server a few megabytes.
const OpLife = 7 * 24 * time.Hour

// sendable reports whether stores still know for sure if they have made the
// change: only then may it be sent again. An hour is for clocks that differ. A
// change without a time was made a moment ago.
func (c Change) sendable(now time.Time) bool {
	return c.At.IsZero() || now.Sub(c.At) < OpLife-time.Hour
}

// Queue keeps the changes of one shop that wait for an answer where they
// outlive the program. Its methods may be called from any goroutine.
type Queue interface {
	// Left returns what waits for a cart, oldest first: after the start, the
	// changes that an earlier run of the program left behind.
	Left(ctx context.Context, cart CartID) ([]Change, error)

	// Keep adds changes behind those that are there. They are on the disk
	// when it returns. One that is there already stays where it is.
	Keep(ctx context.Context, cart CartID, changes []Change) error

	// Drop forgets changes. One that is not there is no error.
	Drop(ctx context.Context, cart CartID, ops []OpID) error
}
