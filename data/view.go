package data

import (
	"errors"
	"slices"
	"time"
)

// keptNews is the number of events a State carries; a window that redraws
// twenty times a second misses none of them.
const keptNews = 64

// view is the live picture of one cart. The session's loop owns it: nothing
// here waits, locks or starts anything, so every rule can be tested by calling
// its methods.
//
// Answers and events that come in while a read is under way are held until its
// result is in. What was read is then at least as new as all that was applied
// before, and simply replaces it.
type view struct {
	clock func() time.Time

	server    Cart
	loaded    bool
	waiting   []pending
	refused   []Refusal
	news      []Event
	emptied   *Cart
	catalogue *Catalogue
	health    health

	onDisk    map[OpID]bool // changes that the queue keeps
	queued    bool          // there is a queue: what waits is shown once it is on the disk
	awaitLeft bool          // what an earlier run left in it is not known yet
	unread    bool          // nor can it be read
	resumed   int           // how many changes that was
	journal   journal
	checks    []Finding // of the last preflight
	unheard   unheard

	taken    int    // changes submitted so far
	own      []OpID // the last changes of this session, all that wait among them
	steps    []ownStep
	reading  bool   // a read is under way
	held     []held // what came in meanwhile, in order
	mustRead bool   // the cart may have changed in a way not seen: read it all
}

// pending is a change without a definite answer.
type pending struct {
	Change
	applied  bool // seen in an event or a read: the server's cart has it in
	answered bool // the store said yes; it is not sent again
	acked    bool // answered, but not folded in: goes with the next read

	since time.Time // when it came in
	shown bool      // it is safe, or cannot be made so: the window shows it
	late  bool      // it has waited through an outage or a restart
}

// held is an answer or an event that waits for the read under way.
type held func(*view)

// submit takes a new change. One that waits already is not taken twice; one
// that another counter made with the same operation id shows once.
func (v *view) submit(c Change) {
	v.taken++
	if v.pendingAt(c.Op) >= 0 {
		return
	}
	if c.Kind.Ends() {
		c.Token = v.afterOwn(c.Token)
	}
	v.own = append(v.own[max(0, len(v.own)+1-keptNews-len(v.waiting)):], c.Op)
	v.waiting = append(v.waiting, pending{Change: c, applied: v.known(c.Op), since: v.clock(), shown: !v.queued})
	v.forgetLost(c.Op, c.Product)
}

// settle forgets a refusal that the person has dealt with.
func (v *view) settle(op OpID) {
	v.refused = slices.DeleteFunc(v.refused, func(r Refusal) bool { return r.Change.Op == op })
}

// next returns the change to send, if any. One that ends the cart waits until the
// changes before it are in the cart: only then is its token known.
func (v *view) next() (Change, bool) {
	unfolded := false
	for _, p := range v.waiting {
		if !p.answered {
			return p.Change, !p.Kind.Ends() || !unfolded
		}
		unfolded = unfolded || !p.acked
	}
	return Change{}, false
}

// toSend returns the change to send, if any, and whether the store has said yes
// to it before.
func (v *view) toSend() (c Change, again, ok bool) {
	if m := v.journal.toMend(v.clock()); len(m) > 0 {
		return m[0], true, true
	}
	if c, ok = v.next(); !ok {
		return Change{}, false, false
	}
	return c, false, true
}

// unanswered reports whether a change waits for its answer.
func (v *view) unanswered() bool {
	return slices.ContainsFunc(v.waiting, func(p pending) bool { return !p.answered })
}

// afterRead runs f now, or behind the read under way.
func (v *view) afterRead(f held) {
	if v.reading {
		v.held = append(v.held, f)
		return
	}
	f(v)
}

// done takes the store's yes to a change.
func (v *view) done(c Change, r Receipt) {
	v.writable()
	v.journal.note(c, v.clock())
	if i := v.pendingAt(c.Op); i >= 0 {
		v.waiting[i].answered = true
	}
	v.afterRead(func(v *view) { v.fold(c, r) })
}

func (v *view) fold(c Change, r Receipt) {
	if !r.Duplicate {
		v.stepOwn(r.Event)
	}
	i := v.pendingAt(c.Op)
	if i < 0 {
		return
	}
	if v.waiting[i].applied || !r.Duplicate && v.apply(r.Event) {
		v.drop(i)
		return
	}
	v.overtaken(r.Event.Token)
	v.waiting[i].acked = true
	v.mustRead = true
}

// overtaken takes the token of an own change that does not follow on the cart.
// One that the last read was ahead of is in the cart already, and must not be
// laid over it once more. A receipt may have no token.
func (v *view) overtaken(t Token) {
	if i := v.pendingAt(t.Op); i >= 0 && t.Version > 0 && t.Version <= v.server.Token.Version {
		v.waiting[i].applied = true
	}
}

// refuse takes the store's no to a change. Waiting changes that take it back go
// with it, and those of the same line that build on it: the person is asked
// once, about what they wanted in the end.
func (v *view) refuse(c Change, err error) {
	v.writable()
	i := v.pendingAt(c.Op)
	if i < 0 {
		return
	}
	late := v.waiting[i].late
	v.drop(i)
	undoing := v.dropUndoing(c.Op)
	c, with := v.absorb(c, err)
	with = append(undoing, with...)
	v.refused = append(v.refused, Refusal{Change: c, Err: err, At: v.clock(), With: with, Late: late})
	v.mustRead = true // the person decided on a picture that was not true
}

// dropUndoing drops the waiting changes that take a change back which never came
// about, and those that take these back again.
func (v *view) dropUndoing(op OpID) (dropped []OpID) {
	gone := map[OpID]bool{op: true}
	v.waiting = slices.DeleteFunc(v.waiting, func(p pending) bool {
		if p.Undoes == "" || !gone[p.Undoes] {
			return false
		}
		gone[p.Op] = true
		dropped = append(dropped, p.Op)
		return true
	})
	return dropped
}

// absorb takes the waiting changes that build on one that was refused into it.
func (v *view) absorb(c Change, err error) (all Change, with []OpID) {
	building := true
	v.waiting = slices.DeleteFunc(v.waiting, func(p pending) bool {
		if p.Product != c.Product {
			return false
		}
		building = building && buildsOn(p.Kind, err)
		if !building {
			return false
		}
		c.Want, with = p.Want, append(with, p.Op)
		if c.Kind == KindAdd {
			c.Quantity = wanted(c.Quantity, p.Change)
		}
		return true
	})
	return c, with
}

// wanted returns how many of a line that never came to be a person wanted in
// the end. Taking it out again leaves what was asked for first.
func wanted(quantity int64, later Change) int64 {
	switch later.Kind {
	case KindAdd, KindStep:
		return max(1, quantity+later.Quantity)
	case KindSet:
		return later.Quantity
	}
	return quantity
}

// buildsOn reports whether a change of that kind makes no sense on a line for
// which the store answered err.
func buildsOn(k Kind, err error) bool {
	var conflict *ConflictError
	switch k {
	case KindStep, KindSet:
		return noLine(err) || errors.As(err, &conflict)
	case KindRemove:
		return noLine(err)
	case KindAdd:
		return errors.Is(err, ErrUnknownProduct)
	}
	return false
}

// noLine reports whether err says that the cart has no such line.
func noLine(err error) bool {
	var missing *NotInCartError
	var full *FullError
	var stock *StockError
	var quantity *QuantityError
	return errors.Is(err, ErrUnknownProduct) || errors.As(err, &missing) || errors.As(err, &full) ||
		errors.As(err, &stock) && stock.Have == 0 || errors.As(err, &quantity) && quantity.Have == 0
}

// troubled takes a failed attempt to send; the change stays where it is.
func (v *view) troubled(err error) {
	f := FaultOf(err)
	if f.Class() == Transient {
		v.failed(err)
		return
	}
	v.health.writeFault = f
}

// failed takes a call that the store did not answer. Whatever is sent next finds
// it back, perhaps without the last changes: those go first.
func (v *view) failed(err error) {
	v.health.fail(v.clock(), err)
	v.journal.mend()
}

// writable takes the news that the store takes changes.
func (v *view) writable() {
	v.health.ok(v.clock())
	v.health.writeFault = FaultNone
}

// event takes news from the store.
func (v *view) event(e Event) {
	v.unheard = unheard{}
	v.afterRead(func(v *view) {
		if slices.Contains(v.own, e.Token.Op) {
			v.stepOwn(e)
		}
		if v.apply(e) || v.known(e.Token.Op) {
			return
		}
		// It is news all the same, only the cart is not to be had from it. One
		// that the last read overtook is in the cart already; a cart that
		// begins again at 1 is not.
		v.note(e)
		v.overtaken(e.Token)
		if e.Token.Version > v.server.Token.Version || e.Token.Version == 1 {
			v.mustRead = true
		}
	})
}

// note keeps an event for the window to tell.
func (v *view) note(e Event) {
	e.Own = slices.Contains(v.own, e.Token.Op)
	v.news = append(slices.Clip(v.news[max(0, len(v.news)+1-keptNews):]), e)
}

// apply folds an event into the cart and reports whether it followed on it.
func (v *view) apply(e Event) bool {
	c, ok := e.Fold(v.server, v.catalogue.Product)
	if !ok {
		return false
	}
	if slices.Contains(v.own, e.Token.Op) {
		v.keepEmptied(e.Kind, e.Token)
	}
	v.server = c
	v.server.ReadAt = v.clock()
	v.forgetLost(e.Token.Op, e.Product)
	if l, there := c.Line(e.Product); there && !l.Known {
		v.mustRead = true // the store knows the product, the catalogue not yet
	}
	v.note(e)
	if i := v.pendingAt(e.Token.Op); i >= 0 {
		v.waiting[i].applied = true
	}
	return true
}

// keepEmptied keeps what an own clear takes out of the cart there is, so that it
// can be undone to the last line.
func (v *view) keepEmptied(k Kind, to Token) {
	if k == KindClear {
		before := v.server
		before.Token = to
		v.emptied = &before
	}
}

// ownStep is one change of this session that no other came before or beside.
type ownStep struct{ from, to Token }

// stepOwn notes what an own change has made of the cart before it. A read under
// way may have several of them in, so this does not hang on whether the event
// follows on the cart that is shown.
func (v *view) stepOwn(e Event) {
	from := Token{e.Token.Version - 1, e.Prev}
	if e.Prev == "" {
		from = Token{}
	}
	v.step(from, e.Token)
}

// step notes that from has become to, which is told by the answer, the event and
// a read. A clear that waits follows: the person saw the change in the cart when
// they emptied it.
func (v *view) step(from, to Token) {
	s := ownStep{from, to}
	if slices.Contains(v.steps, s) {
		return
	}
	v.steps = slices.DeleteFunc(v.steps, func(s ownStep) bool { return s.from == from })
	v.steps = append(v.steps[max(0, len(v.steps)+1-keptNews):], s)
	for i := range v.waiting {
		if p := &v.waiting[i]; p.Kind.Ends() && p.Token == from && !p.answered && !p.applied {
			p.Token = to
		}
	}
}

// afterOwn returns what a token that the person saw has become by changes of
// this session alone. They were on the screen as waiting ones, but the picture
// in front of the person may be older than their answers.
func (v *view) afterOwn(t Token) Token {
	for _, s := range v.steps {
		if s.from == t {
			t = s.to
		}
	}
	return t
}

// forgetLost lets go of what the store has lost once a counter brings it back.
// Anything else that is put in the cart leaves the offer standing.
func (v *view) forgetLost(op OpID, p ProductID) {
	if lost := v.journal.lost; lost != nil && op == RestoreOp(lost.Token.Op, p) {
		v.journal.lost = nil
	}
}

func (v *view) known(op OpID) bool {
	return slices.ContainsFunc(v.news, func(e Event) bool { return e.Token.Op == op })
}

// startRead says what to ask the store for, and holds everything back until
// the answer is in.
func (v *view) startRead(all bool) (known Token, mine OpID) {
	v.reading = true
	if !all && !v.mustRead {
		known = v.server.Token
	}
	v.mustRead = false
	if c, ok := v.next(); ok {
		mine = c.Op
	}
	return known, mine
}

// read takes the answer to the last startRead.
func (v *view) read(mine OpID, r Reading, err error) {
	v.reading = false
	if err != nil {
		v.failed(err)
		v.mustRead = true
	} else {
		v.health.ok(v.clock())
		v.journal.forget(v.clock())
		// A read that began before following did proves nothing; another comes.
		v.health.readUp = v.health.readUp || v.health.up && !v.mustRead
		v.replace(mine, r)
	}
	late := v.held
	v.held = nil
	for _, f := range late {
		f(v)
	}
}

func (v *view) replace(mine OpID, r Reading) {
	if r.Same {
		v.server.Expires, v.server.ReadAt = r.Cart.Expires, r.Cart.ReadAt
		return
	}
	if v.loaded && wentBack(v.server, r.Cart) {
		v.regressed(v.timeIsOver() || v.ranOut(r.Cart))
	}
	if r.Cart.Token == (Token{}) {
		v.steps = nil // they led to a cart that is over
	}
	v.listen(r.Cart)
	// The answer and the event of a change may both come after a read that has
	// it in already.
	i := v.pendingAt(mine)
	if i >= 0 && r.Mine && r.Cart.Token == (Token{v.server.Token.Version + 1, mine}) {
		v.keepEmptied(v.waiting[i].Kind, r.Cart.Token)
		v.step(v.server.Token, r.Cart.Token)
	}
	v.server, v.loaded = r.Cart, true
	for i := range v.waiting {
		op := v.waiting[i].Op
		v.waiting[i].applied = r.Mine && op == mine || op == r.Cart.Token.Op || v.known(op)
	}
	v.waiting = slices.DeleteFunc(v.waiting, func(p pending) bool { return p.acked })
}

// ranOut reports whether what was read says that the known cart has run out: an
// earlier one of the same id may have done so before.
func (v *view) ranOut(now Cart) bool {
	e := now.Ended
	return e != nil && e.How == Expired &&
		!slices.ContainsFunc(v.server.Lines, func(l Line) bool { return l.Changed.After(e.At) })
}

// timeIsOver reports whether the known cart has run out, as far as is known. A
// second is granted to clocks.
func (v *view) timeIsOver() bool {
	e := v.server.Expires
	return !e.IsZero() && v.clock().After(e.Add(-time.Second))
}

// unheard counts reads that brought changes of which no event told. The first
// may have overtaken its event; when it goes on like that, the subscription is
// deaf although it answers.
type unheard struct {
	reads int
	since time.Time
	anew  int // subscriptions that were made anew for it
}

// deafAfter is how long no event may come while reads bring news. It doubles
// with each subscription that brings none either: perhaps nobody may publish.
const (
	deafAfter     = time.Second
	deafAfterMost = 6 // doublings
)

// listen compares what was read with what was heard.
func (v *view) listen(read Cart) {
	if !v.health.up || !v.health.readUp || read.Token.Version <= v.server.Token.Version {
		return
	}
	if v.unheard.reads == 0 {
		v.unheard.since = v.clock()
	}
	v.unheard.reads++
}

// deaf reports whether the subscription has to be made anew.
func (v *view) deaf() bool {
	patience := deafAfter << min(v.unheard.anew, deafAfterMost)
	return v.health.up && v.unheard.reads >= 2 && v.clock().Sub(v.unheard.since) >= patience
}

// following takes the begin (err nil) or end of following.
func (v *view) following(up bool, err error) {
	v.health.up, v.health.readUp, v.unheard.reads = up, false, 0
	v.journal.mend() // it may be another server, or the same without its last second
	if up {
		v.mustRead = true
		return
	}
	// Once reads have worked, a subscription that is refused costs speed and
	// nothing else; what is wrong with the rest shows in the reads themselves.
	if v.health.lastOK.IsZero() && FaultOf(err).Class() == Misconfigured {
		v.health.fail(v.clock(), err)
	}
}

func (v *view) pendingAt(op OpID) int {
	return slices.IndexFunc(v.waiting, func(p pending) bool { return p.Op == op })
}

func (v *view) drop(i int) { v.waiting = slices.Delete(v.waiting, i, i+1) }

// state returns the picture for the window.
func (v *view) state() State {
	link := v.health.link(v.clock())
	v.delay(link)
	v.weighLoss()
	s := State{
		Catalogue: v.catalogue,
		Loaded:    v.loaded,
		Taken:     v.taken,
		Refused:   slices.Clone(v.refused),
		News:      slices.Clip(v.news),
		Emptied:   v.emptied,
		Lost:      v.journal.lost,
		Unread:    v.unread,
		Resumed:   v.resumed,
		Mending:   v.journal.open(),
		Checks:    v.checks,
		Link:      link,
	}
	v.showWaiting(&s)
	return s
}

// showWaiting lays the changes that wait over the cart.
func (v *view) showWaiting(s *State) {
	overlay := make([]Change, 0, len(v.waiting))
	s.Waiting = make([]Change, 0, len(v.waiting))
	for _, p := range v.waiting {
		if !p.shown && !p.answered {
			if !p.applied { // else the picture has it already
				s.Taken-- // on its way to the store and to the disk
			}
			continue
		}
		if !p.applied {
			overlay = append(overlay, p.Change)
		}
		if p.answered {
			continue
		}
		s.Waiting = append(s.Waiting, p.Change)
		if v.queued && !v.onDisk[p.Op] {
			s.Unkept++
		}
	}
	s.Cart = Overlay(v.server, overlay, v.catalogue.Product)
}

// delay marks what waits while the store cannot be used: the person goes on
// meanwhile, and its answer comes late.
func (v *view) delay(l Link) {
	if l.Usable() || l.Phase == Connecting {
		return
	}
	for i := range v.waiting {
		v.waiting[i].late = v.waiting[i].late || !v.waiting[i].answered
	}
}
