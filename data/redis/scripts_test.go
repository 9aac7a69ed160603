package redis_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// What people type goes into scripts as keys and arguments, never as a part of
// their text: each is made of embedded files alone, where it is declared.
func TestScriptsAreMadeOfFilesAlone(t *testing.T) {
	declared, files := 0, token.NewFileSet()
	for _, f := range sources(t, files) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !names(call.Fun, "NewScript", "Eval", "EvalSha", "EvalRO", "ScriptLoad") {
				return true
			}
			declared++
			if !names(call.Fun, "NewScript") || !ofFiles(call.Args[0]) {
				t.Errorf("%s: a script is made by hand", files.Position(call.Pos()))
			}
			return true
		})
	}
	if parts, _ := os.ReadDir("lua"); declared != len(parts)-2 { // cart.lua and ending.lua are no scripts
		t.Errorf("%d scripts of %d files", declared, len(parts))
	}
}

// sources returns the files of this package that are not tests.
func sources(t *testing.T, files *token.FileSet) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var all []*ast.File
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// names reports whether a call is one of a method or function of such a name.
func names(fun ast.Expr, any ...string) bool {
	s, ok := fun.(*ast.SelectorExpr)
	for _, name := range any {
		if ok && s.Sel.Name == name {
			return true
		}
	}
	return false
}

// ofFiles reports whether a text consists of variables that hold embedded files.
func ofFiles(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return strings.HasSuffix(e.Name, "Source")
	case *ast.BinaryExpr:
		return ofFiles(e.X) && ofFiles(e.Y)
	}
	return false
}
