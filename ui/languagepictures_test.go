package ui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/language"
)

// speakIn lets the window speak one of the languages it offers.
func speakIn(t *testing.T, tag language.Tag) {
	t.Helper()
	keepTongue(t)
	if err := speak(tag, tag); err != nil {
		t.Fatalf("speak %s: %v", tag, err)
	}
}

// TestPictureInOtherLanguages has the screens that are seen most in the languages
// with the longest words.
func TestPictureInOtherLanguages(t *testing.T) {
	for _, tag := range []language.Tag{language.German, language.Polish} {
		for size, of := range map[string]fyne.Size{"": usual, "-narrow": narrow} {
			for _, name := range []string{"busy", "product", "checkout", "history", "carts", "keys"} {
				speakIn(t, tag)
				s := openStudio(t, theme.VariantLight, of)
				screens[name](s)
				s.expectPicture(fmt.Sprintf("language-%s-%s%s", tag, name, size))
			}
		}
	}
}

// cutWords returns what has no room on the screen: words of the window that end
// in dots, and buttons that are smaller than what they say.
func cutWords(o fyne.CanvasObject) []string {
	if !o.Visible() {
		return nil
	}
	var found []string
	switch o := o.(type) {
	case *words:
		if o.text.Text != o.full {
			found = append(found, o.full)
		}
	case *statusDot:
		if o.words.Text.Text != o.words.full {
			found = append(found, o.words.full)
		}
	case *widget.Button, *commandButton, *choice, *alertPush, *rowButton, *segments:
		if size, least := o.Size(), o.MinSize(); size.Width < least.Width-0.5 || size.Height < least.Height-0.5 {
			found = append(found, fmt.Sprintf("%T: %s", o, o.(fyne.Accessible).AccessibilityLabel()))
		}
	}
	for _, child := range children(o) {
		found = append(found, cutWords(child)...)
	}
	return found
}

// setUp are the screens on which a shop is set up, and looked after.
var setUp = []string{"connection", "sentinel", "locked", "wrong", "nokeychain", "running", "passed", "failed", "join", "joinhere",
	"sharing", "copying", "skipped", "password", "diagnostics", "trouble", "crash", "report", "about", "licences"}

// TestPictureOfSettingUpInOtherLanguages has the screens of a shop's first day
// where words have the least room.
func TestPictureOfSettingUpInOtherLanguages(t *testing.T) {
	for _, tag := range []language.Tag{language.German, language.Polish} {
		for _, name := range []string{"settings", "nokeychain", "passed", "failed", "join", "sharing", "password", "trouble", "crash", "about"} {
			t.Run(tag.String()+" "+name, func(t *testing.T) {
				speakIn(t, tag)
				s := openStudio(t, theme.VariantLight, narrow)
				screens[name](s)
				s.expectForm(fmt.Sprintf("language-%s-%s-narrow", tag, name))
			})
		}
	}
}

// TestWordsFit looks for what is cut in each language, at the smallest size of
// the window and at the usual one. Names may be cut; these have room.
func TestWordsFit(t *testing.T) {
	for _, tag := range offeredLanguages {
		for of, names := range map[fyne.Size][]string{
			usual: {"short", "keys"}, // other dialogs have no less room than in a narrow window
			narrow: slices.Concat([]string{"short", "product", "checkout", "history", "keys", "scanner", "quit", "empty", "none", "first",
				"naming", "carts", "check", "settings"}, setUp),
		} {
			for _, name := range names {
				t.Run(tag.String()+" "+name, func(t *testing.T) { // which closes each window before the next opens
					speakIn(t, tag)
					checkFit(t, tag.String()+" "+name, of, name)
				})
			}
		}
	}
}

// TestLongWordsFit is TestWordsFit for words that are longer than any yet.
func TestLongWordsFit(t *testing.T) {
	for _, name := range []string{"short", "product", "checkout", "keys"} {
		bracketed(t, 0.4)
		checkFit(t, "longer "+name, usual, name)
	}
}

func checkFit(t *testing.T, what string, of fyne.Size, name string) {
	t.Helper()
	s := openStudio(t, theme.VariantLight, of)
	if open := screens[name]; open != nil {
		open(s)
	} else {
		s.show(s.state(s.line("espresso", 2), s.line("croissant", 1)))
	}
	s.win.Resize(of)
	shown := append([]fyne.CanvasObject{s.win.Content()}, s.win.Canvas().Overlays().List()...)
	for empty, room := range map[*emptyState]fyne.CanvasObject{s.productsEmpty: s.page.products, s.linesEmpty: s.page.lines} {
		if empty.box.Visible() && empty.MinSize().Width > room.Size().Width-2*theme.Padding() {
			t.Errorf("%s at %v: no room for %q", what, of.Width, empty.spec.hint)
		}
	}
	for _, o := range shown {
		for _, text := range cutWords(o) {
			t.Errorf("%s at %v: no room for %q", what, of.Width, text)
		}
	}
}
