package ui

import (
	"slices"

	"trolley/data"
	"trolley/ui/sound"
)

// stockRule is what happens when more of a product goes into a cart than is in
// stock.
type stockRule string

const (
	stockIgnored stockRule = "ignore" // it is sold, and nothing is said
	stockWarned  stockRule = "warn"   // it is sold, and the line says so
	stockRefused stockRule = "refuse" // it is not sold
)

// stockRules are all there are to choose from.
var stockRules = []stockRule{stockIgnored, stockWarned, stockRefused}

// prefStock is the preference of the stock rule. Without one the person is
// warned: what somebody holds in their hands is there, whatever the count says.
const prefStock = "stock"

const (
	textOnlyStock phrase = "Only {n} left"
	textNoStock   phrase = "None left"
	textOneShort  phrase = "There is more of {name} in the cart than in stock."
)

var textManyShort = plural{"There is more of {n} product in the cart than in stock.", "There is more of {n} products in the cart than in stock."}

func (w *Window) stockRule() stockRule {
	rule := stockRule(w.app.Preferences().String(prefStock))
	if !slices.Contains(stockRules, rule) {
		return stockWarned
	}
	return rule
}

func (w *Window) setStockRule(rule stockRule) {
	w.app.Preferences().SetString(prefStock, string(rule))
	w.showLines()
}

// isShort reports whether a line has more than is in stock.
func isShort(l data.Line) bool {
	return l.Known && l.Damaged == "" && l.Product.Damaged == "" && l.Product.Stock != data.Unlimited && l.Quantity > l.Product.Stock
}

// withShort says in rows of the cart what is left of those that have more.
func (w *Window) withShort(rows []cartRow) []cartRow {
	if w.stockRule() != stockWarned {
		return rows
	}
	for i, r := range rows {
		if isShort(r.Line) && !r.Gone {
			rows[i].Short = textShort(r.Line)
		}
	}
	return rows
}

func textShort(l data.Line) string {
	if l.Product.Stock <= 0 {
		return textNoStock.say()
	}
	return textOnlyStock.with("n", grouped(l.Product.Stock))
}

// shortLine is a product that is short in a cart.
type shortLine struct {
	cart    data.CartID
	product data.ProductID
}

// callShort calls the person when a change of this counter has made a line
// short: once for each product and cart, until it is out of the cart again.
func (w *Window) callShort(t *tab, id data.ProductID) {
	key := shortLine{t.cart.ID(), id}
	l, there := t.model.state.Cart.Line(id)
	switch {
	case !there:
		delete(w.called, key)
	case w.stockRule() == stockWarned && isShort(l) && !w.called[key]:
		w.called[key] = true
		w.tone(sound.Look)
	}
}

// textShortIn says of a cart that is to be checked out that it has more than
// there is; empty: it has not, or nobody wants to know.
func (w *Window) textShortIn(c data.Cart) string {
	short := slices.DeleteFunc(slices.Clone(c.Lines), func(l data.Line) bool { return !isShort(l) })
	switch {
	case w.stockRule() != stockWarned || len(short) == 0:
		return ""
	case len(short) == 1:
		return "\n\n" + textOneShort.with("name", quoted(lineName(short[0])))
	}
	return "\n\n" + textManyShort.of(int64(len(short)))
}
