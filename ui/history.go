package ui

import (
	"slices"

	"trolley/data"
)

// keptSteps is how many things can be taken back one after another.
const keptSteps = 200

// history is what this counter did to a cart in this run of the program, so
// that it can be taken back and made again. Only differences are: what other
// counters did to the same lines before, between and after stays. It knows no
// widget and sends nothing.
type history struct {
	past, future []*historyStep             // made, and taken back; the last one last
	owed         []*historyStep             // to be turned when the answers are there that say how
	open         *historyStep               // takes all changes in; nil: each is a step of its own
	ended        data.OpID                  // the end of the cart that was noted last
	steps        map[data.OpID]*historyStep // by every operation that was sent for them
	offered      *historyStep               // that a toast offers to turn; nil: none
	withdraw     func()                     // that toast
}

// historyStep is something a person did, of one change or several, that is
// taken back as one. To turn it is to take back what it made last: that undoes
// it, and redoes it the next time.
type historyStep struct {
	what  func() string // in words, such as "remove “Espresso”"
	made  []madeChange
	final bool // it cannot be taken back
}

// madeChange is a change that was sent to the shop, and what is known of the
// cart before it.
type madeChange struct {
	data.Change
	earlier []data.OpID // that it takes back, makes again, and so on; the oldest first
	seen    int64       // quantity of the line, as the person saw it
	lines   []data.Line // of a cart that it empties: as they were, or as the person saw them
	name    string      // of the cart, likewise
	result  data.Event  // without a Token: not known yet
}

func newHistory() *history { return &history{steps: map[data.OpID]*historyStep{}, withdraw: func() {}} }

// note takes in what the person did. What was taken back before can no longer
// be made again.
func (h *history) note(m madeChange, what func() string) *historyStep {
	s := h.open
	if s == nil {
		s = &historyStep{what: what}
	}
	s.made, s.final = append(s.made, m), m.Kind == data.KindCheckout
	h.steps[m.Op] = s
	if len(s.made) > 1 {
		return s
	}
	h.dropFuture()
	if h.past = append(h.past, s); len(h.past) > keptSteps {
		h.forget(h.past[0])
	}
	return s
}

// dropFuture forgets what could be made again. What is owed is still to be
// taken back.
func (h *history) dropFuture() {
	undone := h.future
	h.future = nil
	for _, s := range undone {
		switch {
		case !slices.Contains(h.owed, s):
			h.forget(s)
		case s == h.offered:
			h.offer(nil, func() {})
		}
	}
}

// together makes one step of all that do makes, and returns it; nil: it made
// nothing, or it is a part of a larger step.
func (h *history) together(what func() string, do func()) *historyStep {
	if h.open != nil {
		do()
		return nil
	}
	s := &historyStep{what: what}
	h.open = s
	do()
	h.open = nil
	if len(s.made) == 0 {
		return nil
	}
	return s
}

// forget lets go of a step altogether.
func (h *history) forget(s *historyStep) {
	is := func(o *historyStep) bool { return o == s }
	h.past, h.future, h.owed = slices.DeleteFunc(h.past, is), slices.DeleteFunc(h.future, is), slices.DeleteFunc(h.owed, is)
	for _, m := range s.made {
		for _, op := range m.ops() {
			delete(h.steps, op)
		}
	}
	if h.offered == s {
		h.offer(nil, func() {})
	}
}

// offer notes that a toast offers to turn a step. Only the last one does, so
// that its button can mean no other.
func (h *history) offer(s *historyStep, withdraw func()) {
	h.withdraw()
	h.offered, h.withdraw = s, withdraw
}

// lastOf returns the last of some steps, nil when there is none.
func lastOf(steps []*historyStep) *historyStep {
	if len(steps) == 0 {
		return nil
	}
	return steps[len(steps)-1]
}

// swap moves a step to the other side: from what was made to what was taken
// back, or back again. It reports whether the step has to be turned for that. One
// whose turn is still owed has not, as nothing of it was sent yet.
func (h *history) swap(s *historyStep) bool {
	from, to := &h.past, &h.future
	if slices.Contains(h.future, s) {
		from, to = to, from
	}
	is := func(o *historyStep) bool { return o == s }
	*from = slices.DeleteFunc(*from, is)
	*to = append(*to, s)
	n := len(h.owed)
	h.owed = slices.DeleteFunc(h.owed, is)
	return len(h.owed) == n
}

// learn takes in what the shop tells of the changes. One that another counter
// had made already, as both bring the same lines back, is that counter's.
func (h *history) learn(s data.State) {
	for _, e := range s.News {
		step := h.steps[e.Token.Op]
		if step == nil {
			continue
		}
		i := slices.IndexFunc(step.made, func(m madeChange) bool { return m.Op == e.Token.Op })
		switch {
		case i < 0:
		case step.made[i].By != e.By:
			h.dropMade(step, i)
		default:
			step.made[i].learn(e, s.Emptied)
		}
	}
}

// ops returns the operations that led to the change, and its own.
func (m *madeChange) ops() []data.OpID { return append(slices.Clone(m.earlier), m.Op) }

func (m *madeChange) learn(e data.Event, emptied *data.Cart) {
	m.result = e
	if emptied != nil && emptied.Token.Op == m.Op {
		m.lines, m.name = emptied.Lines, emptied.Name
	}
}

func (h *history) dropMade(s *historyStep, i int) {
	gone := s.made[i]
	s.made = slices.Delete(s.made, i, i+1)
	for _, op := range gone.ops() {
		delete(h.steps, op)
	}
	if len(s.made) == 0 {
		h.forget(s)
	}
}

// refusedPart says what a refused change was to the history.
type refusedPart int

const (
	partDone   refusedPart = iota // what the person did, or nothing of this history
	partTurned                    // what was to take something back, or make it again
	partMoot                      // what the person has taken back meanwhile
)

// refused forgets a change that the shop did not make.
func (h *history) refused(op data.OpID) refusedPart {
	s := h.steps[op]
	if s == nil {
		return partDone
	}
	part, taken := partDone, slices.Contains(h.owed, s)
	for i := len(s.made) - 1; i >= 0; i-- {
		m := s.made[i]
		at := slices.Index(m.ops(), op)
		if at < 0 {
			continue
		}
		switch turns := len(m.earlier) - at; {
		case taken || turns%2 == 1:
			part = partMoot
		case at > 0:
			part = partTurned
		}
		h.dropMade(s, i)
	}
	return part
}

// known reports whether it is known what a step has made last. How many were
// taken out is so with the answer. While the shop is away the picture the person
// saw has to do; but not for a whole cart: what comes of that is seen when it is
// back.
func (s *historyStep) known(m *model) bool {
	for _, c := range s.made {
		waits := m.waits(c.Op)
		switch {
		case !waits && m.refuses(c.Op):
			return false
		case waits && (c.Kind == data.KindClear || c.Kind == data.KindRemove && m.state.Link.Usable()):
			return false
		}
	}
	return true
}

// opposite returns the changes that take back what a step has made last. Those
// that cannot be are left out.
func (s *historyStep) opposite(now data.Cart) []madeChange {
	var all []madeChange
	for _, m := range s.made {
		for _, c := range m.opposite(now) {
			c.Undoes = m.Op
			if c.Op == "" {
				c.Op = data.NewOp()
			}
			all = append(all, madeChange{Change: c, earlier: m.ops(), name: now.Name})
		}
	}
	return all
}

func (m *madeChange) opposite(now data.Cart) []data.Change {
	switch m.Kind {
	case data.KindClear:
		return m.refill(now)
	case data.KindName:
		if now.Name != m.Text { // somebody gave it another one
			return nil
		}
		return []data.Change{{Kind: data.KindName, Text: m.name}}
	}
	by := -m.effect()
	c := data.Change{Kind: data.KindStep, Product: m.Product, Quantity: by, Name: m.Name}
	l, _ := now.Line(m.Product)
	c.Want = l.Quantity + by
	switch {
	case by == 0:
		return nil
	case by > 0 && m.tookOut(): // the line is to come back
		c.Kind, c.Op = data.KindAdd, data.RestoreOp(m.Op, m.Product)
	}
	return []data.Change{c}
}

// refill puts back what was in a cart that was emptied.
func (m *madeChange) refill(now data.Cart) []data.Change {
	var all []data.Change
	for _, l := range m.lines {
		if l.Quantity > 0 {
			all = append(all, putBack(l, m.Op))
		}
	}
	if m.name != "" && now.Name == "" {
		all = append(all, data.Change{Kind: data.KindName, Text: m.name})
	}
	return all
}

// putBack is the change that adds a line again which an operation took away. Its
// id is derived from that, so that however many counters do so, and however
// often, the line comes back once.
func putBack(l data.Line, after data.OpID) data.Change {
	return data.Change{Op: data.RestoreOp(after, l.Product.ID), Kind: data.KindAdd,
		Product: l.Product.ID, Quantity: l.Quantity, Name: lineName(l)}
}

// effect is by how much the change has raised its line.
func (m *madeChange) effect() int64 {
	if e := m.result; e.Token.Op != "" {
		return e.Quantity - e.Was
	}
	switch m.Kind {
	case data.KindAdd, data.KindStep:
		return m.Quantity
	case data.KindSet:
		return m.Quantity - m.Seen
	}
	return -m.seen
}

// tookOut reports whether the change took its line out of the cart.
func (m *madeChange) tookOut() bool {
	if e := m.result; e.Token.Op != "" {
		return e.Quantity == 0
	}
	return m.Kind == data.KindRemove || m.Kind == data.KindStep && m.Want <= 0
}
