package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"trolley/data"
)

// maxFile is the largest .env file that is read, in bytes.
const maxFile = 32 << 10

var reasonTooLarge = fmt.Sprintf("it is larger than %d bytes", maxFile)

// dotenv is a .env file that was read.
type dotenv struct {
	path string // empty: there is none
	vars map[string]string
	lost []string // variables of which a dollar sign took a part away
}

// readFirst reads the first .env file there is. The process's environment is
// left as it is.
func readFirst(dirs []string) (dotenv, error) {
	path := firstFile(dirs)
	if path == "" {
		return dotenv{}, nil
	}
	return readDotenv(path)
}

// readDotenv reads a file of lines NAME=value. An error is a
// [data.InvalidError] that names it, and holds nothing of what is in it.
func readDotenv(path string) (dotenv, error) {
	file := dotenv{path: path}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return file, file.bad(reasonNoFile) // reading it may never end
	}
	if err == nil && info.Size() >= maxFile {
		return file, file.bad(reasonTooLarge)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return file, file.bad("it cannot be read: " + cause(err))
	}
	text = append(bytes.TrimPrefix(text, []byte("\ufeff")), '\n')
	switch {
	case len(text) > maxFile:
		return file, file.bad(reasonTooLarge)
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return file, file.bad("it is no text in UTF-8")
	}
	file.vars, err = godotenv.UnmarshalBytes(text)
	if err != nil {
		// The error itself repeats the rest of the file, passwords and all.
		return file, file.bad(fmt.Sprintf("line %d is not of the form NAME=value", badLine(text)))
	}
	file.lost = lostDollars(text, file.vars)
	return file, nil
}

func (f dotenv) bad(reason string) error {
	return &data.InvalidError{What: "file", Value: f.path, Reason: reason}
}

// firstFile returns the first .env file. A folder of that name, as some tools
// make, is not one.
func firstFile(dirs []string) string {
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		path := filepath.Join(dir, ".env")
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// badLine returns the number of the line at which parsing stops: the one after
// the longest run of lines that can be read.
func badLine(text []byte) int {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for n := len(lines) - 1; n > 0; n-- {
		if _, err := godotenv.UnmarshalBytes(bytes.Join(lines[:n], nil)); err == nil {
			return n + 1
		}
	}
	return 1
}

// mark stands for the dollar sign while looking for what it did.
const mark = "\ue000"

var dollar = regexp.MustCompile(`(?:^|[^\\])` + mark + `\(?\{?([A-Z0-9_]+)`)

// lostDollars returns our variables whose value refers to a variable that the
// file does not set: what follows the dollar sign was dropped.
func lostDollars(text []byte, vars map[string]string) []string {
	raw, err := godotenv.UnmarshalBytes(bytes.ReplaceAll(text, []byte("$"), []byte(mark)))
	if err != nil {
		return nil // a dollar sign in a name: nothing of ours
	}
	var lost []string
	for _, name := range Names() {
		if vars[name] == strings.ReplaceAll(raw[name], mark, "$") {
			continue
		}
		for _, m := range dollar.FindAllStringSubmatch(raw[name], -1) {
			if _, set := vars[m[1]]; !set {
				lost = append(lost, name)
				break
			}
		}
	}
	return lost
}

// cause returns an error's reason without the path, which the message has.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
