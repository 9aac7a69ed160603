package ui

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours of our own, beside those that Fyne names.
const (
	// colorFlash is behind a row that another counter has just changed.
	colorFlash fyne.ThemeColorName = "trolleyFlash"
	// colorWaiting is the text and icon of a change that is not sent yet.
	colorWaiting fyne.ThemeColorName = "trolleyWaiting"
	// colorMuted is text of second rank, such as a product's id.
	colorMuted fyne.ThemeColorName = "trolleyMuted"
	// colorSurface is behind lists and panels, one step nearer than the background.
	colorSurface fyne.ThemeColorName = "trolleySurface"
	// colorDim lies over the window while an alert is open.
	colorDim fyne.ThemeColorName = "trolleyDim"
	// colorInfoSurface, colorWarningSurface and colorProblemSurface are behind banners.
	colorInfoSurface    fyne.ThemeColorName = "trolleyInfoSurface"
	colorWarningSurface fyne.ThemeColorName = "trolleyWarningSurface"
	colorProblemSurface fyne.ThemeColorName = "trolleyProblemSurface"
	// colorToast is behind a toast, colorOnToast its text, colorToastAction its button.
	colorToast       fyne.ThemeColorName = "trolleyToast"
	colorOnToast     fyne.ThemeColorName = "trolleyOnToast"
	colorToastAction fyne.ThemeColorName = "trolleyToastAction"
	// colorToastHover is over a toast's button under the pointer.
	colorToastHover fyne.ThemeColorName = "trolleyToastHover"
)

// tints are behind the initials of products. The foreground reads on each.
var tints = [...]fyne.ThemeColorName{"trolleyTint1", "trolleyTint2", "trolleyTint3", "trolleyTint4", "trolleyTint5", "trolleyTint6"}

// Sizes of our own, beside those that Fyne names.
const (
	// sizeTotal is the text of the cart's total.
	sizeTotal fyne.ThemeSizeName = "trolleyTotal"
	// sizeAlertTitle is the title of an alert.
	sizeAlertTitle fyne.ThemeSizeName = "trolleyAlertTitle"
)

// shopTheme is Fyne's own theme with our colours and a denser measure. Fonts
// and icons stay Fyne's.
type shopTheme struct {
	fyne.Theme
	scale float32    // of all sizes; 1 is usual
	look  appearance // empty: whichever the desktop asks for
}

// appearance is what the person chose of light and dark.
type appearance string

const (
	asSystem    appearance = "" // follows the desktop
	alwaysLight appearance = "light"
	alwaysDark  appearance = "dark"
)

// appearances are all there are to choose from, the usual one first.
var appearances = []appearance{asSystem, alwaysLight, alwaysDark}

// newTheme returns the window's theme, which follows the desktop until an
// appearance is chosen.
func newTheme() *shopTheme { return &shopTheme{Theme: theme.DefaultTheme(), scale: 1} }

// variant is the one that is shown when the desktop asks for another.
func (t *shopTheme) variant(asked fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.look {
	case alwaysLight:
		return theme.VariantLight
	case alwaysDark:
		return theme.VariantDark
	}
	return asked
}

// Color implements fyne.Theme. What is not named here is Fyne's. Every colour
// of the window is asked for here, those of pictures too, so that this is where
// the appearance is chosen: the toolkit's variant is the desktop's.
func (t *shopTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	variant = t.variant(variant)
	palette := lightColors
	if variant == theme.VariantDark {
		palette = darkColors
	}
	if c, ok := palette[name]; ok {
		return c
	}
	return t.Theme.Color(name, variant)
}

// Size implements fyne.Theme. What is not named here is Fyne's. Sizes are whole
// numbers, so that lines and letters stay sharp.
func (t *shopTheme) Size(name fyne.ThemeSizeName) float32 {
	size, ok := sizes[name]
	if !ok {
		size = t.Theme.Size(name)
	}
	return whole(size * t.scale)
}

// usualText is the size of text that measures are made for.
const usualText = 14

// scaled is a measure, made for the usual size of text, as it is for the one
// the person chose.
func scaled(measure float32) float32 { return whole(measure * theme.TextSize() / usualText) }

func whole(size float32) float32 { return float32(math.Round(float64(size))) }

// dressing is what a widget that draws itself has to notice a change of.
type dressing struct {
	ink  color.Color // of the foreground, which no two appearances share
	text float32     // its size
}

// dressed is how widgets are to look now.
func dressed() dressing {
	return dressing{theme.Color(theme.ColorNameForeground), theme.TextSize()}
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           usualText,
	theme.SizeNameCaptionText:    12,
	theme.SizeNameSubHeadingText: 16,
	theme.SizeNameHeadingText:    20,
	theme.SizeNameInlineIcon:     18,
	theme.SizeNamePadding:        4,
	theme.SizeNameInnerPadding:   6,
	theme.SizeNameInputRadius:    6,
	theme.SizeNameButtonRadius:   6,
	theme.SizeNameCardRadius:     8,
	theme.SizeNamePopupRadius:    8,
	theme.SizeNameDialogRadius:   12,
	theme.SizeNameMenuRadius:     6,
	sizeTotal:                    28,
	sizeAlertTitle:               18,
}

var lightColors = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0xF3F6F6),
	theme.ColorNameButton:              rgb(0xE1E9E9),
	theme.ColorNameDisabled:            rgb(0x7C898C),
	theme.ColorNameDisabledButton:      rgb(0xEAEFEF),
	theme.ColorNameError:               rgb(0xB3261E),
	theme.ColorNameFocus:               rgba(0x0F766E, 0x55),
	theme.ColorNameForeground:          rgb(0x182326),
	theme.ColorNameForegroundOnError:   rgb(0xFFFFFF),
	theme.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	theme.ColorNameForegroundOnSuccess: rgb(0xFFFFFF),
	theme.ColorNameForegroundOnWarning: rgb(0xFFFFFF),
	theme.ColorNameHeaderBackground:    rgb(0xE9EFEF),
	theme.ColorNameHover:               rgba(0x0B3B37, 0x12),
	theme.ColorNameHyperlink:           rgb(0x0F6B64),
	theme.ColorNameInputBackground:     rgb(0xFFFFFF),
	theme.ColorNameInputBorder:         rgb(0x839295),
	theme.ColorNameMenuBackground:      rgb(0xFFFFFF),
	theme.ColorNameOverlayBackground:   rgb(0xFFFFFF),
	theme.ColorNamePlaceHolder:         rgb(0x5C6B6F),
	theme.ColorNamePressed:             rgba(0x0B3B37, 0x2A),
	theme.ColorNamePrimary:             rgb(0x0F766E),
	theme.ColorNameScrollBar:           rgba(0x182326, 0x66),
	theme.ColorNameSelection:           rgba(0x0F766E, 0x38),
	theme.ColorNameSeparator:           rgb(0xD6DFDF),
	theme.ColorNameShadow:              rgba(0x0B1A1C, 0x38),
	theme.ColorNameSuccess:             rgb(0x1B7A3D),
	theme.ColorNameWarning:             rgb(0x8F5200),
	colorFlash:                         rgb(0xFFF0BF),
	colorWaiting:                       rgb(0x8A4F00),
	colorMuted:                         rgb(0x5A696D),
	colorSurface:                       rgb(0xFFFFFF),
	colorDim:                           rgba(0x0B1A1C, 0x73),
	colorInfoSurface:                   rgb(0xDFF1EF),
	colorWarningSurface:                rgb(0xFFF1D2),
	colorProblemSurface:                rgb(0xFCE7E5),
	colorToast:                         rgb(0x22302F),
	colorOnToast:                       rgb(0xF4F8F7),
	colorToastAction:                   rgb(0x6FE0D1),
	colorToastHover:                    rgba(0xFFFFFF, 0x1F),
	tints[0]:                           rgb(0xD9EDE8),
	tints[1]:                           rgb(0xE4E6F5),
	tints[2]:                           rgb(0xF6E6D8),
	tints[3]:                           rgb(0xF3DFE6),
	tints[4]:                           rgb(0xE6EED5),
	tints[5]:                           rgb(0xDFE9F2),
}

var darkColors = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0x13191A),
	theme.ColorNameButton:              rgb(0x354245),
	theme.ColorNameDisabled:            rgb(0x7A878B),
	theme.ColorNameDisabledButton:      rgb(0x222B2D),
	theme.ColorNameError:               rgb(0xF28B82),
	theme.ColorNameFocus:               rgba(0x2DC9B6, 0x55),
	theme.ColorNameForeground:          rgb(0xE7EEEE),
	theme.ColorNameForegroundOnError:   rgb(0x2B0603),
	theme.ColorNameForegroundOnPrimary: rgb(0x04211D),
	theme.ColorNameForegroundOnSuccess: rgb(0x04200E),
	theme.ColorNameForegroundOnWarning: rgb(0x2A1900),
	theme.ColorNameHeaderBackground:    rgb(0x1E2729),
	theme.ColorNameHover:               rgba(0xFFFFFF, 0x12),
	theme.ColorNameHyperlink:           rgb(0x4FD6C6),
	theme.ColorNameInputBackground:     rgb(0x1B2325),
	theme.ColorNameInputBorder:         rgb(0x6A797C),
	theme.ColorNameMenuBackground:      rgb(0x232C2E),
	theme.ColorNameOverlayBackground:   rgb(0x232C2E),
	theme.ColorNamePlaceHolder:         rgb(0x9AA9AC),
	theme.ColorNamePressed:             rgba(0xFFFFFF, 0x2A),
	theme.ColorNamePrimary:             rgb(0x2DC9B6),
	theme.ColorNameScrollBar:           rgba(0xE7EEEE, 0x66),
	theme.ColorNameSelection:           rgba(0x2DC9B6, 0x40),
	theme.ColorNameSeparator:           rgb(0x323D3F),
	theme.ColorNameShadow:              rgba(0x000000, 0x80),
	theme.ColorNameSuccess:             rgb(0x63D48B),
	theme.ColorNameWarning:             rgb(0xF3B94F),
	colorFlash:                         rgb(0x453B12),
	colorWaiting:                       rgb(0xF3B94F),
	colorMuted:                         rgb(0x9FADB0),
	colorSurface:                       rgb(0x1B2325),
	colorDim:                           rgba(0x000000, 0x85),
	colorInfoSurface:                   rgb(0x153330),
	colorWarningSurface:                rgb(0x3A2D0E),
	colorProblemSurface:                rgb(0x43211E),
	colorToast:                         rgb(0xE4ECEB),
	colorOnToast:                       rgb(0x182326),
	colorToastAction:                   rgb(0x0B665E),
	colorToastHover:                    rgba(0x000000, 0x17),
	tints[0]:                           rgb(0x1E4640),
	tints[1]:                           rgb(0x2D3157),
	tints[2]:                           rgb(0x54391F),
	tints[3]:                           rgb(0x522A3A),
	tints[4]:                           rgb(0x3B4520),
	tints[5]:                           rgb(0x25405A),
}

func rgb(hex uint32) color.Color { return rgba(hex, 0xFF) }

func rgba(hex uint32, alpha uint8) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}

// colorOf is the colour of that name as w is drawn now: with its theme and the
// variant the desktop asks for.
func colorOf(w fyne.Widget, name fyne.ThemeColorName) color.Color {
	return theme.ColorForWidget(name, w)
}
