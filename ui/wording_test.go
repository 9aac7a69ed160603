package ui

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write languages/en.json anew from the phrases of the source")

// wording is the source of this package, read for what a person sees of it.
type wording struct {
	fset  *token.FileSet
	files []*ast.File
	types map[ast.Expr]types.TypeAndValue
}

// readWording type-checks the files of this package, and a source besides if
// there is one. Of what they import only package data is there, which is enough
// to tell a phrase from a string.
func readWording(t *testing.T, source string) *wording {
	t.Helper()
	w := &wording{fset: token.NewFileSet(), types: map[ast.Expr]types.TypeAndValue{}}
	w.files = parseFolder(t, w.fset, ".")
	if source != "" {
		w.files = append(w.files, parseFile(t, w.fset, "made_up.go", source))
	}
	shop := imports{}.check("trolley/data", w.fset, parseFolder(t, w.fset, "../data"), nil)
	imports{"trolley/data": shop}.check("ui", w.fset, w.files, w.types)
	return w
}

// parseFolder parses the source of a package without its tests.
func parseFolder(t *testing.T, fset *token.FileSet, folder string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(folder + "/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("the source in %s: %v, %v", folder, paths, err)
	}
	var files []*ast.File
	for _, p := range paths {
		if !strings.HasSuffix(p, "_test.go") {
			files = append(files, parseFile(t, fset, p, nil))
		}
	}
	return files
}

func parseFile(t *testing.T, fset *token.FileSet, name string, source any) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("parse %s: %v", name, err)
	}
	return file
}

// imports are packages by their path. Any other has nothing in it.
type imports map[string]*types.Package

// Import implements types.Importer.
func (m imports) Import(from string) (*types.Package, error) {
	if p := m[from]; p != nil {
		return p, nil
	}
	name := path.Base(from)
	if majorVersion.MatchString(name) {
		name = path.Base(path.Dir(from))
	}
	return types.NewPackage(from, name), nil
}

var majorVersion = regexp.MustCompile(`^v\d+$`)

// check type-checks a package as far as its imports allow.
func (m imports) check(path string, fset *token.FileSet, files []*ast.File, seen map[ast.Expr]types.TypeAndValue) *types.Package {
	config := types.Config{Importer: m, Error: func(error) {}}
	checked, _ := config.Check(path, fset, files, &types.Info{Types: seen}) // what is imported is missing
	return checked
}

// isNamed reports whether an expression has a type of this package.
func (w *wording) isNamed(e ast.Expr, name string) bool {
	named, ok := w.types[e].Type.(*types.Named)
	return ok && named.Obj().Name() == name
}

// text is the value of a constant string; false: it is none.
func (w *wording) text(e ast.Expr) (string, bool) {
	v := w.types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// unsaid returns the strings that look like words for people and are no
// phrases, each with its place.
func (w *wording) unsaid() []string {
	var found []string
	var see func(n ast.Node) bool
	see = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field: // no words, or a tag
			return false
		case *ast.ValueSpec:
			return !strings.HasPrefix(n.Names[0].Name, "pref") // names of preferences
		case *ast.CallExpr:
			if w.isEnglish(n) {
				found = append(found, w.fset.Position(n.Pos()).String()+": "+types.ExprString(n))
			}
			return !forDevelopers(n)
		case *ast.KeyValueExpr: // keys are not shown
			ast.Inspect(n.Value, see)
			return false
		case *ast.BasicLit:
			if text := unquoted(n); !w.isNamed(n, "phrase") && likeWords(text) && !slices.Contains(notShown, text) {
				found = append(found, w.fset.Position(n.Pos()).String()+": "+n.Value)
			}
		}
		return true
	}
	for _, file := range w.files {
		ast.Inspect(file, see)
	}
	return found
}

// oneField are layouts of a time that are digits alone. Any other has an order
// that differs between languages.
var oneField = []string{"15", "04", "2", "2006"}

// isEnglish reports whether a call writes a time or an amount of money as in
// English, whatever the language of the window.
func (w *wording) isEnglish(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	switch {
	case !ok:
	case method.Sel.Name == "String":
		return w.isNamed(method.X, "Money")
	case method.Sel.Name == "Format" && len(call.Args) == 1:
		layout, ok := call.Args[0].(*ast.BasicLit)
		return ok && !slices.Contains(oneField, unquoted(layout))
	}
	return false
}

// notShown are strings that look like words and that nobody sees, or that are
// the same in every language.
var notShown = []string{
	textTitle, "Ctrl", "Cmd", // names
	"English", "Deutsch", "Español", "Français", "Polski", // each in its own language
	"counter name", // a key of invalidTexts
	hiddenConcerns,
	unnamedKind,              // as the list of licences has it
	"Content",                // a field of the toolkit
	"send on closed channel", // a panic of the runtime
	"%s: %d lines, %d items, total %s, %d waiting, expired %t", // for the log
}

// likeWords reports whether a text could be for people: several words, or one
// that begins large.
func likeWords(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	first, _ := utf8.DecodeRuneInString(text)
	return letters >= 3 && (strings.Contains(strings.TrimSpace(text), " ") || unicode.IsUpper(first))
}

// forDevelopers reports whether what a call is given goes to a log, or into an
// error that no person reads.
func forDevelopers(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name == "panic"
	case *ast.SelectorExpr:
		switch on := f.X.(type) {
		case *ast.Ident:
			return on.Name == "errors" || on.Name == "slog" || on.Name+f.Sel.Name == "fmtErrorf"
		case *ast.SelectorExpr:
			return on.Sel.Name == "log"
		}
	}
	return false
}

// phrasesOf returns all phrases of the program in English.
func phrasesOf(t *testing.T) map[phrase]phraseForms {
	t.Helper()
	w, all := readWording(t, ""), map[phrase]phraseForms{}
	note := func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		forms, found := w.forms(e)
		if found && all[forms.Other].Other == "" || all[forms.Other] == forms {
			all[forms.Other] = forms
		} else if found {
			t.Errorf("%s: %q is there with other forms", w.fset.Position(n.Pos()), forms.Other)
		}
		return !found
	}
	for _, file := range w.files {
		ast.Inspect(file, note)
	}
	delete(all, "") // a phrase that is not there
	return all
}

// forms returns what an expression says, if it is a phrase or a plural.
func (w *wording) forms(e ast.Expr) (phraseForms, bool) {
	switch e := e.(type) {
	case *ast.CompositeLit:
		if !w.isNamed(e, "plural") || len(e.Elts) != 2 {
			return phraseForms{}, false
		}
		one, _ := w.text(e.Elts[0])
		other, ok := w.text(e.Elts[1])
		return phraseForms{One: phrase(one), Other: phrase(other)}, ok
	case *ast.BasicLit, *ast.BinaryExpr:
		text, ok := w.text(e)
		return phraseForms{Other: phrase(text)}, ok && w.isNamed(e, "phrase")
	}
	return phraseForms{}, false
}

// names returns the names of the values that a phrase has places for.
func names(p phrase) []string {
	var found []string
	for _, m := range placeholder.FindAllStringSubmatch(string(p), -1) {
		found = append(found, m[1])
	}
	return found
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

func TestAllThatIsShownIsAPhrase(t *testing.T) {
	for _, place := range readWording(t, "").unsaid() {
		t.Errorf("%s is shown in English only: make it a phrase, or list it in notShown", place)
	}
}

func TestForgottenWordsAreFound(t *testing.T) {
	w := readWording(t, `package ui
import ("fyne.io/fyne/v2/widget"; "fmt"; "time"; "trolley/data")
var labels = map[widget.Importance]string{widget.HighImportance: "Look here"}
func made(l data.Line, t time.Time) {
	widget.NewLabel("Hello there")
	widget.NewLabel(phrase("Good morning").say())
	widget.NewLabel(fmt.Sprintf("%d items", l.Quantity))
	widget.NewLabel(l.Product.Price.String() + t.Format("15:04") + t.Format("15"))
}`)
	found := strings.Join(w.unsaid(), "\n")
	for _, word := range []string{"Hello there", "Look here", "%d items", "Price.String()", `"15:04"`} {
		if !strings.Contains(found, word) {
			t.Errorf("%s was not found in %s", word, found)
		}
	}
	if strings.Contains(found, "Good morning") || strings.Contains(found, `"15")`) {
		t.Errorf("found %s", found)
	}
}

// TestPhrasesAreFilledIn checks the calls in which a phrase stands itself.
func TestPhrasesAreFilledIn(t *testing.T) {
	w := readWording(t, "")
	for _, file := range w.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				w.checkCall(t, call)
			}
			return true
		})
	}
	for p, forms := range phrasesOf(t) {
		for _, form := range []phrase{forms.One, forms.Other} {
			rest := strings.NewReplacer("%XX", "", "%3F", "", "%23", "").Replace(placeholder.ReplaceAllString(string(form), "")) // of links
			if strings.ContainsAny(rest, "{}%") {
				t.Errorf("%q has a place that cannot be filled", p)
			}
		}
	}
}

// checkCall fails when a phrase is said without a value that it needs, or with
// one it has no place for.
func (w *wording) checkCall(t *testing.T, call *ast.CallExpr) {
	t.Helper()
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	text, known := w.text(method.X)
	if literal, ok := method.X.(*ast.CompositeLit); ok && w.isNamed(literal, "plural") && len(literal.Elts) == 2 {
		text, known = w.text(literal.Elts[1])
	} else if !w.isNamed(method.X, "phrase") {
		return
	}
	given, whole := w.given(method.Sel.Name, call.Args)
	if !known || !whole {
		return
	}
	for _, name := range names(phrase(text)) {
		if !slices.Contains(given, name) {
			t.Errorf("%s: %q gets no {%s}", w.fset.Position(call.Pos()), text, name)
		}
	}
}

// given returns the names of the values in a call; false: they are not all
// known.
func (w *wording) given(method string, args []ast.Expr) ([]string, bool) {
	var found []string
	if method == "of" {
		found, args = []string{"n"}, args[1:]
	}
	for i := 0; i < len(args); i += 2 {
		name, ok := w.text(args[i])
		if !ok {
			return nil, false
		}
		found = append(found, name)
	}
	return found, true
}

// TestEnglishPhrasesAreListed keeps the file that translators begin with up to
// date.
func TestEnglishPhrasesAreListed(t *testing.T) {
	list := map[phrase]any{}
	for p, forms := range phrasesOf(t) {
		list[p] = p
		if forms.One != "" {
			list[p] = map[string]phrase{"one": forms.One, "other": forms.Other}
		}
	}
	var want bytes.Buffer
	out := json.NewEncoder(&want)
	out.SetEscapeHTML(false)
	out.SetIndent("", "\t")
	if err := out.Encode(list); err != nil {
		t.Fatalf("write the phrases: %v", err)
	}
	if *update {
		if err := os.WriteFile("languages/en.json", want.Bytes(), 0o644); err != nil {
			t.Fatalf("write the phrases: %v", err)
		}
	}
	if have, err := os.ReadFile("languages/en.json"); err != nil || !bytes.Equal(have, want.Bytes()) {
		t.Errorf("languages/en.json is not what the source says (%v): run go test ./ui -run EnglishPhrases -update", err)
	}
}
