package doctor

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Columns of the page.
const (
	labelWidth   = 12
	verdictWidth = 10
	pageWidth    = 100
)

// page writes lines of a label, a verdict and text that is broken and indented.
// What cannot be written is lost: the exit code tells the outcome as well.
type page struct{ out io.Writer }

func (p page) head(c Config) {
	fmt.Fprintln(p.out, "trolley doctor "+c.Version)
	if c.Store != "" {
		p.line("Store", "", c.Store)
	}
	p.blank()
}

func (p page) blank() { fmt.Fprintln(p.out) }

// line writes one finding; without a verdict the text stands in its place.
func (p page) line(label, verdict, text string) {
	head := fmt.Sprintf("%-*s", labelWidth, label)
	if verdict != "" {
		head += fmt.Sprintf("%-*s", verdictWidth, verdict)
	}
	for _, l := range broken(text, pageWidth-len(head)) {
		fmt.Fprintln(p.out, strings.TrimRight(head+l, " "))
		head = strings.Repeat(" ", len(head))
	}
}

func (p page) text(s string) {
	for _, l := range broken(s, pageWidth) {
		fmt.Fprintln(p.out, l)
	}
}

// broken returns the lines of a text that are at most width characters long,
// as far as its words are.
func broken(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// seconds writes a length of time as a person would say it.
func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}
