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
	"unicode"

	"golang.org/x/text/language"

	"trolley/data"
	"trolley/data/config"
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
	inTongue(t, "de", `{"it is empty": "es fehlt", "it is longer than {n} characters": "mehr als {n} Zeichen", "write it like {n}": "so: {n}"}`)
	for text, want := range map[string]string{
		"it is empty":                       "es fehlt",
		"it is longer than 64 characters":   "mehr als 64 Zeichen",
		"write it like 2.40":                "so: 2,40",
		"it is above 1000.50":               "it is above 1.000,50",
		"something nobody thought of, in 5": "something nobody thought of, in 5",
	} {
		if got := foreign(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestUnknownLanguagesChangeNothing(t *testing.T) {
	before := spoken.Load()
	if err := speak(language.MustParse("tlh"), language.Und); err == nil || spoken.Load() != before {
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
		if err := speak(language.MustParse(tag), language.Und); err != nil {
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
	for _, category := range pluralCategories[spoken.Load().tag.String()] {
		if own.One != "" && said.exactly(category) == "" {
			t.Errorf("%s: %q lacks the form %q", file, p, category)
		}
	}
	for _, form := range []phrase{said.Zero, said.One, said.Two, said.Few, said.Many, said.Other} {
		checkPlaces(t, file, p, form)
	}
	if spoken.Load().tag != language.English && said.Other == own.Other && !slices.Contains(sameEverywhere, p) && hasWords(p) {
		t.Errorf("%s: %q is not translated", file, p)
	}
}

// checkPlaces fails where a form has not the places of the phrase. The number
// itself may be left out, as in “One item”.
func checkPlaces(t *testing.T, file string, p, form phrase) {
	t.Helper()
	for _, name := range names(form) {
		if !slices.Contains(names(p), name) {
			t.Errorf("%s: %q has no value for {%s} of %q", file, p, name, form)
		}
	}
	for _, name := range names(p) {
		if form != "" && name != "n" && !slices.Contains(names(form), name) {
			t.Errorf("%s: %q has no place for {%s} of %q", file, form, name, p)
		}
	}
}

// pluralCategories are those that the Unicode CLDR has for whole numbers.
var pluralCategories = map[string][]string{"en": {"one", "other"}, "de": {"one", "other"}, "fr": {"one", "many", "other"},
	"es": {"one", "many", "other"}, "pl": {"one", "few", "many", "other"}}

// exactly returns one form, empty where the language has none of its own.
func (f phraseForms) exactly(category string) phrase {
	return map[string]phrase{"zero": f.Zero, "one": f.One, "two": f.Two, "few": f.Few, "many": f.Many, "other": f.Other}[category]
}

// hasWords reports whether anything of a phrase could be translated.
func hasWords(p phrase) bool {
	return strings.ContainsFunc(placeholder.ReplaceAllString(string(p), ""), unicode.IsLetter)
}

// sameEverywhere are words and examples that other languages may have as they
// are.
var sameEverywhere = []phrase{
	"-espresso, Enter", "/run/redis/redis.sock", "3*espresso, Enter", "Anna, table 4…", "Backspace", "Cluster",
	"Cmd", "Computer", "Ctrl", "Details", "Documents", "Downloads", "Enter", "Error", "Esc", "Folder", "Licences", "Licences…", "Link", "Name", "No", "Note", "OK", "Offline.",
	"Port", "Problem", "Sentinel", "Server", "Shift", "Socket", "Stop", "System", "Tab", "Tab, Shift+Tab",
	"Test", "Total", "Version", "main", "mymaster", "rediss://shop@10.0.0.5:6380/0", "{n} d", "{n} h",
	"{n} h {min} min", "{n} min", "{n} minutes", "{n} ms", "{n} s",
	"Videos",
}

// TestReasonsOfTheDataAreListed reads why packages data and config refuse what a
// person typed or set, and wants each of it listed for the translators.
func TestReasonsOfTheDataAreListed(t *testing.T) {
	inTongue(t, "de", marked(foreignTexts, foreignCounts))
	all := config.Reasons()
	for _, folder := range []string{"../data", "../data/config"} {
		for _, file := range parseFolder(t, token.NewFileSet(), folder) {
			all = append(all, reasons(file)...)
		}
	}
	for _, err := range []error{data.ErrUnknownProduct, data.ErrProductExists, data.ErrCartChanged, data.ErrOpReused, data.ErrNotEmpty, data.ErrTooLate} {
		all = append(all, err.Error())
	}
	for _, reason := range all {
		if !strings.HasPrefix(foreign(reason), "<") {
			t.Errorf("%q is not listed in foreignTexts", reason)
		}
	}
	if got := foreign("'ä' is not allowed; letters A-Z, digits, dot, dash and underscore are"); !strings.HasPrefix(got, "<“ä” is") {
		t.Errorf("a character that is not allowed: %q", got)
	}
}

// marked are the phrases of a language that has a mark before each.
func marked(all []phrase, counts []plural) string {
	said := map[phrase]phrase{}
	for _, p := range all {
		said[p] = "<" + p
	}
	for _, p := range counts {
		said[p.other] = "<" + p.other
	}
	text, _ := json.Marshal(said) // strings
	return string(text)
}

// reasons returns what is given for a reason in a file, where it stands there in
// full but for a number.
func reasons(file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Reason" {
				found = append(found, reasonIn(n.Value))
			}
		case *ast.CallExpr:
			switch f := n.Fun.(type) {
			case *ast.Ident:
				if f.Name == "bad" {
					found = append(found, reasonIn(n.Args[0]))
				}
			case *ast.SelectorExpr:
				if f.Sel.Name == "bad" {
					found = append(found, reasonIn(n.Args[len(n.Args)-1]))
				}
			}
		}
		return true
	})
	return slices.DeleteFunc(found, func(s string) bool { return s == "" || strings.Contains(s, "%q") })
}

// reasonIn reads a literal, a sum that ends in a price, or a Sprintf with a
// number.
func reasonIn(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strings.ReplaceAll(unquoted(e), "%d", "2")
	case *ast.BinaryExpr:
		if call, ok := e.Y.(*ast.CallExpr); ok && len(call.Args) == 0 { // MaxPrice.String()
			return unquoted(e.X) + "9.99"
		}
	case *ast.CallExpr:
		if len(e.Args) > 0 {
			return reasonIn(e.Args[0])
		}
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
