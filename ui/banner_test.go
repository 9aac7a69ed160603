package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func offline(do func()) *bannerSpec {
	return &bannerSpec{Severity: severityWarning, Title: "Offline: working on this computer.",
		Text:    "3 changes waiting. Other counters cannot see them.",
		Buttons: []bannerButton{{"Details", do}, {"Try now", do}}}
}

func TestBannerComesAndGoes(t *testing.T) {
	dress(t, theme.VariantLight)
	b, resized := newBanner(), 0
	b.OnResized = func() { resized++ }
	if b.Visible() {
		t.Error("an empty banner is visible")
	}
	b.set(nil)
	b.set(offline(nil))
	b.set(offline(nil))
	if !b.Visible() || resized != 1 {
		t.Errorf("visible %v, laid out %d times", b.Visible(), resized)
	}
	b.set(nil)
	if b.Visible() || resized != 2 {
		t.Errorf("visible %v, laid out %d times", b.Visible(), resized)
	}
}

func TestBannerThatLooksTheSameTakesTheNewButtons(t *testing.T) {
	dress(t, theme.VariantLight)
	b, pressed := newBanner(), ""
	b.set(offline(func() { pressed = "old" }))
	b.set(offline(func() { pressed = "new" }))
	test.Tap(b.buttons[1])
	if pressed != "new" {
		t.Errorf("pressed the %q button", pressed)
	}
}

func TestBannerShowsOnlyTheButtonsItHas(t *testing.T) {
	dress(t, theme.VariantLight)
	b := newBanner()
	b.set(offline(nil))
	b.set(&bannerSpec{Severity: severityInfo, Title: "This cart closes in 0:48.", Buttons: []bannerButton{{Label: "Keep cart"}}})
	if !b.buttons[0].Visible() || b.buttons[1].Visible() || b.buttons[0].Text != "Keep cart" {
		t.Errorf("buttons %q %v, %v", b.buttons[0].Text, b.buttons[0].Visible(), b.buttons[1].Visible())
	}
}

func TestBannerSaysItsSeverity(t *testing.T) {
	dress(t, theme.VariantLight)
	b := newBanner()
	b.set(&bannerSpec{Severity: severityProblem, Title: "The server cannot save.", Text: "Changes wait here."})
	if got := b.AccessibilityLabel(); got != "Problem. The server cannot save. Changes wait here." {
		t.Errorf("label %q", got)
	}
}

func TestBannerLooks(t *testing.T) {
	for name, variant := range variants {
		dress(t, variant)
		var strips []fyne.CanvasObject
		for _, level := range []severity{severityInfo, severityWarning, severityProblem} {
			b, spec := newBanner(), offline(nil)
			spec.Severity = level
			b.set(spec)
			strips = append(strips, b)
		}
		page := container.NewVBox(strips...)
		win := test.NewTempWindow(t, page)
		win.Resize(fyne.NewSize(860, 150))
		page.Refresh()
		assertPicture(t, "banner-"+name+".png", win.Canvas().Capture())
	}
}

func TestBannerWrapsInANarrowWindow(t *testing.T) {
	dress(t, theme.VariantLight)
	b := newBanner()
	b.set(offline(nil))
	page := container.NewBorder(b, nil, nil, nil)
	b.OnResized = page.Refresh
	win := test.NewTempWindow(t, page)
	win.Resize(fyne.NewSize(460, 300))
	page.Refresh()
	assertPicture(t, "banner-narrow.png", win.Canvas().Capture())
	if low, need := b.Size().Height, b.text.MinSize().Height; low < need {
		t.Errorf("the banner is %v high, its text %v", low, need)
	}
}
