package backendtest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"trolley/data"
)

// Tight are limits that random changes reach often. Stores for [Differential]
// are opened with them.
var Tight = data.Limits{Quantity: 20, Lines: 3}

// assortment returns the catalogue of random changes to one cart, so that no
// other cart buys it up; "ghost" is not in it.
func assortment(cart data.CartID) []data.Product {
	products := []data.Product{
		{ID: "espresso", Name: "Espresso", Price: 240, Stock: data.Unlimited},
		{ID: "tea", Name: "Tea", Price: 190, Stock: 10},
		{ID: "cake", Name: "Cake", Price: 350, Stock: 0},
		{ID: "milk", Name: "Milk", Price: 129, Stock: 15},
		{ID: "bun", Name: "Bun", Price: 85, Stock: data.Unlimited},
	}
	for i := range products {
		products[i].ID = data.ProductID(cart) + "-" + products[i].ID
	}
	return products
}

var modelCases = []testCase{{"RandomChangesAgreeWithTheRules", Options{Limits: Tight}, testModel}}

func testModel(s *shop) {
	carts := 0
	rapid.Check(s.T, func(rt *rapid.T) {
		carts++
		cart := data.CartID(fmt.Sprintf("model-%d", carts))
		products := assortment(cart)
		for _, p := range products {
			s.create(p)
		}
		m := newModel(products)
		g := &generator{cart: cart, products: products, draw: func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }}
		for range rapid.IntRange(1, 30).Draw(rt, "changes") {
			c := g.next(m.cart())
			got := verdict(s.Apply(s.Context(), cart, c))
			if want := verdict(m.apply(c)); got != want {
				rt.Fatalf("%+v:\ngot  %s\nwant %s", c, got, want)
			}
		}
		r, err := s.Read(s.Context(), cart, data.Token{}, "")
		if got, want := describeLines(r.Cart), describeLines(m.cart()); err != nil || got != want {
			rt.Fatalf("cart (%v)\n%s\nwant\n%s", err, got, want)
		}
	})
}

// generator makes random changes, most of which make sense.
type generator struct {
	cart     data.CartID
	products []data.Product
	draw     func(n int) int // one of 0 to n-1
	past     []data.Change
}

// next makes a change to the cart c.
func (g *generator) next(c data.Cart) data.Change {
	if len(g.past) > 0 && g.draw(5) == 0 {
		return g.repeat()
	}
	made := g.fresh(c)
	made.Oversell = g.draw(3) == 0
	made.Op = data.DerivedOp(string(g.cart), fmt.Sprint(len(g.past)))
	made.By = fmt.Sprintf("Till %d", g.draw(3))
	g.past = append(g.past, made)
	return made
}

// repeat sends an operation again, now and then with another quantity.
func (g *generator) repeat() data.Change {
	c := g.past[g.draw(len(g.past))]
	if c.Kind == data.KindAdd && g.draw(4) == 0 {
		c.Quantity = 1 + c.Quantity%Tight.Quantity
	}
	return c
}

func (g *generator) fresh(c data.Cart) data.Change {
	id := data.ProductID("ghost")
	if i := g.draw(len(g.products) + 1); i < len(g.products) {
		id = g.products[i].ID
	}
	switch g.draw(8) {
	case 0:
		return data.Change{Kind: data.KindRemove, Product: id}
	case 1:
		return g.whole(c)
	case 2, 3:
		l, _ := c.Line(id)
		return data.Change{Kind: data.KindSet, Product: id, Quantity: g.quantity(), Seen: max(0, l.Quantity-int64(g.draw(5)/4))}
	case 4, 5:
		n := g.quantity()
		if g.draw(2) == 0 {
			n = -n
		}
		return data.Change{Kind: data.KindStep, Product: id, Quantity: n}
	}
	return data.Change{Kind: data.KindAdd, Product: id, Quantity: g.quantity()}
}

// whole makes a change of the whole cart.
func (g *generator) whole(c data.Cart) data.Change {
	switch g.draw(4) {
	case 0, 1:
		return data.Change{Kind: data.KindName, Text: append(names, "")[g.draw(len(names)+1)]}
	case 2:
		return data.Change{Kind: data.KindCheckout, Token: g.seenToken(c)}
	}
	return data.Change{Kind: data.KindClear, Token: g.seenToken(c)}
}

// quantity is a small number mostly, and any allowed one sometimes.
func (g *generator) quantity() int64 {
	if g.draw(3) > 0 {
		return int64(1 + g.draw(4))
	}
	return int64(1 + g.draw(int(Tight.Quantity)))
}

// seenToken is the cart's, or an older one. A cart that is not there has none
// that a person could have seen.
func (g *generator) seenToken(c data.Cart) data.Token {
	if c.Token == (data.Token{}) || g.draw(3) == 0 {
		return data.Token{Version: c.Token.Version + 1, Op: "another"}
	}
	return c.Token
}

// model is one cart as the rules have it, without time.
type model struct {
	products map[data.ProductID]data.Product
	name     string
	token    data.Token
	ended    *data.Past
	lines    map[data.ProductID]data.Line
	done     map[data.OpID]applied
}

type applied struct {
	fingerprint string
	event       data.Event
}

func newModel(products []data.Product) *model {
	m := &model{products: map[data.ProductID]data.Product{}, lines: map[data.ProductID]data.Line{}, done: map[data.OpID]applied{}}
	for _, p := range products {
		m.products[p.ID] = p
	}
	return m
}

func (m *model) cart() data.Cart {
	c := data.Cart{Name: m.name, Token: m.token, Ended: m.ended}
	for _, l := range m.lines {
		c.Lines = append(c.Lines, l)
	}
	data.SortLines(c.Lines)
	return c
}

func (m *model) apply(c data.Change) (data.Receipt, error) {
	if before, ok := m.done[c.Op]; ok {
		if before.fingerprint != c.Fingerprint() {
			return data.Receipt{}, data.ErrOpReused
		}
		return data.Receipt{Duplicate: true, Event: before.event}, nil
	}
	e := data.Event{Token: data.Token{Version: m.token.Version + 1, Op: c.Op}, Kind: c.Kind, Product: c.Product}
	var err error
	switch c.Kind {
	case data.KindName:
		m.name = c.Text
	case data.KindClear, data.KindCheckout:
		e.Was, err = m.end(c)
	default:
		e.Was, e.Quantity, err = m.change(c)
	}
	if err != nil {
		return data.Receipt{}, err
	}
	m.token = e.Token
	m.done[c.Op] = applied{c.Fingerprint(), e}
	return data.Receipt{Event: e}, nil
}

// end takes everything out, and returns how many lines there were.
func (m *model) end(c data.Change) (lines int64, err error) {
	if c.Token != m.token || c.Kind == data.KindCheckout && len(m.lines) == 0 {
		return 0, data.ErrCartChanged
	}
	lines = int64(len(m.lines))
	how := data.Emptied
	if c.Kind == data.KindCheckout {
		how = data.CheckedOut
		if err := m.sell(c.Oversell); err != nil {
			return 0, err
		}
	}
	if lines > 0 {
		m.ended = &data.Past{ID: c.Op, How: how}
	}
	m.name = ""
	clear(m.lines)
	return lines, nil
}

// sell takes what is in the cart off the stock, all or nothing.
func (m *model) sell(oversell bool) error {
	lines := slices.SortedFunc(maps.Values(m.lines), func(a, b data.Line) int {
		return cmp.Or(cmp.Compare(a.Quantity, b.Quantity), cmp.Compare(a.Product.ID, b.Product.ID))
	})
	for _, l := range lines {
		p := m.products[l.Product.ID]
		if p.Stock != data.Unlimited && p.Stock < l.Quantity && !oversell {
			return &data.StockError{Product: p.ID, Have: l.Quantity, Left: p.Stock}
		}
	}
	for _, l := range lines {
		if p := m.products[l.Product.ID]; p.Stock != data.Unlimited {
			p.Stock = max(0, p.Stock-l.Quantity)
			m.products[p.ID] = p
		}
	}
	return nil
}

// change changes one line, and returns its quantity before and afterwards.
func (m *model) change(c data.Change) (was, n int64, err error) {
	if n, err = m.quantity(c); err != nil {
		return 0, 0, err
	}
	was = m.lines[c.Product].Quantity
	m.put(c.Product, n, c.By)
	m.ended = nil
	return was, n, nil
}

func (m *model) put(id data.ProductID, n int64, by string) {
	if n == 0 {
		delete(m.lines, id)
		return
	}
	m.lines[id] = data.Line{Product: data.Product{ID: id}, Quantity: n, By: by}
}

// quantity returns what the line will hold, or why it cannot.
func (m *model) quantity(c data.Change) (int64, error) {
	have := m.lines[c.Product].Quantity
	if have == 0 && c.Kind != data.KindAdd {
		return 0, &data.NotInCartError{Product: c.Product}
	}
	n := have + c.Quantity
	switch c.Kind {
	case data.KindRemove:
		return 0, nil
	case data.KindSet:
		if c.Seen != have {
			return 0, &data.ConflictError{Product: c.Product, Seen: c.Seen, Now: have}
		}
		n = c.Quantity
	}
	if n < 0 || n > Tight.Quantity {
		return 0, &data.QuantityError{Product: c.Product, Asked: c.Quantity, Have: have, Max: Tight.Quantity}
	}
	if n <= have {
		return n, nil
	}
	return n, m.mayRaise(c, have, n)
}

func (m *model) mayRaise(c data.Change, have, n int64) error {
	id := c.Product
	p, ok := m.products[id]
	switch {
	case !ok:
		return data.ErrUnknownProduct
	case p.Stock != data.Unlimited && n > p.Stock && !c.Oversell:
		return &data.StockError{Product: id, Have: have, Left: p.Stock}
	case have == 0 && len(m.lines) >= Tight.Lines:
		return &data.FullError{Max: Tight.Lines}
	}
	return nil
}
