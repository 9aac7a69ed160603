package redis_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"trolley/data"
	"trolley/data/redis"
)

// turns is how often two calls that are compared take turns.
const turns = 200

// wantPace compares two calls by the medians of how long they take, turn by
// turn, so that both meet the same noise. Ours may take most times as long. A
// computer that has much else to do gets another try.
func wantPace(t *testing.T, most float64, ours, theirs func()) {
	t.Helper()
	var ratio float64
	for range 3 {
		var a, b []time.Duration
		for range turns {
			a, b = append(a, timed(ours)), append(b, timed(theirs))
		}
		ratio = float64(median(a)) / float64(median(b))
		t.Logf("%v against %v: %.2f times as long, at most %.2f", median(a), median(b), ratio, most)
		if ratio <= most {
			return
		}
	}
	t.Errorf("it takes %.2f times as long, at most %.2f is fine", ratio, most)
}

func timed(call func()) time.Duration {
	began := time.Now()
	call()
	return time.Since(began)
}

// What the store does for its rules must stay small beside the way to the server
// and back. The benchmarks tell how small it is; here it is only seen to that it
// does not become something else.
func TestPace(t *testing.T) {
	ctx := context.Background()
	b := start(t).stock("tea")
	b.Store = open(t, redis.Config{URL: b.server.URL(), Timeout: time.Hour, Limits: data.Limits{Quantity: 1 << 50}})
	client := goredis.NewClient(&goredis.Options{Addr: b.server.Addr, MaxRetries: -1, DisableIdentity: true})
	defer client.Close()
	t.Run("add beside PING", func(t *testing.T) {
		wantPace(t, 6, func() { b.apply(add("tea", 1)) }, func() { client.Ping(ctx) })
	})
	t.Run("question whether a cart changed beside PING", func(t *testing.T) {
		known := b.read().Token
		wantPace(t, 4, func() { _, _ = b.Read(ctx, cart, known, "") }, func() { client.Ping(ctx) })
	})
	t.Run("cart of 100 lines beside asking for each product", func(t *testing.T) {
		for i := range 100 {
			id := fmt.Sprintf("p%02d", i)
			b.stock(data.ProductID(id)).lines(id, "2")
		}
		wantPace(t, 0.5, func() { b.read() }, func() {
			for _, id := range client.ZRange(ctx, "{main}:cart:till", 0, -1).Val() {
				client.HGetAll(ctx, "{main}:product:"+id)
			}
		})
	})
	t.Run("event beside a bare message", func(t *testing.T) { testEventPace(t, b, client) })
}

func testEventPace(t *testing.T, b *bench, client *goredis.Client) {
	h := watch(t, open(t, redis.Config{URL: b.server.URL()}))
	h.await(data.SignalUp)
	sub := client.Subscribe(t.Context(), "bare")
	defer sub.Close()
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantPace(t, 6, func() {
		b.apply(add("tea", 1))
		h.await(data.SignalEvent)
	}, func() {
		client.Publish(t.Context(), "bare", "1 7 3 2 1700000000000 1700000000000 add 0123456789abcdef - till tea")
		_, _ = sub.ReceiveMessage(t.Context())
	})
}
