package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
	"trolley/data/local"
)

// openActivity opens the dialog, once the shop has told what was done.
func (d *desk) openActivity() {
	d.t.Helper()
	d.showActivity()
	d.until("the shop has told", func() bool { return d.activity != nil && d.activity.stored != nil })
}

// tells waits until the rows that show say this, the newest first.
func (d *desk) tells(want ...string) {
	d.t.Helper()
	told := func() []string {
		var rows []string
		for _, s := range d.activity.list.shown {
			row := s.title + strings.TrimPrefix(s.caption[strings.Index(s.caption, " · "):], " ·")
			if s.note != "" {
				row += ", " + s.note
			}
			rows = append(rows, row)
		}
		return rows
	}
	d.until(fmt.Sprintf("the activity is %q", want), func() bool {
		got := told()
		if len(want) == 0 {
			return len(got) == 0
		}
		return slices.Equal(got, want)
	})
}

func TestActivityOutlivesTheProgram(t *testing.T) {
	place := local.Config{Dir: t.TempDir(), Shop: "main"}
	first, err := local.Open(t.Context(), place)
	if err != nil {
		t.Fatalf("open the shop: %v", err)
	}
	stock(t, first, goods...)
	for i, c := range []data.Change{
		{Kind: data.KindName, Text: "Anna", By: "Till"},
		{Kind: data.KindAdd, Product: "espresso", Quantity: 2, By: "Till"},
		{Kind: data.KindStep, Product: "espresso", Quantity: 3, By: "Counter 1"},
		{Kind: data.KindRemove, Product: "espresso", By: "Counter 1"},
		{Kind: data.KindAdd, Product: "latte", Quantity: 1, By: "Till"},
	} {
		c.Op = data.OpID(fmt.Sprintf("op-%d", i))
		if _, err := first.Apply(t.Context(), "c", c); err != nil {
			t.Fatalf("change %d: %v", i, err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatalf("close the shop: %v", err)
	}
	second, err := local.Open(t.Context(), place)
	if err != nil {
		t.Fatalf("open the shop again: %v", err)
	}
	t.Cleanup(func() { _ = second.Close() })
	d := openDesk(t, second, Options{})
	d.ready(len(goods))
	d.openActivity()
	d.tells("Added 1 × “Caffè Latte” Till", "Removed “Espresso” (5) Counter 1 (you), Can be restored",
		"Changed “Espresso” from 2 to 5 Counter 1 (you)", "Added 2 × “Espresso” Till", "Named the cart “Anna” Till")
}

func TestActivityByKeys(t *testing.T) {
	d := openShop(t)
	d.searchFor("2*espresso")
	d.searchFor("latte")
	d.settled()
	d.remove(d.line("espresso").line)
	d.settled()
	d.by(d.join("Till"), data.Change{Kind: data.KindAdd, Product: "doppio", Quantity: 1})
	d.shows("1 latte, 1 doppio")
	d.openActivity()
	d.key(fyne.KeyReturn) // on a row with nothing to restore
	d.key(fyne.KeyDown, fyne.KeyReturn)
	d.shows("1 latte, 1 doppio, 2 espresso")
	d.write("removed")
	d.tells("Removed “Espresso” (2) Counter 1 (you), Restored")
	d.key(fyne.KeyReturn)
	d.key(fyne.KeyEscape, fyne.KeyEscape)
	d.noDialog()
	d.expectStored("1 latte, 1 doppio, 2 espresso")
	if label := d.redoLabel(); label != "Redo: remove “Espresso”" {
		t.Errorf("the menu says %q", label)
	}
}

func TestActivityFollowsTheCart(t *testing.T) {
	d := openShop(t)
	d.showActivity()
	d.until("it says that there is nothing", func() bool { return d.activity.list.empty.Text == textNoActivity.say() })
	till := d.join("Till")
	d.by(till, data.Change{Kind: data.KindAdd, Product: "espresso", Quantity: 2})
	d.tells("Added 2 × “Espresso” Till")
	d.shows("2 espresso")
	d.by(till, data.Change{Kind: data.KindClear, Token: d.model.state.Cart.Token})
	d.tells("Emptied the cart (1 line) Till, Can be restored", "Added 2 × “Espresso” Till")
	d.shows("") // the shop may tell of the change before the cart does
	d.activity.list.choose(string(d.model.state.Cart.Token.Op))
	d.press(textRestore.say())
	d.shows("2 espresso")
	d.tells("Added 2 × “Espresso” Counter 1 (you)", "Emptied the cart (1 line) Till, Restored", "Added 2 × “Espresso” Till")
}

func TestTwoWindowsRestoreOnce(t *testing.T) {
	d := openShop(t)
	other := openDesk(t, d.store, Options{})
	other.ready(len(goods))
	d.searchFor("2*espresso")
	d.settled()
	d.remove(d.line("espresso").line)
	d.settled()
	for _, one := range []*desk{d, other} {
		one.openActivity()
		one.tells("Removed “Espresso” (2) Counter 1 (you), Can be restored", "Added 2 × “Espresso” Counter 1 (you)")
	}
	for _, one := range []*desk{d, other} {
		one.press(textRestore.say())
	}
	for _, one := range []*desk{d, other} {
		one.shows("2 espresso")
		one.noRefusal()
	}
	d.expectStored("2 espresso")
	other.expectStored("2 espresso")
}

// noRefusal fails when a change was refused.
func (d *desk) noRefusal() {
	d.t.Helper()
	if n := len(d.model.state.Refused); n > 0 {
		d.t.Errorf("%d changes were refused", n)
	}
}

func TestActivityWithoutTheShop(t *testing.T) {
	_, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	d.searchFor("2*espresso")
	d.shows("2 espresso")
	line.Refuse()
	d.until("it is offline", func() bool { return d.banner.Visible() })
	d.showActivity()
	d.until("it says so", func() bool { return d.activity.note.text.Text == textActivitySilent.say() })
	d.tells("Added 2 × “Espresso” Counter 1 (you)")
}
