package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// settingRow is one setting: what it is, how to change it, and what there is
// to say about it.
type settingRow struct {
	label   *widget.Label
	control fyne.CanvasObject
	note    *note // below the control; hidden while it is empty
}

func newSettingRow(label string, control fyne.CanvasObject) *settingRow {
	r := &settingRow{label: widget.NewLabel(label), control: control, note: newHint("")}
	r.label.Wrapping = fyne.TextWrapWord
	r.note.Hide()
	return r
}

// say shows a note below the control; an empty text takes it away.
func (r *settingRow) say(text string, color fyne.ThemeColorName) {
	r.note.set(text, color)
	r.note.Hidden = text == ""
}

// settingGroup is settings that belong together, under a heading.
type settingGroup struct {
	heading *widget.Label
	rows    []*settingRow
}

func newSettingGroup(heading phrase, rows ...*settingRow) settingGroup {
	h := widget.NewLabel(heading.say())
	h.TextStyle.Bold = true
	h.SizeName = theme.SizeNameSubHeadingText
	return settingGroup{heading: h, rows: rows}
}

// Measures of the settings, for the usual size of text.
const (
	settingLabels = 0.33 // of the width
	settingGap    = 16   // between the columns
	settingBeside = 520  // the least width for two columns
	settingLeast  = 200  // the least width at all
	settingRows   = 6    // between two settings
	settingGroups = 8    // above a heading
)

// settingsLayout puts settings below each other, the labels in one column and
// the controls in another, or the controls below the labels where there is no
// room for two. Heights follow from the width, which a layout learns last.
type settingsLayout struct {
	groups []settingGroup
	width  float32 // the last one that there was
}

// newSettings puts groups together.
func newSettings(groups ...settingGroup) *fyne.Container {
	box := container.New(&settingsLayout{groups: groups, width: alertWideWidth - 2*alertPadding})
	for _, g := range groups {
		box.Add(g.heading)
		for _, r := range g.rows {
			box.Add(r.label)
			box.Add(r.control)
			box.Add(r.note)
		}
	}
	return box
}

// MinSize implements fyne.Layout.
func (l *settingsLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(scaled(settingLeast), l.arrange(l.width))
}

// Layout implements fyne.Layout.
func (l *settingsLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(size.Width)
}

// arrange puts everything in its place in a width, and returns the height.
func (l *settingsLayout) arrange(width float32) float32 {
	inset := theme.InnerPadding()
	y := float32(0)
	for i, g := range l.groups {
		if i > 0 {
			y += scaled(settingGroups)
		}
		high := g.heading.MinSize().Height
		put(g.heading, -inset, y-inset, width+2*inset, high)
		y += high - inset
		for _, r := range g.rows {
			y += r.arrange(y, width) + scaled(settingRows)
		}
	}
	return y
}

// arrange puts a setting at a height, and returns how high it is.
func (r *settingRow) arrange(y, width float32) float32 {
	inset := theme.InnerPadding()
	if width < scaled(settingBeside) {
		label := wrapped(r.label, width+2*inset) - 1.5*inset
		put(r.label, -inset, y-inset, width+2*inset, r.label.MinSize().Height)
		return label + r.putControl(0, y+label, width)
	}
	column := whole(settingLabels * width)
	label := wrapped(r.label, column+2*inset)
	top := (r.firstLine() - r.oneLine()) / 2
	put(r.label, -inset, y+top, column+2*inset, label)
	left := column + settingGap
	return max(top+label-inset, r.putControl(left, y, width-left))
}

// putControl puts the control and the note below it, and returns their height.
func (r *settingRow) putControl(x, y, width float32) float32 {
	high := r.control.MinSize().Height
	if s, ok := r.control.(*strip); ok {
		high = s.heightFor(width)
	}
	put(r.control, x, y, width, high)
	if r.note.Hidden {
		return high
	}
	inset := theme.InnerPadding()
	note := wrapped(r.note, width+2*inset)
	put(r.note, x-inset, y+high-inset/2, width+2*inset, note)
	return high + note - 1.5*inset
}

// firstLine is the height that the first line of the label is to be in the
// middle of, and oneLine how high a label of one line is.
func (r *settingRow) firstLine() float32 {
	if s, ok := r.control.(*strip); ok {
		return s.line()
	}
	return r.control.MinSize().Height
}

func (r *settingRow) oneLine() float32 {
	return fyne.MeasureText("x", theme.TextSize(), fyne.TextStyle{}).Height + 2*theme.InnerPadding()
}
