package redis_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// The driver notices up to a second after Close that it need not go on to dial
// a server that refused it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

const cart data.CartID = "till"

// bench is a server with a store on it.
type bench struct {
	testing.TB
	*redis.Store
	server *redistest.Server
}

// start starts a server of its own and opens the shop "main" on it.
func start(t testing.TB, args ...string) *bench {
	t.Helper()
	server := redistest.Start(t, args...)
	return &bench{t, open(t, redis.Config{URL: server.URL()}), server}
}

// open opens a store and closes it with the test.
func open(t testing.TB, c redis.Config) *redis.Store {
	t.Helper()
	if c.Shop == "" {
		c.Shop = "main"
	}
	s, err := redis.Open(c)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// stock puts products in the catalogue.
func (b *bench) stock(ids ...data.ProductID) *bench {
	b.Helper()
	for _, id := range ids {
		p := data.Product{ID: id, Name: "The " + string(id), Price: 240, Stock: data.Unlimited}
		if err := b.CreateProduct(b.Context(), p); err != nil {
			b.Fatalf("create %s: %v", id, err)
		}
	}
	return b
}

// apply makes a change that must succeed.
func (b *bench) apply(c data.Change) data.Receipt {
	b.Helper()
	r, err := b.Apply(b.Context(), cart, c)
	if err != nil {
		b.Fatalf("%s %s: %v", c.Kind, c.Product, err)
	}
	return r
}

func (b *bench) read() data.Cart {
	b.Helper()
	r, err := b.Read(b.Context(), cart, data.Token{}, "")
	if err != nil {
		b.Fatalf("read: %v", err)
	}
	return r.Cart
}

// raw runs a command on the server, past the store.
func (b *bench) raw(args ...any) any {
	b.Helper()
	return b.server.Do(b, args...)
}

// want compares the raw answer of the server.
func (b *bench) want(want any, args ...any) {
	b.Helper()
	if got := b.raw(args...); got != want {
		b.Errorf("%v is %#v, want %#v", args, got, want)
	}
}

func change(kind data.Kind, p data.ProductID, n int64) data.Change {
	return data.Change{Op: data.NewOp(), Kind: kind, Product: p, Quantity: n, By: "till 1"}
}

func add(p data.ProductID, n int64) data.Change { return change(data.KindAdd, p, n) }

// wantAs fails the test unless err is of type E, and returns it.
func wantAs[E error](t testing.TB, err error) E {
	t.Helper()
	var want E
	if !errors.As(err, &want) {
		t.Fatalf("error is %v (%T), want a %T", err, err, want)
	}
	return want
}

func wantFault(t testing.TB, err error, want data.Fault) {
	t.Helper()
	if got := data.FaultOf(err); got != want {
		t.Errorf("fault is %q (%v), want %q", got, err, want)
	}
}
