package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data/config"
)

// settled is a studio with a few lines in the cart whose shop could be opened
// anew.
func settled(t *testing.T, variant fyne.ThemeVariant, size fyne.Size) (*studio, *localConnector) {
	t.Helper()
	s := openStudio(t, variant, size)
	c := newLocalConnector(t, "Counter 1", 30*time.Minute)
	s.opt.Connector, s.opt.Sounds = c, &ear{}
	s.show(s.state(s.line("espresso", 2), s.line("croissant", 1)))
	return s, c
}

func TestPictureOfTheSettings(t *testing.T) {
	for name, variant := range variants {
		for size, of := range map[string]fyne.Size{"": usual, "-narrow": narrow} {
			s, _ := settled(t, variant, of)
			s.settingsDialog()
			s.expectPicture("settings-" + name + size)
		}
	}
}

// longSettings are the words of the settings in a language that needs more room.
const longSettings = `{"Settings": "Einstellungen", "This counter": "Diese Kasse", "This counter is called": "Diese Kasse heißt",
"Carts close after": "Warenkörbe schließen nach", "Never": "Nie", "{n} min": "{n} Min.", "{n} h": "{n} Std.", "{n} h {min} min": "{n} Std. {min} Min.",
"Scanning and stock": "Scannen und Bestand", "When a barcode is unknown": "Wenn ein Strichcode unbekannt ist", "Ask now": "Sofort nachfragen",
"Keep scanning": "Weiter scannen", "When stock runs out": "Wenn der Bestand nicht reicht", "Ignore": "Nicht beachten", "Warn": "Warnen",
"Refuse": "Nicht verkaufen", "Sounds of scans": "Töne beim Scannen", "On": "An", "Off": "Aus", "How it looks": "Darstellung",
"Text size": "Schriftgröße", "Rows": "Zeilen", "Comfortable": "Bequem", "Compact": "Eng", "Appearance": "Erscheinungsbild",
"As the system": "Wie das System", "Light": "Hell", "Dark": "Dunkel", "Language": "Sprache", "Close": "Schließen"}`

func TestPictureOfTheSettingsInLongWords(t *testing.T) {
	inTongue(t, "de", longSettings)
	s, c := settled(t, theme.VariantLight, narrow)
	c.now.Timeout = 90 * time.Minute
	s.settingsDialog()
	s.expectPicture("settings-long")
}

func TestPictureOfLockedSettings(t *testing.T) {
	s, c := settled(t, theme.VariantLight, usual)
	c.locked = []config.Field{config.FieldCounter, config.FieldTimeout}
	s.opt.Sounds = nil
	s.settingsDialog()
	s.expectPicture("settings-locked")
}

func TestPictureOfSettingsWithAProblem(t *testing.T) {
	s, _ := settled(t, theme.VariantDark, narrow)
	f := s.settingsAt(0)
	f.counter.name.SetText("")
	s.win.Canvas().Focus(f.stops[3])
	s.expectPicture("settings-problem")
}

func TestPictureOfSettingsInLargeText(t *testing.T) {
	s, _ := settled(t, theme.VariantLight, narrow)
	s.setScale(2)
	s.toasts.stop()
	s.settingsDialog()
	s.expectPicture("settings-large")
}

func TestPictureOfUnknownCodes(t *testing.T) {
	for name, variant := range variants {
		s, _ := settled(t, variant, narrow)
		s.unknown.add("c", "5901234123457", 1)
		s.unknown.add("c", "4006381333931", 2)
		s.expectPicture("unknown-" + name)
	}
}

func TestPictureOfResolvingUnknownCodes(t *testing.T) {
	s, _ := settled(t, theme.VariantLight, usual)
	s.unknown.add("c", "5901234123457", 3)
	s.unknown.tell(s.unknown.list[0], false)
	s.expectPicture("unknown-resolve")
}

func TestPictureOfCheckingOutWithUnknownCodes(t *testing.T) {
	s, _ := settled(t, theme.VariantLight, narrow)
	s.unknown.add("c", "5901234123457", 3)
	s.unknown.add("c", "4006381333931", 1)
	s.checkOut()
	s.expectPicture("unknown-checkout")
}

func TestPictureOfShortStock(t *testing.T) {
	for name, variant := range variants {
		s, _ := settled(t, variant, usual)
		st := s.state(s.line("gift-basket", 5), s.line("croissant", 1))
		s.show(st)
		s.expectPicture("stock-" + name)
		s.checkOut()
		s.expectPicture("stock-checkout-" + name)
	}
}
