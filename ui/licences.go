package ui

import (
	_ "embed"
	"strings"

	"fyne.io/fyne/v2/container"
)

// licencesText holds the licences of all that is in the program. It is written
// by packaging/licences.
//
//go:embed licences.txt
var licencesText string

// licence is that of a part of the program.
type licence struct{ name, version, kind, text string }

// licenceMark begins the line above each licence.
const licenceMark = "==== "

// licences reads the list.
func licences() []licence {
	var all []licence
	for _, part := range strings.Split("\n"+licencesText, "\n"+licenceMark)[1:] {
		head, text, _ := strings.Cut(part, "\n")
		f := strings.Split(head, "\t")
		if len(f) != 3 {
			continue // which a test would find
		}
		all = append(all, licence{f[0], f[1], f[2], text})
	}
	return all
}

// title is the name in the language of the window.
func (l licence) title() string {
	if font, found := strings.CutSuffix(l.name, " (font)"); found {
		return phrase("{name} (font)").with("name", font)
	}
	return l.name
}

// shortTitle leaves out where most modules are kept.
func (l licence) shortTitle() string { return strings.TrimPrefix(l.title(), "github.com/") }

// says is the kind in the language of the window.
func (l licence) says() string {
	if l.kind == unnamedKind {
		return phrase("see text").say()
	}
	return l.kind
}

// unnamedKind is that of a licence which is known by no name.
const unnamedKind = "see text"

// licenceList is the dialog with the licences: the parts left, the text of the
// chosen one right.
type licenceList struct {
	all   []licence
	list  *pickList
	pane  *textPane
	shown string // name of the licence that is
}

// showLicences shows the licences of everything that is in the program.
func (w *Window) showLicences() {
	l := &licenceList{all: licences(), list: newPickList(phrase("Type a name or a licence…").say())}
	window := w.win.Canvas().Size()
	l.pane = newTextPane(phrase("Text of the licence").say(), max(pickListHeight, window.Height-scaled(aroundLicences)))
	l.list.onPick, l.list.onChosen = l.pane.focus, l.show
	rows := make([]pickSpec, len(l.all))
	for i, one := range l.all {
		rows[i] = pickSpec{id: one.name, title: one.shortTitle(), caption: one.says()}
	}
	content := container.New(&sideLayout{share: 0.34}, l.list, l.pane)
	w.alerts.show(alertSpec{Title: phrase("Licences").say(), Content: wideAs(sheetWidth(window.Width), content), Sheet: true,
		First: l.list.filter, Above: l.list.focus, Return: w.search, Lasting: true, Anew: w.showLicences,
		Buttons: []alertButton{{Label: textClose.say(), Role: rolePrimary}}})
	l.list.set(rows, "")
}

// aroundLicences is the height of all that is around the list.
const aroundLicences = 170

// show puts the text of the chosen licence beside the list.
func (l *licenceList) show() {
	if l.list.selected == l.shown {
		return
	}
	l.shown = l.list.selected
	for _, one := range l.all {
		if one.name == l.shown {
			l.pane.set(strings.TrimSpace(one.title()+" "+one.version) + "\n" + one.says() + "\n\n" + flowing(one.text))
			return
		}
	}
	l.pane.set("")
}

// longLine is how many letters a line has at least that goes on in the next one.
const longLine = 55

// flowing joins the lines of paragraphs that were broken for a width which this
// window may not have. Nothing else of a licence is touched.
func flowing(text string) string {
	var out strings.Builder
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		out.WriteString(line)
		next := ""
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		if len(line) < longLine || !goesOn(line, next) {
			out.WriteString("\n")
			continue
		}
		lines[i+1] = strings.TrimLeft(next, " ")
		out.WriteString(" ")
	}
	return out.String()
}

// goesOn reports whether a line is in the same paragraph as the one before: it
// begins where that does, and with neither a number nor a sign of a list.
func goesOn(line, next string) bool {
	text := strings.TrimLeft(next, " ")
	return text != "" && !strings.ContainsAny(text[:1], "-*=#(•0123456789") && len(next)-len(text) <= indentOf(line)+4
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
