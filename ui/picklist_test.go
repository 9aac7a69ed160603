package ui

import (
	"testing"

	"fyne.io/fyne/v2/theme"
)

func TestFirstRowStaysChosenUntilSomebodyMoves(t *testing.T) {
	dress(t, theme.VariantLight)
	l := newPickList("")
	rows := func(ids ...string) []pickSpec {
		var out []pickSpec
		for _, id := range ids {
			out = append(out, pickSpec{id: id, title: id})
		}
		return out
	}
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() { l.set(rows("old"), "") }, "old"},
		{func() { l.set(rows("new", "old"), "") }, "new"},
		{func() { l.move(1) }, "old"},
		{func() { l.set(rows("newest", "new", "old"), "") }, "old"},
		{func() { l.set(rows("newest", "new"), "") }, "new"},
	} {
		if step.do(); l.selected != step.want {
			t.Errorf("chosen is %q, want %q", l.selected, step.want)
		}
	}
}
