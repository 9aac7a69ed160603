package redis_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/anishathalye/porcupine"

	"trolley/data"
)

// look is what a move is that only reads.
const look data.Kind = "look"

// move is one thing a client does to a line of the cart.
type move struct {
	kind    data.Kind
	product data.ProductID
	n       int64 // the change's quantity
	seen    int64 // set: the quantity the client saw
}

// outcome says how a move ended.
type outcome string

const (
	done     outcome = "done"
	outside  outcome = "quantity refused"
	absent   outcome = "not in the cart"
	conflict outcome = "conflict"
	unknown  outcome = "unknown" // the run ended before there was an answer
)

// answer is what a client was told: of a change that is done what the line
// holds and held before, else what it holds.
type answer struct {
	outcome       outcome
	quantity, was int64
}

// decide says how a move must end where the line holds have, 0 for none, and
// what it holds then.
func decide(have, limit int64, m move) (answer, int64) {
	next := m.n
	switch {
	case m.kind == look:
		return answer{done, have, have}, have
	case m.kind != data.KindAdd && have == 0:
		return answer{outcome: absent}, have
	case m.kind == data.KindSet && have != m.seen:
		return answer{outcome: conflict, quantity: have}, have
	case m.kind == data.KindAdd || m.kind == data.KindStep:
		next = have + m.n
	}
	if next < 0 || next > limit {
		return answer{outcome: outside, quantity: have}, have
	}
	return answer{done, next, have}, next
}

// cartModel is a cart as its clients may take it to be: every line is a number
// of its own that changes at one moment between question and answer. A change
// without an answer may come at any later time, also after all others, which is
// as good as never.
func cartModel(limit int64) porcupine.Model {
	return porcupine.Model{
		Partition: byProduct,
		Init:      func() any { return int64(0) },
		Step: func(state, input, output any) (bool, any) {
			want, next := decide(state.(int64), limit, input.(move))
			got := output.(answer)
			return got == want || got.outcome == unknown, next
		},
		DescribeOperation: func(input, output any) string {
			m, a := input.(move), output.(answer)
			return fmt.Sprintf("%s %d (seen %d): %s %d, was %d", m.kind, m.n, m.seen, a.outcome, a.quantity, a.was)
		},
	}
}

func byProduct(history []porcupine.Operation) [][]porcupine.Operation {
	lines := map[data.ProductID][]porcupine.Operation{}
	for _, op := range history {
		p := op.Input.(move).product
		lines[p] = append(lines[p], op)
	}
	var all [][]porcupine.Operation
	for _, ops := range lines {
		all = append(all, ops)
	}
	return all
}

// never is when a move without an answer returned.
const never = math.MaxInt64

func TestModelTellsRightHistoriesFromWrongOnes(t *testing.T) {
	add := func(call, back, n, q int64) porcupine.Operation {
		m := move{kind: data.KindAdd, product: "tea", n: n}
		return porcupine.Operation{Input: m, Output: answer{done, q, q - n}, Call: call, Return: back}
	}
	see := func(call, back, q int64) porcupine.Operation {
		return porcupine.Operation{Input: move{kind: look, product: "tea"}, Output: answer{done, q, q}, Call: call, Return: back}
	}
	lost := add(1, never, 2, 2)
	lost.Output = answer{outcome: unknown}
	other := see(3, 4, 0)
	other.Input = move{kind: look, product: "milk"}
	type history []porcupine.Operation
	for name, c := range map[string]struct {
		history history
		right   bool
	}{
		"one after the other":       {history{add(1, 2, 2, 2), add(3, 4, 3, 5), see(5, 6, 5)}, true},
		"at a time, either order":   {history{add(1, 9, 2, 5), add(2, 8, 3, 3)}, true},
		"seen before its answer":    {history{add(1, 9, 2, 2), see(2, 3, 2)}, true},
		"made twice":                {history{add(1, 2, 2, 2), see(3, 4, 4)}, false},
		"lost":                      {history{add(1, 2, 2, 2), see(3, 4, 0)}, false},
		"gone again":                {history{add(1, 9, 2, 2), see(2, 3, 2), see(4, 5, 0)}, false},
		"unknown and made":          {history{lost, see(3, 4, 2)}, true},
		"unknown and not made":      {history{lost, see(3, 4, 0)}, true},
		"unknown and made twice":    {history{lost, see(3, 4, 4)}, false},
		"another line is untouched": {history{add(1, 2, 2, 2), other}, true},
		"beyond the limit":          {history{add(1, 2, 11, 11)}, false},
	} {
		if got := porcupine.CheckOperations(cartModel(10), c.history); got != c.right {
			t.Errorf("%s: right is %v, want %v", name, got, c.right)
		}
	}
}

func TestModelRefusesAsTheShopDoes(t *testing.T) {
	for _, c := range []struct {
		have int64
		move move
		want answer
		next int64
	}{
		{9, move{kind: data.KindAdd, n: 2}, answer{outside, 9, 0}, 9},
		{2, move{kind: data.KindStep, n: -3}, answer{outside, 2, 0}, 2},
		{2, move{kind: data.KindStep, n: -2}, answer{done, 0, 2}, 0},
		{0, move{kind: data.KindStep, n: 1}, answer{outcome: absent}, 0},
		{0, move{kind: data.KindSet, n: 1, seen: 2}, answer{outcome: absent}, 0},
		{3, move{kind: data.KindSet, n: 1, seen: 2}, answer{conflict, 3, 0}, 3},
		{3, move{kind: data.KindSet, n: 1, seen: 3}, answer{done, 1, 3}, 1},
		{0, move{kind: data.KindRemove}, answer{outcome: absent}, 0},
		{3, move{kind: data.KindRemove}, answer{done, 0, 3}, 0},
	} {
		if got, next := decide(c.have, 10, c.move); got != c.want || next != c.next {
			t.Errorf("%+v on %d: %+v and %d, want %+v and %d", c.move, c.have, got, next, c.want, c.next)
		}
	}
}
