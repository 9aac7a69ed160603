package redis_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
)

func TestAddWritesTheDocumentedKeys(t *testing.T) {
	b := start(t).stock("tea")
	c := add("tea", 3)
	e := b.apply(c).Event
	b.want("3", "ZSCORE", "{main}:cart:till", "tea")
	b.want("1", "HGET", "{main}:cartmeta:till", "v")
	b.want(string(c.Op), "HGET", "{main}:cartmeta:till", "o")
	at := e.At.UnixMicro()
	b.want(fmt.Sprintf("%d %d till%%201 3", at, at), "HGET", "{main}:cartmeta:till", "l:tea")
	b.want("0", "HGET", "{main}:cartmeta:till", "d")
	b.want(fmt.Sprint(at), "HGET", "{main}:cartmeta:till", "b")
	b.want(e.Encode(), "HGET", "{main}:cartmeta:till", "e:1")
	b.want("9007199254740000", "ZSCORE", "{main}:carts", "till")
	b.want("1 3 0 add 3 tea", "GET", "{main}:op:till:"+string(c.Op))
	b.want("The tea", "HGET", "{main}:product:tea", "name")
	b.want("240", "HGET", "{main}:product:tea", "price")
	b.want(nil, "HGET", "{main}:product:tea", "stock")
	b.want("0", "ZSCORE", "{main}:products", "tea")
	left := time.Duration(b.raw("PTTL", "{main}:op:till:"+string(c.Op)).(int64)) * time.Millisecond
	if left < data.OpLife-10*time.Second || left > data.OpLife {
		t.Errorf("the operation record lives another %v, want a week", left)
	}
	if n := b.raw("DBSIZE"); n != int64(6) {
		t.Errorf("%v keys: %v", n, b.raw("KEYS", "*"))
	}
}

func TestRemovedLineKeepsWhoTookItOut(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 3))
	e := b.apply(change(data.KindStep, "tea", -3)).Event
	b.want(nil, "ZSCORE", "{main}:cart:till", "tea")
	b.want(fmt.Sprintf("0 %d till%%201 0", e.At.UnixMicro()), "HGET", "{main}:cartmeta:till", "l:tea")
}

func TestClearLeavesNothingOfTheLines(t *testing.T) {
	b := start(t).stock("tea", "cake")
	b.apply(add("tea", 3))
	b.apply(add("cake", 1))
	b.apply(named("Table 4"))
	e := b.apply(ending(data.KindClear, b.read().Token)).Event
	if e.Was != 2 || e.Token.Version != 4 {
		t.Errorf("event is %+v", e)
	}
	b.want(int64(0), "EXISTS", "{main}:cart:till")
	b.want(int64(0), "ZCARD", "{main}:carts")
	b.want("4", "HGET", "{main}:cartmeta:till", "v")
	b.want(fmt.Sprintf("0 %d till%%201", e.At.UnixMicro()), "HGET", "{main}:cartmeta:till", "l:")
	b.want(string(e.Token.Op), "HGET", "{main}:cartmeta:till", "x")
	b.want(int64(9), "HLEN", "{main}:cartmeta:till") // those and o, d and the four events
}

func TestLineTakenOutByHandAccusesNobody(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	b.raw("ZREM", "{main}:cart:till", "tea")
	_, err := b.Apply(t.Context(), cart, change(data.KindStep, "tea", 1))
	var missing *data.NotInCartError
	if !errors.As(err, &missing) || missing.By != "" || !missing.At.IsZero() {
		t.Errorf("%+v", err)
	}
}

func TestRefusalWritesNothing(t *testing.T) {
	b := start(t).stock("tea")
	for _, c := range []data.Change{add("nothing", 1), change(data.KindStep, "tea", 1), change(data.KindRemove, "tea", 0)} {
		if _, err := b.Apply(t.Context(), cart, c); err == nil {
			t.Errorf("%s %s was done", c.Kind, c.Product)
		}
	}
	b.want(int64(2), "DBSIZE") // the product and the index
}

func TestTimeoutSlidesOnChangesAndKeepOnly(t *testing.T) {
	b := start(t).stock("tea")
	s := open(t, redis.Config{URL: b.server.URL(), Timeout: time.Hour})
	b.Store = s
	slides := func(what string, want bool, do func()) {
		t.Helper()
		for _, key := range []string{"{main}:cart:till", "{main}:cartmeta:till"} {
			b.raw("PEXPIRE", key, 5000)
		}
		do()
		for _, key := range []string{"{main}:cart:till", "{main}:cartmeta:till"} {
			left := b.raw("PTTL", key).(int64)
			if got := left > 5000; got != want {
				t.Errorf("%s: %s lives another %d ms", what, key, left)
			}
		}
	}
	b.apply(add("tea", 1))
	slides("add", true, func() { b.apply(add("tea", 1)) })
	slides("keep", true, func() { _ = s.Keep(t.Context(), cart) })
	slides("read", false, func() { b.read() })
	slides("refusal", false, func() { _, _ = s.Apply(t.Context(), cart, add("nothing", 1)) })
}

func TestWithoutTimeoutCartsBecomePermanent(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	for _, renew := range []func(){func() { b.apply(add("tea", 1)) }, func() { _ = b.Keep(t.Context(), cart) }} {
		b.raw("PEXPIRE", "{main}:cart:till", 5000)
		b.raw("PEXPIRE", "{main}:cartmeta:till", 5000)
		renew()
		b.want(int64(-1), "PTTL", "{main}:cart:till")
		b.want(int64(-1), "PTTL", "{main}:cartmeta:till")
	}
}

func TestFlushedScriptsAreSentAgain(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	b.raw("SCRIPT", "FLUSH")
	b.apply(add("tea", 1))
	b.want("2", "ZSCORE", "{main}:cart:till", "tea")
}

// lines puts quantities in the cart by hand.
func (b *bench) lines(member, score string) {
	b.Helper()
	b.raw("ZADD", "{main}:cart:till", score, member)
}

func TestDamagedQuantityCanBeRepairedAndRemovedOnly(t *testing.T) {
	for _, score := range []string{"inf", "-inf", "1.5", "-3", "0", "1e17"} {
		t.Run(score, func(t *testing.T) {
			b := start(t).stock("tea", "cake")
			b.lines("tea", score)
			b.lines("cake", score)
			if l := b.read().Lines[0]; l.Damaged == "" || l.Quantity != 0 {
				t.Errorf("line is %+v", l)
			}
			bad := change(data.KindSet, "tea", 2)
			bad.Seen = 7
			for _, c := range []data.Change{add("tea", 1), change(data.KindStep, "tea", 1), bad} {
				_, err := b.Apply(t.Context(), cart, c)
				wantAs[*data.DamagedError](t, err)
			}
			b.apply(change(data.KindSet, "tea", 2))
			b.apply(change(data.KindRemove, "cake", 0))
			b.want("2", "ZSCORE", "{main}:cart:till", "tea")
			b.want(int64(1), "ZCARD", "{main}:cart:till")
		})
	}
}

func TestDamagedMetaIsRefusedUntilTheCartIsCleared(t *testing.T) {
	b := start(t).stock("tea")
	for field, value := range map[string]string{"v": "many", "o": strings.Repeat("x", 1000)} {
		b.apply(add("tea", 1))
		b.raw("HSET", "{main}:cartmeta:till", field, value)
		_, err := b.Apply(t.Context(), cart, add("tea", 1))
		wantAs[*data.DamagedError](t, err)
		c := b.read()
		if c.Token != (data.Token{}) || len(c.Lines) != 1 {
			t.Errorf("with a damaged %s the cart is %+v", field, c)
		}
		b.apply(change(data.KindClear, "", 0))
		b.want("1", "HGET", "{main}:cartmeta:till", "v")
		b.raw("FLUSHALL")
		b.stock("tea")
	}
}

func TestKeysOfAnotherTypeAreRefusedBeforeAnythingIsWritten(t *testing.T) {
	c := add("tea", 1)
	keys := []string{"{main}:cart:till", "{main}:cartmeta:till", "{main}:product:tea", "{main}:op:till:" + string(c.Op)}
	for _, key := range keys {
		b := start(t).stock("tea")
		b.raw("DEL", key)
		b.raw("LPUSH", key, "x")
		before := b.raw("DBSIZE")
		_, err := b.Apply(t.Context(), cart, c)
		wantAs[*data.DamagedError](t, err)
		b.want(before, "DBSIZE")
		b.apply(change(data.KindClear, "", 0))
		b.want("1", "HGET", "{main}:cartmeta:till", "v")
	}
}

func TestDamagedStockIsRefused(t *testing.T) {
	b := start(t).stock("tea")
	b.raw("HSET", "{main}:product:tea", "stock", "some")
	_, err := b.Apply(t.Context(), cart, add("tea", 1))
	wantAs[*data.DamagedError](t, err)
	b.want(int64(2), "DBSIZE")
}

func TestForeignLineMayHaveAnyID(t *testing.T) {
	b := start(t)
	odd := data.ProductID("a b\n{x}:* 1 2")
	b.lines(string(odd), "2")
	b.raw("HSET", "{main}:product:"+string(odd), "name", "Odd", "price", "5")
	if l := b.read().Lines[0]; l.Product.ID != odd || l.Product.Name != "Odd" || l.Quantity != 2 {
		t.Errorf("line is %+v", l)
	}
	b.apply(change(data.KindStep, odd, 1))
	b.apply(change(data.KindStep, odd, -2))
	gone := change(data.KindRemove, odd, 0)
	b.apply(gone)
	if r := b.apply(gone); !r.Duplicate || r.Event.Was != 1 {
		t.Errorf("the repeat is %+v", r)
	}
	b.want(int64(0), "EXISTS", "{main}:cart:till")
}

func TestProductThatLeftTheCatalogueCanBeLoweredAndRemoved(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 5))
	b.raw("DEL", "{main}:product:tea")
	if l := b.read().Lines[0]; l.Known || l.Product.ID != "tea" || l.Quantity != 5 {
		t.Errorf("line is %+v", l)
	}
	b.apply(change(data.KindStep, "tea", -1))
	_, err := b.Apply(t.Context(), cart, change(data.KindStep, "tea", 1))
	if !errors.Is(err, data.ErrUnknownProduct) {
		t.Errorf("raising it: %v", err)
	}
	b.apply(change(data.KindRemove, "tea", 0))
}

func TestHugeValuesAreCutAtTheServer(t *testing.T) {
	b := start(t)
	huge := strings.Repeat("n", 2<<20)
	b.raw("HSET", "{main}:product:tea", "name", huge, "price", huge, "barcode", huge, "stock", huge)
	b.lines("tea", "1")
	b.lines(strings.Repeat("p", 1<<20), "1")
	b.raw("HSET", "{main}:cartmeta:till", "v", "1", "o", "x", "l:tea", huge)
	before := b.outgoing()
	c := b.read()
	if sent := b.outgoing() - before; sent > 100<<10 {
		t.Errorf("the server sent %d bytes", sent)
	}
	i := slices.IndexFunc(c.Lines, func(l data.Line) bool { return l.Product.ID == "tea" })
	l := c.Lines[i]
	if len(l.Product.Name) != data.MaxNameLen || l.Product.Damaged == "" || !l.Added.IsZero() {
		t.Errorf("line is %.200q", fmt.Sprint(l))
	}
	if id := c.Lines[1-i].Product.ID; len(id) > 300 {
		t.Errorf("id has %d bytes", len(id))
	}
}

func TestWrongTypeProductIsAnUnknownLineAndADamagedProduct(t *testing.T) {
	b := start(t).stock("cake")
	b.raw("SET", "{main}:product:tea", "x")
	b.raw("ZADD", "{main}:products", 0, "tea", 0, "ghost")
	b.lines("tea", "1")
	if l := b.read().Lines[0]; l.Known {
		t.Errorf("line is %+v", l)
	}
	var all []data.Product
	if err := b.Products(t.Context(), func(page []data.Product) bool { all = append(all, page...); return true }); err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].ID != "cake" || all[0].Damaged != "" || all[1].ID != "tea" || all[1].Damaged == "" {
		t.Errorf("products are %+v", all)
	}
}

func TestIndexOfAnotherTypeLeavesNoProductBehind(t *testing.T) {
	b := start(t)
	b.raw("SET", "{main}:products", "x")
	err := b.CreateProduct(t.Context(), data.Product{ID: "tea", Name: "Tea", Stock: data.Unlimited})
	wantAs[*data.DamagedError](t, err)
	b.want(int64(0), "EXISTS", "{main}:product:tea")
}
