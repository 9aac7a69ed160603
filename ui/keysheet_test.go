package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// sheetTexts are all texts of the dialog on the screen.
func (d *desk) sheetTexts() []string {
	var all []string
	for _, o := range test.LaidOutObjects(d.alerts.current) {
		if text, ok := o.(*canvas.Text); ok {
			all = append(all, text.Text)
		}
	}
	return all
}

func TestSheetTellsEveryKey(t *testing.T) {
	d := openShop(t)
	d.key(fyne.KeyF1)
	shown := d.sheetTexts()
	for _, m := range d.commands() {
		for _, c := range slices.Concat(m.groups...) {
			for _, s := range slices.Concat(c.keys, c.span) {
				if !slices.ContainsFunc(shown, func(text string) bool { return strings.Contains(text, s.text()) }) {
					t.Errorf("the sheet does not tell of %s", s.text())
				}
			}
		}
	}
}

func TestSheetComesAndGoesByKey(t *testing.T) {
	d := openShop(t)
	for _, end := range []stroke{bare(fyne.KeyF1), bare(fyne.KeyEscape), bare(fyne.KeyReturn), ctrl(fyne.KeySlash)} {
		d.win.Canvas().Focus(d.products)
		d.chord(bare(fyne.KeyF1))
		if d.keySheet == nil || d.alerts.current != d.keySheet {
			t.Fatalf("F1 shows no sheet; %s", d.picture())
		}
		d.chord(end)
		d.noDialog()
		if d.win.Canvas().Focused() != fyne.Focusable(d.products) {
			t.Errorf("after %s the focus is on %T", end.text(), d.win.Canvas().Focused())
		}
	}
}

func TestSheetHasColumnsByTheRoom(t *testing.T) {
	d := openShop(t)
	for width, want := range map[float32]int{1100: 2, 800: 1} {
		d.win.Resize(fyne.NewSize(width, 720))
		d.keysHelp()
		left := map[float32]bool{}
		for _, o := range test.LaidOutObjects(d.alerts.current) {
			if text, ok := o.(*words); ok && text.text.TextStyle.Bold {
				left[fyne.CurrentApp().Driver().AbsolutePositionForObject(o).X] = true
			}
		}
		if len(left) != want {
			t.Errorf("at %.0f the headings begin at %v, want %d columns", width, left, want)
		}
		d.keysHelp()
	}
}

func TestPictureOfTheKeySheet(t *testing.T) {
	for name, size := range map[string]fyne.Size{"wide": fyne.NewSize(1100, 720), "narrow": fyne.NewSize(800, 600)} {
		s := openStudio(t, theme.VariantLight, size)
		s.win.SetContent(container.NewWithoutLayout()) // what is behind it is no matter here
		s.keysHelp()
		test.AssertImageMatches(t, "keysheet-"+name+".png", s.win.Canvas().Capture())
	}
}
