package doctor

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"trolley/data"
)

// Size of the trial. It is kept small, as a server remembers every change.
const (
	counters    = 4
	addsEach    = 100
	addInterval = 20 * time.Millisecond // at least, of one counter
)

const counterName = "doctor"

// counter is one of several that add to the cart, each with connections of its
// own.
type counter struct {
	name     string
	products []data.ProductID
	store    data.Backend
	session  *data.Session

	ops   []operation // oldest first
	state data.State  // the last one seen
}

// trial lets several counters add to one cart while their connections are cut,
// and compares what the store said it did with what it holds.
func (e *examination) trial(ctx context.Context, products []data.ProductID, why string) error {
	switch {
	case e.Soak <= 0:
		e.page.line(labelSoak, "", "left out, as asked for")
		return nil
	case len(products) == 0:
		e.page.line(labelSoak, "", "left out: "+why+", so there is nothing to add")
		return nil
	}
	e.page.line(labelSoak, "", fmt.Sprintf("%d counters add to the cart %s for %s …", counters, e.cart, seconds(e.Soak)))
	began := time.Now()
	tally, err := e.soak(ctx, products)
	if err != nil {
		return e.failed(ctx, labelSoak, err)
	}
	tally.took = time.Since(began)
	e.page.line("", "", tally.String())
	for _, complaint := range tally.complaints() {
		e.page.line("", "", complaint)
	}
	switch {
	case tally.wrong():
		return errWrong
	case !tally.settled():
		return &failure{labelSoak, errors.New("changes without an answer")}
	}
	return nil
}

func (e *examination) soak(ctx context.Context, products []data.ProductID) (*tally, error) {
	before, err := e.stored(ctx)
	if err != nil {
		return nil, err
	}
	cut := newCutter()
	all, err := e.openCounters(ctx, products, cut.dial)
	defer closeCounters(all)
	if err != nil {
		return nil, err
	}
	e.addAndCut(ctx, all, cut)
	settleAll(ctx, all)
	// Nothing may come in any more while the cart is read.
	closeCounters(all)
	after, err := e.outcome(context.WithoutCancel(ctx), all)
	if err != nil {
		return nil, err
	}
	t := newTally(products, all, before, after)
	t.made, t.cuts = cut.made.Load(), cut.cuts.Load()
	return t, nil
}

func (e *examination) openCounters(ctx context.Context, products []data.ProductID, dial Dial) ([]*counter, error) {
	var all []*counter
	for i := range counters {
		store, err := e.Open(ctx, dial)
		if err != nil {
			return all, err
		}
		c := &counter{name: counterName + " " + strconv.Itoa(i+1), products: products, store: store}
		c.session = data.Open(store, data.Options{Cart: e.cart, Counter: c.name})
		all = append(all, c)
	}
	return all, nil
}

// closeCounters ends sessions and stores, and takes the sessions' last states;
// doing so again does no harm.
func closeCounters(all []*counter) {
	for _, c := range all {
		c.session.Close()
		for c.state = range c.session.States() {
		}
		_ = c.store.Close() // what went wrong shows in the comparison
	}
}

// addAndCut runs for the length of the trial, or until ctx ends.
func (e *examination) addAndCut(ctx context.Context, all []*counter, cut *cutter) {
	ctx, cancel := context.WithTimeout(ctx, e.Soak)
	defer cancel()
	var running sync.WaitGroup
	running.Go(func() { cut.run(ctx) })
	for _, c := range all {
		running.Go(func() { c.add(ctx, max(addInterval, e.Soak/addsEach)) })
	}
	running.Wait()
}

// add adds one piece of a product after another at a steady pace.
func (c *counter) add(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n := range addsEach {
		p := c.products[n%len(c.products)]
		if op, err := c.session.Submit(addOne(p, c.name)); err == nil {
			c.ops = append(c.ops, operation{id: op, product: p})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
	<-ctx.Done()
}

// settleAll waits until all changes have their answer. A person who ended the
// trial does not wait for long.
func settleAll(ctx context.Context, all []*counter) {
	wait := patience
	if ctx.Err() != nil {
		wait = 2 * time.Second
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait)
	defer cancel()
	for _, c := range all {
		c.session.Retry()
	}
	for _, c := range all {
		c.settle(limited)
	}
}

func (c *counter) settle(ctx context.Context) {
	for !c.settled() {
		select {
		case c.state = <-c.session.States():
		case <-ctx.Done():
			return
		}
	}
}

// settled reports whether all changes have their answer, as of the last state.
func (c *counter) settled() bool {
	return c.state.Taken >= len(c.ops) && len(c.state.Waiting) == 0 && c.state.Mending == 0
}
