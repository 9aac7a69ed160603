package data_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
	"trolley/data/sample"
)

// inFile changes the file of a shop by hand.
func inFile(t *testing.T, dir, shop, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "shop-"+shop+".db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// unsteady is a shop of which replies get lost: the changes are made all the
// same. To a server a real proxy loses them; of a file it is pretended.
type unsteady struct {
	data.Backend
	lose  func(call func() error) error
	every int64              // of so many replies one is lost; 0: none
	cutAt int64              // with this one
	cut   context.CancelFunc // the copy ends
	calls atomic.Int64
}

func (u *unsteady) do(call func() error) error {
	n := u.calls.Add(1)
	if n == u.cutAt {
		err := u.lose(call)
		u.cut()
		return err
	}
	if u.every > 0 && n%u.every == 0 {
		return u.lose(call)
	}
	return call()
}

func (u *unsteady) Apply(ctx context.Context, cart data.CartID, c data.Change) (r data.Receipt, err error) {
	err = u.do(func() error {
		r, err = u.Backend.Apply(ctx, cart, c)
		return err
	})
	return r, err
}

func (u *unsteady) CreateProduct(ctx context.Context, p data.Product) error {
	return u.do(func() error { return u.Backend.CreateProduct(ctx, p) })
}

func losesFile(call func() error) error {
	_ = call() // whatever it answers
	return &data.UnavailableError{Fault: data.FaultCut}
}

// cutting holds that a copy that is cut with any of its replies, while now and
// then others get lost, brings everything once when it is repeated.
func cutting(t *testing.T, shop func(n int64) (to data.Backend, lose func(call func() error) error)) {
	from := folder(t).shop(t, redis.Config{Shop: "here"})
	supply(t, from, goods...)
	put(t, from, "c", "tea", 2)
	put(t, from, "c", "milk", 1)
	put(t, from, "d", "rye", 3)
	put(t, from, "d", "tea", 1)
	call(t, from, "c", "Table 4")
	for n, cut := int64(1), true; cut; n++ {
		to, lose := shop(n)
		put(t, stockedShop(t, to), "d", "milk", 9)
		ctx, cancel := context.WithCancel(t.Context())
		u := &unsteady{Backend: to, lose: lose, every: 3 + n%5, cutAt: n, cut: cancel}
		err := data.Share(ctx, from, u, "Till", nil)
		cut = u.calls.Load() >= n
		if cut && !errors.Is(err, context.Canceled) || !cut && err != nil {
			t.Fatalf("cut with reply %d: %v", n, err)
		}
		cancel()
		for range 2 {
			if err := data.Share(t.Context(), from, to, "Till", nil); err != nil {
				t.Fatalf("repeated after reply %d: %v", n, err)
			}
		}
		carts := openCarts(t, to)
		if len(carts) != 3 {
			t.Fatalf("after reply %d there are %v", n, briefCarts(t, to))
		}
		wantCarts(t, to, "c (Table 4): milk 1, tea 2", "d: milk 9", string(carts[2].ID)+" (Till): rye 3, tea 1")
	}
}

// stockedShop puts milk on the shelf.
func stockedShop(t *testing.T, b data.Backend) data.Backend {
	t.Helper()
	supply(t, b, goods[1])
	return b
}

func TestShareThatIsCutBringsEverythingOnce(t *testing.T) {
	t.Run("file", func(t *testing.T) {
		place := folder(t)
		cutting(t, func(n int64) (data.Backend, func(func() error) error) {
			return place.shop(t, redis.Config{Shop: fmt.Sprint("there-", n)}), losesFile
		})
	})
	t.Run("server", func(t *testing.T) {
		proxy := redistest.NewProxy(t, redistest.Start(t).Addr)
		cutting(t, func(n int64) (data.Backend, func(func() error) error) {
			s, err := redis.Open(redis.Config{URL: proxy.URL(), Shop: fmt.Sprint("there-", n)})
			return opened(t, s, err), func(call func() error) error {
				proxy.Swallow(1, "EVALSHA")
				return call()
			}
		})
		if proxy.Lost() < 20 {
			t.Errorf("%d replies were lost", proxy.Lost())
		}
	})
}

func TestShareTellsWhenTheServerStaysAway(t *testing.T) {
	from := folder(t).shop(t, redis.Config{Shop: "here"})
	supply(t, from, goods...)
	put(t, from, "c", "tea", 2)
	put(t, from, "c", "milk", 2)
	proxy := redistest.NewProxy(t, redistest.Start(t).Addr)
	s, err := redis.Open(redis.Config{URL: proxy.URL(), Shop: "there"})
	to := opened(t, s, err)
	err = data.Share(t.Context(), from, to, "Till", func(so data.Shared) {
		if so.Done == 4 {
			proxy.Refuse()
		}
	})
	if data.FaultOf(err) == data.FaultNone {
		t.Errorf("with the server away: %v", err)
	}
	proxy.Resume()
	if err := data.Share(t.Context(), from, to, "Till", nil); err != nil {
		t.Errorf("with the server back: %v", err)
	}
	wantCarts(t, to, "c: milk 2, tea 2")
}

func TestShareWithTheSameShopChangesNothing(t *testing.T) {
	for _, p := range []premises{folder(t), onServer(t)} {
		t.Run(p.kind, func(t *testing.T) {
			b := p.shop(t, redis.Config{Shop: "here"})
			supply(t, b, goods...)
			put(t, b, "c", "tea", 2)
			m := &move{T: t, from: b, to: p.shop(t, redis.Config{Shop: "here"}), there: p}
			m.shareAgain()
		})
	}
}

func TestShareTellsOfLinesThatCannotBeCopied(t *testing.T) {
	server := redistest.Start(t)
	s, err := redis.Open(redis.Config{URL: server.URL(), Shop: "here"})
	from := opened(t, s, err)
	supply(t, from, goods...)
	put(t, from, "c", "tea", 2)
	put(t, from, "c", "rye", 1)
	put(t, from, "d", "milk", 50)
	put(t, from, "e", "tea", 1)
	put(t, from, "e", "milk", 1)
	put(t, from, "f", "tea", 1)
	server.Do(t, "ZADD", "{here}:cart:c", "2.5", "milk")
	server.Do(t, "ZADD", "{here}:cart:c", "3", "ghost")
	server.Do(t, "ZADD", "{here}:cart:c", "3", "by hand {}")
	server.Do(t, "DEL", "{here}:product:rye")
	server.Do(t, "HSET", "{here}:product:milk", "price", "much")
	server.Do(t, "DEL", "{here}:cartmeta:f")
	server.Do(t, "SET", "{here}:cartmeta:f", "no cart")
	m := &move{T: t, from: from, to: folder(t).shop(t, redis.Config{Shop: "there", Limits: data.Limits{Quantity: 20, Lines: 1}})}
	err = data.Share(t.Context(), from, m.to, "Till", m.heard)
	if err != nil || m.last.Done != m.last.All {
		t.Fatalf("told %+v, %v", m.last, err)
	}
	if k := m.last.Skipped; len(k) != 1 || k[0].ID != "milk" || k[0].Damaged == "" {
		t.Errorf("skipped products: %+v", k)
	}
	m.wantThere("c: tea 2", "e: tea 1")
	var got []string
	for _, l := range m.last.LeftOut {
		got = append(got, fmt.Sprintf("%s %s %d %T", l.Cart, l.Line.Product.ID, l.More, l.Err))
	}
	want := []string{
		"c by hand {} 0 *data.InvalidError", "c ghost 0 *errors.errorString", "c milk 0 *data.DamagedError", "c rye 0 *errors.errorString",
		"d milk 0 *data.QuantityError", "e milk 0 *errors.errorString", "f  1 *data.DamagedError",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("left out:\n%q\nwant\n%q", got, want)
	}
}

func TestShareBesideSomethingThatIsNoCart(t *testing.T) {
	server := redistest.Start(t)
	s, err := redis.Open(redis.Config{URL: server.URL(), Shop: "there"})
	m := &move{T: t, from: folder(t).shop(t, redis.Config{Shop: "here"}), to: opened(t, s, err)}
	supply(t, m.from, goods...)
	put(t, m.from, "c", "tea", 2)
	server.Do(t, "SET", "{there}:cart:c", "no cart")
	server.Do(t, "SET", "{there}:product:rye", "no product")
	if so := m.share(); len(so.Skipped) != 1 || so.Skipped[0].ID != "rye" || so.Skipped[0].Damaged == "" {
		t.Errorf("told %+v", so)
	}
	if carts := openCarts(t, m.to); len(carts) == 0 || brief(carts[len(carts)-1]) != "tea 2" {
		t.Errorf("there are %v", briefCarts(t, m.to))
	}
	m.share()
}

func TestShareEndsWithItsContextAndAClosedShop(t *testing.T) {
	from := folder(t).shop(t, redis.Config{Shop: "here"})
	supply(t, from, goods...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := data.Share(ctx, from, from, "Till", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	if _, err := data.Held(ctx, from); !errors.Is(err, context.Canceled) {
		t.Errorf("counting with a context that has ended: %v", err)
	}
	proxy := redistest.NewProxy(t, redistest.Start(t).Addr)
	s, err := redis.Open(redis.Config{URL: proxy.URL(), Shop: "there"})
	to := opened(t, s, err)
	proxy.BlackHole()
	ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	err = data.Share(ctx, from, to, "Till", nil)
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 3*time.Second {
		t.Errorf("in a black hole: %v after %v", err, took)
	}
}

func TestHeldCountsAndKnowsTheSamples(t *testing.T) {
	for _, p := range []premises{folder(t), onServer(t)} {
		t.Run(p.kind, func(t *testing.T) {
			b := p.shop(t, redis.Config{Shop: "here"})
			held := func(want data.Holding, nothing bool) {
				t.Helper()
				h, err := data.Held(t.Context(), b, sample.Products()...)
				if err != nil || h != want || h.Nothing() != nothing {
					t.Errorf("it holds %+v (nothing %t, %v), want %+v (%t)", h, h.Nothing(), err, want, nothing)
				}
			}
			held(data.Holding{}, true)
			if err := sample.Load(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			n := len(sample.Products())
			held(data.Holding{Products: n, Samples: true}, true)
			call(t, b, "empty", "Nothing in it")
			held(data.Holding{Products: n, Samples: true}, true)
			put(t, b, "c", "espresso", 2)
			put(t, b, "c", sample.Products()[0].ID, 1)
			put(t, b, "d", "espresso", 2)
			held(data.Holding{Products: n, Carts: 2, Lines: len(readCart(t, b, "c").Lines) + 1}, false)
			checkOut(t, b, "c")
			checkOut(t, b, "d")
			supply(t, b, goods[2])
			held(data.Holding{Products: n + 1}, false)
		})
	}
}

func TestShareOfAWholeShopIsQuick(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		for i := range 300 {
			supply(m.T, m.from, data.Product{ID: data.ProductID(fmt.Sprint("p-", i)), Name: fmt.Sprint("Product ", i), Price: 100, Stock: data.Unlimited})
		}
		for i := range 200 {
			put(m.T, m.from, data.CartID(fmt.Sprintf("c-%02d", i%20)), data.ProductID(fmt.Sprint("p-", i)), int64(1+i))
		}
		began := time.Now()
		if so := m.share(); so.All != 500 {
			m.Errorf("told %+v", so)
		}
		if took := time.Since(began); took > 2*patience { // a slow disk, and the race detector
			m.Errorf("it took %v", took)
		}
		if got, want := briefCarts(m.T, m.to), briefCarts(m.T, m.from); !slices.Equal(got, want) {
			m.Errorf("there are\n%s\nwant\n%s", got, want)
		}
	})
}

func TestShareTellsThatThereMayBeMoreCarts(t *testing.T) {
	place := folder(t)
	m := &move{T: t, from: place.shop(t, redis.Config{Shop: "here"}), to: place.shop(t, redis.Config{Shop: "there"})}
	supply(t, m.from, goods...)
	for i := range data.MaxCarts + 1 {
		put(t, m.from, data.CartID(fmt.Sprint("c-", i)), "tea", 1)
	}
	if so := m.share(); !so.Full || so.Done != len(goods)+data.MaxCarts {
		t.Errorf("told %+v", so)
	}
}

func TestShareOfTwoComputersKeepsTheirCartsApart(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		third := folder(m.T).shop(m.T, redis.Config{Shop: "third"})
		for _, b := range []data.Backend{m.from, third} {
			supply(m.T, b, goods...)
		}
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, third, "c", "tea", 7)
		done := make(chan error, 4)
		for _, b := range []data.Backend{m.from, third, m.from, third} {
			go func() { done <- data.Share(t.Context(), b, m.to, "Till", nil) }()
		}
		for range 4 {
			if err := <-done; err != nil {
				m.Errorf("share: %v", err)
			}
		}
		var held []string
		for _, c := range openCarts(m.T, m.to) {
			held = append(held, brief(c))
		}
		slices.Sort(held)
		if got := strings.Join(held, "; "); got != "tea 2; tea 7" {
			m.Errorf("the carts there hold %s", got)
		}
	})
}
