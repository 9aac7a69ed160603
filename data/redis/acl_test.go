package redis_test

import (
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
)

// aclRules are the least rights a counter needs that does not make products:
// they stand in the documentation as well.
const aclRules = "resetkeys resetchannels -@all " +
	"~{main}:cart:* ~{main}:cartmeta:* ~{main}:op:* %R~{main}:product:* %R~{main}:products &{main}:ev:* &{main}:evp " +
	"+get +set +exists +unlink +hmget +hset +zadd +zrem +zscore +zcard +zrange +pexpire +persist +pttl +time " +
	"+publish +subscribe +unsubscribe +ping"

// aclSelector lets scripts name the keys that they only read.
const aclSelector = "(+eval +evalsha ~{main}:*)"

// restrict makes a user with the documented rights, and opens a store as it.
func restrict(b *bench) *redis.Store {
	b.Helper()
	args := []any{"ACL", "SETUSER", "app", "reset", "on", ">hunter2"}
	for _, r := range strings.Fields(aclRules) {
		args = append(args, r)
	}
	b.raw(append(args, aclSelector)...)
	url := strings.Replace(b.server.URL(), "//", "//app:hunter2@", 1)
	return open(b, redis.Config{URL: url, Timeout: time.Hour})
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
