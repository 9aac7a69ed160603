package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trolley/data"
)

// The latencies are measured in rounds, each with one call of a kind.
const (
	rounds     = 100
	roundsTime = 3 * time.Second // no new round after that
)

// timing is how long calls of one kind took.
type timing struct {
	name  string
	call  func(context.Context) error
	times []time.Duration
}

// latency measures the calls that a window waits for, without any fault.
func (e *examination) latency(ctx context.Context, products []data.ProductID) error {
	timings := e.timings(products)
	began := time.Now()
	for n := 0; n < rounds && (n == 0 || time.Since(began) < roundsTime); n++ {
		for _, t := range timings {
			if err := t.once(ctx); err != nil {
				return err
			}
		}
	}
	e.page.line(labelLatency, "", latencyText(timings))
	return nil
}

// timings returns what there is to measure: a PING where the store knows one,
// an add where there is something to add, and a read.
func (e *examination) timings(products []data.ProductID) []*timing {
	var all []*timing
	if p, ok := e.store.(interface{ Ping(context.Context) error }); ok {
		all = append(all, &timing{name: namePing, call: p.Ping})
	}
	if len(products) > 0 {
		all = append(all, &timing{name: "add", call: func(ctx context.Context) error {
			_, err := e.store.Apply(ctx, e.cart, addOne(products[0], counterName))
			return err
		}})
	}
	return append(all, &timing{name: "read", call: func(ctx context.Context) error {
		_, err := e.store.Read(ctx, e.cart, data.Token{}, "")
		return err
	}})
}

func (t *timing) once(ctx context.Context) error {
	began := time.Now()
	err := t.call(ctx)
	t.times = append(t.times, time.Since(began))
	return err
}

// median returns the time that half of the calls kept to.
func (t *timing) median() time.Duration {
	slices.Sort(t.times)
	return t.times[len(t.times)/2]
}

const namePing = "PING"

// latencyText tells the medians; those of a server beside its PING, which says
// how much of them is the network.
func latencyText(timings []*timing) string {
	ping := time.Duration(0)
	var parts []string
	for _, t := range timings {
		m := t.median()
		text := fmt.Sprintf("%s %.2f ms", t.name, float64(m)/float64(time.Millisecond))
		if ping > 0 {
			text += fmt.Sprintf(" (%.1f × %s)", float64(m)/float64(ping), namePing)
		}
		if t.name == namePing {
			ping = m
		}
		parts = append(parts, text)
	}
	return fmt.Sprintf("%s; median of %d", strings.Join(parts, ", "), len(timings[0].times))
}

func addOne(p data.ProductID, by string) data.Change {
	return data.Change{Op: data.NewOp(), Kind: data.KindAdd, Product: p, Quantity: 1, By: by}
}
