package data

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var someEvent = Event{
	Token: Token{7, "op7"}, Prev: "op6", Kind: KindAdd, Product: "tea", Quantity: 3, Was: 1,
	Added: time.UnixMicro(1000), At: time.UnixMicro(2000), By: "Till 1",
}

func TestEventWireForm(t *testing.T) {
	const wire = "1 7 3 1 1000 2000 add op7 op6 Till%201 tea"
	if got := someEvent.Encode(); got != wire {
		t.Errorf("encoded as %q, want %q", got, wire)
	}
	if got, err := ParseEvent(wire); err != nil || got != someEvent {
		t.Errorf("read as %+v, %v", got, err)
	}
	clear := "1 1 0 5 0 2000 clear op1 -  "
	want := Event{Token: Token{1, "op1"}, Kind: KindClear, Was: 5, At: time.UnixMicro(2000)}
	if got, err := ParseEvent(clear); err != nil || got != want {
		t.Errorf("read as %+v, %v", got, err)
	}
	if got := want.Encode(); got != clear {
		t.Errorf("encoded as %q, want %q", got, clear)
	}
}

func TestEventOfAnotherFormIsRefused(t *testing.T) {
	for _, s := range []string{
		"", "1", "hello", "2 7 3 1 1000 2000 add op7 op6 me tea", "1 7 3 1 1000 2000 add op7 op6 me",
		"1 0 3 1 1000 2000 add op7 op6 me tea", "1 -7 3 1 1000 2000 add op7 op6 me tea", "1 7 3.5 1 1000 2000 add op7 op6 me tea",
		"1 7 9007199254740993 1 1000 2000 add op7 op6 me tea", "1 7 3 1 x 2000 add op7 op6 me tea", "1 7 3 1 1000 -1 add op7 op6 me tea",
		"1 7 3 1 1000 2000 checkout op7 op6 me tea", "1 7 3 1 1000 2000 add  op6 me tea", "1 7 3 1 1000 2000 add op7 op6 me ",
		"1 7 0 1 0 2000 clear op7 op6 me tea", someEvent.Encode() + strings.Repeat("x", MaxEventLen),
	} {
		if e, err := ParseEvent(s); err == nil {
			t.Errorf("%q was read as %+v", s, e)
		}
	}
}

func drawEvent(t *rapid.T) Event {
	kinds := []Kind{KindAdd, KindStep, KindSet, KindRemove, KindClear}
	number := rapid.Int64Range(0, maxInt)
	id := rapid.StringMatching(`[0-9a-f]{1,32}`)
	e := Event{
		Token: Token{rapid.Int64Range(1, maxInt).Draw(t, "version"), OpID(id.Draw(t, "op"))},
		Kind:  rapid.SampledFrom(kinds).Draw(t, "kind"), Quantity: number.Draw(t, "n"), Was: number.Draw(t, "was"),
		Added: FromMicros(rapid.Int64Range(0, 1<<42).Draw(t, "added")), At: FromMicros(rapid.Int64Range(0, 1<<42).Draw(t, "at")),
		By: Clean(rapid.String().Draw(t, "by"), MaxCounterLen),
	}
	if rapid.Bool().Draw(t, "has prev") {
		e.Prev = OpID(id.Draw(t, "prev"))
	}
	if e.Kind != KindClear {
		e.Product = ProductID(rapid.StringN(1, 64, 256).Draw(t, "product"))
	}
	return e
}

func TestEventRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEvent(t)
		if got, err := ParseEvent(e.Encode()); err != nil || got != e {
			t.Fatalf("%+v came back as %+v, %v", e, got, err)
		}
	})
}

// Whatever is published on the channel, an event that is accepted is sound.
func FuzzParseEvent(f *testing.F) {
	f.Add(someEvent.Encode())
	f.Add("1 1 0 5 0 2000 clear op1 -  ")
	f.Add("1 7 3 1 1000 2000 add op7 op6 %zz%00 t e a")
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseEvent(s)
		if err != nil {
			return
		}
		if e.Token.Version < 1 || e.Quantity < 0 || e.Was < 0 || Clean(e.By, MaxCounterLen) != e.By {
			t.Fatalf("%q was read as %+v", s, e)
		}
		if again, err := ParseEvent(e.Encode()); len(e.Encode()) <= MaxEventLen && (err != nil || again != e) {
			t.Fatalf("%+v came back as %+v, %v", e, again, err)
		}
		e.Fold(cartOf(1, 2), nothing)
	})
}

func TestUnescapeCounterTakesAnything(t *testing.T) {
	for s, want := range map[string]string{"Till%201": "Till 1", "100%": "100%", "%zz": "%zz", "a%00%1bb": "ab", "%E2%80%AEx": "x", "": ""} {
		if got := UnescapeCounter(s); got != want {
			t.Errorf("%q reads as %q, want %q", s, got, want)
		}
	}
}

// follow makes an event that follows on the cart.
func follow(c Cart, kind Kind, p ProductID, n int64) Event {
	e := Event{Token: Token{c.Token.Version + 1, NewOp()}, Prev: c.Token.Op, Kind: kind, Product: p, Quantity: n, At: time.UnixMilli(9000), By: "other"}
	if l, ok := c.Line(p); ok {
		e.Was, e.Added = l.Quantity, l.Added
	} else {
		e.Added = e.At
	}
	return e
}

func TestFold(t *testing.T) {
	cart := cartOf(2, 1)
	for name, c := range map[string]struct {
		event Event
		want  string
	}{
		"raise a line":     {follow(cart, KindAdd, "a", 5), "a5 b1"},
		"new line is last": {follow(cart, KindAdd, "0", 3), "a2 b1 03"},
		"step":             {follow(cart, KindStep, "b", 4), "a2 b4"},
		"set":              {follow(cart, KindSet, "a", 9), "a9 b1"},
		"remove":           {follow(cart, KindRemove, "a", 0), "b1"},
		"step to zero":     {follow(cart, KindStep, "b", 0), "a2"},
		"remove no line":   {follow(cart, KindRemove, "z", 0), "a2 b1"},
		"clear":            {follow(cart, KindClear, "", 0), ""},
	} {
		got, ok := c.event.Fold(cart, nothing)
		if !ok || brief(got) != c.want || got.Token != c.event.Token {
			t.Errorf("%s: %q %v %v, want %q", name, brief(got), got.Token, ok, c.want)
		}
		if brief(cart) != "a2 b1" {
			t.Fatalf("%s changed the cart it was folded into: %q", name, brief(cart))
		}
	}
}

func TestFoldTellsWhoAndWhen(t *testing.T) {
	cart := cartOf(2)
	cart.Lines[0].Damaged, cart.Lines[0].Quantity = "1.5", 0
	e := follow(cart, KindSet, "a", 4)
	got, _ := e.Fold(cart, nothing)
	l := got.Lines[0]
	if l.By != "other" || !l.Changed.Equal(e.At) || l.Damaged != "" || l.Product.Name != "n" || !l.Added.Equal(cart.Lines[0].Added) {
		t.Errorf("the line is %+v", l)
	}
	known := func(id ProductID) (Product, bool) { return Product{ID: id, Name: "Tea"}, true }
	got, _ = follow(got, KindAdd, "tea", 1).Fold(got, known)
	if l, _ := got.Line("tea"); !l.Known || l.Product.Name != "Tea" {
		t.Errorf("the new line is %+v", l)
	}
}

func TestFoldOfAClearLeavesNothing(t *testing.T) {
	cart := cartOf(2)
	cart.More = 3
	if got, ok := follow(cart, KindClear, "", 0).Fold(cart, nothing); !ok || len(got.Lines) != 0 || got.More != 0 {
		t.Errorf("left: %q and %d more", brief(got), got.More)
	}
}

func TestFoldPutsALineThatCameBackAtTheEnd(t *testing.T) {
	cart := cartOf(2, 1)
	cart, _ = follow(cart, KindRemove, "a", 0).Fold(cart, nothing)
	cart, ok := follow(cart, KindAdd, "a", 1).Fold(cart, nothing)
	if !ok || brief(cart) != "b1 a1" {
		t.Errorf("the cart is %q, %v", brief(cart), ok)
	}
}

func TestFoldRefusesWhatDoesNotFollow(t *testing.T) {
	cart := cartOf(2, 1)
	next := follow(cart, KindAdd, "a", 3)
	for name, spoil := range map[string]func(*Event, *Cart){
		"gap":                      func(e *Event, _ *Cart) { e.Token.Version++ },
		"old":                      func(e *Event, _ *Cart) { e.Token.Version-- },
		"same version, another op": func(e *Event, _ *Cart) { e.Prev = "lost" },
		"unknown predecessor":      func(e *Event, _ *Cart) { e.Prev = "" },
		"a line that was not read": func(e *Event, c *Cart) { e.Product, c.More = "z", 1 },
	} {
		e, c := next, cart
		spoil(&e, &c)
		if got, ok := e.Fold(c, nothing); ok || brief(got) != brief(cart) || got.Token != cart.Token {
			t.Errorf("%s: folded to %q", name, brief(got))
		}
	}
	first := Event{Token: Token{1, "o"}, Kind: KindAdd, Product: "a", Quantity: 1}
	if got, ok := first.Fold(Cart{}, nothing); !ok || brief(got) != "a1" {
		t.Errorf("the first change of a cart gives %q, %v", brief(got), ok)
	}
}
