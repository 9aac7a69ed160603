package redis_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"trolley/data"
	"trolley/data/redis"
)

// bare opens the driver without anything of ours, with a pool of our size.
func bare(b *testing.B, addr string) *goredis.Client {
	b.Helper()
	c := goredis.NewClient(&goredis.Options{Addr: addr, PoolSize: 8, MaxRetries: -1, DisableIdentity: true})
	b.Cleanup(func() { _ = c.Close() })
	return c
}

// spread runs n calls of do in g goroutines, and returns how long all took.
func spread(g, n int, do func(worker int)) time.Duration {
	began := time.Now()
	var wg sync.WaitGroup
	for w := range g {
		wg.Go(func() {
			for i := w; i < n; i += g {
				do(w)
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// rounds is how often the two sides of a comparison take turns, so that both
// meet the same noise.
const rounds = 10

// BenchmarkAdd compares an add with all its rules to PING on the same server:
// ratio/PING is its share of PING's throughput.
func BenchmarkAdd(b *testing.B) {
	for _, g := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("goroutines=%d", g), func(b *testing.B) {
			s := start(b).stock("tea")
			s.Store = open(b, redis.Config{URL: s.server.URL(), Timeout: time.Hour, Limits: data.Limits{Quantity: 1 << 50}})
			client, ctx := bare(b, s.server.Addr), context.Background()
			add := func(w int) {
				if _, err := s.Apply(ctx, data.CartID(fmt.Sprint("till-", w)), add("tea", 1)); err != nil {
					b.Error(err)
				}
			}
			ping := func(int) { client.Ping(ctx) }
			spread(g, 10*g, add)
			spread(g, 10*g, ping)
			var adds, pings time.Duration
			b.ResetTimer()
			for range rounds {
				n := max(g, b.N/rounds)
				adds += spread(g, n, add)
				b.StopTimer()
				pings += spread(g, n, ping)
				b.StartTimer()
			}
			b.ReportMetric(float64(pings)/float64(adds), "ratio/PING")
		})
	}
}

// BenchmarkEvent compares the way of a change from one counter to another, from
// the call to the event, to a bare PUBLISH and its message: ratio/PUBLISH is
// the ratio of the medians.
func BenchmarkEvent(b *testing.B) {
	s := start(b).stock("tea")
	s.Store = open(b, redis.Config{URL: s.server.URL(), Limits: data.Limits{Quantity: 1 << 50}})
	other := open(b, redis.Config{URL: s.server.URL()})
	ctx, cancel := context.WithCancel(context.Background())
	signals, ended := make(chan data.Signal, 16), make(chan struct{})
	go func() {
		defer close(ended)
		other.Watch(ctx, cart, func(sig data.Signal) { signals <- sig })
	}()
	defer func() { cancel(); <-ended }()
	client := bare(b, s.server.Addr)
	sub := client.Subscribe(ctx, "bare")
	defer sub.Close()
	if _, err := sub.Receive(ctx); err != nil {
		b.Fatal(err)
	}
	<-signals // following has begun

	var ours, theirs []time.Duration
	for b.Loop() {
		began := time.Now()
		s.apply(add("tea", 1))
		<-signals
		ours = append(ours, time.Since(began))
		b.StopTimer()
		began = time.Now()
		client.Publish(ctx, "bare", "1 7 3 2 1700000000000 1700000000000 add 0123456789abcdef - till tea")
		_, _ = sub.ReceiveMessage(ctx)
		theirs = append(theirs, time.Since(began))
		b.StartTimer()
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "ratio/PUBLISH")
}

// BenchmarkCatalogue compares loading the catalogue to the same by pipelined
// commands, which send each name at whatever length it has: ratio/pipelined is
// the ratio of the times.
func BenchmarkCatalogue(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("products=%d", n), func(b *testing.B) {
			s := start(b)
			for i := 0; i < n; i += 1000 {
				s.raw("EVAL", `for i = ARGV[1], ARGV[1] + 999 do
					local id = string.format('p%07d', i)
					redis.call('HSET', '{main}:product:' .. id, 'name', 'Product number ' .. i, 'price', i, 'barcode', 40000000 + i)
					redis.call('ZADD', KEYS[1], 0, id)
				end`, 1, "{main}:products", i)
			}
			client := bare(b, s.server.Addr)
			var ours, theirs time.Duration
			for b.Loop() {
				began := time.Now()
				count := 0
				err := s.Products(context.Background(), func(page []data.Product) bool { count += len(page); return true })
				if err != nil || count != n {
					b.Fatalf("%d products, %v", count, err)
				}
				ours += time.Since(began)
				b.StopTimer()
				theirs += spread(1, 1, func(int) { pipelined(client) })
				b.StartTimer()
			}
			b.ReportMetric(float64(ours)/float64(theirs), "ratio/pipelined")
		})
	}
}

// pipelined loads the catalogue by HMGET, a page at a time.
func pipelined(client *goredis.Client) {
	ctx := context.Background()
	for first := int64(0); ; first += 500 {
		ids := client.ZRange(ctx, "{main}:products", first, first+499).Val()
		if len(ids) == 0 {
			return
		}
		answers, _ := client.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
			for _, id := range ids {
				pipe.HMGet(ctx, "{main}:product:"+id, "name", "price", "barcode")
			}
			return nil
		})
		for i, a := range answers {
			f := a.(*goredis.SliceCmd).Val()
			data.ReadProduct(data.ProductID(ids[i]), f[0].(string), f[1].(string), f[2].(string), "")
		}
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
