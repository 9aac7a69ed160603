package data_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trolley/data"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// The driver notices up to a second after Close that it need not go on to dial
// a server that refused it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// patience is how long a test waits for what must happen.
const patience = 15 * time.Second

const never = time.Hour

var (
	// unhurried sessions hear of changes by events or not at all.
	unhurried = data.Pace{Poll: never, Reread: never, Catalogue: never, Attempt: 5 * time.Second}
	// hurried ones ask all the time.
	hurried = data.Pace{Poll: 30 * time.Millisecond, Reread: 60 * time.Millisecond, Catalogue: 60 * time.Millisecond, Attempt: 300 * time.Millisecond}
)

var goods = []data.Product{
	{ID: "tea", Name: "Tea", Price: 240, Barcode: "4006381333931", Stock: data.Unlimited},
	{ID: "milk", Name: "Milk", Price: 95, Stock: data.Unlimited},
	{ID: "rye", Name: "Rye bread", Price: 310, Stock: data.Unlimited},
}

// opener opens one more connection to the same shop, as another program would.
type opener func() data.Backend

// onBoth runs a test on a file and on a server, each with the goods in it.
func onBoth(t *testing.T, timeout time.Duration, test func(t *testing.T, open opener)) {
	t.Run("local", func(t *testing.T) { test(t, stocked(t, localShop(t, timeout))) })
	t.Run("redis", func(t *testing.T) {
		test(t, stocked(t, redisShop(t, redistest.Start(t).URL(), timeout)))
	})
}

func localShop(t *testing.T, timeout time.Duration) opener {
	dir := t.TempDir()
	return func() data.Backend {
		t.Helper()
		s, err := local.Open(t.Context(), local.Config{Dir: dir, Shop: "main", Timeout: timeout})
		return opened(t, s, err)
	}
}

func redisShop(t *testing.T, url string, timeout time.Duration) opener {
	return func() data.Backend {
		t.Helper()
		s, err := redis.Open(redis.Config{URL: url, Shop: "main", Timeout: timeout})
		return opened(t, s, err)
	}
}

func opened(t *testing.T, b data.Backend, err error) data.Backend {
	t.Helper()
	if err != nil {
		t.Fatalf("open the shop: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close the shop: %v", err)
		}
	})
	return b
}

func stocked(t *testing.T, open opener) opener {
	t.Helper()
	b := open()
	for _, p := range goods {
		if err := b.CreateProduct(t.Context(), p); err != nil {
			t.Fatalf("put %s on the shelf: %v", p.ID, err)
		}
	}
	return open
}

// counter is a desk with the cart open.
type counter struct {
	*data.Session
	t    *testing.T
	last data.State
	each func(data.State) // is shown every state that until takes; nil: nobody
}

// join opens the cart "c" at a counter.
func join(t *testing.T, b data.Backend, name string, pace data.Pace) *counter {
	c := &counter{Session: data.Open(b, data.Options{Cart: "c", Counter: name, Pace: pace}), t: t}
	t.Cleanup(func() { c.Close() })
	return c
}

// until waits for a state in which ok holds.
func (c *counter) until(what string, ok func(data.State) bool) data.State {
	c.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for !ok(c.last) {
		select {
		case s, open := <-c.States():
			if !open {
				c.t.Fatalf("%s: closed while waiting until %s", c.Counter(), what)
			}
			c.last = s
			if c.each != nil {
				c.each(s)
			}
		case <-deadline.C:
			c.t.Fatalf("%s: not seen in time: %s; shown: %s", c.Counter(), what, show(c.last))
		}
	}
	return c.last
}

// shows waits until exactly these lines are shown and nothing waits.
func (c *counter) shows(lines string) data.State {
	c.t.Helper()
	return c.until("it shows "+lines, func(s data.State) bool { return s.Loaded && len(s.Waiting) == 0 && brief(s.Cart) == lines })
}

// phase waits for a phase.
func (c *counter) phase(want data.Phase) data.State {
	c.t.Helper()
	return c.until("it is "+string(want), func(s data.State) bool { return s.Link.Phase == want })
}

// ready waits until events are followed and the catalogue is there.
func (c *counter) ready() *counter {
	c.t.Helper()
	c.until("it is ready", func(s data.State) bool { return s.Link.Phase == data.Live && s.Catalogue.Len() >= len(goods) })
	return c
}

// refused waits for exactly one refusal and settles it.
func (c *counter) refused() error {
	c.t.Helper()
	s := c.until("a change is refused", func(s data.State) bool { return len(s.Refused) == 1 && len(s.Waiting) == 0 })
	c.Settle(s.Refused[0].Change.Op)
	c.until("the refusal is settled", func(s data.State) bool { return len(s.Refused) == 0 })
	return s.Refused[0].Err
}

func (c *counter) submit(change data.Change) data.OpID {
	c.t.Helper()
	op, err := c.Submit(change)
	if err != nil {
		c.t.Fatalf("%s: submit %+v: %v", c.Counter(), change, err)
	}
	return op
}

func (c *counter) add(p data.ProductID, n int64) data.OpID {
	c.t.Helper()
	return c.submit(data.Change{Kind: data.KindAdd, Product: p, Quantity: n})
}

// brief writes a cart as "milk 1*, tea 2", by product: * waits, ! is damaged, ?
// unknown. Lines that come in within a millisecond have no order of their own.
func brief(c data.Cart) string {
	var out []string
	for _, l := range c.Lines {
		s := fmt.Sprintf("%s %d", l.Product.ID, l.Quantity)
		if l.Damaged != "" {
			s += "!"
		}
		if !l.Known {
			s += "?"
		}
		if l.Waiting {
			s += "*"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func show(s data.State) string {
	return fmt.Sprintf("[%s] %d waiting, %d refused, %d products, %+v", brief(s.Cart), len(s.Waiting), len(s.Refused), s.Catalogue.Len(), s.Link)
}

// gate is a store whose changes wait at a gate; everything else is the store's.
type gate struct {
	data.Backend
	open chan struct{}
}

func (g *gate) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	select {
	case <-g.open:
		return g.Backend.Apply(ctx, cart, c)
	case <-ctx.Done():
		return data.Receipt{}, &data.UnavailableError{Fault: data.FaultTimeout, Cause: ctx.Err()}
	}
}
