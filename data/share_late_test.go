package data_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
)

// longAgo shows a shop as if all in it had been done before stores forgot it. It
// stands in for waiting a week.
type longAgo struct{ data.Backend }

const fortnight = 14 * 24 * time.Hour

func (l longAgo) Carts(ctx context.Context, v data.Visit) ([]data.CartInfo, error) {
	list, err := l.Backend.Carts(ctx, v)
	for i := range list {
		list[i].Began = list[i].Began.Add(-fortnight)
	}
	return list, err
}

func (l longAgo) Read(ctx context.Context, cart data.CartID, known data.Token, mine data.OpID) (data.Reading, error) {
	r, err := l.Backend.Read(ctx, cart, known, mine)
	for i := range r.Cart.Lines {
		r.Cart.Lines[i].Added = r.Cart.Lines[i].Added.Add(-fortnight)
	}
	return r, err
}

func TestShareIsRememberedLongerThanItsOperations(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		supply(m.T, m.to, goods...)
		m.from = longAgo{m.from}
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, m.from, "c", "milk", 1)
		call(m.T, m.from, "c", "Table 4")
		put(m.T, m.from, "d", "tea", 4)
		put(m.T, m.to, "d", "rye", 1)
		m.share()
		var aside data.CartID
		for _, c := range openCarts(m.T, m.to) {
			if brief(c) == "tea 4" {
				aside = c.ID
			}
		}
		m.shareAgain()
		m.there.forget(m.T, "there")
		m.shareAgain()
		inCart(m.T, m.to, "c", data.Change{Kind: data.KindRemove, Product: "tea"})
		call(m.T, m.to, "c", "Window")
		m.there.forget(m.T, "there")
		m.shareAgain()
		checkOut(m.T, m.to, "c")
		checkOut(m.T, m.to, aside)
		m.there.forget(m.T, "there")
		m.share()
		m.wantThere("d: rye 1")
	})
}

func TestShareCompletesACopyThatWasCutLongAgo(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		m.from = longAgo{m.from}
		for i, p := range goods {
			put(m.T, m.from, "c", p.ID, int64(2+i))
		}
		call(m.T, m.from, "c", "Table 4")
		ctx, cancel := context.WithCancel(t.Context())
		err := data.Share(ctx, m.from, m.to, "Till", func(so data.Shared) {
			if so.Done == 4 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			m.Fatalf("cancelled: %v", err)
		}
		m.wantThere("c (Table 4): tea 2")
		m.there.forget(m.T, "there")
		m.share()
		m.wantThere("c (Table 4): milk 3, rye 4, tea 2")
		m.shareAgain()
	})
}

func TestShareKnowsAnUntouchedCopyByItsLines(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		supply(m.T, m.to, goods...)
		m.from = longAgo{m.from}
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, m.from, "c", "milk", 1)
		put(m.T, m.from, "d", "tea", 4)
		put(m.T, m.to, "d", "tea", 4) // looks the same, and is another counter's
		m.share()
		if carts := openCarts(m.T, m.to); len(carts) != 3 {
			m.Fatalf("there are %v", briefCarts(m.T, m.to))
		}
		m.there.clear(m.T, "there")
		m.shareAgain()
	})
}
