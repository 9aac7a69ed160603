package redis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redistest"
)

func TestVisitsWriteTheDocumentedKey(t *testing.T) {
	b := start(t)
	b.visit("one", "till", "table-4")
	b.want(int64(2), "ZCARD", "{main}:here")
	var ends int64
	if _, err := fmt.Sscan(b.raw("ZSCORE", "{main}:here", "one till%201 till").(string), &ends); err != nil {
		t.Fatal(err)
	}
	if left := ends - b.clock(); left > data.HereLife.Milliseconds() || left < data.HereLife.Milliseconds()-5000 {
		t.Errorf("the visit counts for another %d ms", left)
	}
	b.wantLife("{main}:here", time.Minute)
	b.want(int64(1), "DBSIZE")
	b.visit("one", "till")
	b.want(nil, "ZSCORE", "{main}:here", "one till%201 table-4")
	b.visit("one")
	b.want(int64(0), "DBSIZE")
}

func TestVisitThatWasNotRenewedIsOver(t *testing.T) {
	b := start(t)
	b.visit("one", "till", "table-4")
	b.raw("ZADD", "{main}:here", b.clock()-1, "one till%201 till")
	if list := b.visit("two"); len(list) != 1 || list[0].ID != "table-4" {
		t.Errorf("the list is %+v", list)
	}
	b.want(nil, "ZSCORE", "{main}:here", "one till%201 till")
}

func TestListPutsWhatIsOverToThePastOnce(t *testing.T) {
	b := start(t).stock("tea").withTimeout()
	b.apply(named("Table 4"))
	b.apply(add("tea", 1))
	b.overdue()
	for range 2 {
		if list := b.visit("one", cart); len(list) != 1 || list[0].Lines != 0 || list[0].Name != "" || !list[0].Expires.IsZero() {
			t.Errorf("the list is %+v", list)
		}
	}
	b.want(int64(0), "ZCARD", "{main}:carts")
	b.want(int64(0), "HEXISTS", "{main}:cartmeta:till", "l:tea")
	if past := b.past(false); len(past) != 1 || past[0].Cart.Name != "Table 4" {
		t.Errorf("past is %+v", past)
	}
}

func TestListFindsTheCartsThatAreOver(t *testing.T) {
	b := start(t).stock("tea").withTimeout()
	for i := range data.MaxCarts {
		b.raw("ZADD", "{main}:carts", b.clock()+1e6, fmt.Sprint("foreign-", i))
		b.raw("ZADD", fmt.Sprint("{main}:cart:foreign-", i), 1, "tea")
	}
	b.apply(add("tea", 1))
	b.overdue()
	b.raw("ZADD", "{main}:carts", b.clock()-1, "till")
	if list := b.visit("one"); len(list) != data.MaxCarts {
		t.Errorf("the list has %d carts", len(list))
	}
	if past := b.past(false); len(past) != 1 {
		t.Errorf("past is %+v", past)
	}
}

func TestListWithoutAnythingToWrite(t *testing.T) {
	wantList := func(b *bench) {
		t.Helper()
		list := b.visit("one", "table-4")
		if len(list) != 1 || list[0].ID != cart || list[0].Lines != 1 || list[0].Total != 240 {
			t.Errorf("the list is %+v", list)
		}
	}
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	b.raw("REPLICAOF", "127.0.0.1", "1")
	redistest.Await(t, "be a replica", b.server.IsReplica)
	wantList(b)

	b = start(t).stock("tea")
	b.Store = restrict(b)
	b.apply(add("tea", 1))
	b.grant("-zrem", "-pexpire", "-hdel")
	b.grant("resetkeys", "%R~{main}:*")
	wantList(b)

	b.overdue()
	if list := b.visit("one"); len(list) != 0 {
		t.Errorf("the list is %+v", list)
	}
	if e := b.read().Ended; e == nil || e.How != data.Expired {
		t.Errorf("the cart ended as %+v", e)
	}
}

// lists are the keys that hold more than one cart or product has.
var lists = []string{"{main}:carts", "{main}:here", "{main}:past", "{main}:orders"}

func TestListsOfAnotherTypeStopNoSale(t *testing.T) {
	b := start(t).stock("tea").withTimeout()
	for _, key := range lists {
		b.raw("SET", key, "x")
	}
	b.apply(named("Table 4"))
	b.apply(add("tea", 1))
	if err := b.Keep(t.Context(), cart); err != nil {
		t.Error(err)
	}
	if list := b.visit("one", cart); len(list) != 0 {
		t.Errorf("the list is %+v", list)
	}
	b.overdue()
	b.apply(add("tea", 2))
	c := ending(data.KindCheckout, b.read().Token)
	b.raw("SET", "{main}:past:till:"+string(c.Op), "x")
	b.apply(c)
	if e := b.read().Ended; e != nil {
		t.Errorf("the cart ended as %+v", e)
	}
	for _, orders := range []bool{false, true} {
		_, err := b.Past(t.Context(), orders, time.Time{})
		wantAs[*data.DamagedError](t, err)
	}
}

// rubbish are members and values that nobody of ours writes.
var rubbish = []string{"", " ", "  ", "\x00", ":", "till:", ":x", "a b c d", "one two", "{main}:x y", "till:" + strings.Repeat("x", 1<<16),
	strings.Repeat("1 ", 1<<15), "\xff\xfe \xff till", "one till%0A till", strings.Repeat("c", 129)}

func TestListsOfRubbishAreRead(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	for i, member := range rubbish {
		for _, key := range lists {
			b.raw("ZADD", key, b.clock()+1e6+int64(i), member)
		}
		b.raw("ZADD", "{main}:here", "inf", member)
		b.raw("HSET", "{main}:past:till:x", "how", member, "at", member, "by", member, "name", member, "more", member, "l:"+member, member)
		b.raw("ZADD", "{main}:past", b.clock()*1000, "till:x")
		list := b.visit("one", "table-4")
		for _, info := range list {
			if info.ID != cart && info.ID != "table-4" || len(info.Here) > 2 {
				t.Errorf("after %.20q the list has %.300q", member, fmt.Sprint(info))
			}
		}
		if past := b.past(false); len(past) != 0 {
			t.Errorf("past is %.300q", fmt.Sprint(past))
		}
	}
	for i, member := range rubbish {
		b.want(nil, "ZSCORE", "{main}:carts", member)
		b.raw("HSET", "{main}:past:till:x", "how", "emptied", "at", b.clock()*1000+int64(i))
	}
	if past := b.past(false); len(past) != 1 || len(past[0].Cart.Name) > data.MaxCartNameLen {
		t.Errorf("past is %.300q", fmt.Sprint(past))
	}
}

func TestRubbishOfACartIsRead(t *testing.T) {
	b := start(t).stock("tea")
	for _, value := range append(rubbish, "-1", "1e3", "inf", "99999999999999999999") {
		b.apply(add("tea", 1))
		version := b.raw("HGET", "{main}:cartmeta:till", "v")
		b.raw("HSET", "{main}:cartmeta:till", "d", value, "n", value, "b", value, "x", value)
		for slot := 1; slot < 128; slot += 2 {
			b.raw("HSET", "{main}:cartmeta:till", fmt.Sprint("e:", slot), value)
		}
		if c := b.read(); len(c.Lines) != 1 || len(c.Name) > data.MaxCartNameLen || c.Ended != nil || !c.Expires.IsZero() {
			t.Errorf("with %.20q the cart is %.300q", value, fmt.Sprint(c))
		}
		if _, err := b.Activity(t.Context(), cart); err != nil {
			t.Errorf("activity with %.20q: %v", value, err)
		}
		if list := b.visit("one"); len(list) != 1 || list[0].Lines != 1 || !list[0].Began.IsZero() {
			t.Errorf("with %.20q the list is %.300q", value, fmt.Sprint(list))
		}
		b.want(version, "HGET", "{main}:cartmeta:till", "v")
		b.apply(change(data.KindRemove, "tea", 0))
		if c := b.read(); c.Ended != nil {
			t.Errorf("with %.20q the cart ended as %+v", value, c.Ended)
		}
		b.apply(ending(data.KindClear, b.read().Token))
	}
}

func TestCartOfAnotherTypeLeavesTheListWhole(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	for _, id := range []string{"a", "b"} {
		b.raw("ZADD", "{main}:carts", b.clock()+1e6, id)
	}
	b.raw("SET", "{main}:cart:a", "x")
	b.raw("SET", "{main}:cartmeta:b", "x")
	if list := b.visit("one"); len(list) != 1 || list[0].ID != cart {
		t.Errorf("the list is %+v", list)
	}
	if list := b.visit("one", "a", "b"); len(list) != 3 || list[0].Lines != 0 || list[1].Lines != 0 {
		t.Errorf("the list is %+v", list)
	}
}

func TestHugePastStaysAtTheServer(t *testing.T) {
	b := start(t).stock("tea")
	b.apply(add("tea", 1))
	c := ending(data.KindClear, b.read().Token)
	b.apply(c)
	key := "{main}:past:till:" + string(c.Op)
	for _, field := range []string{"name", "by", "l:tea", "l:cake"} {
		b.fill(key, field, 2<<20)
	}
	b.fill("{main}:cartmeta:till", "e:1", 2<<20)
	b.fill("{main}:cartmeta:till", "n", 2<<20)
	before := b.outgoing()
	if past := b.past(false); len(past) != 1 || len(past[0].Cart.Lines) != 2 {
		t.Errorf("past is %.300q", fmt.Sprint(past))
	}
	b.read()
	b.visit("one", cart)
	if events, err := b.Activity(t.Context(), cart); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
	if sent := b.outgoing() - before; sent > 100<<10 {
		t.Errorf("the server sent %d bytes", sent)
	}
}
