package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trolley/data"
)

// mostProducts is how many products the trial uses.
const mostProducts = 3

// patience is how long the store may stay away where the examination cannot go
// on without its answer.
const patience = 15 * time.Second

// newCart returns the id of a cart that nobody has.
func newCart() data.CartID { return data.CartID("doctor-" + string(data.NewOp())[:12]) }

// chooseProducts returns sound products that there is no end of. When there are
// none, why tells it.
func (e *examination) chooseProducts(ctx context.Context) (ids []data.ProductID, why string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	why = "the catalogue is empty"
	err = e.store.Products(ctx, func(page []data.Product) bool {
		for _, p := range page {
			why = "all products are counted or damaged"
			if p.Check() == nil && p.Damaged == "" && p.Stock == data.Unlimited && len(ids) < mostProducts {
				ids = append(ids, p.ID)
			}
		}
		return len(ids) < mostProducts
	})
	return ids, why, err
}

// stored returns what the store holds in the cart.
func (e *examination) stored(ctx context.Context) (data.Cart, error) {
	r, err := e.read(ctx, "")
	return r.Cart, err
}

// read reads the cart, and whether the operation mine is in it.
func (e *examination) read(ctx context.Context, mine data.OpID) (r data.Reading, err error) {
	err = untilAnswered(ctx, func(ctx context.Context) error {
		r, err = e.store.Read(ctx, e.cart, data.Token{}, mine)
		return err
	})
	return r, err
}

// emptyCart leaves nothing of the cart but a few facts that run out. It does so
// even when ctx has ended.
func (e *examination) emptyCart(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := data.ErrCartChanged
	for try := 0; try < 3 && errors.Is(err, data.ErrCartChanged); try++ {
		err = e.clear(ctx)
	}
	if err != nil {
		e.page.blank()
		e.page.text(fmt.Sprintf("The cart %s of this examination could not be removed; it runs out within %.0f minutes.", e.cart, CartLife.Minutes()))
	}
}

func (e *examination) clear(ctx context.Context) error {
	cart, err := e.stored(ctx)
	if err != nil || len(cart.Lines) == 0 {
		return err
	}
	c := data.Change{Op: data.NewOp(), Kind: data.KindClear, Token: cart.Token, By: counterName}
	return untilAnswered(ctx, func(ctx context.Context) error {
		_, err := e.store.Apply(ctx, e.cart, c)
		return err
	})
}

// untilAnswered repeats a call that is safe to repeat while the store is away
// for a moment, as during a failover.
func untilAnswered(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := call(ctx)
		if f := data.FaultOf(err); f == data.FaultNone || f.Class() == data.Misconfigured {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}
