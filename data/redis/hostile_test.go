package redis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

// outgoing returns how many bytes the server has sent so far.
func (b *bench) outgoing() int64 {
	b.Helper()
	_, rest, _ := strings.Cut(b.raw("INFO", "stats").(string), "total_net_output_bytes:")
	var n int64
	if _, err := fmt.Sscan(rest, &n); err != nil {
		b.Fatal(err)
	}
	return n
}

// fill makes a field of that many bytes without sending them.
func (b *bench) fill(key, field string, size int) {
	b.Helper()
	b.raw("EVAL", "redis.call('HSET', KEYS[1], ARGV[1], string.rep('n', ARGV[2]))", 1, key, field, size)
}

// catalogue reads all products.
func (b *bench) catalogue() ([]data.Product, error) {
	b.Helper()
	var all []data.Product
	err := b.Products(b.Context(), func(page []data.Product) bool { all = append(all, page...); return true })
	return all, err
}

func TestNameOf50MegabytesStaysAtTheServer(t *testing.T) {
	b := start(t).stock("tea", "cake")
	b.apply(add("tea", 1))
	b.fill("{main}:product:tea", "name", 50<<20)
	before := b.outgoing()
	all, err := b.catalogue()
	if err != nil || len(all) != 2 || len(all[1].Name) != data.MaxNameLen || all[1].Damaged != "" {
		t.Errorf("%d products, %v", len(all), err)
	}
	if p, err := b.Product(t.Context(), "tea"); err != nil || len(p.Name) != data.MaxNameLen {
		t.Errorf("the product has a name of %d bytes, %v", len(p.Name), err)
	}
	if l := b.read().Lines[0]; len(l.Product.Name) != data.MaxNameLen {
		t.Errorf("the line has a name of %d bytes", len(l.Product.Name))
	}
	b.apply(add("tea", 1))
	if sent := b.outgoing() - before; sent > 100<<10 {
		t.Errorf("the server sent %d bytes", sent)
	}
}

func TestCatalogueLeavesOutWhatIsNoProduct(t *testing.T) {
	b := start(t).stock("tea")
	for i := range 1200 {
		b.raw("ZADD", "{main}:products", 0, fmt.Sprintf("ghost-%04d", i))
	}
	b.raw("ZADD", "{main}:products", 0, strings.Repeat("p", 1<<20))
	all, err := b.catalogue()
	if err != nil || len(all) != 1 || all[0].ID != "tea" {
		t.Errorf("%d products, %v", len(all), err)
	}
}

func TestIndexOfAnotherTypeIsDamaged(t *testing.T) {
	b := start(t).stock("tea")
	b.raw("SET", "{main}:products", "x")
	_, err := b.catalogue()
	wantAs[*data.DamagedError](t, err)
	if p, err := b.Product(t.Context(), "tea"); err != nil || p.Name != "The tea" {
		t.Errorf("the product itself: %+v, %v", p, err)
	}
}

func TestKeysOfAnotherTypeAreNotReadAsACart(t *testing.T) {
	for _, key := range []string{"{main}:cart:till", "{main}:cartmeta:till"} {
		b := start(t).stock("tea")
		b.raw("LPUSH", key, "x")
		_, err := b.Read(t.Context(), cart, data.Token{}, "")
		wantAs[*data.DamagedError](t, err)
		if err := b.Keep(t.Context(), cart); err != nil {
			t.Errorf("keep: %v", err)
		}
		b.apply(change(data.KindClear, "", 0))
		b.read()
	}
}

func TestEveryoneReadsTheSameStockAndPrice(t *testing.T) {
	b := start(t).stock("tea")
	cases := map[string]bool{
		"5": true, "0005": true, "9007199254740000": true,
		"": true, " 5": false, "5 ": false, "+5": false, "-1": false, "-0": false, "5.0": false, "1e3": false,
		"0x10": false, "0b1": false, "1_000": false, "inf": false, "nan": false, "9007199254740993": false,
		"99999999999999999999": false, "٣": false, "5\x00": false,
	}
	for stock, sound := range cases {
		b.raw("HSET", "{main}:product:tea", "stock", stock)
		p, err := b.Product(t.Context(), "tea")
		if shown := p.Damaged == ""; err != nil || shown != sound {
			t.Errorf("stock %q is shown as %+v, %v", stock, p, err)
		}
		_, err = b.Apply(t.Context(), cart, add("tea", 1))
		if sound && err != nil {
			t.Errorf("with stock %q: %v", stock, err)
		}
		if !sound {
			wantAs[*data.DamagedError](t, err)
		}
		b.raw("DEL", "{main}:cart:till")
	}
}

func TestVersionMustBeAWholeNumber(t *testing.T) {
	b := start(t).stock("tea")
	for _, v := range []string{"1e3", "0x10", "1.0", "-1", " 1", "inf", "nan", "99999999999999999999", strings.Repeat("1", 1000), ""} {
		b.raw("HSET", "{main}:cartmeta:till", "v", v, "o", "x")
		_, err := b.Apply(t.Context(), cart, add("tea", 1))
		wantAs[*data.DamagedError](t, err)
		if c := b.read(); c.Token != (data.Token{}) {
			t.Errorf("version %q is read as %v", v, c.Token)
		}
	}
	b.apply(change(data.KindClear, "", 0))
	b.apply(add("tea", 1))
}

func TestCartOfAMillionLinesIsCountedNotRead(t *testing.T) {
	t.Parallel()
	b := start(t)
	const many, part = 1_000_000, 50_000
	for i := 0; i < many; i += part {
		b.raw("EVAL", "for i = 1, ARGV[2] do redis.call('ZADD', KEYS[1], 1, 'p' .. ARGV[1] + i) end", 1, "{main}:cart:till", i, part)
	}
	c := b.read() // in less than the second that a call may take
	if len(c.Lines) != data.DefaultMaxLines || c.More != many-data.DefaultMaxLines {
		t.Errorf("%d lines and %d more", len(c.Lines), c.More)
	}
	b.apply(change(data.KindClear, "", 0))
	b.want(int64(0), "EXISTS", "{main}:cart:till")
}

func TestEventsThatMakeNoSenseCallForAReading(t *testing.T) {
	b := start(t).stock("tea")
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	sound := b.apply(add("tea", 1)).Event.Encode()
	h.await(data.SignalEvent)
	f := strings.SplitN(sound, " ", 11)
	with := func(i int, s string) string {
		g := append([]string(nil), f...)
		g[i] = s
		return strings.Join(g, " ")
	}
	garbage := []string{
		"", "\x00", "{}", sound[:20], "2" + sound[1:], with(1, "0"), with(1, "-1"), with(2, "1.5"), with(2, "NaN"),
		with(3, "99999999999999999999"), with(6, "explode"), with(7, ""), with(10, ""), with(10, strings.Repeat("x", 1024)), strings.Repeat("1 ", 1<<20),
	}
	for _, payload := range garbage {
		b.raw("PUBLISH", "{main}:ev:till", payload)
		select {
		case sig := <-h.signals:
			if sig.Kind != data.SignalLost {
				t.Errorf("%.60q came as %+v", payload, sig)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%.60q was not noticed", payload)
		}
	}
	b.apply(add("tea", 1))
	h.await(data.SignalEvent)
}

func TestTextsThatCannotBeShownAreCleaned(t *testing.T) {
	b := start(t)
	const evil, clean = "Tea\u202e\u0007\x00 \xffaet\nx", "Tea aet x"
	b.raw("HSET", "{main}:product:tea", "name", evil, "price", "5", "barcode", evil)
	b.raw("ZADD", "{main}:products", 0, "tea")
	b.lines("tea", "1")
	b.raw("HSET", "{main}:cartmeta:till", "v", "1", "o", "x", "l:tea", "1 2 Tea%E2%80%AE%07%00%20aet%0Ax", "l:", "0 7 %0Aevil")
	p, err := b.Product(t.Context(), "tea")
	all, _ := b.catalogue()
	l := b.read().Lines[0]
	for what, got := range map[string]string{"product": p.Name, "barcode": p.Barcode, "catalogue": all[0].Name, "line": l.Product.Name, "counter": l.By} {
		if got != clean {
			t.Errorf("%s shows %q (%v)", what, got, err)
		}
	}
	_, err = b.Apply(t.Context(), cart, change(data.KindRemove, "cake", 0))
	if e := wantAs[*data.NotInCartError](t, err); e.By != "evil" {
		t.Errorf("it was %q", e.By)
	}
}
