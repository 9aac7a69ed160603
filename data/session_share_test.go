package data_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// premises are a place where shops can be opened: a folder or a server.
type premises struct {
	kind   string
	shop   func(t *testing.T, c redis.Config) data.Backend // of c only what every store has
	forget func(t *testing.T, shop string)                 // which operations were made, as after OpLife
	clear  func(t *testing.T, shop string)                 // and the last changes of each cart, as after PastLife
}

func folder(t *testing.T) premises {
	dir := t.TempDir()
	return premises{
		kind: "file",
		shop: func(t *testing.T, c redis.Config) data.Backend {
			t.Helper()
			s, err := local.Open(t.Context(), local.Config{Dir: dir, Shop: c.Shop, Timeout: c.Timeout, Limits: c.Limits})
			return opened(t, s, err)
		},
		forget: func(t *testing.T, shop string) { inFile(t, dir, shop, "DELETE FROM op") },
		clear:  func(t *testing.T, shop string) { inFile(t, dir, shop, "DELETE FROM op; DELETE FROM activity") },
	}
}

func onServer(t *testing.T) premises {
	server := redistest.Start(t)
	return premises{
		kind: "server",
		shop: func(t *testing.T, c redis.Config) data.Backend {
			t.Helper()
			c.URL = server.URL()
			s, err := redis.Open(c)
			return opened(t, s, err)
		},
		forget: func(t *testing.T, shop string) { onKeys(t, server, "{"+shop+"}:op:*", "DEL") },
		clear: func(t *testing.T, shop string) {
			onKeys(t, server, "{"+shop+"}:op:*", "DEL")
			var events []any
			for i := range data.MaxActivity {
				events = append(events, fmt.Sprint("e:", i))
			}
			onKeys(t, server, "{"+shop+"}:cartmeta:*", "HDEL", events...)
		},
	}
}

// onKeys runs a command on every key of a pattern.
func onKeys(t *testing.T, server *redistest.Server, pattern, command string, args ...any) {
	t.Helper()
	for _, key := range server.Do(t, "KEYS", pattern).([]any) {
		server.Do(t, append([]any{command, key}, args...)...)
	}
}

// move is a copy from one shop to another one, and what it told last.
type move struct {
	*testing.T
	from, to data.Backend
	there    premises
	last     data.Shared
}

// inAllDirections runs a test between empty shops of every kind: "here", whose
// carts stay for ever, and "there".
func inAllDirections(t *testing.T, there redis.Config, test func(m *move)) {
	for _, a := range []func(*testing.T) premises{folder, onServer} {
		for _, b := range []func(*testing.T) premises{folder, onServer} {
			from, to := a(t), b(t)
			t.Run(from.kind+" to "+to.kind, func(t *testing.T) {
				there.Shop = "there"
				test(&move{T: t, from: from.shop(t, redis.Config{Shop: "here"}), to: to.shop(t, there), there: to})
			})
		}
	}
}

// share copies, which must go well and leave the first shop as it is.
func (m *move) share() data.Shared {
	m.Helper()
	before := inventory(m.T, m.from)
	if err := data.Share(m.Context(), m.from, m.to, "Counter 2", m.heard); err != nil {
		m.Fatalf("share: %v", err)
	}
	if after := inventory(m.T, m.from); after != before {
		m.Errorf("the shop that was copied changed from\n%s\nto\n%s", before, after)
	}
	if m.last.Done != m.last.All {
		m.Errorf("in the end %d of %d are done", m.last.Done, m.last.All)
	}
	return m.last
}

func (m *move) heard(s data.Shared) {
	if s.Done > s.All || s.Done < m.last.Done && s.Done > 0 {
		m.Errorf("%d of %d are done, after %d of %d", s.Done, s.All, m.last.Done, m.last.All)
	}
	m.last = s
}

// shareAgain copies again, and nothing may be different after it.
func (m *move) shareAgain() {
	m.Helper()
	before := inventory(m.T, m.to)
	m.share()
	if after := inventory(m.T, m.to); after != before {
		m.Errorf("copied again, there was\n%s\nand is\n%s", before, after)
	}
}

// wantThere compares the carts of the other shop, each as "id (name): milk 1, tea 2".
func (m *move) wantThere(want ...string) {
	m.Helper()
	wantCarts(m.T, m.to, want...)
}

func wantCarts(t *testing.T, b data.Backend, want ...string) {
	t.Helper()
	got := strings.Join(briefCarts(t, b), "\n")
	if want := strings.Join(want, "\n"); got != want {
		t.Errorf("the carts are\n%s\nwant\n%s", got, want)
	}
}

func briefCarts(t *testing.T, b data.Backend) (all []string) {
	t.Helper()
	for _, c := range openCarts(t, b) {
		s := string(c.ID)
		if c.Name != "" {
			s += " (" + c.Name + ")"
		}
		all = append(all, s+": "+brief(c))
	}
	return all
}

// openCarts reads the carts with lines, by their ids.
func openCarts(t *testing.T, b data.Backend) (all []data.Cart) {
	t.Helper()
	list, err := b.Carts(context.Background(), data.Visit{Session: "onlooker", Counter: "Office"})
	if err != nil {
		t.Fatalf("list the carts: %v", err)
	}
	slices.SortFunc(list, func(a, b data.CartInfo) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, info := range list {
		if info.Lines > 0 {
			all = append(all, readCart(t, b, info.ID))
		}
	}
	return all
}

func readCart(t *testing.T, b data.Backend, id data.CartID) data.Cart {
	t.Helper()
	r, err := b.Read(context.Background(), id, data.Token{}, "")
	if err != nil {
		t.Fatalf("read cart %s: %v", id, err)
	}
	return r.Cart
}

// inventory writes down the products and carts of a shop, with all that tells
// whether something was done to them.
func inventory(t *testing.T, b data.Backend) string {
	t.Helper()
	var s strings.Builder
	err := b.Products(context.Background(), func(page []data.Product) bool {
		for _, p := range page {
			fmt.Fprintf(&s, "%+v\n", p)
		}
		return true
	})
	if err != nil {
		t.Fatalf("read the products: %v", err)
	}
	for _, c := range openCarts(t, b) {
		fmt.Fprintf(&s, "%s %q [%s] %d more\n", c.ID, c.Name, c.Token, c.More)
		for _, l := range c.Lines {
			fmt.Fprintf(&s, "\t%d %s %q %d\n", l.Quantity, l.Product.ID, l.Damaged, l.Added.UnixMicro())
		}
	}
	return s.String()
}

func supply(t *testing.T, b data.Backend, products ...data.Product) {
	t.Helper()
	for _, p := range products {
		if err := b.CreateProduct(t.Context(), p); err != nil {
			t.Fatalf("create %s: %v", p.ID, err)
		}
	}
}

func inCart(t *testing.T, b data.Backend, cart data.CartID, c data.Change) data.Event {
	t.Helper()
	c.Op, c.By = data.NewOp(), "Till 1"
	r, err := b.Apply(t.Context(), cart, c)
	if err != nil {
		t.Fatalf("%s %s in %s: %v", c.Kind, c.Product, cart, err)
	}
	return r.Event
}

func put(t *testing.T, b data.Backend, cart data.CartID, p data.ProductID, n int64) data.Event {
	t.Helper()
	return inCart(t, b, cart, data.Change{Kind: data.KindAdd, Product: p, Quantity: n, Oversell: true})
}

func call(t *testing.T, b data.Backend, cart data.CartID, name string) {
	t.Helper()
	inCart(t, b, cart, data.Change{Kind: data.KindName, Text: name})
}

func checkOut(t *testing.T, b data.Backend, cart data.CartID) {
	t.Helper()
	inCart(t, b, cart, data.Change{Kind: data.KindCheckout, Token: readCart(t, b, cart).Token, Oversell: true})
}

func TestShareBringsProductsAndCarts(t *testing.T) {
	inAllDirections(t, redis.Config{Timeout: time.Hour}, func(m *move) {
		supply(m.T, m.from, goods...)
		supply(m.T, m.from, data.Product{ID: "cake", Name: "Crème brûlée 🍮", Price: 350, Stock: 2})
		for _, p := range []data.ProductID{"tea", "milk", "cake"} {
			put(m.T, m.from, "c", p, 3)
		}
		call(m.T, m.from, "c", "Größe “L”")
		put(m.T, m.from, "d", "rye", 9999)
		put(m.T, m.from, "gone", "rye", 1)
		checkOut(m.T, m.from, "gone")
		call(m.T, m.from, "empty", "Nothing in it")

		so := m.share()
		if so.All != 4+4 || len(so.Skipped)+len(so.LeftOut) != 0 || so.Full {
			m.Errorf("told %+v", so)
		}
		m.wantThere("c (Größe “L”): cake 3, milk 3, tea 3", "d: rye 9999")
		c := readCart(m.T, m.to, "c")
		if order := fmt.Sprint(c.Lines[0].Product.ID, c.Lines[1].Product.ID, c.Lines[2].Product.ID); order != "tea"+"milk"+"cake" {
			m.Errorf("the order of the lines is %s", order)
		}
		if c.Lines[2].Product != (data.Product{ID: "cake", Name: "Crème brûlée 🍮", Price: 350, Stock: 2}) || c.Lines[0].By != "Counter 2" {
			m.Errorf("the lines are %+v", c.Lines)
		}
		if left := time.Until(c.Expires); left < 50*time.Minute || left > 61*time.Minute {
			m.Errorf("the cart lives for %v, want the hour of the other shop", left)
		}
		m.shareAgain()
	})
}

func TestShareLeavesOtherProductsAsTheyAre(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		supply(m.T, m.from, data.Product{ID: "bun", Name: "Bun", Price: 85, Stock: 7})
		supply(m.T, m.to, data.Product{ID: "tea", Name: "Tea", Price: 999, Barcode: "4006381333931", Stock: data.Unlimited},
			data.Product{ID: "bun", Name: "Bun", Price: 85, Stock: 1})
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, m.from, "c", "bun", 5) // more than is counted there
		so := m.share()
		if len(so.Skipped) != 1 || so.Skipped[0] != goods[0] || len(so.LeftOut) != 0 {
			m.Errorf("told %+v", so)
		}
		tea, err := m.to.Product(t.Context(), "tea")
		bun, err2 := m.to.Product(t.Context(), "bun")
		if tea.Price != 999 || bun.Stock != 1 || errors.Join(err, err2) != nil {
			m.Errorf("there are %+v and %+v (%v, %v)", tea, bun, err, err2)
		}
		m.wantThere("c: bun 5, tea 2")
		m.shareAgain()
	})
}

func TestShareKeepsACartOfTheSameIDApart(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		supply(m.T, m.to, goods...)
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, m.from, "d", "rye", 1)
		call(m.T, m.from, "c", "Table 4")
		put(m.T, m.to, "c", "tea", 5)
		call(m.T, m.to, "c", "Terrace")
		put(m.T, m.to, "d", "milk", 3)
		told := m.share()
		carts := openCarts(m.T, m.to)
		if len(carts) != 4 {
			m.Fatalf("there are %v", briefCarts(m.T, m.to))
		}
		if told.CopyOf("c") != carts[1].ID || told.CopyOf("d") != carts[3].ID || told.CopyOf("e") != "e" {
			m.Errorf("the copies are told to be %v", told.Aside)
		}
		m.wantThere("c (Terrace): tea 5", string(carts[1].ID)+" (Table 4 (Counter 2)): tea 2",
			"d: milk 3", string(carts[3].ID)+" (Counter 2): rye 1")
		m.shareAgain()
		// Once it has an id of its own it keeps it, whatever becomes of the other.
		checkOut(m.T, m.to, "c")
		checkOut(m.T, m.to, carts[3].ID)
		m.share()
		m.wantThere(string(carts[1].ID)+" (Table 4 (Counter 2)): tea 2", "d: milk 3")
	})
}

func TestShareUsesAnEmptyCartOfTheSameID(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		supply(m.T, m.to, goods...)
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, m.from, "d", "tea", 1)
		call(m.T, m.from, "d", "Table 4")
		put(m.T, m.to, "c", "milk", 1)
		checkOut(m.T, m.to, "c")
		call(m.T, m.to, "c", "Terrace")
		call(m.T, m.to, "d", "Garden")
		m.share()
		m.wantThere("c (Terrace): tea 2", "d (Table 4): tea 1")
		call(m.T, m.to, "d", "Window")
		m.share()
		m.wantThere("c (Terrace): tea 2", "d (Window): tea 1")
		if past, err := m.to.Past(t.Context(), true, time.Time{}); err != nil || len(past) != 1 {
			m.Errorf("the orders there are %+v (%v)", past, err)
		}
	})
}

func TestShareBringsWhatHasChangedSince(t *testing.T) {
	inAllDirections(t, redis.Config{}, func(m *move) {
		supply(m.T, m.from, goods...)
		put(m.T, m.from, "c", "tea", 2)
		put(m.T, m.from, "c", "rye", 5)
		m.share()
		put(m.T, m.to, "c", "tea", 10)
		put(m.T, m.from, "c", "tea", 1)
		put(m.T, m.from, "c", "rye", 1)
		put(m.T, m.from, "c", "milk", 4)
		put(m.T, m.from, "new", "milk", 1)
		m.share()
		m.wantThere("c: milk 4, rye 6, tea 13", "new: milk 1")
		put(m.T, m.from, "c", "tea", 3)
		inCart(m.T, m.from, "c", data.Change{Kind: data.KindStep, Product: "rye", Quantity: -2})
		m.share()
		m.wantThere("c: milk 4, rye 6, tea 16", "new: milk 1")
		inCart(m.T, m.to, "c", data.Change{Kind: data.KindRemove, Product: "rye"})
		m.shareAgain()
		checkOut(m.T, m.to, "c")
		m.share()
		m.wantThere("new: milk 1")
		// The cart that comes after the one here is another one.
		checkOut(m.T, m.from, "c")
		put(m.T, m.from, "c", "tea", 1)
		m.share()
		m.wantThere("c: tea 1", "new: milk 1")
	})
}

func TestCounterMaySellMoreThanIsCounted(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, open opener) {
		b := open()
		supply(t, b, data.Product{ID: "cake", Name: "Cake", Price: 350, Stock: 1})
		c := join(t, b, "Till", unhurried).ready()
		c.submit(data.Change{Kind: data.KindAdd, Product: "cake", Quantity: 3, Oversell: true})
		seen := c.shows("cake 3").Cart.Token
		c.submit(data.Change{Kind: data.KindCheckout, Token: seen})
		var short *data.StockError
		if err := c.refused(); !errors.As(err, &short) || short.Left != 1 || short.Have != 3 {
			t.Errorf("refused with %v", err)
		}
		c.submit(data.Change{Kind: data.KindCheckout, Token: seen, Oversell: true})
		c.shows("")
		if p, err := b.Product(t.Context(), "cake"); err != nil || p.Stock != 0 {
			t.Errorf("afterwards there is %+v (%v)", p, err)
		}
	})
}
