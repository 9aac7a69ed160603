package ui

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// alertDesk is a window with alerts, a clock that stands still, and a log of
// what was pressed.
type alertDesk struct {
	*alerts
	search *widget.Entry
	clock  time.Time
	log    []string
}

func newAlertDesk(t *testing.T, variant fyne.ThemeVariant) *alertDesk {
	t.Helper()
	dress(t, variant)
	d := &alertDesk{search: widget.NewEntry(), clock: time.Unix(1000, 0)}
	win := test.NewTempWindow(t, container.NewVBox(d.search))
	win.Resize(fyne.NewSize(640, 480))
	d.alerts = newAlerts(win)
	d.goos = "linux"
	d.now = func() time.Time { return d.clock }
	d.OnScan = func(text string) { d.log = append(d.log, "scan "+text) }
	return d
}

// button is one that notes that it was pressed.
func (d *alertDesk) button(label string, role alertRole) alertButton {
	return alertButton{Label: label, Role: role, Do: func() error {
		d.log = append(d.log, label)
		return nil
	}}
}

func (d *alertDesk) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		ev := &fyne.KeyEvent{Name: key}
		if focused := d.win.Canvas().Focused(); focused != nil {
			focused.TypedKey(ev)
		} else if handler := d.win.Canvas().OnTypedKey(); handler != nil {
			handler(ev)
		}
	}
}

// scan types as a scanner does, with a pause between the runes.
func (d *alertDesk) scan(text string, pause time.Duration) {
	for _, r := range text {
		d.clock = d.clock.Add(pause)
		if r == ' ' {
			d.press(fyne.KeySpace)
		}
		if focused := d.win.Canvas().Focused(); focused != nil {
			focused.TypedRune(r)
		} else {
			d.win.Canvas().OnTypedRune()(r)
		}
	}
	d.clock = d.clock.Add(pause)
	d.press(fyne.KeyReturn)
}

func (d *alertDesk) expect(t *testing.T, open bool, log ...string) {
	t.Helper()
	if d.open() != open {
		t.Errorf("an alert is open: %v, want %v", d.open(), open)
	}
	if len(d.log)+len(log) > 0 && !reflect.DeepEqual(d.log, log) {
		t.Errorf("happened: %q, want %q", d.log, log)
	}
	d.log = nil
}

func (d *alertDesk) focusedLabel(t *testing.T) string {
	t.Helper()
	p, ok := d.win.Canvas().Focused().(*alertPush)
	if !ok {
		t.Fatalf("the focus is on %T", d.win.Canvas().Focused())
	}
	return p.Text
}

func (d *alertDesk) askThree() {
	d.show(alertSpec{Title: "Not found", Return: d.search, Buttons: []alertButton{
		d.button("Add", rolePrimary), d.button("Skip", roleSafe), d.button("Link", roleOther)}})
}

func (d *alertDesk) askDanger() {
	d.show(alertSpec{Title: "Delete?", Buttons: []alertButton{d.button("Delete", roleDanger), d.button("Keep", roleSafe)}})
}

func TestAlertEnterAndEscape(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askThree()
	d.expect(t, true)
	d.press(fyne.KeyReturn)
	d.expect(t, false, "Add")
	d.askThree()
	d.press(fyne.KeyEscape)
	d.expect(t, false, "Skip")
	if d.win.Canvas().Focused() != d.search {
		t.Error("the focus did not go back to the search box")
	}
}

func TestAlertEnterNeverEndangers(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askDanger()
	if got := d.focusedLabel(t); got != "Keep" {
		t.Errorf("the focus is on %q", got)
	}
	d.win.Canvas().Unfocus()
	d.press(fyne.KeyEnter)
	d.expect(t, false, "Keep")
	d.askDanger()
	d.press(fyne.KeyRight, fyne.KeyReturn)
	d.expect(t, false, "Delete")
}

func TestAlertWithOneButtonClosesEitherWay(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape, fyne.KeySpace} {
		d := newAlertDesk(t, theme.VariantLight)
		d.show(alertSpec{Title: "Done", Buttons: []alertButton{d.button("Close", roleOther)}})
		d.press(key)
		d.expect(t, false, "Close")
	}
}

func TestAlertFocusMovesBetweenButtons(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askThree()
	var seen []string
	for range 4 {
		seen = append(seen, d.focusedLabel(t))
		d.win.Canvas().FocusNext()
	}
	if want := []string{"Add", "Skip", "Link", "Add"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("Tab goes %q, want %q", seen, want)
	}
	d.win.Canvas().FocusPrevious()
	d.press(fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft)
	if got := d.focusedLabel(t); got != "Skip" {
		t.Errorf("the arrows lead to %q", got)
	}
	d.press(fyne.KeyRight, fyne.KeySpace)
	d.expect(t, false, "Link")
}

func TestAlertButtonsFollowThePlatform(t *testing.T) {
	buttons := []alertButton{{Label: "Add", Role: rolePrimary}, {Label: "Delete", Role: roleDanger},
		{Label: "Skip", Role: roleSafe}, {Label: "Link"}, {Label: "More"}}
	buttons[3].Role, buttons[4].Role = roleOther, roleOther
	for goos, want := range map[string][]string{
		"darwin":  {"Skip", "Link", "More", "Delete", "Add"},
		"linux":   {"Skip", "Link", "More", "Delete", "Add"},
		"windows": {"Add", "Delete", "More", "Link", "Skip"},
	} {
		var got []string
		for _, b := range orderButtons(buttons, goos) {
			got = append(got, b.Label)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", goos, got, want)
		}
	}
}

func TestAlertsAreShownOneByOne(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askThree()
	d.askDanger()
	gone := d.show(alertSpec{Title: "Stale", Buttons: []alertButton{d.button("Stale", roleSafe)}})
	if len(d.win.Canvas().Overlays().List()) != 1 {
		t.Fatal("two alerts lie on each other")
	}
	gone.close()
	d.press(fyne.KeyReturn)
	d.expect(t, true, "Add")
	d.press(fyne.KeyReturn)
	d.expect(t, false, "Keep")
}

func TestAlertOpenedByAButtonWaits(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.show(alertSpec{Title: "First", Buttons: []alertButton{{Label: "Go", Role: rolePrimary, Do: func() error {
		d.askDanger()
		return nil
	}}}, OnClosed: func() { d.log = append(d.log, "closed") }})
	d.press(fyne.KeyReturn)
	d.expect(t, true, "closed")
	d.press(fyne.KeyEscape)
	d.expect(t, false, "Keep")
}

func TestAlertKeepsScannersOffItsButtons(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askThree()
	d.askDanger()
	d.scan("4006 381333931", 15*time.Millisecond)
	d.win.Canvas().Unfocus()
	d.scan("SKU-17", 15*time.Millisecond)
	d.expect(t, true)
	d.press(fyne.KeyEscape)
	d.expect(t, true, "Skip")
	d.press(fyne.KeyEscape)
	d.expect(t, false, "Keep", "scan 4006 381333931", "scan SKU-17")
}

func TestAlertTakesSlowOrShortTypingForAPerson(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askThree()
	d.scan("12345", typeGap+time.Millisecond)
	d.expect(t, false, "Add")
	d.askThree()
	d.scan("123", 15*time.Millisecond)
	d.expect(t, false, "Add")
}

// Somebody who has not seen that a dialog opened goes on typing.
func TestWordTypedAtAnAlertPressesNothing(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.askThree()
	d.scan("chai", 150*time.Millisecond)
	d.expect(t, true)
}

func TestScanThatOpensAnAlertHoldsTheNextBack(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.OnScan = func(text string) {
		d.log = append(d.log, text)
		d.askThree()
	}
	d.askThree()
	d.scan("1111", time.Millisecond)
	d.scan("2222", time.Millisecond)
	d.press(fyne.KeyEscape)
	d.expect(t, true, "Skip", "1111")
	d.press(fyne.KeyEscape)
	d.expect(t, true, "Skip", "2222")
}

func TestAlertGivesTheCanvasHandlersBack(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	d.win.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { d.log = append(d.log, "window key") })
	d.askThree()
	d.win.Canvas().Unfocus()
	d.press(fyne.KeyEscape)
	d.win.Canvas().Unfocus()
	d.press(fyne.KeyF2)
	d.expect(t, false, "Skip", "window key")
}

func TestAlertWithFields(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	name, price := newField("Name", "", nil), newField("Price", "2.40", func(text string) error {
		if text != "2.40" {
			return errors.New("A price is written like 2.40.")
		}
		return nil
	})
	d.show(alertSpec{Title: "Add a product", Content: container.NewVBox(name, price), First: name.entry,
		Buttons: []alertButton{d.button("Cancel", roleSafe), {Label: "Add", Role: rolePrimary, Do: func() error {
			return checkFields(name, price)
		}}}})
	if d.win.Canvas().Focused() != name.entry {
		t.Fatal("the first field has no focus")
	}
	d.press(fyne.KeyReturn)
	d.expect(t, true)
	if d.win.Canvas().Focused() != price.entry || price.problem.Text != "A price is written like 2.40." {
		t.Errorf("focus on %T, problem %q", d.win.Canvas().Focused(), price.problem.Text)
	}
	price.SetText("2.40")
	if price.problem.Text != "" {
		t.Errorf("the mended field still says %q", price.problem.Text)
	}
	d.press(fyne.KeyReturn)
	d.expect(t, false)
}

func TestAlertEscapeInAFieldIsSafe(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	entry := newField("Name", "", nil)
	d.show(alertSpec{Title: "Connection", Content: container.NewVScroll(container.NewVBox(entry)), First: entry.entry,
		Buttons: []alertButton{d.button("Cancel", roleSafe), d.button("Connect", rolePrimary)}})
	d.press(fyne.KeyEscape)
	d.expect(t, false, "Cancel")
}

func TestAlertStaysOpenAndSaysWhy(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	answer := errors.New("This server needs a password.")
	al := d.show(alertSpec{Title: "Connection", Buttons: []alertButton{d.button("Cancel", roleSafe),
		{Label: "Connect", Role: rolePrimary, Do: func() error { return answer }}}})
	test.Tap(al.enter)
	d.expect(t, true)
	if !al.trouble.Visible() || al.problem.Text != answer.Error() || d.focusedLabel(t) != "Connect" {
		t.Errorf("problem %q, visible %v", al.problem.Text, al.trouble.Visible())
	}
	answer = errAlertStays
	d.press(fyne.KeyReturn)
	d.expect(t, true)
	answer = nil
	d.press(fyne.KeyReturn)
	d.expect(t, false)
}

func TestFieldChecksWhenItIsLeft(t *testing.T) {
	dress(t, theme.VariantLight)
	f := newField("Port", "6379", func(text string) error { return errors.New("A port goes from 1 to 65,535.") })
	win := test.NewTempWindow(t, f)
	win.Canvas().Focus(f.entry)
	win.Canvas().Unfocus()
	if f.problem.Text != "" {
		t.Error("an empty field complains before anything was typed")
	}
	win.Canvas().Focus(f.entry)
	f.entry.TypedRune('x')
	win.Canvas().Unfocus()
	if got := f.entry.AccessibilityLabel(); got != "Port A port goes from 1 to 65,535." {
		t.Errorf("label %q", got)
	}
}

func TestAlertFitsTheWindow(t *testing.T) {
	d := newAlertDesk(t, theme.VariantLight)
	long := ""
	for range 60 {
		long += "A sentence that goes on and on. "
	}
	al := d.show(alertSpec{Title: "Long", Body: long, Buttons: []alertButton{d.button("Close", roleSafe)}})
	d.win.Resize(fyne.NewSize(400, 300))
	if size := al.card.Size(); size.Width > 400-2*alertMargin || size.Height > 300-2*alertMargin {
		t.Errorf("the card is %v in a window of 400 by 300", size)
	}
	d.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)
	if y := al.scroll.Offset.Y; y != alertStep {
		t.Errorf("the arrows scroll to %v", y)
	}
	d.win.Resize(fyne.NewSize(1200, 900))
	if size := al.card.Size(); size.Width > alertMaxWidth || size.Height > alertMaxHeight {
		t.Errorf("the card is %v in a large window", size)
	}
}

func TestAlertLooks(t *testing.T) {
	for name, variant := range variants {
		d := newAlertDesk(t, variant)
		d.askLooks()
		assertPicture(t, "alert-"+name+".png", d.win.Canvas().Capture())
	}
	d := newAlertDesk(t, theme.VariantLight)
	d.askForm()
	assertPicture(t, "alert-form.png", d.win.Canvas().Capture())
}

func (d *alertDesk) askLooks() {
	d.show(alertSpec{Title: "“Oat milk 1 L” is no longer in this cart",
		Body: "Counter 2 removed it at 14:03. The new quantity (3) was not saved, and the total is 18.20 now.",
		Buttons: []alertButton{d.button("Leave it out", roleSafe), d.button("Show cart…", roleOther),
			d.button("Add 3 again", rolePrimary)}})
}

func (d *alertDesk) askForm() {
	name := newField("Name", "", nil)
	name.SetText("Oat milk 1 L")
	price := newField("Price", "2.40", func(string) error { return errors.New("A price is written like 2.40.") })
	price.SetText("2,4o")
	d.show(alertSpec{Title: "Add a product", Content: container.NewVBox(name, price), First: name.entry,
		Body: "5901234123457 is not in the catalogue.",
		Buttons: []alertButton{d.button("Cancel", roleSafe), {Label: "Add product", Role: rolePrimary,
			Do: func() error { return checkFields(name, price) }}}})
	d.press(fyne.KeyReturn)
	d.current.say("The shop cannot be reached. Try again in a moment.")
}

func TestButtonsThatHaveNoRoomGoOnAnotherLine(t *testing.T) {
	d := openShop(t)
	d.win.Resize(fyne.NewSize(800, 600))
	al := d.alerts.show(alertSpec{Title: "The shop cannot be reached", Buttons: []alertButton{
		{Label: "Quit", Role: roleOther}, {Label: "Connection…", Role: roleOther},
		{Label: "Work on this computer", Role: roleOther}, {Label: "Try again", Role: rolePrimary}}})
	for _, scale := range []float32{1, 1.5, 2} {
		d.setScale(scale)
		left := al.card.Position().X
		for _, p := range al.pushes {
			x := fyne.CurrentApp().Driver().AbsolutePositionForObject(p).X
			if x < left || x+p.Size().Width > left+al.card.Size().Width {
				t.Errorf("at %v, %q is outside of the card", scale, p.Text)
			}
		}
	}
}
