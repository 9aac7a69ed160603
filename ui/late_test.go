package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// witness is a cart that notes what the window asks of it.
type witness struct {
	Cart
	settled   []data.OpID
	submitted []data.Change
}

func (w *witness) Settle(op data.OpID) {
	w.settled = append(w.settled, op)
	w.Cart.Settle(op)
}

func (w *witness) Submit(c data.Change) (data.OpID, error) {
	w.submitted = append(w.submitted, c)
	return w.Cart.Submit(c)
}

// said is what was submitted, as in "set espresso 5 seen 2".
func (w *witness) said() []string {
	var out []string
	for _, c := range w.submitted {
		out = append(out, c.Fingerprint())
	}
	return out
}

// lateDesk is a studio that shows these refusals in a list.
func lateDesk(t *testing.T, refused ...data.Refusal) (*studio, *witness) {
	t.Helper()
	s := openOutageStudio(t, theme.VariantLight, usual)
	shop := &witness{Cart: s.cart}
	s.cart = shop
	s.show(s.refusing(refused...))
	return s, shop
}

func (s *studio) refusing(refused ...data.Refusal) data.State {
	st := s.lively()
	st.Cart.Token = data.Token{Version: 9, Op: "now"}
	st.Refused = refused
	return st
}

// tap presses a button of a row of the list.
func (s *studio) tap(row int, label string) {
	s.t.Helper()
	for _, c := range s.late.rows[row].picks {
		if c.Text == label {
			test.Tap(c)
			return
		}
	}
	s.t.Fatalf("row %d has no button %q", row, label)
}

// buttons are the labels of a row's buttons.
func (s *studio) buttons(row int) string {
	var labels []string
	for _, c := range s.late.rows[row].picks {
		labels = append(labels, c.Text)
	}
	return strings.Join(labels, ", ")
}

// pressed presses keys, where the focus is.
func (s *studio) pressed(keys ...fyne.KeyName) {
	for _, key := range keys {
		s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
}

func (s *studio) focusedChoice() string {
	s.t.Helper()
	c, ok := s.win.Canvas().Focused().(*choice)
	if !ok {
		s.t.Fatalf("the focus is on %T", s.win.Canvas().Focused())
	}
	return c.Text
}

func (s *studio) expectTitle(want string) {
	s.t.Helper()
	got := "none"
	if s.alerts.open() {
		got = s.alerts.current.title.Text
	}
	if got != want {
		s.t.Errorf("the dialog is %q, want %q", got, want)
	}
}

func TestLateRefusalsOfferWhatCanBeDone(t *testing.T) {
	spent := data.Refusal{Change: added("tea", "Tea", 2), Err: &data.StockError{Have: 3, Left: 3}, Late: true}
	damaged := data.Refusal{Change: added("milk", "Milk", 2), Err: &data.DamagedError{What: "quantity"}, Late: true}
	lower := data.Refusal{Change: typed("jam", "Jam", 1, 2), Err: &data.ConflictError{Seen: 2, Now: 5}, Late: true}
	nothing := lower
	nothing.Change = typed("pie", "Pie", 0, 2)
	s, _ := lateDesk(t, append(lateOnes(), spent, damaged, lower, nothing)...)
	s.expectTitle("11 changes could not be made")
	for i, want := range []struct{ what, why, buttons string }{
		{"Oat milk 1 L, set to 3", "Counter 2 set 5 at 14:03; this counter set 3 at 13:58.", "Keep 5, Use 3, Add them: 6"},
		{"Rye bread, set to 3", "Till removed it at 14:01.", "Leave out, Add 3 again"},
		{"Ginger shot, 2 more", "no longer in the catalogue.", "Leave out, Add as new product…"},
		{"Gift basket, 3 more", "Only 3 in stock, and 2 in the cart already.", "Leave out, Add 1"},
		{"Clear the cart", "changed at another counter meanwhile.", "Leave it, Clear it now"},
		{"Honey 500 g, 1 more", "It was confirmed, then the server lost it. It is not known", "Leave it, Make it again"},
		{"Espresso, 9,000 more", "a line holds at most 9,999.", "Leave out"},
		{"Tea, 2 more", "Only 3 in stock, and 3 in the cart already.", "Leave out"},
		{"Milk, 2 more", "damaged", "Leave it"},
		{"Jam, set to 1", "Somebody set 5; this counter set 1", "Keep 5, Use 1"},
		{"Pie, remove", "Somebody set 5; this counter took it out at 13:58.", "Keep 5, Remove it"},
	} {
		row := s.late.rows[i]
		if row.what.Text != want.what || !strings.Contains(row.why.Text, want.why) || s.buttons(i) != want.buttons {
			t.Errorf("row %d: %q, %q, %q", i, row.what.Text, row.why.Text, s.buttons(i))
		}
		expectSentence(t, row.what.Text, row.why.Text)
	}
}

func TestLateRefusalsAreSettledWhenDecided(t *testing.T) {
	all := lateOnes()[:2]
	s, shop := lateDesk(t, all...)
	if len(shop.settled) != 0 {
		t.Fatal("they are settled before anybody has looked")
	}
	s.tap(1, "Add 3 again")
	if want := []data.OpID{all[1].Change.Op}; !slices.Equal(shop.settled, want) {
		t.Errorf("settled: %v, want %v", shop.settled, want)
	}
	if row := s.late.rows[1]; row.done.text.Text != "Added 3." || row.buttons.Visible() {
		t.Errorf("the row says %q", row.done.text.Text)
	}
	if got := s.focusedChoice(); got != "Keep 5" {
		t.Errorf("the focus is on %q", got)
	}
	s.tap(0, "Add them: 6")
	s.expectTitle("none")
	if want := []string{"add 3 rye-bread", "set 6 5 oat-milk"}; !slices.Equal(shop.said(), want) {
		t.Errorf("submitted: %v, want %v", shop.said(), want)
	}
	s.show(s.refusing(all...)) // the shop has not forgotten them yet
	s.expectTitle("none")
}

func TestLateRefusalsWaitUntilAllIsAnswered(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	for _, c := range []struct {
		waiting, mending int
		phase            data.Phase
		open             bool
	}{
		{1, 0, data.Live, false}, {0, 1, data.Live, false}, {1, 0, data.Connecting, false},
		{1, 0, data.Offline, true}, {0, 1, data.ReadOnly, true}, {0, 0, data.Polling, true},
	} {
		st := s.refusing(data.Refusal{Change: added("tea", "Tea", 1), Err: data.ErrUnknownProduct, Late: true})
		st.Waiting, st.Mending, st.Link.Phase = make([]data.Change, c.waiting), c.mending, c.phase
		s.reached, s.toldOutage = true, true
		s.show(st)
		if open := s.late.alert != nil; open != c.open {
			t.Errorf("%+v: open %v", c, open)
		}
		if s.late.alert != nil {
			s.pressed(fyne.KeyEscape)
		}
		s.late.waiting = nil
	}
}

func TestLateRefusalsThatComeLaterJoinTheList(t *testing.T) {
	all := lateOnes()
	s, _ := lateDesk(t, all[0])
	s.expectTitle("1 of the waiting changes could not be made")
	s.show(s.refusing(all[:3]...))
	s.expectTitle("3 of the waiting changes could not be made")
	s.tap(2, "Leave out")
	s.tap(0, "Keep 5")
	if got := s.focusedChoice(); got != "Leave out" || len(s.late.rows) != 3 {
		t.Errorf("the focus is on %q of %d rows", got, len(s.late.rows))
	}
}

func TestManyAddsOfOneProductAreOneRow(t *testing.T) {
	var all []data.Refusal
	for n := range int64(4) {
		all = append(all, data.Refusal{Change: added("ginger", "Ginger shot", n+1), Err: data.ErrUnknownProduct, Late: true})
	}
	all = append(all, data.Refusal{Change: added("ginger", "Ginger shot", 1), Err: data.ErrTooLate, Late: true})
	s, shop := lateDesk(t, all...)
	s.expectTitle("5 of the waiting changes could not be made")
	if len(s.late.rows) != 2 || s.late.rows[0].what.Text != "Ginger shot, 10 more" {
		t.Fatalf("%d rows, %q", len(s.late.rows), s.late.rows[0].what.Text)
	}
	s.tap(0, textAddNew.say())
	if len(shop.settled) != 4 {
		t.Errorf("%d are settled", len(shop.settled))
	}
	s.tap(1, "Make it again")
	s.expectTitle(textNewProduct.say())
	if want := []string{"add 1 ginger"}; !slices.Equal(shop.said(), want) {
		t.Errorf("submitted: %v", shop.said())
	}
	if op := shop.submitted[0].Op; op == all[4].Change.Op || op == "" {
		t.Errorf("made again under %q", op)
	}
}

func TestLeavingTheRestIsSaid(t *testing.T) {
	s, shop := lateDesk(t, lateOnes()[:4]...)
	s.tap(1, "Leave out")
	s.late.leaveRest()
	if s.toasts.current == nil || s.toasts.current.text != "3 changes left out." {
		t.Errorf("it says %v", s.toasts.current)
	}
	if len(shop.settled) != 4 || len(shop.submitted) != 0 {
		t.Errorf("%d settled, %d submitted", len(shop.settled), len(shop.submitted))
	}
}

// Escape decides nothing: a banner keeps offering the list.
func TestListCanBePutOff(t *testing.T) {
	all := lateOnes()[:4]
	s, shop := lateDesk(t, all...)
	s.pressed(fyne.KeyEscape)
	s.expectTitle("none")
	if got := s.banner.says(); got != "4 of the waiting changes could not be made." || len(shop.settled) != 0 {
		t.Errorf("the banner says %q, %d settled", got, len(shop.settled))
	}
	s.show(s.refusing(all...))
	s.expectTitle("none")
	test.Tap(s.banner.buttons[0])
	s.expectTitle("4 of the waiting changes could not be made")
}

// The question whether to quit comes before the list, and answers none of it.
func TestQuestionBeforeTheListLeavesItUndecided(t *testing.T) {
	all := lateOnes()[:2]
	s, shop := lateDesk(t, all...)
	off := s.refusing(all...)
	off.Link.Phase, off.Waiting = data.Offline, make([]data.Change, 1)
	s.reached, s.toldOutage = true, true
	s.show(off)
	s.close()
	s.expectTitle("1 change is not shared yet")
	if len(shop.settled) != 0 {
		t.Errorf("settled: %v", shop.settled)
	}
	s.pressed(fyne.KeyReturn)
	s.show(off)
	s.expectTitle("2 of the waiting changes could not be made")
}

func TestListIsWorkedByKeys(t *testing.T) {
	s, shop := lateDesk(t, lateOnes()[:4]...)
	var seen []string
	for _, key := range []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp} {
		s.pressed(key)
		seen = append(seen, s.focusedChoice())
	}
	want := []string{"Keep 5", "Use 3", "Add them: 6", "Add them: 6", "Add 3 again", "Use 3", "Use 3"}
	if !slices.Equal(seen, want) {
		t.Errorf("the arrows lead to %q, want %q", seen, want)
	}
	s.win.Canvas().FocusNext()
	if got := s.focusedChoice(); got != "Add them: 6" {
		t.Errorf("Tab leads to %q", got)
	}
	s.pressed(fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	if f, ok := s.win.Canvas().Focused().(*alertPush); !ok || f.Text != textLater.say() {
		t.Errorf("below the last row the focus is on %T", s.win.Canvas().Focused())
	}
	s.pressed(fyne.KeyUp)
	if got := s.focusedChoice(); got != "Leave out" || s.win.Canvas().Focused() != fyne.Focusable(s.late.rows[3].picks[0]) {
		t.Errorf("back up the focus is on %q", got)
	}
	if want := []string{"set 6 5 oat-milk"}; !slices.Equal(shop.said(), want) {
		t.Errorf("submitted: %v", shop.said())
	}
}

func TestEnterWithoutFocusLeavesNothingOut(t *testing.T) {
	s, shop := lateDesk(t, lateOnes()[:2]...)
	s.win.Canvas().Unfocus()
	s.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(shop.settled) != 0 || !s.alerts.open() {
		t.Errorf("settled %v", shop.settled)
	}
}

func TestScanDecidesNothingInTheList(t *testing.T) {
	s, shop := lateDesk(t, lateOnes()[:2]...)
	now := time.Unix(1000, 0)
	s.watch.scanner, s.watch.stall = scanner{now: func() time.Time { return now }, rules: usualRules}, nil
	for _, r := range "4006381333931" {
		now = now.Add(10 * time.Millisecond)
		s.win.Canvas().Focused().TypedRune(r)
	}
	s.pressed(fyne.KeyReturn)
	if len(shop.settled) != 0 || len(s.scans.orders) != 1 {
		t.Errorf("settled %v, scans %v", shop.settled, s.scans.orders)
	}
}

func TestLongListScrollsToTheFocus(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, narrow)
	var all []data.Refusal
	for i := range 50 {
		id := fmt.Sprint("gone-", i)
		all = append(all, data.Refusal{Change: added(data.ProductID(id), id, 1), Err: data.ErrUnknownProduct, Late: true})
	}
	s.show(s.refusing(all...))
	s.win.Resize(narrow.AddWidthHeight(1, 1))
	card, scroll := s.late.alert.card, s.late.alert.scroll
	if low := card.Position().Y + card.Size().Height; low > narrow.Height-alertMargin+1 {
		t.Errorf("the dialog ends at %v of %v", low, narrow.Height)
	}
	for range 49 {
		s.pressed(fyne.KeyDown)
	}
	last := s.late.rows[49].box
	top, bottom := last.Position().Y, last.Position().Y+last.Size().Height
	if top < scroll.Offset.Y || bottom-alertReveal > scroll.Offset.Y+scroll.Size().Height {
		t.Errorf("the last row is at %v to %v, seen is %v to %v", top, bottom, scroll.Offset.Y, scroll.Offset.Y+scroll.Size().Height)
	}
	for range 49 {
		s.pressed(fyne.KeyUp)
	}
	if scroll.Offset.Y > 30 {
		t.Errorf("back at the first row it is scrolled by %v", scroll.Offset.Y)
	}
}

func TestRefusalAtOnceIsToldAlone(t *testing.T) {
	r := lateOnes()[0]
	r.Late = false
	s, shop := lateDesk(t, r)
	s.expectTitle("Counter 2 changed this quantity too")
	if len(shop.settled) != 1 {
		t.Errorf("settled: %v", shop.settled)
	}
}

// What another counter brought back first, with another quantity, is no news.
func TestRestoreThatAnotherDidIsSilent(t *testing.T) {
	s, shop := lateDesk(t, data.Refusal{Change: added("tea", "Tea", 1), Err: data.ErrOpReused, Late: true},
		data.Refusal{Change: added("milk", "Milk", 1), Err: data.ErrOpReused})
	s.expectTitle("none")
	if s.toasts.current != nil || len(shop.settled) != 2 {
		t.Errorf("it says %v, settled %v", s.toasts.current, shop.settled)
	}
}

func TestMakingAgainIsOfTheCartAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		change data.Change
		want   string
	}{
		"add":            {added("tea", "Tea", 2), "add 2 tea"},
		"set":            {typed("espresso", "Espresso", 7, 1), "set 7 2 espresso"},
		"set, line gone": {typed("tea", "Tea", 7, 1), "add 7 tea"},
		"remove":         {data.Change{Op: "x", Kind: data.KindRemove, Product: "espresso"}, "remove 0 espresso"},
		"clear":          {data.Change{Op: "x", Kind: data.KindClear, Token: data.Token{Version: 1, Op: "old"}}, "clear 9 now"},
	} {
		s, shop := lateDesk(t, data.Refusal{Change: c.change, Err: data.ErrTooLate, Late: true})
		s.tap(0, "Make it again")
		if got := shop.said(); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: submitted %v, want %s", name, got, c.want)
		}
	}
}
