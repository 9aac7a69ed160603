package data

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// bench is a view on a bench: its clock stands still until a test moves it.
type bench struct {
	*view
	t   *testing.T
	now time.Time
}

// newBench makes a view that has read a cart with lines of these quantities.
func newBench(t *testing.T, quantities ...int64) *bench {
	b := &bench{view: &view{onDisk: map[OpID]bool{}, journal: journal{span: time.Minute}}, t: t, now: at(0)}
	b.clock = func() time.Time { return b.now }
	b.answer(cartOf(quantities...), false)
	return b
}

// answer is a whole read that gives this cart.
func (b *bench) answer(c Cart, mine bool) {
	_, op := b.startRead(true)
	b.read(op, Reading{Cart: c, Mine: mine}, nil)
}

// want checks what the window shows, as [brief] writes it.
func (b *bench) want(lines string) {
	b.t.Helper()
	if got := brief(b.state().Cart); got != lines {
		b.t.Errorf("shown %q, want %q", got, lines)
	}
}

func (b *bench) wantWaiting(n int) {
	b.t.Helper()
	if got := len(b.state().Waiting); got != n {
		b.t.Errorf("%d changes wait, want %d", got, n)
	}
}

// add submits a change that adds n of p.
func (b *bench) add(p ProductID, n int64) Change { return b.put(KindAdd, p, n) }

func (b *bench) put(kind Kind, p ProductID, n int64) Change {
	c := Change{Op: NewOp(), Kind: kind, Product: p, Quantity: n, Token: b.state().Cart.Token, By: "me"}
	b.submit(c)
	return c
}

// made is the event of a change that the store makes now.
func (b *bench) made(c Change, n int64) Event {
	e := follow(b.server, c.Kind, c.Product, n)
	e.Token.Op, e.By = c.Op, c.By
	return e
}

func TestOwnEventBeforeTheAnswer(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	b.want("a3*")
	e := b.made(c, 3)
	b.event(e)
	b.want("a3")
	b.wantWaiting(1)
	b.done(c, Receipt{Event: e})
	b.want("a3")
	b.wantWaiting(0)
	if b.mustRead {
		t.Error("nothing was missed, and yet it reads")
	}
}

func TestAnswerBeforeTheOwnEvent(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	e := b.made(c, 3)
	b.done(c, Receipt{Event: e})
	b.want("a3")
	b.wantWaiting(0)
	b.event(e)
	b.want("a3")
	if b.mustRead || len(b.state().News) != 1 {
		t.Errorf("its own event is news twice: %v", b.state().News)
	}
}

func TestDuplicateAnswerReadsBeforeTheChangeGoes(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	b.done(c, Receipt{Duplicate: true})
	b.want("a3*")
	b.wantWaiting(0)
	if _, more := b.next(); more || !b.mustRead {
		t.Error("a change that was answered is sent again, or its result not read")
	}
	b.answer(cartOf(3), false)
	b.want("a3")
}

func TestAnswerThatDoesNotFollowIsReadNotGuessed(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	e := b.made(c, 4) // another counter was faster, its event is on its way
	e.Token.Version, e.Prev = e.Token.Version+1, "theirs"
	b.done(c, Receipt{Event: e})
	b.want("a3*")
	b.answer(cartOf(4), false)
	b.want("a4")
	b.wantWaiting(0)
}

func TestEventsAreHeldWhileReading(t *testing.T) {
	b := newBench(t, 2)
	e := follow(b.server, KindAdd, "a", 5)
	b.startRead(true)
	b.event(e)
	b.want("a2")
	b.read("", Reading{Cart: b.server}, nil)
	b.want("a5")
	b.startRead(true)
	b.event(e) // the read has it in already
	b.read("", Reading{Cart: b.server}, nil)
	b.want("a5")
	if b.mustRead {
		t.Error("an old event makes it read again")
	}
}

func TestEventsThatWereHeldFoldAlsoWhenTheReadFails(t *testing.T) {
	b := newBench(t, 2)
	e := follow(b.server, KindAdd, "a", 5)
	b.startRead(false)
	b.event(e)
	b.read("", Reading{}, unavailable(FaultTimeout))
	b.want("a5")
	if !b.mustRead {
		t.Error("what the failed read was for is forgotten")
	}
}

func TestReadThatHasTheOwnChangeDoesNotShowItTwice(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	e := b.made(c, 3)
	_, mine := b.startRead(true)
	if mine != c.Op {
		t.Errorf("asks for %q, sends %q", mine, c.Op)
	}
	after, _ := e.Fold(b.server, nothing)
	b.read(mine, Reading{Cart: after, Mine: true}, nil)
	b.want("a3")
	b.event(e)
	b.done(c, Receipt{Event: e})
	b.want("a3")
	b.wantWaiting(0)
}

// While a read is under way several changes may be made and answered. It knows
// of the first only whether it has it in.
func TestReadThatHasSeveralOwnChangesShowsNoneTwice(t *testing.T) {
	b := newBench(t, 2)
	first, second, third := b.add("a", 1), b.add("a", 1), b.add("a", 1)
	_, mine := b.startRead(true)
	var made []Event
	read := b.server
	for i, c := range []Change{first, second, third} {
		e := follow(read, c.Kind, c.Product, int64(3+i))
		e.Token.Op, e.By = c.Op, c.By
		made = append(made, e)
		read, _ = e.Fold(read, nothing)
	}
	b.done(first, Receipt{Event: made[0]})
	b.event(made[1])
	b.done(second, Receipt{Event: made[1]})
	b.read(mine, Reading{Cart: read, Mine: true}, nil) // the third has no answer yet
	b.want("a5")
	b.event(made[2])
	b.done(third, Receipt{Event: made[2]})
	b.want("a5")
	b.wantWaiting(0)
	b.answer(read, false)
	b.want("a5")
}

// What the picture has is counted, also while it is neither answered nor on the
// disk: who is told otherwise would lay it over once more.
func TestEventBeforeTheAnswerIsCounted(t *testing.T) {
	b := newBench(t, 2)
	b.queued = true
	c := b.add("a", 1)
	if s := b.state(); s.Taken != 0 || brief(s.Cart) != "a2" {
		t.Errorf("on its way: %d taken, %s", s.Taken, brief(s.Cart))
	}
	b.event(b.made(c, 3))
	if s := b.state(); s.Taken != 1 || brief(s.Cart) != "a3" {
		t.Errorf("in the cart: %d taken, %s", s.Taken, brief(s.Cart))
	}
}

func TestRepeatOfWhatWasReadIsNotShownTwice(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	e := b.made(c, 3)
	after, _ := e.Fold(b.server, nothing)
	later := follow(after, KindAdd, "a", 7) // by another counter, so that the last change is no own one
	after, _ = later.Fold(after, nothing)
	b.answer(after, false)
	b.done(c, Receipt{Duplicate: true, Event: Event{Token: e.Token, Quantity: 3}})
	b.want("a7")
}

func TestReadWithoutTheOwnChangeStillShowsIt(t *testing.T) {
	b := newBench(t, 2)
	b.add("a", 1)
	b.answer(cartOf(4), false)
	b.want("a5*")
}

func TestAnswerWhileReadingIsNotSentAgain(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	e := b.made(c, 3)
	before := b.server
	_, mine := b.startRead(true)
	b.done(c, Receipt{Event: e})
	if again, more := b.next(); more {
		t.Errorf("%+v is sent again", again)
	}
	b.want("a3*")
	b.wantWaiting(0)
	b.read(mine, Reading{Cart: before}, nil) // it read before the change was made
	b.want("a3")
}

func TestGapAndLossAreReadAgain(t *testing.T) {
	for name, c := range map[string]struct {
		token Token
		read  bool
	}{
		"one was missed":        {Token{4, "x"}, true},
		"another branch":        {Token{3, "x"}, true},
		"the read overtook it":  {Token{2, "x"}, false},
		"the cart begins again": {Token{1, "x"}, true},
	} {
		b := newBench(t, 2, 1) // version 2
		b.event(Event{Token: c.token, Prev: "unknown", Kind: KindAdd, Product: "a", Quantity: 9})
		b.want("a2 b1")
		if b.mustRead != c.read {
			t.Errorf("%s: reads again is %v", name, b.mustRead)
		}
		if known, _ := b.startRead(false); (known == Token{}) != c.read {
			t.Errorf("%s: asks with token %v", name, known)
		}
	}
}

func TestReadReplacesEvenWithALowerVersion(t *testing.T) {
	b := newBench(t, 2, 1, 4)
	b.answer(cartOf(7), false) // the server lost changes
	b.want("a7")
	same := Reading{Same: true, Cart: Cart{Expires: at(99), ReadAt: at(5)}}
	known, mine := b.startRead(false)
	if known != b.server.Token {
		t.Errorf("a poll asks with %v", known)
	}
	b.read(mine, same, nil)
	b.want("a7")
	if c := b.state().Cart; !c.Expires.Equal(at(99)) || !c.ReadAt.Equal(at(5)) {
		t.Errorf("a poll leaves %v and %v", c.Expires, c.ReadAt)
	}
}

func TestRefusalTakesWhatBuildsOnIt(t *testing.T) {
	type step struct {
		kind Kind
		n    int64
	}
	missing, conflict := &NotInCartError{Product: "z"}, &ConflictError{Product: "z"}
	noStock, someStock := &StockError{Product: "z"}, &StockError{Product: "z", Have: 1}
	for name, c := range map[string]struct {
		err      error
		queue    []step
		left     int
		quantity int64
	}{
		"adds of an unknown product":  {ErrUnknownProduct, []step{{KindAdd, 2}, {KindAdd, 1}}, 0, 3},
		"steps of an unknown product": {ErrUnknownProduct, []step{{KindAdd, 2}, {KindStep, -1}}, 0, 1},
		"unknown, set":                {ErrUnknownProduct, []step{{KindAdd, 2}, {KindSet, 7}}, 0, 7},
		"unknown, taken out":          {ErrUnknownProduct, []step{{KindAdd, 2}, {KindRemove, 0}}, 0, 2},
		"steps on a line gone":        {missing, []step{{KindStep, 1}, {KindStep, 1}, {KindSet, 4}, {KindRemove, 0}}, 0, 1},
		"line gone, begun anew":       {missing, []step{{KindStep, 1}, {KindAdd, 1}, {KindStep, 1}}, 2, 1},
		"set in vain":                 {conflict, []step{{KindSet, 3}, {KindStep, 1}, {KindSet, 4}}, 0, 3},
		"set in vain, taken out":      {conflict, []step{{KindSet, 3}, {KindRemove, 0}}, 1, 3},
		"nothing in stock":            {noStock, []step{{KindAdd, 3}, {KindStep, -1}}, 0, 2},
		"not enough in stock":         {someStock, []step{{KindAdd, 3}, {KindStep, -1}}, 1, 3},
		"cart full":                   {&FullError{Max: 1}, []step{{KindAdd, 3}, {KindSet, 1}}, 0, 1},
		"damaged":                     {&DamagedError{What: "x"}, []step{{KindAdd, 3}, {KindAdd, 1}}, 1, 3},
	} {
		b := newBench(t, 2)
		first := b.put(c.queue[0].kind, "z", c.queue[0].n)
		for _, s := range c.queue[1:] {
			b.put(s.kind, "z", s.n)
		}
		b.add("a", 1) // another line: nothing to do with it
		b.refuse(first, c.err)
		s := b.state()
		if len(s.Waiting) != c.left+1 || len(s.Refused) != 1 || s.Refused[0].Change.Quantity != c.quantity {
			t.Errorf("%s: waiting %v, refused %+v", name, s.Waiting, s.Refused)
		}
	}
}

func TestRefusalIsShownUntilSettled(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("nope", 1)
	b.now = at(7)
	b.refuse(c, ErrUnknownProduct)
	b.want("a2")
	r := b.state().Refused
	if len(r) != 1 || !errors.Is(r[0].Err, ErrUnknownProduct) || !r[0].At.Equal(at(7)) || !b.mustRead {
		t.Fatalf("refused: %+v", r)
	}
	b.settle("another")
	b.settle(c.Op)
	if len(b.state().Refused) != 0 || len(r) != 1 {
		t.Error("settling leaves it, or changes a state that was published")
	}
	b.refuse(c, ErrUnknownProduct) // an answer that comes twice
	if len(b.state().Refused) != 0 {
		t.Error("a change that is gone was refused again")
	}
}

func TestChangesAreSentInOrder(t *testing.T) {
	b := newBench(t, 2)
	first, second := b.add("a", 1), b.add("a", 2)
	if c, _ := b.next(); c.Op != first.Op {
		t.Error("the newer change goes first")
	}
	b.submit(second)
	b.wantWaiting(2)
	b.want("a5*")
	b.done(first, Receipt{Event: b.made(first, 3)})
	if c, _ := b.next(); c.Op != second.Op {
		t.Error("the second change does not follow")
	}
}

func TestChangeMadeByAnotherCounterShowsOnce(t *testing.T) {
	b := newBench(t)
	c := Change{Op: DerivedOp("x"), Kind: KindAdd, Product: "z", Quantity: 2, By: "me"}
	e := follow(b.server, KindAdd, "z", 2)
	e.Token.Op = c.Op
	b.event(e)
	b.submit(c)
	b.add("y", 1)
	b.want("z2 y1*")
	b.answer(b.server, false)
	b.want("z2 y1*")
	b.done(c, Receipt{Duplicate: true})
	b.want("z2 y1*")
}

func TestClearFollowsTheOwnChangesBeforeIt(t *testing.T) {
	b := newBench(t, 2)
	first := b.add("z", 1)
	b.put(KindClear, "", 0)
	b.want("")
	e := b.made(first, 1)
	before := b.server
	_, mine := b.startRead(true)
	b.done(first, Receipt{Event: e})
	if c, ok := b.next(); ok {
		t.Errorf("%+v is sent before its token is known", c)
	}
	b.read(mine, Reading{Cart: before}, nil)
	if c, ok := b.next(); !ok || c.Kind != KindClear || c.Token != e.Token {
		t.Errorf("sent %+v, want a clear of %v", c, e.Token)
	}
}

// The picture in front of the person is a moment older than the answer to what
// they did just before.
func TestClearSeenBeforeTheOwnAnswerFollowsIt(t *testing.T) {
	b := newBench(t, 2)
	seen := b.server.Token
	first := b.add("z", 1)
	e := b.made(first, 1)
	b.done(first, Receipt{Event: e})
	b.submit(Change{Op: NewOp(), Kind: KindClear, Token: seen, By: "me"})
	c, ok := b.next()
	if !ok || c.Token != e.Token {
		t.Fatalf("sent %+v, want a clear of %v", c, e.Token)
	}
	b.done(c, Receipt{Event: b.made(c, 0)})
	if s := b.state(); s.Emptied == nil || s.Emptied.Token.Op != c.Op || len(s.Emptied.Lines) != 2 {
		t.Errorf("emptied %+v, want both lines", s.Emptied)
	}
}

// A read can have a change in before its answer and its event are there.
func TestClearFollowsAnOwnChangeThatWasRead(t *testing.T) {
	for _, early := range []bool{true, false} {
		b := newBench(t, 2)
		seen := b.server.Token
		first := b.add("z", 1)
		e := b.made(first, 1)
		after, _ := e.Fold(b.server, nothing)
		empty := Change{Op: NewOp(), Kind: KindClear, Token: seen, By: "me"}
		_, mine := b.startRead(true)
		b.done(first, Receipt{Event: e})
		if early {
			b.submit(empty)
		}
		b.read(mine, Reading{Cart: after, Mine: true}, nil)
		if !early {
			b.submit(empty)
		}
		if c, ok := b.next(); !ok || c.Token != e.Token {
			t.Errorf("clear before the read %v: sent %+v, want a clear of %v", early, c, e.Token)
		}
		b.answer(Cart{Token: Token{e.Token.Version + 1, empty.Op}}, true)
		if s := b.state(); s.Emptied == nil || s.Emptied.Token.Op != empty.Op || len(s.Emptied.Lines) != 2 {
			t.Errorf("emptied %+v, want both lines", s.Emptied)
		}
	}
}

// A slow read can have several own changes in, and none of them follows on the
// cart that was shown before it.
func TestClearFollowsSeveralOwnChangesThatWereRead(t *testing.T) {
	for _, told := range []string{"answer", "event"} {
		b := newBench(t, 2)
		seen := b.server.Token
		_, mine := b.startRead(true)
		read := b.server
		for i := range 3 {
			c := b.add("z", 1)
			e := follow(read, c.Kind, c.Product, int64(1+i))
			e.Token.Op, e.By = c.Op, c.By
			read, _ = e.Fold(read, nothing)
			if told == "event" {
				b.event(e)
				b.done(c, Receipt{Duplicate: true, Event: Event{Token: e.Token}})
				continue
			}
			b.done(c, Receipt{Event: e})
		}
		before := Change{Op: NewOp(), Kind: KindClear, Token: seen, By: "me"}
		b.submit(before)
		b.read(mine, Reading{Cart: read}, nil)
		if c, ok := b.next(); !ok || c.Token != read.Token {
			t.Errorf("%s: sent %+v, want a clear of %v", told, c, read.Token)
		}
		b.refuse(before, ErrCartChanged)
		b.submit(Change{Op: NewOp(), Kind: KindClear, Token: seen, By: "me"})
		if c, ok := b.next(); !ok || c.Token != read.Token {
			t.Errorf("%s, clear behind the read: sent %+v, want a clear of %v", told, c, read.Token)
		}
	}
}

func TestClearDoesNotFollowTheChangesOfOthers(t *testing.T) {
	b := newBench(t, 2)
	seen := b.server.Token
	b.put(KindClear, "", 0)
	b.event(follow(b.server, KindAdd, "z", 1))
	if c, ok := b.next(); !ok || c.Token != seen {
		t.Errorf("sent %+v, want a clear of %v", c, seen)
	}
}

func TestEndedCartIsToldUntilSomethingIsInIt(t *testing.T) {
	ended := Cart{ID: "c", Ended: &Past{ID: "last", How: Expired, Cart: cartOf(2)}}
	for name, c := range map[string]struct {
		happens func(*bench)
		told    bool
	}{
		"nothing":       {func(*bench) {}, true},
		"another read":  {func(b *bench) { b.answer(ended, false) }, true},
		"an own add":    {func(b *bench) { b.add("z", 1) }, false},
		"another's add": {func(b *bench) { b.event(follow(b.server, KindAdd, "z", 1)) }, false},
		"a name":        {func(b *bench) { b.put(KindName, "", 0) }, true},
	} {
		b := newBench(t)
		b.answer(ended, false)
		c.happens(b)
		if told := b.state().Cart.Ended != nil; told != c.told {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

func TestEndOfACartIsKnownAtOnce(t *testing.T) {
	for kind, how := range map[Kind]Ending{KindClear: Emptied, KindCheckout: CheckedOut} {
		b := newBench(t, 2)
		e := follow(b.server, kind, "", 0)
		b.event(e)
		p := b.state().Cart.Ended
		if p == nil || p.How != how || p.ID != e.Token.Op || p.By != "other" || brief(p.Cart) != "a2" {
			t.Errorf("%s: %+v", kind, p)
		}
	}
}

func TestFirstEventOfACartThatBeginsAgain(t *testing.T) {
	b := newBench(t, 2)
	b.catalogue = NewCatalogue([]Product{{ID: "z", Name: "Z"}})
	b.answer(Cart{}, false)
	b.event(follow(Cart{}, KindAdd, "z", 1))
	b.want("z1")
	if b.mustRead {
		t.Error("nothing was missed, and yet it reads")
	}
}

func TestLineOfAnUnknownProductIsRead(t *testing.T) {
	b := newBench(t, 2)
	b.catalogue = NewCatalogue([]Product{{ID: "tea", Name: "Tea"}})
	b.event(follow(b.server, KindAdd, "tea", 1))
	if l, _ := b.state().Cart.Line("tea"); !l.Known || l.Product.Name != "Tea" || b.mustRead {
		t.Errorf("a known product shows as %+v, reads %v", l, b.mustRead)
	}
	b.event(follow(b.server, KindAdd, "new", 1))
	if !b.mustRead {
		t.Error("the details of a new product are not read")
	}
}

func TestNewsKeepsTheLast(t *testing.T) {
	b := newBench(t)
	var first []Event
	for i := range keptNews + 10 {
		b.event(follow(b.server, KindAdd, ProductID(fmt.Sprint(i)), 1))
		if i == 0 {
			first = b.state().News
		}
	}
	news := b.state().News
	if len(news) != keptNews || news[keptNews-1].Token != b.server.Token || news[0].Product != "10" {
		t.Errorf("%d events, from %s", len(news), news[0].Product)
	}
	if len(first) != 1 || first[0].Product != "0" {
		t.Error("a state that was published was changed")
	}
}

func TestTroubleWithWritingAlone(t *testing.T) {
	b := newBench(t, 2)
	phase := func(want Phase) {
		t.Helper()
		if got := b.state().Link.Phase; got != want {
			t.Errorf("phase %q, want %q", got, want)
		}
	}
	c := b.add("a", 1)
	b.troubled(unavailable(FaultFull))
	phase(ReadOnly)
	b.wantWaiting(1)
	b.refuse(c, &StockError{}) // a no is an answer as well
	phase(Polling)
	b.troubled(unavailable(FaultReadOnly))
	phase(ReadOnly)
	b.writable()
	phase(Polling)
	for range offlineAfterFailures {
		b.troubled(unavailable(FaultRefused))
	}
	phase(Offline)
	b.answer(cartOf(2), false)
	phase(Polling)
}

func TestLiveOnlyAfterAReadThatBeganWhileFollowing(t *testing.T) {
	b := newBench(t, 2)
	phase := func(want Phase) {
		t.Helper()
		if got := b.state().Link.Phase; got != want {
			t.Errorf("phase %q, want %q", got, want)
		}
	}
	b.startRead(true)
	b.following(true, nil)
	b.read("", Reading{Cart: cartOf(2)}, nil)
	phase(Polling)
	if !b.mustRead {
		t.Error("what happened before is not read")
	}
	b.answer(cartOf(2), false)
	phase(Live)
	b.startRead(false)
	b.mustRead = true
	b.read("", Reading{Same: true}, nil)
	phase(Live)
	b.following(false, unavailable(FaultCut))
	phase(Polling)
	// A right to subscribe that is missing costs speed, and nothing else.
	for range 5 {
		b.following(false, unavailable(FaultNoPermission))
		phase(Polling)
	}
	if n := b.state().Link.Outage; n != 0 {
		t.Errorf("%d outages are told", n)
	}
}

// Who did it is told also when a read was faster than the event.
func TestEventThatAReadOvertookIsStillNews(t *testing.T) {
	b := newBench(t, 2, 1)
	before := b.server
	e := follow(before, KindRemove, "a", 0)
	after, _ := e.Fold(before, nothing)
	b.answer(after, false)
	b.event(e)
	if news := b.state().News; len(news) != 1 || news[0].By != "other" || news[0].Own {
		t.Errorf("the news are %+v", news)
	}
	if b.mustRead {
		t.Error("and the cart is read again")
	}
}
