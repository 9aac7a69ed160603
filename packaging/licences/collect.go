package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// systems are those that the program is made for. Only with cgo does it have a
// window.
var systems = []string{"linux", "windows", "darwin"}

// tags are those of the Makefile.
const tags = "migrated_fynedo,no_animations"

// part is something that ends up in the program and has a licence of its own.
type part struct {
	name, version string
	files         []string // with its licence
}

// module is a Go module with those of its folders that the program has packages
// of.
type module struct {
	path, version, dir string
	packages           map[string]bool
}

// collect returns the parts of the program whose repository is at root: the
// program itself, Go, and the others by name.
func collect(root string) ([]part, error) {
	goRoot, err := output(root, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	modules, err := modulesOf(root)
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, m := range modules {
		own, err := m.parts()
		if err != nil {
			return nil, fmt.Errorf("find the licences of %s: %w", m.path, err)
		}
		parts = append(parts, own...)
	}
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.version, b.version))
	})
	first := []part{
		{name: "Trolley", files: []string{filepath.Join(root, "LICENSE")}},
		{name: "Go", files: []string{filepath.Join(strings.TrimSpace(goRoot), "LICENSE")}},
	}
	return append(first, parts...), nil
}

// listFormat has go list print a line for each package of a module other than
// the program's own.
const listFormat = `{{with .Module}}{{if not .Main}}{{.Path}}{{"\t"}}{{.Version}}{{"\t"}}{{.Dir}}{{"\t"}}{{$.Dir}}{{end}}{{end}}`

// modulesOf asks for the modules on all systems.
func modulesOf(root string) (map[string]*module, error) {
	all := map[string]*module{}
	for _, system := range systems {
		env := []string{"GOOS=" + system, "CGO_ENABLED=1"}
		list, err := output(root, env, "go", "list", "-deps", "-tags", tags, "-f", listFormat, ".")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(list) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(f) != 4 {
				continue // of the program or of Go
			}
			m := all[f[0]]
			if m == nil {
				m = &module{path: f[0], version: f[1], dir: f[2], packages: map[string]bool{}}
				all[f[0]] = m
			}
			m.packages[f[3]] = true
		}
	}
	return all, nil
}

// output runs a command and returns what it printed.
func output(dir string, env []string, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	out, err := c.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, failed.Stderr)
	}
	return string(out), err
}

// isLicence tells the names of files that have to go with the program.
var isLicence = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|copyright|notice|patents)([-_.].*)?$`)

// parts returns the module's own licence, and those of what it has taken in
// from elsewhere, each of which is in a folder of its own.
func (m *module) parts() ([]part, error) {
	byFolder := map[string][]string{}
	err := filepath.WalkDir(m.dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".")):
			return filepath.SkipDir
		case !e.IsDir() && isLicence.MatchString(e.Name()) && filepath.Ext(path) != ".go" && m.uses(filepath.Dir(path)):
			byFolder[filepath.Dir(path)] = append(byFolder[filepath.Dir(path)], path)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(byFolder[m.dir]) == 0 {
		return nil, errors.New("there is no file with one")
	}
	var found []part
	for folder, files := range byFolder {
		below, err := filepath.Rel(m.dir, folder)
		if err != nil {
			return nil, err
		}
		if m.path == toolkit && filepath.ToSlash(below) == fontFolder {
			fonts, err := fontParts(files, m.version)
			if err != nil {
				return nil, err
			}
			found = append(found, fonts...)
			continue
		}
		found = append(found, part{strings.TrimSuffix(m.path+"/"+filepath.ToSlash(below), "/."), m.version, files})
	}
	return found, nil
}

// uses reports whether what is in a folder may end up in the program: it is
// that of a package, or above one, or below one and holds none itself, such as
// fonts or the source of a C library.
func (m *module) uses(folder string) bool {
	for p := range m.packages {
		if strings.HasPrefix(p+"/", folder+"/") {
			return true
		}
	}
	for folder != m.dir && !holdsGo(folder) {
		folder = filepath.Dir(folder)
	}
	return m.packages[folder]
}

func holdsGo(folder string) bool {
	found, err := filepath.Glob(filepath.Join(folder, "*.go"))
	return err == nil && len(found) > 0
}

// The toolkit embeds fonts, whose licences are in a folder beside them.
const (
	toolkit    = "fyne.io/fyne/v2"
	fontFolder = "theme/font"
)

// fonts are the names of the fonts by the files of their licences.
var fonts = map[string]string{
	"LICENSE.txt":                  "Noto Sans",
	"LICENSE_Inter.txt":            "Inter",
	"LICENSE_EmojiOneColor.txt":    "EmojiOne Color",
	"LICENSE_DejaVu-Powerline.txt": "DejaVu Sans Mono for Powerline",
}

func fontParts(files []string, version string) ([]part, error) {
	var found []part
	for _, file := range files {
		name := fonts[filepath.Base(file)]
		if name == "" {
			return nil, fmt.Errorf("%s is of a font that is not known here", file)
		}
		found = append(found, part{name + " (font)", version, []string{file}})
	}
	if len(found) != len(fonts) {
		return nil, fmt.Errorf("there are licences of %d fonts, and not of %d", len(found), len(fonts))
	}
	return found, nil
}
