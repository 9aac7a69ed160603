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
	if err := e.takeOut(ctx); err != nil {
		e.page.blank()
		e.page.text(fmt.Sprintf("The cart %s of this examination could not be removed; it runs out within %.0f minutes.", e.cart, CartLife.Minutes()))
	}
}

// takeOut removes the lines one by one: a cart that is cleared would stay in the
// shop's history.
func (e *examination) takeOut(ctx context.Context) error {
	cart, err := e.stored(ctx)
	if err != nil {
		return err
	}
	for _, l := range cart.Lines {
		c := data.Change{Op: data.NewOp(), Kind: data.KindRemove, Product: l.Product.ID, By: counterName}
		err := untilAnswered(ctx, func(ctx context.Context) error {
			_, err := e.store.Apply(ctx, e.cart, c)
			return err
		})
		var gone *data.NotInCartError
		if err != nil && !errors.As(err, &gone) {
			return err
		}
	}
	return nil
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
