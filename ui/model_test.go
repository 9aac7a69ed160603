package ui

import (
	"errors"
	"slices"
	"testing"
	"time"

	"trolley/data"
)

// newTestModel is a model of "Counter 1" with a clock that stands still.
func newTestModel(clock *time.Time) *model {
	m := newModel("Counter 1")
	m.now = func() time.Time { return *clock }
	return m
}

// lineOf is n of a product, last changed by a counter at a second.
func lineOf(id data.ProductID, n int64, by string, second int64) data.Line {
	return data.Line{Product: data.Product{ID: id, Name: string(id)}, Known: true, Quantity: n, By: by, Changed: time.Unix(second, 0)}
}

func cartState(lines ...data.Line) data.State {
	return data.State{Loaded: true, Cart: data.Cart{Lines: lines}}
}

func TestMarksAreForOthersChanges(t *testing.T) {
	before := lineOf("tea", 1, "Counter 1", 1)
	waiting := lineOf("tea", 2, "", 1)
	waiting.Waiting = true
	for name, c := range map[string]struct {
		now  data.Line
		want string
	}{
		"nothing":            {before, ""},
		"own change":         {lineOf("tea", 2, "Counter 1", 2), ""},
		"another counter":    {lineOf("tea", 2, "Till", 2), "Till, just now"},
		"nobody signed":      {lineOf("tea", 2, "Counter 1", 1), "Changed just now"},
		"own, not answered":  {waiting, ""},
		"renewed, same many": {lineOf("tea", 1, "Till", 2), ""},
	} {
		clock := time.Unix(1000, 0)
		m := newTestModel(&clock)
		m.take(cartState(before), "")
		m.take(cartState(c.now), "")
		if got := m.rows()[0].Mark; got != c.want {
			t.Errorf("%s: marked %q, want %q", name, got, c.want)
		}
	}
}

func TestMarksComeAndGo(t *testing.T) {
	clock := time.Unix(1000, 0)
	m := newTestModel(&clock)
	m.take(cartState(), "")
	m.take(cartState(lineOf("tea", 1, "Till", 2)), "")
	if r := m.rows()[0]; !r.Lit || r.Mark != "Till, just now" {
		t.Errorf("a new line of another counter: %+v", r)
	}
	clock = clock.Add(flashTime)
	if r := m.rows()[0]; r.Lit || r.Mark == "" {
		t.Errorf("after the flash: %+v", r)
	}
	clock = clock.Add(sayTime)
	if r := m.rows()[0]; r.Mark != "" {
		t.Errorf("later: %+v", r)
	}
	m.take(cartState(lineOf("tea", 1, "Till", 2)), "")
	if len(m.marks) != 0 {
		t.Errorf("%d marks are kept", len(m.marks))
	}
}

func TestFirstCartIsNoNews(t *testing.T) {
	clock := time.Unix(1000, 0)
	m := newTestModel(&clock)
	m.take(cartState(lineOf("tea", 1, "Till", 2)), "")
	if r := m.rows()[0]; r.Mark != "" {
		t.Errorf("a line that was there at the start is marked %q", r.Mark)
	}
}

func TestLineStaysWhileItsQuantityIsTyped(t *testing.T) {
	clock := time.Unix(1000, 0)
	m := newTestModel(&clock)
	tea, milk := lineOf("tea", 1, "", 1), lineOf("milk", 2, "", 1)
	m.take(cartState(milk, tea), "tea")
	gone := cartState(milk)
	gone.News = []data.Event{{Token: data.Token{Op: "x"}, Kind: data.KindRemove, Product: "tea", By: "Till"}}
	m.take(gone, "tea")
	rows := m.rows()
	if len(rows) != 2 || !rows[1].Gone || rows[1].Mark != "Removed by Till just now" {
		t.Fatalf("rows: %+v", rows)
	}
	m.take(gone, "tea")
	if len(m.rows()) != 2 {
		t.Error("the row went away under the editor")
	}
	m.take(gone, "")
	if len(m.rows()) != 1 {
		t.Error("the row stays when the editor is done")
	}
	m.take(cartState(milk, tea), "tea")
	m.take(cartState(), "tea")
	m.take(cartState(tea), "tea")
	if rows := m.rows(); len(rows) != 1 || rows[0].Gone {
		t.Errorf("after it came back: %+v", rows)
	}
}

func TestGhostOfAClearedCartHasAPlace(t *testing.T) {
	clock := time.Unix(1000, 0)
	m := newTestModel(&clock)
	m.take(cartState(lineOf("milk", 2, "", 1), lineOf("tea", 1, "", 1)), "tea")
	s := cartState()
	s.News = []data.Event{{Token: data.Token{Op: "x"}, Kind: data.KindClear, By: "Till"}}
	m.take(s, "tea")
	if rows := m.rows(); len(rows) != 1 || rows[0].Mark != "Removed by Till just now" {
		t.Errorf("rows: %+v", rows)
	}
}

func TestEventsAreToldOnce(t *testing.T) {
	clock := time.Unix(1000, 0)
	m := newTestModel(&clock)
	event := func(op data.OpID, by string) data.Event { return data.Event{Token: data.Token{Op: op}, By: by} }
	take := func(news ...data.Event) []data.OpID {
		var ops []data.OpID
		for _, e := range m.take(data.State{News: news}, "") {
			ops = append(ops, e.Token.Op)
		}
		return ops
	}
	// The name does not tell: another window may have the same.
	a, b, own, c := event("a", "Till"), event("b", "Counter 1"), event("own", "Counter 1"), event("c", "Till")
	own.Own = true
	for _, step := range []struct{ news, want []data.Event }{
		{[]data.Event{a}, []data.Event{a}},
		{[]data.Event{a}, nil},
		{[]data.Event{a, own, b}, []data.Event{b}},
		{[]data.Event{own, b}, nil},
		{nil, nil},
		{[]data.Event{b, c}, []data.Event{c}},
	} {
		var want []data.OpID
		for _, e := range step.want {
			want = append(want, e.Token.Op)
		}
		if got := take(step.news...); !slices.Equal(got, want) {
			t.Errorf("of %v it tells %v, want %v", step.news, got, want)
		}
	}
}

func TestRefusalsAreToldOnce(t *testing.T) {
	m := newModel("Counter 1")
	first := data.Refusal{Change: data.Change{Op: "a"}, Err: errors.New("no")}
	second := data.Refusal{Change: data.Change{Op: "b"}, Err: errors.New("no")}
	m.state.Refused = []data.Refusal{first}
	if n := len(m.refusals()); n != 1 {
		t.Errorf("told %d", n)
	}
	m.state.Refused = []data.Refusal{first, second}
	if got := m.refusals(); len(got) != 1 || got[0].Change.Op != "b" {
		t.Errorf("told %v", got)
	}
}

func TestBestMatch(t *testing.T) {
	m := newModel("Counter 1")
	m.state.Catalogue = data.NewCatalogue([]data.Product{
		{ID: "espresso-beans", Name: "Espresso", Barcode: "2004000001485"},
		{ID: "espresso", Name: "Espresso Doppio"},
		{ID: "2004000001485000", Name: "Longer code"},
		{ID: "latte", Name: "Caffè Latte"},
	})
	for text, want := range map[string]data.ProductID{
		"espresso":       "espresso", // the id, though another one's name is the same
		"ESP":            "espresso-beans",
		"2004000001485":  "espresso-beans",
		" 2004000001485": "espresso-beans",
		"latte caffe":    "latte",
		"20040000":       "", // looks like a barcode, and is none of ours
		"200400000148":   "",
		"nothing":        "",
		"":               "",
		"  ":             "",
	} {
		p, ok := m.best(text)
		if p.ID != want || ok != (want != "") {
			t.Errorf("%q stands for %q, want %q", text, p.ID, want)
		}
	}
}

func TestBestLine(t *testing.T) {
	m := newModel("Counter 1")
	m.state.Catalogue = data.NewCatalogue([]data.Product{
		{ID: "espresso", Name: "Espresso"}, {ID: "beans", Name: "Espresso Beans", Barcode: "2004000001485"}})
	m.state.Cart.Lines = []data.Line{lineOf("beans", 2, "", 1), lineOf("old-thing", 1, "", 1)}
	for text, want := range map[string]data.ProductID{
		"beans":         "beans",
		"2004000001485": "beans",
		"esp":           "beans", // the first match that is in the cart
		"espresso":      "",      // exactly that one is not
		"old-thing":     "old-thing",
		"20040000":      "",
	} {
		l, ok := m.bestLine(text)
		if l.Product.ID != want || ok != (want != "") {
			t.Errorf("%q stands for %q, want %q", text, l.Product.ID, want)
		}
	}
}

func TestPickedIsAtLeastOne(t *testing.T) {
	m := newModel("Counter 1")
	m.pick["tea"] = 4
	if m.picked("tea") != 4 || m.picked("milk") != 1 {
		t.Errorf("picked %d and %d", m.picked("tea"), m.picked("milk"))
	}
}

func TestLineTakenOutPastTrolleyAccusesNobody(t *testing.T) {
	m := newModel("Counter 1")
	added := data.Event{Token: data.Token{Version: 1, Op: "a"}, Kind: data.KindAdd, Product: "tea", Quantity: 2, By: "Till"}
	m.state.News = []data.Event{added}
	if by := m.remover("tea"); by != "" {
		t.Errorf("it names %q, who put it in", by)
	}
	removed := data.Event{Token: data.Token{Version: 2, Op: "b"}, Kind: data.KindRemove, Product: "tea", By: "Till"}
	m.state.News = append(m.state.News, removed)
	if by := m.remover("tea"); by != "Till" {
		t.Errorf("it names %q, want the one who took it out", by)
	}
}
