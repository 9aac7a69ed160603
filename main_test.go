package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of this repository.
type source struct {
	path string // with slashes, from the top
	set  *token.FileSet
	file *ast.File
}

// test reports whether the file is none of the program.
func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// folder returns the folder of the file's package.
func (s source) folder() string {
	dir, _ := filepath.Split(s.path)
	return strings.TrimSuffix(dir, "/")
}

// in reports whether the file is in the folder or below it.
func (s source) in(folder string) bool { return strings.HasPrefix(s.path, folder+"/") }

// imports returns the paths the file imports.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, path)
	}
	return paths
}

// sources parses all Go files, whatever their build tags.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || path == "build") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, source{filepath.ToSlash(path), set, file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// within reports whether an import path is the package or one below it.
func within(path string, packages ...string) bool {
	return slices.ContainsFunc(packages, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

func TestImports(t *testing.T) {
	rules := []struct {
		folder string
		tests  bool // holds for tests as well
		never  []string
	}{
		{"data", true, []string{"fyne.io", "trolley/ui"}},
		{"data/redis", false, []string{"trolley/data/local", "database/sql", "modernc.org/sqlite"}},
		{"data/local", false, []string{"trolley/data/redis", "github.com/redis"}},
		{"data/doctor", false, []string{"trolley/data/redis", "trolley/data/local", "trolley/data/config", "github.com/redis", "database/sql"}},
		{"data/config", true, []string{"trolley/data/redis", "trolley/data/local", "github.com/redis"}},
		{"ui", false, []string{"github.com/redis", "database/sql", "modernc.org/sqlite", "trolley/data/redis", "trolley/data/local"}},
		{"e2e", true, []string{"fyne.io"}},
	}
	for _, s := range sources(t) {
		for _, rule := range rules {
			if !s.in(rule.folder) || s.test() && !rule.tests {
				continue
			}
			for _, path := range s.imports() {
				if within(path, rule.never...) {
					t.Errorf("%s imports %s, which %s must not", s.path, path, rule.folder)
				}
			}
		}
	}
}

// Package data itself is the contract: it knows none of the stores.
func TestDataKnowsNoStore(t *testing.T) {
	for _, s := range sources(t) {
		if s.folder() != "data" || s.test() {
			continue
		}
		for _, path := range s.imports() {
			if within(path, "trolley", "github.com/redis", "database/sql", "modernc.org/sqlite") {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
}

func TestPackagesHaveNamesThatSaySomething(t *testing.T) {
	for _, s := range sources(t) {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "model", "models", "misc"}, name) {
			t.Errorf("%s: package %s", s.path, name)
		}
	}
}

func TestTopLevelHoldsOnlyWhatBelongsThere(t *testing.T) {
	allowed := []string{
		"go.mod", "go.sum", "main.go", "opener.go", "passwords.go", "main_test.go", "opener_test.go", "ui", "data", "FyneApp.toml", "Icon.png", "README.md",
		"LICENSE", "Makefile", "CHANGELOG.md", "CONTRIBUTING.md", "docs", "e2e", "packaging",
		"build", "trolley", "trolley.exe", "fyne-cross",
	} // made by tools, not kept
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("%s does not belong at the top", name)
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	const most = 60
	for _, s := range sources(t) {
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from, to := s.set.Position(f.Pos()), s.set.Position(f.End())
			if lines := to.Line - from.Line + 1; lines > most {
				t.Errorf("%s: %s has %d lines, more than %d", from, f.Name.Name, lines, most)
			}
		}
	}
}

// A script put together while the program runs could carry somebody's text
// into the server; all of them are files that are embedded as they are.
func TestScriptsAreConstant(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		embedded := embeddedNames(s.file)
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !makesScript(call) {
				return true
			}
			if !allConstant(call.Args[0], embedded) {
				t.Errorf("%s: the script is not one that is embedded", s.set.Position(call.Pos()))
			}
			return true
		})
	}
}

// makesScript reports whether a call is redis.NewScript(...), or one that sends
// the text of a script.
func makesScript(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	if slices.Contains([]string{"Eval", "EvalRO", "EvalSha", "EvalShaRO", "ScriptLoad"}, f.Sel.Name) {
		return true
	}
	pkg, ok := f.X.(*ast.Ident)
	return ok && strings.Contains(pkg.Name, "redis") && f.Sel.Name == "NewScript"
}

// allConstant reports whether an expression is text, an embedded name, or a
// sum of those.
func allConstant(e ast.Expr, embedded []string) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return slices.Contains(embedded, e.Name)
	case *ast.BinaryExpr:
		return allConstant(e.X, embedded) && allConstant(e.Y, embedded)
	}
	return false
}

var embed = regexp.MustCompile(`^//go:embed .+\.lua$`)

// embeddedNames returns the file's constants, and its variables that hold an
// embedded script.
func embeddedNames(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST && d.Tok != token.VAR {
			continue
		}
		for _, spec := range d.Specs {
			v := spec.(*ast.ValueSpec)
			if d.Tok == token.VAR && !isEmbedded(v.Doc) && !isEmbedded(d.Doc) {
				continue
			}
			for _, name := range v.Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

func isEmbedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return embed.MatchString(c.Text) })
}
