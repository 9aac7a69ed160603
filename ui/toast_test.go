package ui

import (
	"fmt"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toastDesk is a toaster in a window, with a clock that the test winds.
type toastDesk struct {
	*toaster
	win     fyne.Window
	below   *widget.Button
	clicked int
	time    time.Duration // of the clock that runs; 0: none does
	ring    func()
}

func newToastDesk(t *testing.T, variant fyne.ThemeVariant) *toastDesk {
	t.Helper()
	dress(t, variant)
	d := &toastDesk{toaster: newToaster(nil)}
	d.after = func(duration time.Duration, f func()) func() {
		d.time, d.ring = duration, f
		return func() { d.time = 0 }
	}
	d.below = widget.NewButton("", func() { d.clicked++ })
	d.win = test.NewTempWindow(t, container.NewStack(d.below, d.toaster))
	d.win.Resize(fyne.NewSize(600, 200))
	return d
}

func (d *toastDesk) expect(t *testing.T, text string, running time.Duration) {
	t.Helper()
	shown := ""
	if d.card.Visible() {
		shown = d.card.segment().Text
	}
	if shown != text || d.time != running {
		t.Errorf("shows %q for %v, want %q for %v", shown, d.time, text, running)
	}
}

func TestToastsComeOneAfterAnother(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	d.show("first")
	d.showAction("second", "Undo", func() {})
	d.expect(t, "first", toastTime)
	d.ring()
	d.expect(t, "second", toastActionTime)
	d.ring()
	d.expect(t, "", 0)
}

func TestToastsBeyondTheQueueDropTheOldest(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	for i := range 9 {
		d.show(fmt.Sprint(i))
	}
	for _, want := range []string{"0", "4", "5", "6", "7", "8", ""} {
		if d.card.Visible() && d.card.segment().Text != want {
			t.Errorf("shows %q, want %q", d.card.segment().Text, want)
		}
		if want != "" {
			d.ring()
		}
	}
}

func TestToastStaysUnderThePointer(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	d.showAction("Removed.", "Undo", func() {})
	late := d.ring
	test.MoveMouse(d.win.Canvas(), centre(d.card))
	d.expect(t, "Removed.", 0)
	test.MoveMouse(d.win.Canvas(), centre(d.card.action))
	d.expect(t, "Removed.", 0)
	late() // a clock that was cancelled too late
	d.expect(t, "Removed.", 0)
	test.MoveMouse(d.win.Canvas(), fyne.NewPos(5, 5))
	d.expect(t, "Removed.", toastActionTime)
}

func centre(o fyne.CanvasObject) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return at.AddXY(o.Size().Width/2, o.Size().Height/2)
}

func TestToastActionIsDoneOnce(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	undone := 0
	d.showAction("Removed.", "Undo", func() { undone++ })
	if !d.trigger() || d.trigger() || undone != 1 {
		t.Errorf("undone %d times", undone)
	}
	d.showAction("Removed.", "Undo", func() { undone++ })
	test.TapCanvas(d.win.Canvas(), centre(d.card.action))
	d.expect(t, "", 0)
	d.show("No button.")
	if d.trigger() || undone != 2 {
		t.Errorf("undone %d times", undone)
	}
	test.TapCanvas(d.win.Canvas(), centre(d.card.shut))
	d.expect(t, "", 0)
}

func TestToastLetsClicksThroughBesideItself(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	d.show("Removed.")
	test.TapCanvas(d.win.Canvas(), centre(d.card))
	if d.clicked != 0 {
		t.Error("a click on the toast reached the page")
	}
	test.TapCanvas(d.win.Canvas(), fyne.NewPos(5, 195))
	if d.clicked != 1 {
		t.Error("a click beside the toast did not reach the page")
	}
}

func TestToastsStop(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	d.show("first")
	d.show("second")
	d.stop()
	d.expect(t, "", 0)
}

func TestToastLooks(t *testing.T) {
	for name, variant := range variants {
		d := newToastDesk(t, variant)
		d.win.SetContent(container.NewStack(canvas.NewRectangle(color.Transparent), d.toaster))
		d.win.Resize(fyne.NewSize(600, 90))
		d.showAction("Removed “Oat milk 1 L”.", "Undo", func() {})
		assertPicture(t, "toast-"+name+".png", d.win.Canvas().Capture())
	}
	d := newToastDesk(t, theme.VariantLight)
	d.win.SetContent(container.NewStack(canvas.NewRectangle(color.Transparent), d.toaster))
	d.win.Resize(fyne.NewSize(420, 120))
	d.showAction("Counter 2 removed “Oat milk 1 L, barista edition, six cartons in a box” and “Rye bread”.", "Show", nil)
	assertPicture(t, "toast-long.png", d.win.Canvas().Capture())
}

func TestToastCanBeWithdrawn(t *testing.T) {
	d := newToastDesk(t, theme.VariantLight)
	first := d.showAction("first", "Undo", func() {})
	second := d.showAction("second", "Undo", func() {})
	d.show("third")
	second()
	d.expect(t, "first", toastActionTime)
	first()
	first()
	d.expect(t, "third", toastTime)
}
