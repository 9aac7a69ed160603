package ui

import (
	"encoding/json"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/language"
)

// toolkitWords are the words that the toolkit itself shows, by its own keys:
// in the menu of a text field, in the dialog that chooses a file, and on a Mac in
// the program's menu. It takes the language of the system and lets no program
// choose another; but a program may give it words for that language.
var toolkitWords = map[string]phrase{
	"Copy":              "Copy",
	"Cut":               "Cut",
	"Paste":             "Paste",
	"Select all":        "Select all",
	"Undo":              textUndo,
	"Redo":              textRedo,
	"Quit":              textQuit,
	"Cancel":            textCancel,
	"Open":              textOpen,
	"Save":              "Save",
	"File":              "File",
	"Folder":            "Folder",
	"New Folder":        "New folder",
	"Create Folder":     "Create folder",
	"Enter filename":    "Name of the file",
	"Favourites":        "Favourites",
	"Show Hidden Files": "Show hidden files",
	"Error":             "Error",
	"OK":                "OK",
	"Yes":               "Yes",
	"No":                "No",
	"file.name":         textName,
	"file.parent":       "One level up",
}

// toolkitLanguage is a key of ours under which the toolkit finds in what language
// its words are: it tells whether it took them.
const toolkitLanguage = "trolley.language"

// lendWords gives the toolkit its words in the language of the window. It keeps
// them under the language that it takes the system's for, which it does not
// tell: a system in Swiss German has its words under de-CH or de, and one in a
// language that the toolkit does not know has them under en.
func lendWords(tag language.Tag) error {
	words := map[string]string{toolkitLanguage: tag.String()}
	for key, p := range toolkitWords {
		words[key] = p.say()
	}
	text, err := json.Marshal(words)
	if err != nil {
		return fmt.Errorf("write the words of the toolkit: %w", err)
	}
	for _, l := range toolkitLocales(lang.SystemLocale()) {
		err = lang.AddTranslationsForLocale(text, l)
		if lang.X(toolkitLanguage, "") == tag.String() {
			return nil
		}
	}
	return fmt.Errorf("the toolkit keeps its own words on a system in %s: %v", lang.SystemLocale(), err)
}

// toolkitLocales are the languages that the toolkit may take the system's for,
// the likeliest first.
func toolkitLocales(system fyne.Locale) []fyne.Locale {
	all := []fyne.Locale{system, fyne.Locale(system.LanguageString())}
	if tag, err := language.Parse(system.LanguageString()); err == nil {
		base, _ := tag.Base()
		all = append(all, fyne.Locale(base.String()))
	}
	return append(all, "en", "cs", "de", "el", "es", "fr", "ja", "pl", "pt", "pt-BR", "ru", "sv", "ta", "uk", "zh")
}
