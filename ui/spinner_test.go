package ui

import (
	"fmt"
	"image"
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// deskSpinner is a spinner in a window with the focus in it, and all it said.
type deskSpinner struct {
	*Spinner
	win  fyne.Window
	said []string
}

func newDeskSpinner(t *testing.T, low, high, value int64) *deskSpinner {
	t.Helper()
	dress(t, theme.VariantLight)
	d := &deskSpinner{Spinner: newSpinner(low, high)}
	d.SetValue(value)
	d.OnStepped = func(by int64) { d.note("step %+d", by) }
	d.OnTyped = func(v int64) { d.note("typed %d seen %d", v, d.Seen()) }
	d.OnRefused = func(text, reason string) { d.note("refused %q: %s", text, reason) }
	d.OnDone = func() { d.note("done") }
	d.win = test.NewTempWindow(t, container.NewCenter(d.Spinner))
	d.win.Canvas().Focus(d.Focusable())
	return d
}

func (d *deskSpinner) note(format string, args ...any) {
	d.said = append(d.said, fmt.Sprintf(format, args...))
}

func (d *deskSpinner) typeRunes(text string) {
	for _, r := range text {
		d.win.Canvas().Focused().TypedRune(r)
	}
}

func (d *deskSpinner) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		d.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
}

// expect compares what the spinner said since the last call, and what it shows.
func (d *deskSpinner) expect(t *testing.T, text string, said ...string) {
	t.Helper()
	if len(d.said)+len(said) > 0 && !reflect.DeepEqual(d.said, said) {
		t.Errorf("said %q, want %q", d.said, said)
	}
	if d.entry.Text != text {
		t.Errorf("shows %q, want %q", d.entry.Text, text)
	}
	d.said = nil
}

func TestSpinnerSteps(t *testing.T) {
	d := newDeskSpinner(t, 1, 25, 3)
	d.press(fyne.KeyUp, fyne.KeyUp, fyne.KeyDown)
	d.expect(t, "4", "step +1", "step +1", "step -1")
	d.press(fyne.KeyPageUp, fyne.KeyPageUp, fyne.KeyPageUp, fyne.KeyPageUp)
	d.expect(t, "25", "step +10", "step +10", "step +1")
	d.press(fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyDown)
	d.expect(t, "1", "step -10", "step -10", "step -4")
	d.typeRunes("++-")
	d.expect(t, "2", "step +1", "step +1", "step -1")
	test.Tap(d.inc)
	test.Tap(d.dec)
	test.Tap(d.dec)
	test.Tap(d.dec)
	d.expect(t, "1", "step +1", "step -1", "step -1")
}

func TestSpinnerTypedValueIsToldOnce(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 3)
	d.typeRunes("42")
	d.expect(t, "42")
	d.press(fyne.KeyReturn)
	d.expect(t, "42", "typed 42 seen 3", "done")
	d.win.Canvas().Unfocus()
	d.expect(t, "42")

	d.win.Canvas().Focus(d.Focusable())
	d.typeRunes("7")
	d.win.Canvas().Unfocus()
	d.expect(t, "7", "typed 7 seen 42")
}

func TestSpinnerRefusesWhatIsNoQuantity(t *testing.T) {
	const bounds, whole = "Quantities go from 1 to 9,999.", "A quantity is a whole number."
	for text, reason := range map[string]string{
		"0": bounds, "10000": bounds, "9-1": whole, "1.5": whole, "1e9": whole, "three": whole, "4a2": whole,
		"4006381333931": "That looks like a barcode, not a quantity.", "1 2": whole,
	} {
		d := newDeskSpinner(t, 1, 9999, 7)
		d.typeRunes(text)
		d.press(fyne.KeyReturn)
		d.expect(t, "7", fmt.Sprintf("refused %q: %s", text, reason), "done")
		if d.Value() != 7 || d.Editing() {
			t.Errorf("%q: value %d, editing %v", text, d.Value(), d.Editing())
		}
	}
}

func TestSpinnerRefusesPastedMinusAndEmptyText(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 7)
	clip := fyne.CurrentApp().Clipboard()
	clip.SetContent("-1")
	d.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	d.press(fyne.KeyReturn)
	d.expect(t, "7", `refused "-1": Quantities go from 1 to 9,999.`, "done")
	d.press(fyne.KeyBackspace, fyne.KeyReturn)
	d.expect(t, "7", `refused "": A quantity is a whole number.`, "done")
}

func TestSpinnerSignInsideTextIsTyped(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 7)
	d.typeRunes("1-2")
	d.expect(t, "1-2")
	d.press(fyne.KeyEscape)
	d.press(fyne.KeyBackspace)
	d.typeRunes("+")
	d.expect(t, "8", "done", "step +1")
}

func TestSpinnerEscapeShowsTheNewestValue(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 3)
	d.typeRunes("5")
	d.SetValue(8)
	d.expect(t, "5")
	if !d.Editing() || d.Seen() != 3 {
		t.Errorf("editing %v, seen %d", d.Editing(), d.Seen())
	}
	d.press(fyne.KeyEscape)
	d.expect(t, "8", "done")
}

func TestSpinnerTypedOverAChangeByOthers(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 3)
	d.typeRunes("5")
	d.SetValue(8)
	d.press(fyne.KeyReturn)
	d.expect(t, "5", "typed 5 seen 3", "done")

	d.typeRunes("5") // what was seen already: no wish to set it again
	d.SetValue(9)
	d.press(fyne.KeyReturn)
	d.expect(t, "9", "done")
}

func TestSpinnerEnterTellsOnlyWhatStands(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 3)
	d.OnEntered = func(v int64) { d.note("entered %d", v) }
	d.press(fyne.KeyReturn)
	d.expect(t, "3", "entered 3", "done")
	d.typeRunes("5")
	d.press(fyne.KeyReturn)
	d.expect(t, "5", "typed 5 seen 3", "entered 5", "done")
	d.typeRunes("0")
	d.press(fyne.KeyReturn)
	d.expect(t, "5", `refused "0": Quantities go from 1 to 9,999.`, "done")
	d.typeRunes("7")
	d.press(fyne.KeyEscape)
	d.expect(t, "5", "done")
}

func TestSpinnerCommitBeforeAButtonActs(t *testing.T) {
	d := newDeskSpinner(t, 1, 99, 3)
	d.typeRunes("5")
	if v, ok := d.Commit(); v != 5 || !ok {
		t.Errorf("commit: %d, %v", v, ok)
	}
	d.typeRunes("555")
	if v, ok := d.Commit(); v != 5 || ok {
		t.Errorf("commit of too many: %d, %v", v, ok)
	}
	d.expect(t, "5", "typed 5 seen 3", `refused "555": Quantities go from 1 to 99.`)
}

func TestSpinnerStepTakesTheTextBeforeIt(t *testing.T) {
	d := newDeskSpinner(t, 1, 99, 3)
	d.typeRunes("5")
	test.Tap(d.inc)
	d.expect(t, "6", "typed 5 seen 3", "step +1")
	d.win.Canvas().Focus(d.Focusable())
	d.typeRunes("500")
	d.press(fyne.KeyUp)
	d.expect(t, "6", `refused "500": Quantities go from 1 to 99.`)
}

func TestSpinnerDisabledDoesNothing(t *testing.T) {
	d := newDeskSpinner(t, 1, 9, 3)
	d.typeRunes("5")
	d.Disable()
	test.Tap(d.inc)
	d.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	d.entry.TypedRune('+')
	d.expect(t, "3")
	d.Enable()
	test.Tap(d.inc)
	d.expect(t, "4", "step +1")
}

func TestSpinnerClickSelectsAll(t *testing.T) {
	d := newDeskSpinner(t, 1, 9999, 123)
	d.win.Canvas().Unfocus()
	ev := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	d.entry.MouseDown(ev)
	d.entry.MouseUp(ev)
	d.typeRunes("4")
	d.expect(t, "4")
}

func TestSpinnersHaveOneTabStopEach(t *testing.T) {
	dress(t, theme.VariantLight)
	first, second := newSpinner(1, 9), newSpinner(1, 9)
	win := test.NewTempWindow(t, container.NewVBox(first, second))
	win.Canvas().FocusNext()
	win.Canvas().FocusNext()
	if win.Canvas().Focused() != second.Focusable() {
		t.Errorf("the second stop is %T", win.Canvas().Focused())
	}
}

func TestSpinnerLeavesTheWheelToTheList(t *testing.T) {
	dress(t, theme.VariantLight)
	list := widget.NewList(func() int { return 100 },
		func() fyne.CanvasObject { return newSpinner(1, 9) }, func(int, fyne.CanvasObject) {})
	win := test.NewTempWindow(t, list)
	win.Resize(fyne.NewSize(200, 200))
	test.Scroll(win.Canvas(), fyne.NewPos(50, 50), 0, -60)
	if got := list.GetScrollOffset(); got != 60 {
		t.Errorf("scrolled by %v, want 60", got)
	}
}

func TestSpinnerIsNamedForScreenReaders(t *testing.T) {
	d := newDeskSpinner(t, 1, 9, 3)
	d.Label = func() string { return "Quantity of Oat milk" }
	if got := d.entry.AccessibilityLabel(); got != "Quantity of Oat milk, 3" {
		t.Errorf("label %q", got)
	}
}

func TestSpinnerLooks(t *testing.T) {
	for name, variant := range variants {
		dress(t, variant)
		plain, low, off, typing := newSpinner(1, 9999), newSpinner(1, 9999), newSpinner(1, 9999), newSpinner(1, 9999)
		plain.SetValue(9999)
		off.SetValue(12)
		off.Disable()
		typing.SetValue(3)
		win := test.NewTempWindow(t, container.NewVBox(plain, low, off, typing))
		win.Canvas().Focus(typing.Focusable())
		win.Resize(win.Content().MinSize().AddWidthHeight(16, 16))
		if height := plain.MinSize().Height; height < 30 || height > 32 {
			t.Errorf("a spinner is %v high", height)
		}
		assertPicture(t, "spinner-"+name+".png", win.Canvas().Capture())
	}
}

// assertPicture compares with the picture kept in testdata.
func assertPicture(t *testing.T, name string, got image.Image) {
	t.Helper()
	test.AssertImageMatches(t, name, got)
}

func TestValueThatSomebodyPutInByHand(t *testing.T) {
	test.NewTempApp(t)
	s := newSpinner(1, 9999)
	var typed, stepped int64
	s.OnTyped, s.OnStepped = func(n int64) { typed = n }, func(by int64) { stepped = by }
	test.NewTempWindow(t, s)

	// None: whatever is typed replaces it, the lowest value as well.
	s.SetValue(0)
	s.entry.FocusGained()
	s.entry.TypedRune('1')
	s.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if typed != 1 || s.Seen() != 0 {
		t.Errorf("typed %d over %d, want 1 over 0", typed, s.Seen())
	}
	// Above the limit: shown as it is, and it can be lowered.
	s.SetValue(12000)
	if s.entry.Text != "12000" {
		t.Errorf("it shows %q", s.entry.Text)
	}
	s.step(1)
	if stepped != 0 {
		t.Errorf("raised by %d", stepped)
	}
	s.step(-1)
	if stepped != -1 {
		t.Errorf("lowered by %d, want 1", -stepped)
	}
}
