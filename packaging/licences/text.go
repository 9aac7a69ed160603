package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// sure is the share of a text in percent that has to be that of known licences
// for their names to stand for it.
const sure = 60

// licence returns what kinds of licences a part has, and all their text.
func (p part) licence() (kind, text string, err error) {
	var kinds, texts []string
	for _, file := range p.files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return "", "", fmt.Errorf("read the licence of %s: %w", p.name, err)
		}
		text := plain(string(raw))
		if strings.Contains("\n"+text, "\n"+mark) {
			return "", "", fmt.Errorf("the licence of %s holds a line that begins with %q", p.name, mark)
		}
		for _, kind := range kindsOf(raw) {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		if len(p.files) > 1 {
			text = filepath.Base(file) + "\n\n" + text
		}
		texts = append(texts, text)
	}
	if len(kinds) == 0 {
		kinds = []string{"see text"}
	}
	return strings.Join(kinds, ", "), strings.Join(texts, "\n"), nil
}

// patents is how the library names a promise that is no licence.
const patents = "GooglePatentsFile"

// kindsOf names the licences that a text is made of, as SPDX does; none: it is
// not sure.
func kindsOf(text []byte) []string {
	found := licensecheck.Scan(text)
	if found.Percent < sure {
		return nil
	}
	var kinds []string
	for _, m := range found.Match {
		if !m.IsURL && m.ID != patents {
			kinds = append(kinds, m.ID)
		}
	}
	return kinds
}

// plain returns a text with the line ends and spaces that are drawn alike
// everywhere, and one line end at its end.
func plain(text string) string {
	text = strings.TrimPrefix(strings.ToValidUTF8(text, "?"), "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\t", "    ").Replace(text)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}
