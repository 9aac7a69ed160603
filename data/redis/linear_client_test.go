package redis_test

import (
	"context"
	"errors"
	"testing"
	"time"

	driver "github.com/redis/go-redis/v9"

	"trolley/data"
	"trolley/data/redis"
)

// actor is a client as far as the cart sees it.
type actor interface {
	// change makes a change and returns what it was told: an unknown outcome
	// where ctx ended first, or where nobody can tell.
	change(ctx context.Context, m move) answer
	// quantities reads a line, and whichever others it gets to see at the same
	// moment; false: there was no answer.
	quantities(p data.ProductID) (map[data.ProductID]int64, bool)
}

// attempt is how long a client waits for one answer.
const attempt = time.Second

// careful goes on to send a change, with the same operation id, until it has a
// definite answer.
type careful struct {
	t       testing.TB
	store   *redis.Store
	forgets bool // a mistake: each attempt has an operation id of its own
	again   int  // changes of which an earlier attempt turned out to be done
	strange bool // an error came back that is none to be expected
}

func (c *careful) change(ctx context.Context, m move) answer {
	op := data.NewOp()
	for ctx.Err() == nil {
		if a, definite := c.try(m, op); definite {
			return a
		}
		if c.forgets {
			op = data.NewOp()
		}
		pause(ctx, 5*time.Millisecond)
	}
	return answer{outcome: unknown}
}

// try makes one attempt. It does not end with the run: what was begun before
// the end may get its answer.
func (c *careful) try(m move, op data.OpID) (_ answer, definite bool) {
	ctx, cancel := context.WithTimeout(context.Background(), attempt)
	defer cancel()
	r, err := c.store.Apply(ctx, cart, data.Change{
		Op: op, Kind: m.kind, Product: m.product, Quantity: m.n, Seen: m.seen, By: "till 1",
	})
	if err != nil {
		return c.refusal(err)
	}
	if r.Duplicate {
		c.again++
	}
	return answer{done, r.Event.Quantity, r.Event.Was}, true
}

// refusal makes an answer of a store's error; one that is not definite says
// nothing about what became of the change.
func (c *careful) refusal(err error) (_ answer, definite bool) {
	var quantity *data.QuantityError
	var gone *data.NotInCartError
	var changed *data.ConflictError
	switch {
	case errors.As(err, &quantity):
		return answer{outcome: outside, quantity: quantity.Have}, true
	case errors.As(err, &gone):
		return answer{outcome: absent}, true
	case errors.As(err, &changed):
		return answer{outcome: conflict, quantity: changed.Now}, true
	}
	if f := data.FaultOf(err); !c.strange && (f == data.FaultNone || f.Class() != data.Transient) {
		c.strange = true
		c.t.Errorf("neither an answer nor a fault that passes: %v", err)
	}
	return answer{}, false
}

func (c *careful) quantities(data.ProductID) (map[data.ProductID]int64, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), attempt)
	defer cancel()
	r, err := c.store.Read(ctx, cart, data.Token{}, "")
	if err != nil {
		c.refusal(err)
		return nil, false
	}
	have := map[data.ProductID]int64{}
	for _, p := range shelf {
		have[p] = 0
	}
	for _, l := range r.Cart.Lines {
		have[l.Product.ID] = l.Quantity
	}
	return have, true
}

// naive adds by the driver's command for it, and leaves repeating to the driver.
type naive struct{ client *driver.Client }

// naiveCart is the key of the cart that naive and hasty clients fill.
const naiveCart = "cart"

func (b *naive) change(ctx context.Context, m move) answer {
	q, err := b.client.ZIncrBy(context.WithoutCancel(ctx), naiveCart, float64(m.n), string(m.product)).Result()
	if err != nil {
		return answer{outcome: unknown}
	}
	return answer{done, int64(q), int64(q) - m.n}
}

func (b *naive) quantities(p data.ProductID) (map[data.ProductID]int64, bool) {
	q, err := b.client.ZScore(context.Background(), naiveCart, string(p)).Result()
	return map[data.ProductID]int64{p: int64(q)}, err == nil || errors.Is(err, driver.Nil)
}

// hasty adds by reading what is there and writing what there should be.
type hasty struct{ naive }

func (h *hasty) change(ctx context.Context, m move) answer {
	have, ok := h.quantities(m.product)
	was := have[m.product]
	line := driver.Z{Score: float64(was + m.n), Member: string(m.product)}
	if !ok || h.client.ZAdd(context.WithoutCancel(ctx), naiveCart, line).Err() != nil {
		return answer{outcome: unknown}
	}
	return answer{done, was + m.n, was}
}

// pause waits for d; false means that ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-ctx.Done():
		return false
	}
}
