package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// stroke is a key with what is held down beside it.
type stroke struct {
	key fyne.KeyName
	mod fyne.KeyModifier
}

// ctrl is a key with Ctrl, or Cmd on a Mac.
func ctrl(key fyne.KeyName) stroke { return stroke{key, fyne.KeyModifierShortcutDefault} }

// ctrlShift is ctrl with Shift.
func ctrlShift(key fyne.KeyName) stroke {
	return stroke{key, fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// control is a key with Ctrl on every system, for what Cmd does otherwise.
func control(key fyne.KeyName) stroke { return stroke{key, fyne.KeyModifierControl} }

// bare is a key alone.
func bare(key fyne.KeyName) stroke { return stroke{key: key} }

// shortcut is what the toolkit makes of a stroke. Of a key alone it makes
// nothing, but a menu can show it.
func (s stroke) shortcut() fyne.Shortcut {
	switch s {
	case ctrl(fyne.KeyZ):
		return &fyne.ShortcutUndo{}
	case ctrl(fyne.KeyY):
		return &fyne.ShortcutRedo{}
	}
	return &desktop.CustomShortcut{KeyName: s.key, Modifier: s.mod}
}

// inMenu is the shortcut of a stroke as a menu has it. On a Mac the system shows
// it; elsewhere the toolkit does, in English only unless what it takes for the
// name of a key is already the whole text (fyne has no words for keys to lend).
func (s stroke) inMenu() fyne.Shortcut {
	if onMac {
		return s.shortcut()
	}
	return menuShortcut{s}
}

// menuShortcut is called what the toolkit calls the stroke, by which it knows it
// when it is pressed, and is shown in the words of the window.
type menuShortcut struct{ stroke }

var _ fyne.KeyboardShortcut = menuShortcut{}

// ShortcutName implements fyne.Shortcut.
func (m menuShortcut) ShortcutName() string { return m.shortcut().ShortcutName() }

// Key implements fyne.KeyboardShortcut.
func (m menuShortcut) Key() fyne.KeyName { return fyne.KeyName(m.text()) }

// Mod implements fyne.KeyboardShortcut.
func (m menuShortcut) Mod() fyne.KeyModifier { return 0 }

// keyName is what is printed on a key, or near enough.
func keyName(key fyne.KeyName) string {
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter:
		return phrase("Enter").say()
	case fyne.KeyBackspace:
		return phrase("Backspace").say()
	case fyne.KeyTab:
		return phrase("Tab").say()
	case fyne.KeyPageUp:
		return phrase("Page up").say()
	case fyne.KeyPageDown:
		return phrase("Page down").say()
	}
	return string(key)
}

// modifierNames are in the order in which they are told.
var modifierNames = []struct {
	mod  fyne.KeyModifier
	name phrase
}{{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, "Cmd"}, {fyne.KeyModifierShift, "Shift"}}

// text names a stroke for people.
func (s stroke) text() string {
	var parts []string
	for _, m := range modifierNames {
		if s.mod&m.mod != 0 {
			parts = append(parts, m.name.say())
		}
	}
	return strings.Join(append(parts, keyName(s.key)), "+")
}
