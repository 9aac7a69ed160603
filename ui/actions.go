package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"trolley/data"
)

// filter narrows the products while the person types. A quantity before the
// name, and the minus of taking out, are no part of what is searched.
func (w *Window) filter(string) {
	w.model.filter(w.searchQuery())
	w.products.sel("")
	w.products.top()
	w.listProducts()
}

// searchQuery is what is searched for at the moment.
func (w *Window) searchQuery() string {
	query := w.search.Text
	if req, err := parseEntry(query, w.cart.Limits().Quantity); err == nil || errors.Is(err, errProductAwaited) {
		query = req.Text
	}
	return strings.TrimSpace(query)
}

// enter does what a text in the search box asks for. A product that the arrows
// have chosen meanwhile is meant rather than what the text stands for.
func (w *Window) enter(text string, chosen data.ProductID) {
	if p, ok := w.model.state.Catalogue.Find(strings.TrimSpace(text)); ok && chosen == "" {
		w.add(p, 1) // whatever its code looks like
		return
	}
	req, err := parseEntry(text, w.cart.Limits().Quantity)
	var wrong *inputError
	switch {
	case errors.Is(err, errNothingTyped):
		w.addChosen(chosen, 1)
	case chosen != "" && !errors.As(err, &wrong) && !req.Take:
		w.addChosen(chosen, req.Quantity)
	case errors.Is(err, errProductAwaited):
		w.search.SetText(text)
		w.search.CursorColumn = len([]rune(text))
		w.toasts.show(phrase("Now type or scan the product.").say())
	case errors.As(err, &wrong):
		w.search.SetText(text)
		w.search.CursorColumn = len([]rune(text))
		w.toasts.show(wrong.Reason)
	case req.Take:
		w.take(req)
	default:
		w.put(req)
	}
}

// addChosen adds the product that the arrows have chosen.
func (w *Window) addChosen(id data.ProductID, n int64) {
	if p, ok := w.model.state.Catalogue.Product(id); ok {
		w.add(p, n)
	}
}

// put adds what was typed. What this computer does not know is looked up in
// the shop before anybody is bothered.
func (w *Window) put(req entryRequest) {
	if p, ok := w.model.best(req.Text); ok {
		w.add(p, req.Quantity)
		return
	}
	t, known := w.tab, w.model.state.Catalogue
	w.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		found, err := t.cart.Lookup(ctx, req.Text, known)
		return func() {
			if found.OK {
				w.addTo(t, found.Product, req.Quantity)
				return
			}
			w.askFor(t, func() { w.unknownProduct(req.Text, req.Quantity, found.Near, err != nil) })
		}
	})
}

// take takes what was typed out of the cart. Whether it is in there is for the
// shop to say: the cart on screen may be a moment old.
func (w *Window) take(req entryRequest) {
	l, there := w.model.bestLine(req.Text)
	if !there {
		p, known := w.model.best(req.Text)
		if !known {
			w.nothingToTake(req.Text)
			return
		}
		l = data.Line{Product: p}
	}
	if l.Damaged != "" {
		w.remove(l)
		return
	}
	w.submit(data.Change{Kind: data.KindStep, Product: l.Product.ID, Quantity: -req.Quantity,
		Name: lineName(l), Want: l.Quantity - req.Quantity})
}

func (w *Window) add(p data.Product, n int64) { w.addTo(w.tab, p, n) }

// addTo adds to a cart that may have left the screen meanwhile.
func (w *Window) addTo(t *tab, p data.Product, n int64) {
	if !slices.Contains(w.tabs, t) {
		t = w.openTab(t.cart.ID()) // it was put aside meanwhile
	}
	if p.Damaged != "" {
		w.tellProblem(phrase("{name} cannot be sold").with("name", quoted(string(p.ID))), textDamagedProduct(p)+".")
		return
	}
	t.reveal = p.ID
	w.submitTo(t, data.Change{Kind: data.KindAdd, Product: p.ID, Quantity: n, Name: p.Name})
	delete(w.model.pick, p.ID)
	w.products.update(p.ID)
}

func (w *Window) addID(id data.ProductID, n int64) {
	if p, ok := w.model.state.Catalogue.Product(id); ok {
		w.add(p, n)
		w.focusSearch()
	}
}

func (w *Window) step(l data.Line, by int64) (data.OpID, bool) {
	return w.submit(data.Change{Kind: data.KindStep, Product: l.Product.ID, Quantity: by, Name: lineName(l), Want: l.Quantity + by})
}

// setQuantity sends a typed quantity with the one the person saw, 0 standing
// for a damaged one.
func (w *Window) setQuantity(l data.Line, seen, n int64) {
	if l.Damaged != "" {
		seen = 0
	}
	w.submit(data.Change{Kind: data.KindSet, Product: l.Product.ID, Quantity: n, Seen: seen, Name: lineName(l), Want: n})
}

func (w *Window) remove(l data.Line) {
	w.submit(data.Change{Kind: data.KindRemove, Product: l.Product.ID, Name: lineName(l)})
}

func (w *Window) removeSelected() {
	if l, ok := w.model.state.Cart.Line(w.lines.selected); ok {
		w.remove(l)
	}
}

func (w *Window) clearCart() {
	c := w.model.state.Cart
	if len(c.Lines) == 0 {
		return
	}
	w.submit(data.Change{Kind: data.KindClear, Token: c.Token})
}

// bringBack puts the lines of the cart that has ended back.
func (w *Window) bringBack() {
	e := w.model.state.Cart.Ended
	if e == nil || e.How == data.CheckedOut || e.How == data.Emptied && w.undoRemoval(w.tab, e.ID) {
		return
	}
	w.together(w.tab, textToBringBack, textBroughtBack.of(e.Cart.Items()), func() {
		w.nameAs(*e)
		w.restore(e.Cart.Lines, e.ID)
	})
}

// restore adds lines again that an operation took away, all of them as one step
// of the history.
func (w *Window) restore(lines []data.Line, after data.OpID) {
	items := data.Cart{Lines: lines}.Items()
	w.together(w.tab, textToBringBack, textBroughtBack.of(items), func() {
		for _, l := range lines {
			if l.Quantity > 0 {
				w.submit(putBack(l, after))
			}
		}
	})
}

// submit hands a change to the shop that the person makes. What cannot be sent
// is said at once.
func (w *Window) submit(c data.Change) (data.OpID, bool) { return w.submitTo(w.tab, c) }

func (w *Window) submitTo(t *tab, c data.Change) (data.OpID, bool) {
	before := t.model.state.Cart
	op, ok := w.send(t, c)
	if ok {
		c.Op, c.By = op, t.cart.Counter()
		w.note(t, c, before)
	}
	return op, ok
}

// send hands a change to the shop that the history of the cart knows already.
func (w *Window) send(t *tab, c data.Change) (data.OpID, bool) {
	if c.Op == "" {
		c.Op = data.NewOp()
	}
	c.By, c.Oversell = t.cart.Counter(), w.stockRule() != stockRefused
	if _, err := t.cart.Submit(c); err != nil {
		w.toasts.show(textInvalid(err))
		return "", false
	}
	t.model.submitted(c)
	w.callShort(t, c.Product)
	if t == w.tab && (t.model.state.Link.Usable() || !w.place.Durable) {
		w.showLines() // otherwise it shows when it is on the disk, in a moment
	}
	return c.Op, true
}

// refusedText tells why a typed quantity was put back.
func (w *Window) refusedText(name, text, reason string) {
	w.toasts.show(phrase("{value} was not taken for {name}.").with("value", quoted(text), "name", quoted(name)) + " " + reason)
}

func (w *Window) retry() { w.cart.Retry() }

// loadSamples puts the sample catalogue into an empty shop.
func (w *Window) loadSamples() {
	load := w.place.LoadSamples
	w.run(func(ctx context.Context) func() {
		err := load(ctx)
		return func() {
			switch {
			case err == nil:
				w.toasts.show(phrase("The sample products are in the shop.").say())
			case errors.Is(err, data.ErrNotEmpty):
				w.tellProblem(phrase("This shop has products already").say(),
					phrase("The sample catalogue is only loaded into an empty shop. Nothing was changed.").say())
			default:
				w.tellProblem(phrase("The sample products were not loaded").say(), textFault(data.FaultOf(err), addrOf(err)))
			}
		}
	})
}
