package redis

import (
	"context"

	"trolley/data"
)

// Apply implements [data.Backend].
func (s *Store) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return data.Receipt{}, err
	}
	if err := c.Check(s.limits); err != nil {
		return data.Receipt{}, err
	}
	send := s.mutate
	if c.Kind.Ends() || c.Kind == data.KindName {
		send = s.whole
	}
	parts, err := send(ctx, cart, c)
	if err != nil {
		return data.Receipt{}, s.fail(ctx, err)
	}
	r := &reply{rest: parts}
	receipt, err := s.receipt(r, c)
	if r.err != nil {
		return data.Receipt{}, r.damaged()
	}
	return receipt, err
}

func (s *Store) mutate(ctx context.Context, cart data.CartID, c data.Change) ([]any, error) {
	k := s.keys
	keys := []string{k.cart(cart), k.meta(cart), k.op(cart, c.Op), k.product(c.Product)}
	return mutateScript.Run(ctx, s.client, keys, k.tag, string(cart),
		string(c.Kind), string(c.Product), c.Quantity, c.Seen, s.limits.Quantity, s.limits.Lines,
		s.timeout.Milliseconds(), s.remember.Milliseconds(),
		string(c.Op), data.EscapeCounter(c.By), c.Fingerprint(), s.history.Milliseconds(), c.Oversell).Slice()
}

func (s *Store) whole(ctx context.Context, cart data.CartID, c data.Change) ([]any, error) {
	k := s.keys
	keys := []string{k.cart(cart), k.meta(cart), k.op(cart, c.Op)}
	return wholeScript.Run(ctx, s.client, keys, k.tag, string(cart),
		string(c.Kind), c.Token.String(), c.Text, s.limits.Lines,
		s.timeout.Milliseconds(), s.remember.Milliseconds(),
		string(c.Op), data.EscapeCounter(c.By), c.Fingerprint(), s.history.Milliseconds(), c.Oversell).Slice()
}

// receipt reads the answer to a change: done, done before, or refused.
func (s *Store) receipt(r *reply, c data.Change) (data.Receipt, error) {
	switch status := r.text(); status {
	case "OK":
		return data.Receipt{Event: applied(r, c)}, nil
	case "DUP":
		e := data.Event{Token: data.Token{Version: r.number(), Op: c.Op}, Kind: c.Kind, Product: c.Product}
		e.Quantity, e.Was = r.number(), r.number()
		return data.Receipt{Duplicate: true, Event: e}, nil
	default:
		return data.Receipt{}, s.refusal(status, r, c)
	}
}

func applied(r *reply, c data.Change) data.Event {
	e := data.Event{Kind: c.Kind, Product: c.Product, Text: c.Text, By: c.By}
	e.Token = data.Token{Version: r.number(), Op: c.Op}
	e.Prev = data.OpID(r.text())
	e.Quantity, e.Was = r.number(), r.number()
	e.Added, e.At = r.when(), r.when()
	return e
}

// refusal makes the error of a status word and the parts that follow it.
func (s *Store) refusal(status string, r *reply, c data.Change) error {
	switch status {
	case "RANGE":
		return &data.QuantityError{Product: c.Product, Asked: c.Quantity, Have: r.number(), Max: s.limits.Quantity}
	case "NOPRODUCT":
		return data.ErrUnknownProduct
	case "STOCK":
		return &data.StockError{Have: r.number(), Left: r.number(), Product: data.ProductID(r.text())}
	case "FULL":
		return &data.FullError{Max: s.limits.Lines}
	case "ABSENT":
		return &data.NotInCartError{Product: c.Product, At: r.when(), By: data.UnescapeCounter(r.text())}
	case "CONFLICT":
		return &data.ConflictError{Product: c.Product, Seen: c.Seen, Now: r.number(), At: r.when(), By: data.UnescapeCounter(r.text())}
	case "CHANGED":
		return data.ErrCartChanged
	case "OPREUSE":
		return &data.OpReusedError{Quantity: r.number(), Was: r.number()}
	case "DAMAGED":
		return &data.DamagedError{What: data.Clean(r.text(), 100)}
	}
	r.err = errReply
	return nil
}

// Keep implements [data.Backend].
func (s *Store) Keep(ctx context.Context, cart data.CartID) error {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return err
	}
	keys := []string{s.keys.cart(cart), s.keys.meta(cart)}
	return s.fail(ctx, keepScript.Run(ctx, s.client, keys, s.keys.tag, string(cart), s.timeout.Milliseconds(), s.history.Milliseconds()).Err())
}
