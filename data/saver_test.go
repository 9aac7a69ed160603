package data

import (
	"errors"
	"slices"
	"testing"
)

// newQueuedBench is a bench of a view whose changes are kept on the disk.
func newQueuedBench(t *testing.T, quantities ...int64) *bench {
	b := newBench(t, quantities...)
	b.queued = true
	return b
}

// kept lets the disk take what is to be written, and returns it.
func (b *bench) kept() []OpID {
	t := saveTask{keep: b.unsaved()}
	b.saved(t, nil, nil)
	var ops []OpID
	for _, c := range t.keep {
		ops = append(ops, c.Op)
	}
	return ops
}

func TestChangeIsShownOnceItIsSafe(t *testing.T) {
	for name, happens := range map[string]func(*bench, Change){
		"on the disk":               func(b *bench, _ Change) { b.kept() },
		"in the store":              func(b *bench, c Change) { b.confirm(c, 3) },
		"nowhere, the disk is full": func(b *bench, _ Change) { b.saved(saveTask{keep: b.unsaved()}, errors.New("full"), nil) },
	} {
		b := newQueuedBench(t, 2)
		c := b.add("a", 1)
		if s := b.state(); brief(s.Cart) != "a2" || s.Taken != 0 {
			t.Fatalf("%s: shown at once as %q, %d taken", name, brief(s.Cart), s.Taken)
		}
		happens(b, c)
		if s := b.state(); s.Taken != 1 || s.Cart.Items() != 3 {
			t.Errorf("%s: shown as %q, %d taken", name, brief(s.Cart), s.Taken)
		}
	}
}

func TestDiskIsLetGoOf(t *testing.T) {
	b := newQueuedBench(t, 2)
	first, second, third := b.add("a", 1), b.add("z", 1), b.add("z", 2)
	b.kept()
	b.confirm(first, 3)
	if got := b.finished(); !slices.Equal(got, []OpID{first.Op}) {
		t.Errorf("one is answered; let go of: %v", got)
	}
	// The second is refused, and the third with it: both stay until the person
	// has decided, as a crash must not forget what they wanted.
	b.refuse(second, ErrUnknownProduct)
	if got := b.finished(); !slices.Equal(got, []OpID{first.Op}) {
		t.Errorf("two are refused; let go of: %v", got)
	}
	b.settle(second.Op)
	if got := b.finished(); len(got) != 3 || !slices.Contains(got, third.Op) {
		t.Errorf("all is settled; let go of: %v", got)
	}
	b.saved(saveTask{drop: b.finished()}, nil, errors.New("read only"))
	if got := b.finished(); len(got) != 3 {
		t.Errorf("the disk did not let go; the next time: %v", got)
	}
	b.saved(saveTask{drop: b.finished()}, nil, nil)
	if got := b.finished(); got != nil {
		t.Errorf("all is gone; let go of: %v", got)
	}
}

func TestAnswerWhileTheDiskIsBusy(t *testing.T) {
	b := newQueuedBench(t, 2)
	c := b.add("a", 1)
	task := saveTask{keep: b.unsaved()}
	b.confirm(c, 3)
	b.saved(task, nil, nil)
	if got := b.finished(); !slices.Equal(got, []OpID{c.Op}) {
		t.Errorf("let go of: %v", got)
	}
}

func TestWhatAnEarlierRunLeftComesFirst(t *testing.T) {
	b := newQueuedBench(t, 2)
	b.awaitLeft = true
	own := b.add("a", 1)
	b.kept()
	b.resume(nil, errors.New("unreadable"))
	if s := b.state(); !s.Unread || len(s.Waiting) != 1 {
		t.Errorf("unread %v, %d wait", s.Unread, len(s.Waiting))
	}
	left := Change{Op: NewOp(), Kind: KindAdd, Product: "a", Quantity: 5}
	b.resume([]Change{left, own}, nil) // the disk has this run's as well by now
	s := b.state()
	if s.Unread || s.Resumed != 1 || len(s.Waiting) != 2 || s.Waiting[0].Op != left.Op {
		t.Errorf("unread %v, resumed %d, waiting %v", s.Unread, s.Resumed, s.Waiting)
	}
}

func TestOwnChangesAreKnownHoweverManyWait(t *testing.T) {
	b := newBench(t, 2)
	var all []Change
	for range 2 * keptNews {
		all = append(all, b.add("a", 1))
	}
	clear := b.put(KindClear, "", 0)
	n := int64(2)
	for _, c := range all {
		n++
		b.confirm(c, n)
	}
	for _, e := range b.state().News {
		if !e.Own {
			t.Fatalf("%v counts as somebody else's", e.Token)
		}
	}
	c, ok := b.next()
	if !ok || c.Op != clear.Op || c.Token != b.server.Token {
		t.Errorf("the clear would go out for %v, the cart is %v", c.Token, b.server.Token)
	}
}
