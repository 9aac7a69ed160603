package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"trolley/data"
)

// answer is what a counter was told about one of its changes in the end.
type answer int

const (
	confirmed answer = iota
	takenBack        // confirmed, and later reported as lost
	refused
	unanswered
)

// operation is one add of one piece.
type operation struct {
	id       data.OpID
	product  data.ProductID
	answer   answer
	recorded bool // the store knows that it was made
}

// noteAnswers takes the answers from the last state, once the records are known.
// It tells only of what is not in order; all else is confirmed.
func (c *counter) noteAnswers() {
	told := map[data.OpID]answer{}
	for _, w := range c.state.Waiting {
		told[w.Op] = unanswered
	}
	for _, r := range c.state.Refused {
		told[r.Change.Op] = refused
		if r.Lost {
			told[r.Change.Op] = takenBack
		}
	}
	for i := range c.ops {
		c.ops[i].answer = told[c.ops[i].id]
	}
	for _, r := range c.state.Refused {
		c.noteMerged(r.Change)
	}
	if c.state.Mending > 0 {
		c.noteMending()
	}
}

// noteMerged takes a refusal that speaks for several adds. It has their sum, and
// they are the next ones of its product.
func (c *counter) noteMerged(r data.Change) {
	more := r.Quantity - 1
	first := slices.IndexFunc(c.ops, func(o operation) bool { return o.id == r.Op })
	for i := first + 1; i < len(c.ops) && more > 0; i++ {
		if o := &c.ops[i]; o.product == r.Product && o.answer == confirmed {
			o.answer = refused
			more--
		}
	}
}

// noteMending counts what the store confirmed and has no record of as not
// answered: when the session was closed it was about to send that again.
func (c *counter) noteMending() {
	for i := range c.ops {
		if o := &c.ops[i]; o.answer == confirmed && !o.recorded {
			o.answer = unanswered
		}
	}
}

// readings is how often the outcome is read when it changes meanwhile.
const readings = 3

// outcome reads the cart and which of the counters' operations are in it. A
// change that was on its way when its counter was closed may arrive in between;
// then it is read again, as the two must fit together.
func (e *examination) outcome(ctx context.Context, all []*counter) (data.Cart, error) {
	for range readings {
		cart, err := e.stored(ctx)
		if err != nil {
			return cart, err
		}
		if err := e.askRecords(ctx, all); err != nil {
			return cart, err
		}
		again, err := e.stored(ctx)
		if err != nil || again.Token == cart.Token {
			return again, err
		}
	}
	return data.Cart{}, errors.New("the cart goes on changing although nobody adds to it any more")
}

// askRecords asks the store for every operation. Where the network is slow that
// takes a while, so it is done for all counters at once.
func (e *examination) askRecords(ctx context.Context, all []*counter) error {
	errs := make([]error, len(all))
	var asking sync.WaitGroup
	for i, c := range all {
		asking.Go(func() { errs[i] = e.askRecordsOf(ctx, c.ops) })
	}
	asking.Wait()
	return errors.Join(errs...)
}

func (e *examination) askRecordsOf(ctx context.Context, ops []operation) error {
	for i := range ops {
		r, err := e.read(ctx, ops[i].id)
		if err != nil {
			return fmt.Errorf("ask for the operation %s: %w", ops[i].id, err)
		}
		ops[i].recorded = r.Mine
	}
	return nil
}
