//go:build e2e && linux

package e2e

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
	"trolley/e2e/desk"
)

// record is everything that was done to the cart of these tests, as the shop
// announced it, from the cart's first change on.
type record struct {
	store *redis.Store

	mu     sync.Mutex
	events []data.Event
	gaps   []data.Signal // moments at which something may have been missed
}

// openStore opens the shop of a server beside the windows.
func openStore(t *testing.T, server *redistest.Server) *redis.Store {
	t.Helper()
	store, err := redis.Open(redis.Config{URL: server.URL(), Shop: "main"})
	check(t, err)
	t.Cleanup(func() { check(t, store.Close()) })
	return store
}

// keepRecord follows the cart until the test ends.
func keepRecord(t *testing.T, server *redistest.Server) *record {
	t.Helper()
	r := &record{store: openStore(t, server)}
	ctx, stop := context.WithCancel(context.Background())
	var following sync.WaitGroup
	t.Cleanup(func() { stop(); following.Wait() })
	began, up := false, make(chan struct{})
	following.Go(func() {
		r.store.Watch(ctx, cart, func(s data.Signal) {
			if s.Kind == data.SignalUp && !began {
				began = true
				close(up)
				return
			}
			if ctx.Err() == nil {
				r.take(s)
			}
		})
	})
	<-up
	return r
}

func (r *record) take(s data.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch s.Kind {
	case data.SignalEvent:
		r.events = append(r.events, s.Event)
	case data.SignalCatalogue:
	default:
		r.gaps = append(r.gaps, s)
	}
}

// all returns what was announced so far, and where something may be missing.
func (r *record) all() (events []data.Event, gaps []data.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events), slices.Clone(r.gaps)
}

// stored reads the cart.
func (r *record) stored(t *testing.T) data.Cart {
	t.Helper()
	reading, err := r.store.Read(t.Context(), cart, data.Token{}, "")
	check(t, err)
	return reading.Cart
}

// expectWhole fails unless the record begins with the first change, leaves none
// out, has none twice, and comes to the cart that is stored. It waits for the
// last change to be announced.
func (r *record) expectWhole(t *testing.T) {
	t.Helper()
	now := r.stored(t)
	check(t, desk.Until("the last change is heard of", func() (bool, error) {
		all, _ := r.all()
		return len(all) > 0 && all[len(all)-1].Token == now.Token, nil
	}))
	events, gaps := r.all()
	for _, s := range gaps {
		t.Errorf("the record has a gap: %+v", s)
	}
	folded, seen := data.Cart{ID: cart}, map[data.OpID]bool{}
	for _, e := range events {
		next, follows := e.Fold(folded, func(id data.ProductID) (data.Product, bool) { return data.Product{ID: id}, true })
		if !follows {
			t.Errorf("%+v does not follow on %+v", e, folded.Token)
		}
		if seen[e.Token.Op] {
			t.Errorf("operation %s was made twice", e.Token.Op)
		}
		folded, seen[e.Token.Op] = next, true
	}
	if got, want := quantities(folded), quantities(now); !maps.Equal(got, want) {
		t.Errorf("the changes come to %v, stored is %v", got, want)
	}
	r.expectActivity(t, events)
}

// expectActivity fails unless the shop tells the last changes as it announced
// them.
func (r *record) expectActivity(t *testing.T, events []data.Event) {
	t.Helper()
	activity, err := r.store.Activity(t.Context(), cart)
	check(t, err)
	if want := min(len(events), data.MaxActivity); len(activity) != want {
		t.Fatalf("%d changes in the activity, want %d", len(activity), want)
	}
	for i, got := range activity {
		if want := events[len(events)-1-i]; got.Token != want.Token {
			t.Errorf("activity %d is %v, announced was %v", i, got.Token, want.Token)
		}
	}
}

// expectAccountOf fails unless the changes that the record has of a counter are
// exactly those its window has sent, less those that were refused.
func (r *record) expectAccountOf(t *testing.T, counter string, w *desk.Window) {
	t.Helper()
	made, sent := map[data.OpID]bool{}, submitted(w)
	events, _ := r.all()
	for _, e := range events {
		if e.By == counter {
			made[e.Token.Op] = true
		}
	}
	no := refused(w)
	t.Logf("%s sent %d changes, %d were refused", counter, len(sent), len(no))
	for op := range sent {
		if made[op] == no[op] {
			t.Errorf("%s: change %s was made: %t, was refused: %t", counter, op, made[op], no[op])
		}
	}
	for op := range made {
		if !sent[op] {
			t.Errorf("%s never sent change %s", counter, op)
		}
	}
}

var (
	submittedForm = regexp.MustCompile(`msg=submitted cart=` + cart + ` op=(\S+)`)
	refusedForm   = regexp.MustCompile(`msg="change refused" op=(\S+)`)
)

// submitted returns the changes of the cart that a window has sent, and refused
// those of any cart that the shop did not make, both as its log tells.
func submitted(w *desk.Window) map[data.OpID]bool { return opsIn(w, submittedForm) }

func refused(w *desk.Window) map[data.OpID]bool { return opsIn(w, refusedForm) }

func opsIn(w *desk.Window, form *regexp.Regexp) map[data.OpID]bool {
	ops := map[data.OpID]bool{}
	for _, found := range form.FindAllStringSubmatch(w.Log(), -1) {
		ops[data.OpID(found[1])] = true
	}
	return ops
}

// quantities returns what a cart holds.
func quantities(c data.Cart) map[data.ProductID]int64 {
	q := map[data.ProductID]int64{}
	for _, l := range c.Lines {
		q[l.Product.ID] = l.Quantity
	}
	return q
}

// lastShown returns what the window shows of the cart on screen.
func lastShown(w *desk.Window) string {
	const mark = `msg=shown cart="`
	_, after, _ := strings.Cut(w.Log()[max(0, strings.LastIndex(w.Log(), mark)):], mark)
	text, _, _ := strings.Cut(after, `"`)
	return text
}
