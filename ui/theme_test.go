package ui

import (
	"image/color"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

var variants = map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}

// fixedTheme is our theme in one variant; the test driver has none of its own.
type fixedTheme struct {
	fyne.Theme
	variant fyne.ThemeVariant
}

func (t fixedTheme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return t.Theme.Color(name, t.variant)
}

// dress gives the test a fresh app that wears our theme in a variant.
func dress(t *testing.T, variant fyne.ThemeVariant) fyne.App {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(fixedTheme{newTheme(), variant})
	return a
}

func TestTextCanBeReadOnEverySurface(t *testing.T) {
	surfaces := []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameInputBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground, theme.ColorNameHeaderBackground,
		colorSurface, colorFlash, colorInfoSurface, colorWarningSurface, colorProblemSurface}
	texts := []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePrimary, theme.ColorNameHyperlink,
		theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNamePlaceHolder,
		colorWaiting, colorMuted}
	for name, variant := range variants {
		for _, surface := range surfaces {
			for _, text := range texts {
				assertContrast(t, name, variant, text, surface, 4.5)
			}
		}
	}
}

func TestTextCanBeReadOnButtonsAndToasts(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{theme.ColorNameForeground, theme.ColorNameButton},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		{theme.ColorNameForegroundOnError, theme.ColorNameError},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
		{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess},
		{colorOnToast, colorToast},
		{colorToastAction, colorToast},
	}
	for name, variant := range variants {
		for _, pair := range pairs {
			assertContrast(t, name, variant, pair[0], pair[1], 4.5)
		}
	}
}

func TestTextCanBeReadOnTabsAndBadges(t *testing.T) {
	for name, variant := range variants {
		for _, text := range []fyne.ThemeColorName{theme.ColorNameForeground, colorMuted, colorWaiting} {
			for _, ground := range []fyne.ThemeColorName{theme.ColorNameBackground, colorSurface, theme.ColorNameButton} {
				assertContrast(t, name, variant, text, ground, 4.5)
			}
		}
		for _, tint := range tints {
			assertContrast(t, name, variant, theme.ColorNameForeground, tint, 4.5)
		}
	}
}

func TestPointerAndFocusLeaveTextReadable(t *testing.T) {
	for name, variant := range variants {
		th := newTheme()
		for _, veil := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNameFocus, theme.ColorNameSelection} {
			for _, under := range []fyne.ThemeColorName{theme.ColorNameButton, theme.ColorNameInputBackground} {
				shown := over(th.Color(veil, variant), th.Color(under, variant))
				if ratio := contrast(th.Color(theme.ColorNameForeground, variant), shown); ratio < 4.5 {
					t.Errorf("%s: text under %s on %s has contrast %.2f", name, veil, under, ratio)
				}
			}
		}
	}
}

func TestOutlinesStandOut(t *testing.T) {
	for name, variant := range variants {
		assertContrast(t, name, variant, theme.ColorNameInputBorder, theme.ColorNameInputBackground, 3)
		assertContrast(t, name, variant, theme.ColorNameDisabled, theme.ColorNameDisabledButton, 3)
	}
}

func TestBothVariantsNameTheSameColors(t *testing.T) {
	for name := range lightColors {
		if _, ok := darkColors[name]; !ok {
			t.Errorf("dark has no %s", name)
		}
	}
	if len(lightColors) != len(darkColors) {
		t.Errorf("light names %d colours, dark %d", len(lightColors), len(darkColors))
	}
}

func assertContrast(t *testing.T, name string, variant fyne.ThemeVariant, text, under fyne.ThemeColorName, want float64) {
	t.Helper()
	th := newTheme()
	if ratio := contrast(th.Color(text, variant), th.Color(under, variant)); ratio < want {
		t.Errorf("%s: %s on %s has contrast %.2f, want %.1f or more", name, text, under, ratio, want)
	}
}

// contrast is the ratio that WCAG 2 defines, 1 to 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n.R) + 0.7152*linear(n.G) + 0.0722*linear(n.B)
}

// over lays a veil over an opaque colour.
func over(veil, under color.Color) color.Color {
	v, u := color.NRGBAModel.Convert(veil).(color.NRGBA), color.NRGBAModel.Convert(under).(color.NRGBA)
	mix := func(top, bottom uint8) uint8 {
		a := float64(v.A) / 255
		return uint8(math.Round(float64(top)*a + float64(bottom)*(1-a)))
	}
	return color.NRGBA{R: mix(v.R, u.R), G: mix(v.G, u.G), B: mix(v.B, u.B), A: 255}
}

func TestOpenWidgetsFollowLightAndDarkAtOnce(t *testing.T) {
	a := dress(t, theme.VariantLight)
	spin, strip, toasts := newSpinner(1, 9), newBanner(), newToaster(nil)
	toasts.after = func(time.Duration, func()) func() { return func() {} }
	win := test.NewTempWindow(t, container.NewStack(container.NewVBox(spin, strip), toasts))
	win.Resize(fyne.NewSize(500, 300))
	strip.set(offline(nil))
	toasts.show("Back online.")
	al := newAlerts(win).show(alertSpec{Title: "Done", Buttons: []alertButton{{Label: "Close"}}})

	a.Settings().SetTheme(fixedTheme{newTheme(), theme.VariantDark})
	for name, face := range map[fyne.ThemeColorName]*canvas.Rectangle{
		theme.ColorNameButton: spin.inc.face, colorWarningSurface: strip.face,
		colorToast: toasts.card.face, theme.ColorNameOverlayBackground: al.card,
	} {
		if face.FillColor != darkColors[name] {
			t.Errorf("%s is %v after the switch, want %v", name, face.FillColor, darkColors[name])
		}
	}
}
