package ui

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"trolley/data"
)

// settled waits until nothing of this counter is under way.
func (d *desk) settled() {
	d.t.Helper()
	d.until("all is done", func() bool { return len(d.model.state.Waiting) == 0 && len(d.history.owed) == 0 })
}

// set types a quantity for a line.
func (d *desk) set(id data.ProductID, n int64) {
	l, _ := d.model.state.Cart.Line(id)
	d.setQuantity(l, l.Quantity, n)
}

// rename names the cart on screen.
func (d *desk) rename(name string) { d.submit(data.Change{Kind: data.KindName, Text: name}) }

func TestEveryKindOfChangeIsUndoneAndRedone(t *testing.T) {
	d := openShop(t)
	var carts, labels []string
	for _, do := range []func(){
		func() { d.searchFor("2*espresso") },
		func() { d.stepByKey(d.line("espresso").line, 1) },
		func() { d.set("espresso", 7) },
		func() { d.searchFor("-3*espresso") },
		func() { d.searchFor("latte") },
		func() { d.searchFor("-latte") },
		func() { d.rename("Anna") },
		func() { d.remove(d.line("espresso").line) },
	} {
		do()
		d.settled()
		carts = append(carts, d.cart()+d.model.state.Cart.Name)
		labels = append(labels, d.undoLabel())
	}
	want := []string{"add 2 × “Espresso”", "add 1 × “Espresso”", "change “Espresso” from 3 to 7", "take out 3 × “Espresso”",
		"add 1 × “Caffè Latte”", "remove “Caffè Latte”", "name the cart “Anna”", "remove “Espresso”"}
	for i, label := range labels {
		if label != "Undo: "+want[i] {
			t.Errorf("step %d is %q in the menu, want %q", i, label, want[i])
		}
	}
	for range 2 {
		for _, before := range slices.Backward(append([]string{""}, carts[:len(carts)-1]...)) {
			d.undo()
			d.until("it was undone", func() bool { return d.cart()+d.model.state.Cart.Name == before })
			d.settled()
		}
		if d.undoLabel() != "Undo" || d.redoLabel() != "Redo: "+want[0] {
			t.Errorf("in the end the menu says %q, %q", d.undoLabel(), d.redoLabel())
		}
		for _, after := range carts {
			d.redo()
			d.until("it was redone", func() bool { return d.cart()+d.model.state.Cart.Name == after })
			d.settled()
		}
	}
	d.redo()
	d.expectSaid("There is nothing to redo in this cart.")
}

func TestUndoKeepsWhatOthersDid(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.shows("2 espresso")
	till := d.join("Till")
	d.by(till, data.Change{Kind: data.KindAdd, Product: "espresso", Quantity: 3})
	d.shows("5 espresso")
	d.undo()
	d.shows("3 espresso")
	d.redo()
	d.shows("5 espresso")
	d.remove(d.line("espresso").line)
	d.shows("")
	d.by(till, data.Change{Kind: data.KindAdd, Product: "espresso", Quantity: 1})
	d.shows("1 espresso")
	d.undo()
	d.shows("6 espresso")
	d.expectStored("6 espresso")
}

// What cannot be undone any more is told in a toast, and nothing is done.
func TestUndoThatComesTooLate(t *testing.T) {
	for change, said := range map[data.Change]string{
		{Kind: data.KindRemove, Product: "espresso"}:             "“Espresso” was left as it is. Till removed it at ",
		{Kind: data.KindStep, Product: "espresso", Quantity: -1}: "“Espresso” was left as it is. The cart has only 1 of it.",
	} {
		d := openShop(t)
		d.searchFor("2*espresso")
		d.shows("2 espresso")
		till := d.join("Till")
		d.by(till, change)
		till.Drain(t.Context())
		before := d.stored()
		d.undo()
		d.expectSaid(said)
		d.noDialog()
		d.expectStored(before)
		if d.redoLabel() != "Redo" || d.undoLabel() != "Undo" {
			t.Errorf("what could not be undone is still there: %q, %q", d.undoLabel(), d.redoLabel())
		}
	}
}

func TestNameThatSomebodyChangedStays(t *testing.T) {
	d := openShop(t)
	d.rename("Anna")
	d.settled()
	d.by(d.join("Till"), data.Change{Kind: data.KindName, Text: "Berta"})
	d.until("the other name is here", func() bool { return d.model.state.Cart.Name == "Berta" })
	d.undo()
	d.expectSaid("The cart was named anew meanwhile; that name stays.")
	if d.model.state.Cart.Name != "Berta" {
		t.Errorf("the cart is called %q", d.model.state.Cart.Name)
	}
}

func TestNewChangeEmptiesRedo(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.settled()
	d.undo()
	d.shows("")
	d.searchFor("latte")
	d.settled()
	d.redo()
	d.expectSaid("There is nothing to redo in this cart.")
	d.expectStored("1 latte")
}

// The button of a toast means what the toast says, whatever was done since.
func TestToastUndoesItsOwn(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.settled()
	d.remove(d.line("espresso").line)
	d.searchFor("latte")
	d.shows("1 latte")
	d.toasts.trigger()
	d.shows("1 latte, 2 espresso")
	d.undo()
	d.shows("2 espresso")
}

func TestClearComesBackWithItsName(t *testing.T) {
	d := openShop(t)
	d.rename("Anna")
	d.searchFor("2*espresso")
	d.searchFor("latte")
	d.settled()
	d.clearCart()
	d.shows("")
	d.undo()
	d.shows("2 espresso, 1 latte")
	d.until("the name is back", func() bool { return d.model.state.Cart.Name == "Anna" })
	d.redo()
	d.shows("")
	d.undo()
	d.shows("2 espresso, 1 latte")
	d.expectStored("2 espresso, 1 latte")
}

// Both counters bring the same line back: it comes back once, and belongs to
// the one that was first.
func TestRemovalComesBackOnce(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.settled()
	d.remove(d.line("espresso").line)
	d.settled()
	op := d.history.past[1].made[0].Op
	d.by(d.join("Till"), data.Change{Op: data.RestoreOp(op, "espresso"), Kind: data.KindAdd, Product: "espresso", Quantity: 2})
	d.shows("2 espresso")
	d.undo()
	d.settled()
	d.expectStored("2 espresso")
	d.redo()
	d.expectStored("2 espresso")
}

func TestOrderIsNotUndone(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.settled()
	d.submit(data.Change{Kind: data.KindCheckout, Token: d.model.state.Cart.Token})
	d.shows("")
	d.undo()
	d.expectSaid("An order stays; undo does not take it back.")
	d.expectStored("")
}

func TestUndoWithoutTheShop(t *testing.T) {
	_, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	d.searchFor("2*espresso")
	d.searchFor("latte")
	d.shows("2 espresso, 1 latte")
	line.Refuse()
	d.until("it is offline", func() bool { return d.banner.Visible() })
	d.remove(d.line("espresso").line)
	d.dialog("The shop cannot be reached")
	d.press(textKeepWorking.say())
	d.undo()
	d.until("the line is back", func() bool { return d.cart() == "1 latte, 2 espresso" })
	d.redo()
	d.searchFor("3*doppio")
	d.undo()
	d.until("all was undone", func() bool { return d.cart() == "1 latte" })
	line.Resume()
	d.shows("1 latte")
	d.expectStored("1 latte")
	d.noDialog()
}

// What takes a refused change back must not be made either: it would take from
// what others put in. Nobody is asked about what was taken back.
func TestUndoOfAChangeThatIsRefusedLater(t *testing.T) {
	server, line := stockedServer(t)
	till := redisShop(t, server.URL())
	stock(t, till, data.Product{ID: "muffin", Name: "Muffin", Price: 300, Stock: 4})
	d := sharedDesk(t, line.URL())
	d.ready(len(goods) + 1)
	d.setStockRule(stockRefused)
	d.searchFor("muffin")
	d.shows("1 muffin")
	line.Refuse()
	d.until("it is offline", func() bool { return d.banner.Visible() })
	d.searchFor("2*muffin")
	d.dialog("The shop cannot be reached")
	d.press(textKeepWorking.say())
	d.undo()
	s := data.Open(till, data.Options{Cart: "c", Counter: "Till", Pace: hurried})
	defer s.Close()
	d.by(s, data.Change{Kind: data.KindAdd, Product: "muffin", Quantity: 3})
	s.Drain(t.Context())
	line.Resume()
	d.shows("4 muffin")
	d.expectStored("4 muffin")
	d.noDialog()
	if d.undoLabel() != "Undo: add 1 × “Muffin”" || d.redoLabel() != "Redo" {
		t.Errorf("the menu says %q, %q", d.undoLabel(), d.redoLabel())
	}
}

func TestHistoryKeepsManySteps(t *testing.T) {
	d := openShop(t)
	for range keptSteps + 5 {
		d.add(goods[0], 1)
	}
	d.settled()
	for range keptSteps {
		d.undo()
	}
	d.shows("5 espresso")
	d.undo()
	d.expectSaid("There is nothing to undo in this cart.")
}

// counted counts what is in a cart, by product.
func counted(c data.Cart) map[data.ProductID]int64 {
	n := map[data.ProductID]int64{}
	for _, l := range c.Lines {
		n[l.Product.ID] = l.Quantity
	}
	return n
}

// pair is a counter with a window and one without, in a cart of their own.
type pair struct {
	*desk
	rt   *rapid.T
	till *data.Session
	done [2][]map[data.ProductID]int64 // by how much the steps changed the lines: to be undone, and redone
}

// look returns what the store holds when all that both asked for is done, and
// the window shows it.
func (p *pair) look() map[data.ProductID]int64 {
	p.settled()
	p.till.Drain(p.t.Context())
	r, err := p.store.Read(p.t.Context(), p.Window.cart.ID(), data.Token{}, "")
	if err != nil {
		p.t.Fatalf("read the cart: %v", err)
	}
	p.until("the window shows it", func() bool { return p.model.state.Cart.Token == r.Cart.Token })
	return counted(r.Cart)
}

// difference is by how much each line changed.
func difference(before, after map[data.ProductID]int64) map[data.ProductID]int64 {
	by := map[data.ProductID]int64{}
	for _, p := range goods[:3] {
		if n := after[p.ID] - before[p.ID]; n != 0 {
			by[p.ID] = n
		}
	}
	return by
}

// edit makes a change at the counter with the window.
func (p *pair) edit(kind data.Kind, id data.ProductID, n int64) {
	before, steps := p.look(), len(p.history.past)
	l, there := p.model.state.Cart.Line(id)
	switch {
	case kind == data.KindClear:
		p.clearCart()
	case kind == data.KindAdd || !there:
		p.searchFor(fmt.Sprintf("%d*%s", n, id))
	case kind == data.KindStep && l.Quantity > 1:
		p.step(l, -1)
	case kind == data.KindSet && l.Quantity != n:
		p.setQuantity(l, l.Quantity, n)
	default:
		p.remove(l)
	}
	after := p.look()
	if len(p.history.past) > steps {
		p.done[0] = append(p.done[0], difference(before, after))
		p.done[1] = nil
	}
}

// turn undoes, or redoes, and checks that every line changes by what the last
// step changed it, or not at all.
func (p *pair) turn(side int) {
	before := p.look()
	if side == 0 {
		p.undo()
	} else {
		p.redo()
	}
	after := p.look()
	steps := p.done[side]
	if len(steps) == 0 {
		if !maps.Equal(before, after) {
			p.rt.Fatalf("nothing was to be turned, and %v became %v", before, after)
		}
		return
	}
	step := steps[len(steps)-1]
	p.done[side] = steps[:len(steps)-1]
	by := difference(before, after)
	for id, n := range by {
		if n != -step[id] {
			p.rt.Fatalf("turning %v changed %v to %v", step, before, after)
		}
	}
	other := [][]*historyStep{p.history.future, p.history.past}[side]
	if len(other) > len(p.done[1-side]) {
		p.done[1-side] = append(p.done[1-side], by)
	}
}

// Whatever two counters do to the same lines: undo and redo at one of them take
// back and make again what it did itself, and nothing of what the other did.
func TestTwoCountersUndoOnlyTheirOwn(t *testing.T) {
	fewerChecks(t, 12) // each is on a real store, in many steps
	d := openShop(t)
	kinds := []data.Kind{data.KindAdd, data.KindAdd, data.KindStep, data.KindSet, data.KindRemove, data.KindClear}
	products := rapid.SampledFrom([]data.ProductID{"espresso", "doppio", "latte"})
	rapid.Check(t, func(rt *rapid.T) {
		d.newCart()
		d.ready(len(goods))
		p := &pair{desk: d, rt: rt, till: data.Open(d.store, data.Options{Cart: d.Window.cart.ID(), Counter: "Till", Pace: hurried})}
		defer func() {
			p.till.Close()
			d.dropTab(d.tab)
		}()
		for range 16 {
			kind, id, n := rapid.SampledFrom(kinds).Draw(rt, "kind"), products.Draw(rt, "product"), rapid.Int64Range(1, 5).Draw(rt, "n")
			switch rapid.SampledFrom([]string{"edit", "edit", "till", "undo", "undo", "redo"}).Draw(rt, "who") {
			case "edit":
				p.edit(kind, id, n)
			case "till":
				p.byTill(kind, id, n)
			case "undo":
				p.turn(0)
			case "redo":
				p.turn(1)
			}
		}
	})
}

// fewerChecks has rapid check a property so often for the rest of a test.
func fewerChecks(t *testing.T, n int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	usual := checks.String()
	if err := checks.Set(strconv.Itoa(n)); err != nil {
		t.Fatalf("set the number of checks: %v", err)
	}
	t.Cleanup(func() { _ = checks.Set(usual) })
}

// byTill makes a change at the other counter.
func (p *pair) byTill(kind data.Kind, id data.ProductID, n int64) {
	before := p.look()
	switch {
	case kind == data.KindClear:
		p.by(p.till, data.Change{Kind: kind, Token: p.model.state.Cart.Token})
	case before[id] == 0 || kind == data.KindAdd:
		p.by(p.till, data.Change{Kind: data.KindAdd, Product: id, Quantity: n})
	case kind == data.KindSet:
		p.by(p.till, data.Change{Kind: kind, Product: id, Quantity: n, Seen: before[id]})
	case kind == data.KindStep:
		p.by(p.till, data.Change{Kind: kind, Product: id, Quantity: -1})
	default:
		p.by(p.till, data.Change{Kind: data.KindRemove, Product: id})
	}
}
