package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"trolley/data"
)

// How long a row that another counter changed is marked, and how long it says
// so in words.
const (
	flashTime = 1500 * time.Millisecond
	sayTime   = 20 * time.Second
)

// model is what the window shows and remembers between states. It knows no
// widget, so that every rule of it can be tested by calling it.
type model struct {
	now   func() time.Time
	me    string // this counter
	state data.State

	query    string           // filters the products
	products []data.ProductID // those that match, in order
	pick     map[data.ProductID]int64

	marks map[data.ProductID]mark
	ghost *ghost // a line that went away while its quantity was being typed
	told  data.OpID

	shown   []cartRow              // the cart's rows on screen
	handled map[data.OpID]struct{} // refusals that were told and not settled yet
	away    map[data.OpID]struct{} // what waited in the last outage
	sent    []data.Change          // submitted, and not yet in the shop's picture
	taken   int                    // how many the shop's last picture knew of
}

// mark says that another counter has just changed a line.
type mark struct {
	by string // empty: nobody knows; it was done past Trolley
	at time.Time
}

// ghost is a line that is gone, kept on screen until its editor is done.
type ghost struct {
	line data.Line
	at   int // its place among the lines
	by   string
}

// cartRow is one row of the cart as it is shown.
type cartRow struct {
	data.Line
	Mark string // who changed it just now, in words; empty: nothing to say
	Lit  bool   // and so recently that the row is lit up
	Gone bool   // removed by somebody else under the editor
	// Short says that there is less in stock; empty: there is not, or nobody
	// wants to know.
	Short string
}

func newModel(me string) *model {
	return &model{now: time.Now, me: me, pick: map[data.ProductID]int64{}, marks: map[data.ProductID]mark{},
		handled: map[data.OpID]struct{}{}, away: map[data.OpID]struct{}{}}
}

// take makes s the state shown and returns the events of others that happened
// since the last one. Editing is the product whose quantity is being typed.
func (m *model) take(s data.State, editing data.ProductID) []data.Event {
	old := m.state
	m.state = s
	m.catchUp()
	if s.Catalogue != old.Catalogue {
		m.filter(m.query)
	}
	if old.Loaded {
		m.markChanges(old.Cart, m.state.Cart)
	}
	m.keepGhost(old.Cart, editing)
	return m.unheard(s.News)
}

// markChanges notes the lines that somebody else changed between two carts.
func (m *model) markChanges(old, now data.Cart) {
	for _, l := range now.Lines {
		was, had := old.Line(l.Product.ID)
		if had && was.Quantity == l.Quantity || l.Waiting || was.Waiting {
			continue
		}
		by, own := m.changer(l)
		if had && l.Changed.Equal(was.Changed) {
			by, own = "", false // the quantity moved and no counter signed for it
		}
		if !own {
			m.marks[l.Product.ID] = mark{by: by, at: m.now()}
		}
	}
	for id, k := range m.marks {
		if m.now().Sub(k.at) > sayTime {
			delete(m.marks, id)
		}
	}
}

// changer tells who changed a line last, and whether that was this window. The
// name alone does not tell: two windows of one computer may share it.
func (m *model) changer(l data.Line) (by string, own bool) {
	for _, e := range slices.Backward(m.state.News) {
		if e.Product == l.Product.ID && e.At.Equal(l.Changed) {
			return e.By, e.Own
		}
	}
	return l.By, l.By == m.me
}

// madeHere reports whether it was this window that made the change of that
// moment.
func (m *model) madeHere(at time.Time) bool {
	return !at.IsZero() && slices.ContainsFunc(m.state.News, func(e data.Event) bool { return e.Own && e.At.Equal(at) })
}

// keepGhost holds on to the line being edited when it goes away under the
// editor, and lets go when it is back or the editor is done.
func (m *model) keepGhost(old data.Cart, editing data.ProductID) {
	if m.ghost != nil {
		_, back := m.state.Cart.Line(m.ghost.line.Product.ID)
		if back || m.ghost.line.Product.ID != editing {
			m.ghost = nil
			return
		}
		m.ghost.by = cmp.Or(m.ghost.by, m.remover(editing)) // a read can be ahead of the news
		return
	}
	if editing == "" {
		return
	}
	at := slices.IndexFunc(old.Lines, func(l data.Line) bool { return l.Product.ID == editing })
	if _, still := m.state.Cart.Line(editing); at < 0 || still {
		return
	}
	m.ghost = &ghost{line: old.Lines[at], at: at, by: m.remover(editing)}
}

// remover names who took a product out; empty: nobody told, so it was done past
// Trolley.
func (m *model) remover(id data.ProductID) string {
	for _, e := range slices.Backward(m.state.News) {
		if e.Product != id && e.Kind != data.KindClear {
			continue
		}
		if e.Quantity > 0 {
			return ""
		}
		return e.By
	}
	return ""
}

// unheard returns the events by other counters after the last one told.
func (m *model) unheard(news []data.Event) []data.Event {
	first := slices.IndexFunc(news, func(e data.Event) bool { return e.Token.Op == m.told }) + 1
	if m.told == "" {
		first = 0
	}
	var out []data.Event
	for _, e := range news[first:] {
		if !e.Own {
			out = append(out, e)
		}
	}
	if len(news) > 0 {
		m.told = news[len(news)-1].Token.Op
	}
	return out
}

// refusals returns those that were not told yet. What the shop has forgotten is
// forgotten here too.
func (m *model) refusals() []data.Refusal {
	var out []data.Refusal
	now := make(map[data.OpID]struct{}, len(m.state.Refused))
	for _, r := range m.state.Refused {
		now[r.Change.Op] = struct{}{}
		if _, told := m.handled[r.Change.Op]; !told {
			out = append(out, r)
		}
	}
	m.handled = now
	return out
}

// answered reports whether no answer is to be expected at the moment: all are
// there, or the shop is away.
func (m *model) answered() bool {
	s := m.state
	away := !s.Link.Usable() && s.Link.Phase != data.Connecting
	return away || len(s.Waiting) == 0 && s.Mending == 0
}

// shared returns how many changes waited through an outage and are all made
// now. It says so once; 0: there is nothing to say.
func (m *model) shared() int {
	s := m.state
	if isDown(s.Link) {
		for _, c := range s.Waiting {
			m.away[c.Op] = struct{}{}
		}
	}
	n := len(m.away)
	waited := func(c data.Change) bool {
		_, did := m.away[c.Op]
		return did
	}
	if n == 0 || !s.Link.Usable() || s.Mending > 0 || slices.ContainsFunc(s.Waiting, waited) {
		return 0
	}
	refused := slices.ContainsFunc(s.Refused, func(r data.Refusal) bool { return waited(r.Change) })
	clear(m.away)
	if refused {
		return 0
	}
	return n
}

// submitted lays a change over the picture at once. The shop's own picture with
// the change in it is a frame away, and the next key may come before.
func (m *model) submitted(c data.Change) {
	m.sent = append(m.sent, c)
	m.layOver([]data.Change{c})
}

// catchUp lays the changes over a new picture that it does not know of yet.
func (m *model) catchUp() {
	m.sent = m.sent[max(0, min(len(m.sent), m.state.Taken-m.taken)):]
	m.taken = m.state.Taken
	m.layOver(m.sent)
}

func (m *model) layOver(changes []data.Change) {
	m.state.Cart = data.Overlay(m.state.Cart, changes, m.state.Catalogue.Product)
	m.state.Waiting = append(slices.Clip(m.state.Waiting), changes...)
}

// waits reports whether a change of this counter has no answer yet.
func (m *model) waits(op data.OpID) bool {
	return slices.ContainsFunc(m.state.Waiting, func(c data.Change) bool { return c.Op == op })
}

// refuses reports whether the shop has said no to a change of this counter and
// that was not settled yet.
func (m *model) refuses(op data.OpID) bool {
	return slices.ContainsFunc(m.state.Refused, func(r data.Refusal) bool {
		return r.Change.Op == op || slices.Contains(r.With, op)
	})
}

// filter narrows the products to those that match.
func (m *model) filter(query string) {
	m.query = query
	m.products = m.state.Catalogue.Search(query)
}

// rows returns the cart's rows in order.
func (m *model) rows() []cartRow {
	lines := m.state.Cart.Lines
	rows := make([]cartRow, 0, len(lines)+1)
	for _, l := range lines {
		rows = append(rows, m.row(l))
	}
	if g := m.ghost; g != nil {
		gone := cartRow{Line: g.line, Gone: true, Mark: textRemovedBy(g.by)}
		rows = slices.Insert(rows, min(g.at, len(rows)), gone)
	}
	return rows
}

func (m *model) row(l data.Line) cartRow {
	r := cartRow{Line: l}
	k, marked := m.marks[l.Product.ID]
	if age := m.now().Sub(k.at); marked && age <= sayTime {
		r.Mark, r.Lit = textChangedBy(k.by), age < flashTime
	}
	return r
}

// picked returns how many of a product its row adds next.
func (m *model) picked(id data.ProductID) int64 { return max(1, m.pick[id]) }

// best returns the product that a text stands for: an exact id or barcode
// first, then the first match by name. A number is a code or a quantity without
// its product, and never taken for a part of a code.
func (m *model) best(text string) (data.Product, bool) {
	if p, ok := m.state.Catalogue.Find(strings.TrimSpace(text)); ok {
		return p, true
	}
	if isNumber(text) {
		return data.Product{}, false
	}
	found := m.state.Catalogue.Search(text)
	if len(found) == 0 || strings.TrimSpace(text) == "" {
		return data.Product{}, false
	}
	return m.state.Catalogue.Product(found[0])
}

// isNumber reports whether a text is nothing but digits.
func isNumber(text string) bool { return strings.Trim(strings.TrimSpace(text), "0123456789") == "" }

// bestLine returns the line of the cart that a text stands for, by the rules
// of best. A line that is in no catalogue is found by its id.
func (m *model) bestLine(text string) (data.Line, bool) {
	if p, ok := m.state.Catalogue.Find(strings.TrimSpace(text)); ok {
		return m.state.Cart.Line(p.ID)
	}
	if !isNumber(text) {
		lines := make(map[data.ProductID]data.Line, len(m.state.Cart.Lines))
		for _, l := range m.state.Cart.Lines {
			lines[l.Product.ID] = l
		}
		for _, id := range m.state.Catalogue.Search(text) {
			if l, ok := lines[id]; ok {
				return l, true
			}
		}
	}
	l, ok := m.state.Cart.Line(data.ProductID(strings.TrimSpace(text)))
	return l, ok
}
