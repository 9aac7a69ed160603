package data

import (
	"slices"
	"testing"
	"time"
)

// confirm makes the store say yes to a change, and the cart follow.
func (b *bench) confirm(c Change, n int64) {
	b.t.Helper()
	b.done(c, Receipt{Event: b.made(c, n)})
}

// again lists the operations that are to be sent again.
func (b *bench) again() []OpID {
	var out []OpID
	for _, c := range b.journal.mending {
		out = append(out, c.Op)
	}
	return out
}

func TestConfirmedChangesAreSentAgainAfterWhatMayHaveLostThem(t *testing.T) {
	for name, happens := range map[string]func(*bench){
		"following begins anew":    func(b *bench) { b.following(true, nil) },
		"the cart went back":       func(b *bench) { b.answer(cartOf(2), false) },
		"another last change":      func(b *bench) { c := b.server; c.Token.Op = "other"; b.answer(c, false) },
		"following ends":           func(b *bench) { b.following(false, unavailable(FaultCut)) },
		"a read fails":             func(b *bench) { b.startRead(false); b.read("", Reading{}, unavailable(FaultCut)) },
		"sending fails":            func(b *bench) { b.troubled(unavailable(FaultCut)) },
		"the cart is gone by hand": func(b *bench) { b.answer(Cart{}, false) },
	} {
		b := newBench(t, 2, 1)
		first, second := b.add("a", 1), b.add("b", 1)
		b.confirm(first, 3)
		b.confirm(second, 2)
		if got := b.again(); got != nil {
			t.Fatalf("%s: at first %v is sent again", name, got)
		}
		happens(b)
		if got := b.again(); !slices.Equal(got, []OpID{first.Op, second.Op}) {
			t.Errorf("%s: %v is sent again, want both, the older one first", name, got)
		}
		if c, again, ok := b.toSend(); !ok || !again || c.Op != first.Op {
			t.Errorf("%s: next to send is %v", name, c.Op)
		}
	}
}

func TestReadOfTheSameCartSendsNothingAgain(t *testing.T) {
	b := newBench(t, 2)
	b.confirm(b.add("a", 1), 3)
	b.answer(b.server, false)
	b.event(follow(b.server, KindAdd, "a", 5))
	b.answer(b.server, false)
	if got := b.again(); got != nil {
		t.Errorf("%v is sent again", got)
	}
}

func TestJournalForgetsWhatIsOldWhileTheStoreAnswers(t *testing.T) {
	b := newBench(t, 2)
	b.confirm(b.add("a", 1), 3)
	b.now = b.now.Add(b.journal.span + time.Second)
	late := b.add("a", 1)
	b.confirm(late, 4)
	b.following(true, nil)
	if got := b.again(); !slices.Equal(got, []OpID{late.Op}) {
		t.Errorf("sent again: %v", got)
	}
}

func TestJournalKeepsWhatWasConfirmedBeforeALongOutage(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	b.confirm(c, 3)
	b.now = b.now.Add(time.Second)
	b.startRead(false)
	b.read("", Reading{}, unavailable(FaultCut))
	b.now = b.now.Add(time.Hour)
	b.answer(cartOf(2), false) // and it has forgotten
	b.following(true, nil)
	if got := b.again(); !slices.Equal(got, []OpID{c.Op}) {
		t.Errorf("sent again: %v", got)
	}
}

func TestChangeThatWasMadeAgainIsRememberedFromThen(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	b.confirm(c, 3)
	b.now = b.now.Add(b.journal.span - time.Second)
	b.following(true, nil)
	b.mended(c, Receipt{Event: b.made(c, 3)}, nil)
	b.now = b.now.Add(2 * time.Second)
	b.answer(b.server, false)
	b.following(true, nil)
	if got := b.again(); !slices.Equal(got, []OpID{c.Op}) {
		t.Errorf("sent again after a second loss: %v", got)
	}
}

func TestJournalNeverSendsWhatStoresHaveForgotten(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	c.At = b.now
	b.confirm(c, 3)
	b.startRead(false)
	b.read("", Reading{}, unavailable(FaultCut))
	b.now = b.now.Add(OpLife)
	b.answer(b.server, false)
	if c, _, ok := b.toSend(); ok {
		t.Errorf("sent again, and perhaps made twice: %v", c)
	}
}

func TestMendingEndsWithEveryAnswer(t *testing.T) {
	b := newBench(t, 2)
	first, second := b.add("a", 1), b.add("a", 1)
	b.confirm(first, 3)
	b.confirm(second, 4)
	b.following(true, nil)
	b.mended(first, Receipt{Duplicate: true}, nil)
	b.mended(second, Receipt{Event: Event{Token: Token{9, second.Op}}}, nil)
	if s := b.state(); s.Mending != 0 || len(s.Refused) != 0 {
		t.Errorf("%d to mend, refused %v", s.Mending, s.Refused)
	}
	if !b.mustRead {
		t.Error("a change was made again, and the cart is not read")
	}
}

func TestMendingThatBeganAnewKeepsItsPlace(t *testing.T) {
	b := newBench(t, 2)
	first, second := b.add("a", 1), b.add("a", 1)
	b.confirm(first, 3)
	b.confirm(second, 4)
	b.following(true, nil)
	b.mended(first, Receipt{Duplicate: true}, nil)
	b.following(true, nil) // while the second is under way
	b.mended(second, Receipt{Duplicate: true}, nil)
	if got := b.again(); !slices.Equal(got, []OpID{first.Op, second.Op}) {
		t.Errorf("sent again: %v", got)
	}
}

func TestConfirmedChangeThatCannotBeMadeAgainIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		kind Kind
		err  error
		told bool
	}{
		"the product is gone":        {KindAdd, ErrUnknownProduct, true},
		"another quantity":           {KindSet, &ConflictError{Now: 7}, true},
		"the quantity it should be":  {KindSet, &ConflictError{Now: 4}, false},
		"the line it took out":       {KindRemove, &NotInCartError{}, false},
		"a line that is not there":   {KindStep, &NotInCartError{}, true},
		"a cart that was not seen":   {KindClear, ErrCartChanged, true},
		"an empty shop after a loss": {KindAdd, ErrUnknownProduct, true},
	} {
		b := newBench(t, 2)
		change := Change{Op: NewOp(), Kind: c.kind, Product: "a", Quantity: 4, Seen: 2}
		b.submit(change)
		b.confirm(change, 4)
		b.following(true, nil)
		b.mended(change, Receipt{}, c.err)
		if len(b.state().Refused) > 0 {
			t.Errorf("%s: told before the other counters could mend it", name)
		}
		b.now = b.now.Add(lossGrace)
		b.answer(b.server, false)
		refused := b.state().Refused
		if told := len(refused) == 1; told != c.told {
			t.Errorf("%s: told %v", name, told)
		}
		if c.told && (!refused[0].Lost || !refused[0].Late) {
			t.Errorf("%s: told as %+v", name, refused[0])
		}
		b.following(true, nil)
		if again := b.again(); c.told && again != nil {
			t.Errorf("%s: it is tried again and again", name)
		}
	}
}

func TestLossIsToldOnceAllHadTimeToMend(t *testing.T) {
	b := newBench(t, 2, 3)
	b.answer(Cart{Token: Token{1, "first"}, Lines: cartOf(2).Lines}, false)
	if b.state().Lost != nil {
		t.Error("told before the other counters could mend it")
	}
	b.now = b.now.Add(lossGrace)
	b.answer(b.server, false)
	lost := b.state().Lost
	if lost == nil || brief(*lost) != "a2 b3" {
		t.Fatalf("lost: %v", lost)
	}
	missing := Missing(*lost, b.server)
	if len(missing) != 1 || missing[0].Product != "b" || missing[0].Quantity != 3 {
		t.Errorf("missing: %+v", missing)
	}
	back := follow(b.server, KindAdd, "b", 3)
	back.Token.Op = missing[0].Op
	b.event(back)
	if b.state().Lost != nil {
		t.Error("another counter brought it back, and it is still on offer")
	}
}

func TestLossOfALineIsToldOnce(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("b", 3)
	b.confirm(c, 3)
	b.answer(Cart{}, false)
	b.mended(c, Receipt{}, ErrUnknownProduct)
	b.now = b.now.Add(lossGrace)
	b.answer(Cart{}, false)
	if s := b.state(); s.Lost == nil || brief(*s.Lost) != "a2 b3" || len(s.Refused) != 0 {
		t.Errorf("lost %v, refused %v", s.Lost, s.Refused)
	}
}

func TestNoLossIsTold(t *testing.T) {
	for name, happens := range map[string]func(*bench){
		"all was mended":    func(b *bench) { b.answer(cartOf(2), false); b.answer(cartOf(2, 3), false) },
		"the time was over": func(b *bench) { b.now = at(9000); b.answer(Cart{}, false) },
		"nothing was in it": func(b *bench) {
			b.answer(Cart{}, false)
			b.now = b.now.Add(lossGrace)
			b.state()
			b.answer(Cart{Token: Token{1, "x"}}, false)
		},
		"it only went forward": func(b *bench) { c := cartOf(2); c.Token.Version = 9; b.answer(c, false) },
	} {
		b := newBench(t)
		cart := cartOf(2, 3)
		if name == "nothing was in it" {
			cart.Lines = nil
		}
		cart.Expires = at(9000)
		b.answer(cart, false)
		happens(b)
		b.now = b.now.Add(lossGrace)
		if lost := b.state().Lost; lost != nil {
			t.Errorf("%s: lost %q", name, brief(*lost))
		}
	}
}

func TestDeafSubscriptionIsNoticed(t *testing.T) {
	read := func(b *bench) {
		c := b.server
		c.Token = Token{c.Token.Version + 1, NewOp()}
		b.answer(c, false)
	}
	for name, c := range map[string]struct {
		happens func(*bench)
		deaf    bool
	}{
		"one read was faster":        {read, false},
		"reads alone bring news":     {func(b *bench) { read(b); b.now = b.now.Add(deafAfter); read(b) }, true},
		"two reads at the same time": {func(b *bench) { read(b); read(b) }, false},
		"an event came in between":   {func(b *bench) { read(b); b.event(Event{Token: b.server.Token}); b.now = b.now.Add(deafAfter); read(b) }, false},
		"nothing is followed anyway": {func(b *bench) { b.following(false, nil); read(b); b.now = b.now.Add(deafAfter); read(b) }, false},
		"nobody may publish": {func(b *bench) {
			b.unheard.anew = 3
			read(b)
			b.now = b.now.Add(4 * deafAfter)
			read(b)
		}, false},
		"nothing happens all morning": {func(b *bench) { b.now = b.now.Add(time.Hour); b.answer(b.server, false) }, false},
	} {
		b := newBench(t, 1)
		b.following(true, nil)
		b.answer(b.server, false)
		c.happens(b)
		if got := b.deaf(); got != c.deaf {
			t.Errorf("%s: deaf %v", name, got)
		}
	}
}

func TestSecondLossKeepsTheFirstOnOffer(t *testing.T) {
	b := newBench(t, 2, 3)
	lose := func() {
		b.answer(Cart{}, false)
		b.now = b.now.Add(lossGrace)
		b.answer(Cart{}, false)
		b.state()
	}
	lose()
	again := cartOf(1)
	again.Lines[0].Product.ID = "z"
	b.answer(again, false)
	lose()
	if lost := b.state().Lost; lost == nil || brief(*lost) != "z1 a2 b3" {
		t.Errorf("on offer: %v", lost)
	}
}
