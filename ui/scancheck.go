package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// What the check of a scanner says.
const (
	textScanCheckMenu   phrase = "Check scanner…"
	textScanCheckTitle  phrase = "Check the scanner"
	textScanCheckPrompt phrase = "Scan something. It goes to no cart."
	textScanHeard       phrase = "Arrived: {code}"
	textScanHeardMeant  phrase = "Arrived: {code}, taken for {meant}"
	textScanEndEnter    phrase = "It ended with Enter."
	textScanEndTab      phrase = "It ended with Tab."
	textScanEndNothing  phrase = "Neither Enter nor Tab ended it."
	textScanPad         phrase = "Field for a test scan"

	textScanCounts   phrase = "This counts as a scan."
	textScanNoEnd    phrase = "This does not count as a scan. Set the scanner to press Enter after each code."
	textScanTooFew   phrase = "This does not count as a scan: {n} characters are too few to tell it from typing."
	textScanTooSlow  phrase = "This does not count as a scan: it is as slow as typing by hand. Set the scanner to send faster."
	textScanAlmost   phrase = "This does not count as a scan with the present settings."
	textScanRules    phrase = "A scan has {n} characters or more, no more than {ms} ms apart on average."
	textScanAdjust   phrase = "Count it as a scan from now on"
	textScanUsual    phrase = "Go back to the usual settings"
	textScanLayout   phrase = "It looks as if the scanner is set to another keyboard than this computer: {layout}. It may mean {code}."
	textScanCorrect  phrase = "Correct it"
	textScanCorrects phrase = "Scans are corrected at present: {layout}."
	textScanStop     phrase = "Take scans as they come"
)

// textScanSpeed counts the characters.
var textScanSpeed = plural{"{n} character, {ms} ms a key, {slowest} ms at most.", "{n} characters, {ms} ms a key, {slowest} ms at most."}

// What a scanner check takes for the end of a burst without Enter or Tab, the
// fewest characters that a setting may ask for, and the slowest scanner that
// can still be told from a person.
const (
	checkPause   = time.Second
	leastLength  = 3
	slowestScans = 60 * time.Millisecond
)

// scannerCheck is the dialog that shows what a scanner sends and what becomes
// of it.
type scannerCheck struct {
	window *Window
	alert  *alert
	pad    *scanPad
	result *fyne.Container
	burst  burst
	held   time.Duration // for how long the window was held up so far, at the newest key
	code   string        // of the last burst that ended
	end    fyne.KeyName
	timing burst
	turn   int       // counts the keys, for the pause
	ended  time.Time // when the last burst did
}

// checkScanner asks for a scan and tells what has arrived.
func (w *Window) checkScanner() *scannerCheck {
	c := &scannerCheck{window: w, result: container.NewVBox()}
	c.pad = newScanPad(c)
	c.alert = w.alerts.show(alertSpec{
		Title: textScanCheckTitle.say(), Content: container.NewVBox(c.pad, c.result), Wide: true,
		First: c.pad, Return: w.win.Canvas().Focused(), OnRune: c.typedBeside,
		Buttons: []alertButton{{Label: textScanClose.say(), Role: rolePrimary}},
	})
	c.showResult()
	return c
}

// typedBeside takes what is typed while a button has the focus.
func (c *scannerCheck) typedBeside(r rune) {
	c.window.win.Canvas().Focus(c.pad)
	c.typed(r)
}

func (c *scannerCheck) now() time.Time { return c.window.watch.scanner.now() }

// typed collects a rune. When no other follows, that is the end as well.
func (c *scannerCheck) typed(r rune) {
	at, held := c.now(), c.window.watch.heldUp()
	if at.Sub(c.burst.last)-(held-c.held) > checkPause {
		c.burst = burst{}
	}
	c.burst.add(r, at, held-c.held)
	c.held = held
	c.turn++
	turn := c.turn
	c.window.after(checkPause, func() {
		if c.turn == turn && len(c.burst.runes) > 0 {
			c.finish("")
		}
	})
}

// key handles Enter, Tab and Escape. Enter closes the dialog when nothing was
// scanned just before.
func (c *scannerCheck) key(name fyne.KeyName) {
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		switch {
		case len(c.burst.runes) > 0:
			c.burst.end(c.now(), c.window.watch.heldUp()-c.held)
			c.finish(name)
		case name != fyne.KeyTab && c.now().Sub(c.ended) > checkPause:
			c.alert.press(c.alert.enter)
		}
	case fyne.KeyEscape:
		c.alert.press(c.alert.escape)
	}
}

// finish tells of the burst that has just ended. An empty name means that it
// only stopped.
func (c *scannerCheck) finish(name fyne.KeyName) {
	c.timing, c.code, c.end = c.burst, string(c.burst.runes), name
	c.burst, c.ended = burst{}, c.now()
	c.turn++
	c.showResult()
}

// showResult fills the dialog anew.
func (c *scannerCheck) showResult() {
	w := c.window
	c.result.RemoveAll()
	rules, layout := w.watch.scanner.rules, layoutOf(w.app.Preferences().String(prefScanLayout))
	if c.code != "" {
		c.showHeard(rules, layout)
	}
	c.say(textScanRules.with("n", strconv.Itoa(rules.Length), "ms", milliseconds(rules.PerKey)))
	if rules != usualRules {
		c.offer(textScanUsual, func() { w.setScanRules(usualRules) })
	}
	if layout.id != "" {
		c.say(textScanCorrects.with("layout", layout.name.say()))
		c.offer(textScanStop, func() { w.app.Preferences().RemoveValue(prefScanLayout) })
	}
	c.alert.adopt(c.result)
	c.alert.arrange()
}

// showHeard tells of the last burst.
func (c *scannerCheck) showHeard(rules scanRules, layout scanLayout) {
	w, heard := c.window, textScanHeard.with("code", visible(c.code))
	if meant := layout.correct(c.code); meant != c.code {
		heard = textScanHeardMeant.with("code", visible(c.code), "meant", visible(meant))
	}
	speed := textScanSpeed.of(int64(len(c.timing.runes)), "ms", milliseconds(c.timing.average(c.timing.held)),
		"slowest", milliseconds(c.timing.slowest))
	verdict, better := judge(c.timing, c.end, rules)
	c.say(heard + "\n" + speed + " " + textScanEnd(c.end) + "\n" + verdict)
	if better != rules {
		c.offer(textScanAdjust, func() { w.setScanRules(better) })
	}
	if wrong, found := wrongLayout(layout.correct(c.code), w.sells); found && layout.id == "" {
		c.say(textScanLayout.with("layout", wrong.name.say(), "code", visible(wrong.correct(c.code))))
		c.offer(textScanCorrect, func() { w.app.Preferences().SetString(prefScanLayout, wrong.id) })
	}
}

// sells reports whether this computer knows a product with this id or barcode.
func (w *Window) sells(code string) bool {
	_, ok := w.model.state.Catalogue.Find(code)
	return ok
}

func (c *scannerCheck) say(text string) {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	c.result.Add(lessInset(l))
}

// offer adds a button that changes a setting.
func (c *scannerCheck) offer(label phrase, do func()) {
	way := newChoice(label.say(), func() {
		do()
		c.window.win.Canvas().Focus(c.pad)
		c.showResult()
	})
	c.result.Add(container.NewHBox(ringed(way.ring, way)))
}

// judge says whether a burst counts as a scan, and under which rules it would.
// Those are the same where nothing has to change, or where no rules help.
func judge(b burst, end fyne.KeyName, rules scanRules) (verdict string, better scanRules) {
	n := len(b.runes)
	switch {
	case n < leastLength:
		return textScanTooFew.with("n", strconv.Itoa(n)), rules
	case b.average(b.held) > slowestScans || b.slowest > 3*slowestScans:
		return textScanTooSlow.say(), rules
	case end == "":
		return textScanNoEnd.say(), rules
	case rules.accept(b):
		return textScanCounts.say(), rules
	}
	// A little more than this one took, as the next may be slower.
	need := max(b.average(b.held)*5/4, b.slowest/3+time.Millisecond)
	better = scanRules{Length: min(rules.Length, n), PerKey: max(rules.PerKey, min(need.Round(time.Millisecond), slowestScans))}
	return textScanAlmost.say(), better
}

func textScanEnd(name fyne.KeyName) string {
	switch name {
	case "":
		return textScanEndNothing.say()
	case fyne.KeyTab:
		return textScanEndTab.say()
	}
	return textScanEndEnter.say()
}

func milliseconds(d time.Duration) string {
	return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10)
}

// visible writes a code so that every character shows: those without a picture
// by their number.
func visible(code string) string {
	var out strings.Builder
	for _, r := range code {
		if r == ' ' || !unicode.IsGraphic(r) {
			fmt.Fprintf(&out, "[%02X]", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// scanPad is the field of a scanner check. It shows no text: what arrives is
// told when it has ended.
type scanPad struct {
	widget.BaseWidget
	check *scannerCheck
	frame *canvas.Rectangle
	label *widget.Label
}

var (
	_ fyne.Focusable  = (*scanPad)(nil)
	_ fyne.Tabbable   = (*scanPad)(nil)
	_ fyne.Tappable   = (*scanPad)(nil)
	_ fyne.Accessible = (*scanPad)(nil)
)

func newScanPad(c *scannerCheck) *scanPad {
	p := &scanPad{check: c, frame: newFocusRing(), label: widget.NewLabel(textScanCheckPrompt.say())}
	p.label.Alignment = fyne.TextAlignCenter
	p.frame.Show()
	p.ExtendBaseWidget(p)
	return p
}

// FocusGained implements fyne.Focusable.
func (p *scanPad) FocusGained() { p.paint(theme.ColorNamePrimary) }

// FocusLost implements fyne.Focusable.
func (p *scanPad) FocusLost() { p.paint(theme.ColorNameSeparator) }

func (p *scanPad) paint(edge fyne.ThemeColorName) {
	p.frame.StrokeColor = colorOf(p, edge)
	p.frame.Refresh()
}

// TypedRune implements fyne.Focusable.
func (p *scanPad) TypedRune(r rune) { p.check.typed(r) }

// TypedKey implements fyne.Focusable.
func (p *scanPad) TypedKey(e *fyne.KeyEvent) { p.check.key(e.Name) }

// AcceptsTab implements fyne.Tabbable: a Tab may be the end of a scan.
func (p *scanPad) AcceptsTab() bool { return len(p.check.burst.runes) > 0 }

// Tapped implements fyne.Tappable.
func (p *scanPad) Tapped(*fyne.PointEvent) { p.check.window.win.Canvas().Focus(p) }

// AccessibilityLabel implements fyne.Accessible.
func (p *scanPad) AccessibilityLabel() string {
	return textScanPad.say() + ". " + textScanCheckPrompt.say()
}

// AccessibilityRole implements fyne.Accessible.
func (p *scanPad) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (p *scanPad) CreateRenderer() fyne.WidgetRenderer {
	p.frame.StrokeColor = colorOf(p, theme.ColorNamePrimary)
	return widget.NewSimpleRenderer(container.NewStack(p.frame, container.NewPadded(p.label)))
}
