package redis_test

import (
	"errors"
	"testing"
	"time"

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

// ending returns a clear or checkout of the cart that was seen.
func ending(kind data.Kind, seen data.Token) data.Change {
	c := change(kind, "", 0)
	c.Token = seen
	return c
}

func named(name string) data.Change {
	c := change(data.KindName, "", 0)
	c.Text = name
	return c
}

// counted puts a product with a stock in the catalogue.
func (b *bench) counted(id data.ProductID, stock int64) {
	b.Helper()
	if err := b.CreateProduct(b.Context(), data.Product{ID: id, Name: "The " + string(id), Price: 350, Stock: stock}); err != nil {
		b.Fatal(err)
	}
}

// overdue makes the cart's time run out, as the server does it.
func (b *bench) overdue() {
	b.Helper()
	b.raw("DEL", "{main}:cart:till")
	b.raw("HSET", "{main}:cartmeta:till", "d", b.clock()-1)
}

// clock returns the server's time in ms.
func (b *bench) clock() int64 {
	b.Helper()
	return b.raw("EVAL", "local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000)", 0).(int64)
}

// visit tells which carts a session has open, and returns the list.
func (b *bench) visit(session string, open ...data.CartID) []data.CartInfo {
	b.Helper()
	list, err := b.Carts(b.Context(), data.Visit{Session: session, Counter: "till 1", Open: open})
	if err != nil {
		b.Fatalf("carts: %v", err)
	}
	return list
}

func (b *bench) past(orders bool) []data.Past {
	b.Helper()
	past, err := b.Past(b.Context(), orders, time.Time{})
	if err != nil {
		b.Fatalf("past: %v", err)
	}
	return past
}
