package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
)

// sheetGap is the room beside the columns of the sheet, in the toolkit's units.
const sheetGap = 16

// sheetRow is a line of the sheet of keys.
type sheetRow struct{ keys, does string }

// sheetGroup is a part of the sheet under a heading.
type sheetGroup struct {
	title string
	rows  []sheetRow
}

// typedKeys are what the keyboard does that is no command: what is typed in the
// search box, and the keys of a list.
var typedKeys = []struct {
	title phrase
	rows  [][2]phrase
}{
	{"In the search box", [][2]phrase{
		{"Scan, or type and Enter", "Add the product"},
		{"3*espresso, Enter", "Add three"},
		{"-espresso, Enter", "Take one out"},
		{"Up, Down", "Choose among the products"},
		{"Esc", "Empty the box"},
	}},
	{"On a line of the cart", [][2]phrase{
		{"+ or -", "One more, one fewer"},
		{"0–9", "Type its quantity"},
		{"Enter", "Change its quantity"},
		{"Del", "Remove the line"},
	}},
	{"Anywhere", [][2]phrase{
		{"Tab, Shift+Tab", "Next or previous part"},
		{"Esc", "Back to the search box"},
	}},
}

// sheet is all that the keyboard can do: the commands that have keys, by their
// menus, and what is typed.
func (w *Window) sheet() []sheetGroup {
	var groups []sheetGroup
	for _, t := range typedKeys {
		g := sheetGroup{title: t.title.say()}
		for _, r := range t.rows {
			g.rows = append(g.rows, sheetRow{r[0].say(), r[1].say()})
		}
		groups = append(groups, g)
	}
	for _, m := range w.commands() {
		g := sheetGroup{title: m.label.say()}
		for _, c := range slices.Concat(m.groups...) {
			if keys := sheetKeys(c); keys != "" {
				g.rows = append(g.rows, sheetRow{keys, sheetText(c)})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// sheetText says what a command does.
func sheetText(c command) string {
	if c.does != "" {
		return c.does.say()
	}
	return strings.TrimSuffix(c.label.say(), "…")
}

// sheetKeys names the keys of a command.
func sheetKeys(c command) string {
	strokes, between := c.keys, phrase("{first} or {last}")
	if len(c.span) > 0 {
		strokes, between = c.span, "{first} to {last}"
	}
	text := ""
	for i, s := range strokes {
		if i == 0 {
			text = s.text()
			continue
		}
		text = between.with("first", text, "last", s.text())
	}
	return text
}

// keysHelp shows the sheet, and takes it away again.
func (w *Window) keysHelp() {
	switch {
	case w.keySheet != nil:
		w.keySheet.close()
	case !w.alerts.open():
		w.keySheet = w.alerts.show(alertSpec{Title: textKeys.say(), Content: w.sheetColumns(), Sheet: true, Return: w.search,
			OnClosed: func() { w.keySheet = nil },
			Buttons:  []alertButton{{Label: textClose.say(), Role: rolePrimary}}})
	}
}

// sheetColumns puts the sheet into two columns where the window has the room.
func (w *Window) sheetColumns() fyne.CanvasObject {
	groups := w.sheet()
	keys := widestKeys(groups)
	if w.page.narrow {
		return sheetColumn(groups, keys)
	}
	half := sheetHalf(groups)
	return container.NewHBox(sheetColumn(groups[:half], keys), sheetColumn(groups[half:], keys))
}

// sheetHalf is how many groups the first of two columns gets, so that the longer
// one is as short as can be.
func sheetHalf(groups []sheetGroup) int {
	best, shortest := 0, sheetLength(groups)
	for i := range groups {
		if longer := max(sheetLength(groups[:i]), sheetLength(groups[i:])); longer < shortest {
			best, shortest = i, longer
		}
	}
	return best
}

// sheetLength is how many lines groups take, with the gap above a heading.
func sheetLength(groups []sheetGroup) float32 {
	var sum float32
	for _, g := range groups {
		sum += float32(len(g.rows)) + 1.4
	}
	return sum
}

func widestKeys(groups []sheetGroup) float32 {
	var widest float32
	for _, g := range groups {
		for _, r := range g.rows {
			widest = max(widest, newSheetKeys(r.keys).MinSize().Width)
		}
	}
	return widest
}

func newSheetKeys(text string) *words {
	return newWords(text, colorMuted, theme.SizeNameText)
}

// sheetColumn lists groups below each other; keys is the width of the left part.
func sheetColumn(groups []sheetGroup, keys float32) fyne.CanvasObject {
	box := container.New(layout.NewCustomPaddedVBoxLayout(1))
	for i, g := range groups {
		if i > 0 {
			box.Add(gap(2 * theme.Padding()))
		}
		box.Add(newWords(g.title, theme.ColorNameForeground, theme.SizeNameText).bold())
		for _, r := range g.rows {
			key := newSheetKeys(r.keys)
			fixed := container.NewGridWrap(fyne.NewSize(keys+sheetGap, key.MinSize().Height), key)
			box.Add(container.NewHBox(fixed, newWords(r.does, theme.ColorNameForeground, theme.SizeNameText)))
		}
	}
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, sheetGap), box) // clear of the next one, or the scroll bar
}
