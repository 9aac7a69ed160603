package redis_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
)

// aclRules are the least rights a counter needs that does not make products:
// they stand in the documentation as well.
const aclRules = "resetkeys resetchannels -@all " +
	"~{main}:cart:* ~{main}:cartmeta:* ~{main}:op:* ~{main}:carts ~{main}:here ~{main}:past ~{main}:past:* ~{main}:orders " +
	"%R~{main}:product:* %R~{main}:products &{main}:ev:* &{main}:evp " +
	"+get +set +exists +unlink +hmget +hgetall +hset +hdel " +
	"+zadd +zrem +zremrangebyscore +zscore +zcard +zrange +zrevrangebyscore " +
	"+pexpire +persist +pttl +time +publish +subscribe +ping"

// aclSelector lets scripts name the keys that they only read.
const aclSelector = "(+eval +evalsha ~{main}:*)"

// aclStock lets a checkout count down the stock of products that have one.
const aclStock = "(+hincrby ~{main}:product:*)"

// olderRules are the least rights where the server knows no selectors, as before
// version 7; olderChannels come on top from 6.2 on, which guards channels.
const (
	olderRules = "resetkeys -@all ~{main}:* " +
		"+eval +evalsha +get +set +exists +unlink +hmget +hgetall +hset +hdel " +
		"+zadd +zrem +zremrangebyscore +zscore +zcard +zrange +zrevrangebyscore " +
		"+pexpire +persist +pttl +time +publish +subscribe +ping +hello"
	olderChannels = "resetchannels &{main}:ev:* &{main}:evp"
)

// restrict makes a user with the documented rights, and opens a store as it.
func restrict(b *bench) *redis.Store {
	b.Helper()
	rules := []any{"reset", "on", ">hunter2"}
	for r := range strings.FieldsSeq(aclRules) {
		rules = append(rules, r)
	}
	b.grant(append(rules, aclSelector)...)
	url := strings.Replace(b.server.URL(), "//", "//app:hunter2@", 1)
	return open(b, redis.Config{URL: url, Timeout: time.Hour})
}

// grant changes the rights of the user that restrict made.
func (b *bench) grant(rules ...any) {
	b.Helper()
	b.raw(append([]any{"ACL", "SETUSER", "app"}, rules...)...)
}

func TestDocumentedRightsAreEnough(t *testing.T) {
	b := start(t).stock("tea")
	b.Store = restrict(b)
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	b.apply(add("tea", 2))
	h.await(data.SignalEvent)
	b.apply(change(data.KindStep, "tea", 1))
	b.apply(change(data.KindRemove, "tea", 0))
	if err := b.Keep(t.Context(), cart); err != nil {
		t.Error(err)
	}
	c := change(data.KindClear, "", 0)
	c.Token = b.read().Token
	b.apply(c)
	if err := b.Products(t.Context(), func([]data.Product) bool { return true }); err != nil {
		t.Error(err)
	}
	if _, err := b.Product(t.Context(), "tea"); err != nil {
		t.Error(err)
	}
	forever := open(t, redis.Config{URL: strings.Replace(b.server.URL(), "//", "//app:hunter2@", 1)})
	if _, err := forever.Apply(t.Context(), cart, add("tea", 1)); err != nil {
		t.Error(err)
	}
}

func TestRightsWithoutSelectorsAreEnough(t *testing.T) {
	b := start(t).stock("tea")
	setUser(t, b.server, "app", "hunter2", olderRules)
	if b.guardsChannels() {
		setUser(t, b.server, "app", "hunter2", olderRules, olderChannels)
	}
	b.Store = open(t, redis.Config{URL: strings.Replace(b.server.URL(), "//", "//app:hunter2@", 1), Timeout: time.Hour})
	h := watch(t, b.Store)
	h.await(data.SignalUp)
	b.use()
	h.await(data.SignalEvent)
}

// guardsChannels reports whether the server knows rights on channels.
func (b *bench) guardsChannels() bool {
	_, err := b.server.Try("ACL", "SETUSER", "nobody", "resetchannels")
	return err == nil
}

func TestDocumentedRightsAreEnoughForWholeCarts(t *testing.T) {
	b := start(t).stock("tea")
	b.Store = restrict(b)
	b.apply(add("tea", 1))
	b.overdue()
	b.apply(add("tea", 2))
	b.apply(named("Table 4"))
	b.apply(ending(data.KindCheckout, b.read().Token))
	if e := b.read().Ended; e == nil || e.How != data.CheckedOut {
		t.Errorf("the last cart ended as %+v", e)
	}
	if list := b.visit("one", cart); len(list) != 1 || len(list[0].Here) != 1 {
		t.Errorf("the list is %+v", list)
	}
	if past, orders := b.past(false), b.past(true); len(past) != 1 || len(orders) != 1 {
		t.Errorf("%d past carts, %d orders", len(past), len(orders))
	}
	if events, err := b.Activity(t.Context(), cart); err != nil || len(events) != 4 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestCheckoutOfCountedStockNeedsItsRight(t *testing.T) {
	b := start(t).stock("tea")
	b.counted("cake", 5)
	b.Store = restrict(b)
	b.apply(add("tea", 1))
	b.apply(add("cake", 2))
	c := ending(data.KindCheckout, b.read().Token)
	before := b.kept(c.Op)
	_, err := b.Apply(t.Context(), cart, c)
	wantFault(t, err, data.FaultNoPermission)
	if after := b.kept(c.Op); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	b.want("5", "HGET", "{main}:product:cake", "stock")
	b.grant(aclStock)
	b.apply(c)
	b.want("3", "HGET", "{main}:product:cake", "stock")
	if answer := b.raw("ACL", "DRYRUN", "app", "HSET", "{main}:product:cake", "price", "1"); answer == "OK" {
		t.Error("with that right prices can be set")
	}
}

func TestDocumentedRightsEndAtTheShopAndItsProducts(t *testing.T) {
	b := start(t).stock("tea")
	b.Store = restrict(b)
	err := b.CreateProduct(t.Context(), data.Product{ID: "cake", Name: "Cake", Stock: data.Unlimited})
	wantFault(t, err, data.FaultNoPermission)
	b.want(int64(0), "EXISTS", "{main}:product:cake")
	url := strings.Replace(b.server.URL(), "//", "//app:hunter2@", 1)
	other := open(t, redis.Config{URL: url, Shop: "other"})
	_, err = other.Read(t.Context(), cart, data.Token{}, "")
	wantFault(t, err, data.FaultNoPermission)
	wantFault(t, watch(t, other).await(data.SignalDown).Err, data.FaultNoPermission)
}

// kept returns all that the server holds of the cart, so that a change by
// halves shows.
func (b *bench) kept(op data.OpID) string {
	b.Helper()
	sorted := b.raw("EVAL", `local h, all = redis.call('HGETALL', KEYS[1]), redis.call('KEYS', '{main}:past*')
		for i = 1, #h, 2 do all[#all + 1] = h[i] .. '=' .. h[i + 1] end
		table.sort(all)
		return all`, 1, "{main}:cartmeta:till")
	return fmt.Sprint(b.raw("ZRANGE", "{main}:cart:till", 0, -1, "WITHSCORES"), sorted, b.raw("GET", "{main}:op:till:"+string(op)),
		b.raw("ZRANGE", "{main}:carts", 0, -1))
}

func TestLostRightHalvesNoChange(t *testing.T) {
	b := start(t).stock("tea")
	b.Store = restrict(b)
	cases := map[string]func() data.Change{
		"zadd":             func() data.Change { return add("tea", 2) },
		"hset":             func() data.Change { return change(data.KindStep, "tea", -1) },
		"set":              func() data.Change { return add("tea", 2) },
		"pexpire":          func() data.Change { return add("tea", 2) },
		"zrem":             func() data.Change { return change(data.KindRemove, "tea", 0) },
		"unlink":           func() data.Change { return ending(data.KindClear, b.read().Token) },
		"hdel":             func() data.Change { return ending(data.KindCheckout, b.read().Token) },
		"zremrangebyscore": func() data.Change { return ending(data.KindClear, b.read().Token) },
	}
	for right, made := range cases {
		t.Run(right, func(t *testing.T) {
			version := b.apply(add("tea", 3)).Event.Token.Version
			c := made()
			before := b.kept(c.Op)
			b.grant("-" + right)
			_, err := b.Apply(t.Context(), cart, c)
			wantFault(t, err, data.FaultNoPermission)
			if after := b.kept(c.Op); after != before {
				t.Errorf("before %s\nafter  %s", before, after)
			}
			b.grant("+" + right)
			if r := b.apply(c); r.Duplicate || r.Event.Token.Version != version+1 {
				t.Errorf("with the right back: %+v", r)
			}
			if r := b.apply(c); !r.Duplicate || r.Event.Token.Version != version+1 {
				t.Errorf("sent again: %+v", r)
			}
		})
	}
}

func TestLostRightKeepsATimeoutWhole(t *testing.T) {
	b := start(t).stock("tea")
	b.Store = restrict(b)
	b.apply(add("tea", 1))
	b.grant("resetkeys", "~{main}:cart:*", "%R~{main}:cartmeta:*", "~{main}:carts", "%R~{main}:product:*")
	b.raw("PEXPIRE", "{main}:cart:till", 5000)
	wantFault(t, b.Keep(t.Context(), cart), data.FaultNoPermission)
	if left := b.raw("PTTL", "{main}:cart:till").(int64); left > 5000 {
		t.Errorf("the cart lives on another %d ms, its meta does not", left)
	}
}

func TestLostRightHalvesNoProduct(t *testing.T) {
	b := start(t)
	b.Store = restrict(b)
	b.grant("~{main}:product:*")
	p := data.Product{ID: "tea", Name: "Tea", Stock: data.Unlimited}
	wantFault(t, b.CreateProduct(t.Context(), p), data.FaultNoPermission)
	b.want(int64(0), "DBSIZE")
	b.grant("~{main}:products")
	if err := b.CreateProduct(t.Context(), p); err != nil {
		t.Error(err)
	}
}

func TestDocumentationHasTheRightsThatTheTestsRunWith(t *testing.T) {
	text, err := os.ReadFile("../../docs/redis.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.Join(strings.Fields(strings.ReplaceAll(string(text), `\|`, "|")), " ")
	for _, rules := range []string{aclRules + " " + aclSelector, aclStock, clusterRules, sentinelRules, olderRules, olderChannels} {
		if !strings.Contains(doc, rules) {
			t.Errorf("docs/redis.md lacks %q", rules)
		}
	}
}
