package doctor

import (
	"fmt"
	"strings"
	"time"

	"trolley/data"
)

// count is what became of the pieces of one product.
type count struct {
	product    data.ProductID
	submitted  int64 // what the counters added
	refused    int64 // of those, answered with no
	unanswered int64 // of those, without a final answer
	gone       int64 // of those, confirmed and without a record
	recorded   int64 // of those, with a record and not refused
	stored     int64 // what the cart holds
}

// lost returns how many pieces the store said it added and does not hold.
func (c count) lost() int64 { return c.gone + c.missing() }

// missing returns how many pieces the store has on record and does not hold.
func (c count) missing() int64 { return max(0, c.recorded-c.stored) }

// doubled returns how many pieces the store holds that nobody added. What makes
// up for it elsewhere counts as lost.
func (c count) doubled() int64 { return max(0, c.stored-c.recorded) }

// tally is the outcome of a trial.
type tally struct {
	counts []count
	made   int64 // connections made
	cuts   int64 // connections cut
	took   time.Duration
}

func newTally(products []data.ProductID, all []*counter, before, after data.Cart) *tally {
	for _, c := range all {
		c.noteAnswers()
	}
	t := &tally{}
	for _, p := range products {
		t.counts = append(t.counts, countOf(p, all, quantity(after, p)-quantity(before, p)))
	}
	return t
}

func countOf(p data.ProductID, all []*counter, stored int64) count {
	n := count{product: p, stored: stored}
	for _, c := range all {
		for _, o := range c.ops {
			if o.product == p {
				n.add(o)
			}
		}
	}
	return n
}

func (c *count) add(o operation) {
	c.submitted++
	switch o.answer {
	case refused:
		c.refused++
		return // even with a record: then it was made although nobody counts on it
	case unanswered:
		c.unanswered++
	case takenBack:
		c.gone++
	case confirmed:
		if !o.recorded {
			c.gone++
		}
	}
	if o.recorded {
		c.recorded++
	}
}

func quantity(c data.Cart, p data.ProductID) int64 {
	l, _ := c.Line(p)
	return l.Quantity
}

// sum adds up one fact of all products.
func (t *tally) sum(fact func(count) int64) int64 {
	n := int64(0)
	for _, c := range t.counts {
		n += fact(c)
	}
	return n
}

func (t *tally) wrong() bool { return t.sum(count.lost)+t.sum(count.doubled) > 0 }

// settled reports whether everything was answered.
func (t *tally) settled() bool { return t.sum(func(c count) int64 { return c.unanswered }) == 0 }

// String tells the outcome in a line.
func (t *tally) String() string {
	words := []string{plural(t.sum(func(c count) int64 { return c.submitted }), "add", "adds")}
	if t.made > 0 {
		words = append(words, plural(t.cuts, "connection", "connections")+" cut")
	}
	words = append(words, seconds(t.took))
	return fmt.Sprintf("%s: lost %d, doubled %d", strings.Join(words, ", "), t.sum(count.lost), t.sum(count.doubled))
}

// complaints tells what is not as it should be, product by product.
func (t *tally) complaints() []string {
	var all []string
	say := func(n int64, c count, what string) {
		if n > 0 {
			all = append(all, fmt.Sprintf("%s: %d %s", c.product, n, what))
		}
	}
	for _, c := range t.counts {
		say(c.gone, c, "confirmed and lost")
		say(c.missing(), c, "on record and not in the cart")
		say(c.doubled(), c, "in the cart that nobody added")
		say(c.refused, c, "refused")
		say(c.unanswered, c, "without an answer")
	}
	if !t.settled() {
		all = append(all, "Not every change had its answer in time.")
	}
	return all
}
