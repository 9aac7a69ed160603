package ui

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// inTongue lets the window speak a language that a test makes up.
func inTongue(t *testing.T, tag, phrases string) {
	t.Helper()
	before := spoken.Load()
	t.Cleanup(func() { spoken.Store(before) })
	made := &tongue{tag: language.MustParse(tag)}
	if err := json.Unmarshal([]byte(phrases), &made.phrases); err != nil {
		t.Fatalf("read the phrases: %v", err)
	}
	spoken.Store(made)
}

func TestPhrasesAreSaidInTheLanguageOfTheWindow(t *testing.T) {
	inTongue(t, "de", `{"Undo": "Rückgängig", "{who} removed {name}.": "{name} hat {who} entfernt."}`)
	for got, want := range map[string]string{
		textUndo.say(): "Rückgängig",
		phrase("{who} removed {name}.").with("who", "Kasse 2", "name", "Tee"): "Tee hat Kasse 2 entfernt.",
		textClear.say(): "Clear cart", // has no translation
		grouped(9999):   "9.999",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCountsTakeTheFormOfTheLanguage(t *testing.T) {
	inTongue(t, "pl", `{"{n} items": {"one": "{n} pozycja", "few": "{n} pozycje", "many": "{n} pozycji", "other": "{n} pozycji"}}`)
	for n, want := range map[int64]string{1: "1 pozycja", 3: "3 pozycje", 5: "5 pozycji", 12: "12 pozycji", 22: "22 pozycje",
		0: "0 pozycji", -1: "-1 pozycja", 10_000_001: "10 000 001 pozycji"} {
		if got := strings.ReplaceAll(textItems(n), "\u00a0", " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := textLeftOut(1); got != "1 change left out." {
		t.Errorf("without a translation: %q", got)
	}
}

func TestValuesAreNotExpanded(t *testing.T) {
	got := phrase("{who} removed {name}.").with("who", "{name}", "name", "{who} %s")
	if want := "{name} removed {who} %s."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestReasonsOfTheDataAreTranslated(t *testing.T) {
	inTongue(t, "de", `{"it is empty": "es fehlt", "it is longer than {n} characters": "mehr als {n} Zeichen"}`)
	for text, want := range map[string]string{
		"it is empty":                       "es fehlt",
		"it is longer than 64 characters":   "mehr als 64 Zeichen",
		"it is above 10.50":                 "it is above 10.50",
		"something nobody thought of, in 5": "something nobody thought of, in 5",
	} {
		if got := foreign(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestUnknownLanguagesChangeNothing(t *testing.T) {
	before := spoken.Load()
	if err := speak(language.MustParse("tlh")); err == nil || spoken.Load() != before {
		t.Errorf("speaks %v, err %v", spoken.Load().tag, err)
	}
}

// TestEveryLanguageIsWhole reads each file of phrases and holds it against
// those of the program: none is missing, none is unknown, and each has the same
// values to put in.
func TestEveryLanguageIsWhole(t *testing.T) {
	english := phrasesOf(t)
	files, err := fs.Glob(languages, "languages/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the files of phrases: %v, %v", files, err)
	}
	before := spoken.Load()
	t.Cleanup(func() { spoken.Store(before) })
	for _, file := range files {
		tag := strings.TrimSuffix(strings.TrimPrefix(file, "languages/"), ".json")
		if err := speak(language.MustParse(tag)); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		missing := slices.DeleteFunc(slices.Sorted(maps.Keys(english)), func(p phrase) bool {
			_, there := spoken.Load().phrases[p]
			return there
		})
		if len(missing) > 0 {
			t.Errorf("%s lacks %d phrases: %q", file, len(missing), missing)
		}
		for p, said := range spoken.Load().phrases {
			checkForms(t, file, english, p, said)
		}
	}
}

func checkForms(t *testing.T, file string, english map[phrase]phraseForms, p phrase, said phraseForms) {
	t.Helper()
	own, known := english[p]
	if !known {
		t.Errorf("%s: the program does not say %q", file, p)
		return
	}
	if own.One == "" && said != (phraseForms{Other: said.Other}) {
		t.Errorf("%s: %q counts nothing, and has the forms %+v", file, p, said)
	}
	for _, form := range []phrase{said.Zero, said.One, said.Two, said.Few, said.Many, said.Other} {
		for _, name := range names(form) {
			if !slices.Contains(names(p), name) {
				t.Errorf("%s: %q has no value for {%s} of %q", file, p, name, form)
			}
		}
	}
}

// TestReasonsOfTheDataAreListed reads why package data refuses what a person
// typed, and wants each of it listed for the translators.
func TestReasonsOfTheDataAreListed(t *testing.T) {
	for _, file := range parseFolder(t, token.NewFileSet(), "../data") {
		for _, reason := range reasons(file) {
			if !slices.Contains(foreignTexts, phrase(reason)) {
				t.Errorf("%q is not listed in foreignTexts", reason)
			}
		}
	}
}

// reasons returns the reasons of all InvalidErrors in a file, as foreign looks
// them up. One that quotes something is left out: it has no translation.
func reasons(file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Reason" {
				found = append(found, reasonIn(n.Value))
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "bad" {
				found = append(found, reasonIn(n.Args[0]))
			}
		}
		return true
	})
	return slices.DeleteFunc(found, func(s string) bool { return s == "" || strings.Contains(s, "%") })
}

// reasonIn reads a literal, a sum that ends in a number, or a Sprintf.
func reasonIn(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return lastNumber.ReplaceAllString(strings.ReplaceAll(unquoted(e), "%d", "{n}"), "{n}$2")
	case *ast.BinaryExpr:
		return unquoted(e.X) + "{n}"
	case *ast.CallExpr:
		return reasonIn(e.Args[0])
	}
	return ""
}

func unquoted(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, _ := strconv.Unquote(literal.Value)
	return text
}
