package redis_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
)

const month = 30 * 24 * time.Hour

// withTimeout gives carts an hour.
func (b *bench) withTimeout() *bench {
	b.Helper()
	b.Store = open(b, redis.Config{URL: b.server.URL(), Timeout: time.Hour})
	return b
}

// wantLife compares the timeout of a key.
func (b *bench) wantLife(key string, want time.Duration) {
	b.Helper()
	left := time.Duration(b.raw("PTTL", key).(int64)) * time.Millisecond
	if left > want || left < want-10*time.Second {
		b.Errorf("%s lives another %v, want %v", key, left, want)
	}
}

func TestMetaOutlivesItsCartByAMonth(t *testing.T) {
	b := start(t).stock("tea").withTimeout()
	lives := func() {
		t.Helper()
		b.wantLife("{main}:cart:till", time.Hour)
		b.wantLife("{main}:cartmeta:till", time.Hour+month)
	}
	b.apply(add("tea", 1))
	lives()
	b.apply(named("Table 4"))
	lives()
	b.raw("PEXPIRE", "{main}:cart:till", 5000)
	b.raw("PEXPIRE", "{main}:cartmeta:till", 5000)
	b.raw("HSET", "{main}:cartmeta:till", "d", b.clock()+5000)
	b.raw("ZADD", "{main}:carts", b.clock()+5000, "till")
	if err := b.Keep(t.Context(), cart); err != nil {
		t.Fatal(err)
	}
	lives()
	if left := b.read().Expires; time.Until(left) < time.Hour-10*time.Second {
		t.Errorf("it expires at %v", left)
	}
	b.want(b.raw("HGET", "{main}:cartmeta:till", "d"), "ZSCORE", "{main}:carts", "till")
	b.apply(ending(data.KindClear, b.read().Token))
	b.wantLife("{main}:cartmeta:till", time.Hour+month)
}

func TestExpiredCartIsPutBackFromWhatIsKept(t *testing.T) {
	b := start(t).stock("tea", "cake").withTimeout()
	b.apply(add("tea", 2))
	last := b.apply(add("cake", 3)).Event.Token.Op
	b.overdue()
	ended := b.read().Ended
	if ended == nil || ended.ID != last || ended.How != data.Expired || len(ended.Cart.Lines) != 2 {
		t.Fatalf("the cart ended as %+v", ended)
	}
	for range 2 { // as two counters do it
		for _, l := range ended.Cart.Lines {
			c := add(l.Product.ID, l.Quantity)
			c.Op = data.RestoreOp(ended.ID, l.Product.ID)
			b.apply(c)
		}
	}
	b.want("2", "ZSCORE", "{main}:cart:till", "tea")
	b.want("3", "ZSCORE", "{main}:cart:till", "cake")
}

func TestPastWritesTheDocumentedKeys(t *testing.T) {
	b := start(t).stock("tea").withTimeout()
	b.raw("HSET", "{main}:product:tea", "name", "Tea, 100 g")
	b.apply(named("Table 4"))
	e := b.apply(add("tea", 3)).Event
	b.overdue()
	at := b.raw("HGET", "{main}:cartmeta:till", "d").(string) + "000"
	b.apply(add("tea", 1))
	key := "{main}:past:till:" + string(e.Token.Op)
	for field, want := range map[string]string{
		"cart": "till", "name": "Table 4", "how": "expired", "at": at, "by": "", "v": "2", "more": "0",
		"l:tea": fmt.Sprintf("3 240 %d %d till%%201 Tea, 100 g", e.At.UnixMicro(), e.At.UnixMicro()),
	} {
		b.want(want, "HGET", key, field)
	}
	b.want(int64(8), "HLEN", key)
	b.want(at, "ZSCORE", "{main}:past", "till:"+string(e.Token.Op))
	for _, key := range []string{key, "{main}:past"} {
		b.wantLife(key, month)
	}
	out := b.apply(ending(data.KindCheckout, b.read().Token)).Event
	b.want(fmt.Sprint(out.At.UnixMicro()), "ZSCORE", "{main}:orders", "till:"+string(out.Token.Op))
	b.wantLife("{main}:orders", month)
	b.want(int64(0), "ZCARD", "{main}:carts")
}

func TestWhatEndedAMonthAgoIsForgotten(t *testing.T) {
	b := start(t).stock("tea")
	old := time.Now().Add(-month - time.Minute).UnixMicro()
	b.raw("ZADD", "{main}:past", old, "till:old")
	b.raw("HSET", "{main}:past:till:old", "how", "emptied", "at", old)
	if past := b.past(false); len(past) != 0 {
		t.Errorf("%+v", past)
	}
	b.apply(add("tea", 1))
	b.apply(ending(data.KindClear, b.read().Token))
	b.want(nil, "ZSCORE", "{main}:past", "till:old")
	if past := b.past(false); len(past) != 1 {
		t.Errorf("%+v", past)
	}
}

func TestChangesOfAMonthAgoAreForgotten(t *testing.T) {
	b := start(t).stock("tea")
	e := b.apply(add("tea", 1)).Event
	b.apply(add("tea", 1))
	e.At = time.Now().Add(-month - time.Minute)
	b.raw("HSET", "{main}:cartmeta:till", "e:1", e.Encode())
	if events, err := b.Activity(t.Context(), cart); err != nil || len(events) != 1 || events[0].Token.Version != 2 {
		t.Errorf("%+v, %v", events, err)
	}
}

// earlier makes a cart as the version before this one left it.
func (b *bench) earlier() {
	b.Helper()
	b.raw("ZADD", "{main}:cart:till", 2, "tea")
	b.raw("HSET", "{main}:cartmeta:till", "v", "7", "o", "before", "l:tea", "1700000000000000 1700000000000000 till%201", "l:", "0 5 till%202")
	b.raw("PEXPIRE", "{main}:cart:till", 60000)
	b.raw("PEXPIRE", "{main}:cartmeta:till", 60000)
}

func TestCartOfTheEarlierVersionGoesOn(t *testing.T) {
	b := start(t).stock("tea", "cake").withTimeout()
	b.earlier()
	c := b.read()
	if l := c.Lines[0]; c.Token.Version != 7 || l.Quantity != 2 || l.By != "till 1" || l.Added.UnixMicro() != 1700000000000000 {
		t.Errorf("the cart is %+v", c)
	}
	if left := time.Until(c.Expires); left > time.Minute || left < 50*time.Second {
		t.Errorf("it expires in %v", left)
	}
	if events, err := b.Activity(t.Context(), cart); err != nil || len(events) != 0 {
		t.Errorf("activity is %+v, %v", events, err)
	}
	if list := b.visit("one", cart); len(list) != 1 || list[0].Lines != 1 || !list[0].Began.IsZero() || list[0].Last.Kind != "" {
		t.Errorf("the list is %+v", list)
	}
	b.apply(change(data.KindStep, "tea", 1))
	b.wantLife("{main}:cartmeta:till", time.Hour+month)
	if events, _ := b.Activity(t.Context(), cart); len(events) != 1 {
		t.Errorf("activity is %+v", events)
	}
	b.earlier()
	b.apply(ending(data.KindClear, data.Token{Version: 7, Op: "before"}))
	if past := b.past(false); len(past) != 1 || past[0].Cart.Lines[0].Quantity != 2 {
		t.Errorf("past is %+v", past)
	}
}

func TestCartOfTheEarlierVersionEndsWithTheLinesThatAreKnown(t *testing.T) {
	b := start(t).stock("tea", "cake")
	b.earlier()
	b.apply(add("cake", 4))
	b.overdue()
	b.visit("one")
	past := b.past(false)
	if len(past) != 1 || len(past[0].Cart.Lines) != 1 || past[0].Cart.Lines[0].Product.ID != "cake" {
		t.Errorf("past is %+v", past)
	}
}

// A counter of the version before this one renews the keys and no deadline.
func TestCartThatAnEarlierVersionRenewedIsThere(t *testing.T) {
	b := start(t).stock("tea").withTimeout()
	token := b.apply(add("tea", 1)).Event.Token
	b.raw("HSET", "{main}:cartmeta:till", "d", b.clock()-1)
	if list := b.visit("one"); len(list) != 1 || list[0].Lines != 1 {
		t.Errorf("the list is %+v", list)
	}
	if c := b.read(); c.Token != token || len(c.Lines) != 1 {
		t.Errorf("the cart is %+v", c)
	}
	b.apply(add("tea", 1))
	b.want("2", "ZSCORE", "{main}:cart:till", "tea")
}

func TestLastChangesAreKept(t *testing.T) {
	b := start(t).stock("tea")
	const changes = data.MaxActivity + 9
	want := make([]data.Event, changes)
	for i := range changes {
		want[i] = b.apply(add("tea", 1)).Event
	}
	slices.Reverse(want)
	events, err := b.Activity(t.Context(), cart)
	if err != nil || len(events) != data.MaxActivity {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, e := range events {
		if e.Encode() != want[i].Encode() {
			t.Errorf("event %d is %s, want %s", i, e.Encode(), want[i].Encode())
		}
	}
	// As if the version before this one had counted on without keeping events.
	b.raw("HSET", "{main}:cartmeta:till", "v", changes+100)
	if events, _ := b.Activity(t.Context(), cart); len(events) != data.MaxActivity-100 {
		t.Errorf("%d events after a hundred that were not kept", len(events))
	}
}

func TestStockIsCountedDownOnce(t *testing.T) {
	b := start(t).stock("tea")
	b.counted("cake", 5)
	b.apply(add("cake", 2))
	b.apply(add("tea", 1))
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	c := ending(data.KindCheckout, b.read().Token)
	b.apply(c)
	h.await(data.SignalCatalogue)
	if r := b.apply(c); !r.Duplicate || r.Event.Was != 2 {
		t.Errorf("the repeat is %+v", r)
	}
	b.want("3", "HGET", "{main}:product:cake", "stock")
	b.want(nil, "HGET", "{main}:product:tea", "stock")
}

func TestDamagedCartIsNotCheckedOut(t *testing.T) {
	b := start(t)
	cases := map[string]func(){
		"quantity":     func() { b.lines("cake", "1.5") },
		"unknown":      func() { b.raw("DEL", "{main}:product:cake") },
		"type":         func() { b.raw("DEL", "{main}:product:cake"); b.raw("SET", "{main}:product:cake", "x") },
		"name":         func() { b.raw("HSET", "{main}:product:cake", "name", "") },
		"price":        func() { b.raw("HSET", "{main}:product:cake", "price", "-1") },
		"stock":        func() { b.raw("HSET", "{main}:product:cake", "stock", "many") },
		"padded stock": func() { b.raw("HSET", "{main}:product:cake", "stock", "007") },
		"too many lines": func() {
			b.lines("bun", "1")
			b.Store = open(t, redis.Config{URL: b.server.URL(), Limits: data.Limits{Lines: 2}})
		},
		"version": func() { b.raw("HSET", "{main}:cartmeta:till", "v", "1e3") },
	}
	healthy := b.Store
	for name, damage := range cases {
		t.Run(name, func(t *testing.T) {
			b.raw("FLUSHALL")
			b.Store = healthy
			b.stock("tea")
			b.counted("apple", 9)
			b.counted("cake", 5)
			b.apply(add("apple", 1))
			b.apply(add("cake", 1))
			c := ending(data.KindCheckout, b.read().Token)
			damage()
			before := b.kept(c.Op)
			_, err := b.Apply(t.Context(), cart, c)
			wantAs[*data.DamagedError](t, err)
			if after := b.kept(c.Op); after != before {
				t.Errorf("before %s\nafter  %s", before, after)
			}
			b.want("9", "HGET", "{main}:product:apple", "stock")
		})
	}
}

func TestUnknownPriceIsKeptAsUnknown(t *testing.T) {
	b := start(t)
	b.lines("ghost", "2")
	b.lines("odd", "inf")
	b.raw("HSET", "{main}:product:odd", "name", "Odd", "price", "-3")
	b.apply(ending(data.KindClear, data.Token{}))
	lines := b.read().Ended.Cart.Lines
	if l := lines[0]; l.Product.ID != "ghost" || l.Known || l.Quantity != 2 || !l.Added.IsZero() {
		t.Errorf("line is %+v", l)
	}
	if l := lines[1]; l.Product.Name != "Odd" || l.Product.Damaged == "" || l.Damaged != "inf" {
		t.Errorf("line is %+v", l)
	}
}

func TestNameNeedsASoundCart(t *testing.T) {
	b := start(t)
	b.raw("SET", "{main}:cartmeta:till", "x")
	_, err := b.Apply(t.Context(), cart, named("Table 4"))
	wantAs[*data.DamagedError](t, err)
	b.apply(ending(data.KindClear, data.Token{}))
	b.apply(named("Table 4"))
	if name := b.read().Name; name != "Table 4" {
		t.Errorf("the cart is called %q", name)
	}
}
