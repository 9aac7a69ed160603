package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// told is all that the check of a scanner says.
func (c *scannerCheck) told() string {
	var out []string
	for _, row := range c.result.Objects {
		out = append(out, labelsOf(row)...)
	}
	return strings.Join(out, " ")
}

// offers are the labels of its choices.
func (c *scannerCheck) offers() []string {
	var out []string
	for _, way := range c.ways() {
		out = append(out, way.Text)
	}
	return out
}

func (c *scannerCheck) ways() []*choice {
	var out []*choice
	for _, o := range test.LaidOutObjects(c.result) {
		if way, ok := o.(*choice); ok {
			out = append(out, way)
		}
	}
	return out
}

func (d *desk) expectTold(c *scannerCheck, words ...string) {
	d.t.Helper()
	for _, w := range words {
		if !strings.Contains(c.told(), w) {
			d.t.Errorf("it says %q, and nothing of %q", c.told(), w)
		}
	}
}

// scanEvery types with a gap and ends with a key, or not at all.
func (d *desk) scanEvery(gap time.Duration, code string, end ...fyne.KeyName) {
	d.keys.at = d.keys.at.Add(2 * checkPause)
	d.keys.gap = gap
	d.write(code)
	d.key(end...)
	d.keys.gap = byHand
}

func TestCheckTellsWhatAScannerSends(t *testing.T) {
	d := openShop(t)
	d.focusSearch()
	c := d.checkScanner()
	d.dialog(textScanCheckTitle.say())
	d.scanEvery(12*time.Millisecond, "4006 381\x1d", fyne.KeyReturn)
	d.expectTold(c, "4006[20]381[1D]", "9 characters, 12 ms a key, 12 ms at most.", textScanEndEnter.say(), textScanCounts.say())
	d.scanEvery(12*time.Millisecond, milkCode, fyne.KeyTab)
	d.expectTold(c, milkCode, textScanEndTab.say(), textScanCounts.say())
	if len(c.offers()) > 0 {
		t.Errorf("it offers %q", c.offers())
	}
	d.keys.at = d.keys.at.Add(2 * checkPause)
	d.key(fyne.KeyReturn)
	d.noDialog()
	d.expectFocusInSearch()
	d.expectStored("")
}

func TestCheckOfAScannerWithoutEnter(t *testing.T) {
	d := openShop(t)
	c := d.checkScanner()
	d.scanEvery(12*time.Millisecond, milkCode)
	d.until("the pause has ended it", func() bool { return c.code != "" })
	d.expectTold(c, textScanEndNothing.say(), textScanNoEnd.say())
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestCheckOffersToTakeASlowerScanner(t *testing.T) {
	d := openShop(t)
	c := d.checkScanner()
	d.scanEvery(45*time.Millisecond, "123", fyne.KeyReturn)
	d.expectTold(c, textScanAlmost.say())
	d.win.Canvas().FocusNext()
	d.keys.at = d.keys.at.Add(2 * checkPause)
	d.key(fyne.KeyReturn)
	if want := (scanRules{Length: 3, PerKey: 56 * time.Millisecond}); d.watch.scanner.rules != want || d.scanRules() != want {
		t.Errorf("the rules are %+v, kept %+v", d.watch.scanner.rules, d.scanRules())
	}
	d.expectTold(c, textScanCounts.say(), "3 characters or more, no more than 56 ms")
	if c.offers()[0] != textScanUsual.say() {
		t.Fatalf("it offers %q", c.offers())
	}
	test.Tap(c.ways()[0])
	if d.scanRules() != usualRules {
		t.Errorf("the rules are %+v", d.scanRules())
	}
}

func TestCheckCorrectsAnotherKeyboard(t *testing.T) {
	d := openShop(t)
	c := d.checkScanner()
	french := strings.NewReplacer("0", "à", "1", "&", "2", "é", "4", "'", "5", "(", "8", "_").Replace(beansCode)
	d.scanEvery(10*time.Millisecond, french, fyne.KeyReturn)
	d.expectTold(c, "French AZERTY", beansCode)
	if !slices.Contains(c.offers(), textScanCorrect.say()) {
		t.Fatalf("it offers %q", c.offers())
	}
	test.Tap(c.ways()[0])
	d.expectTold(c, textScanCorrects.with("layout", "French AZERTY"))
	d.key(fyne.KeyEscape)
	d.scan(french)
	d.shows("1 espresso-beans")
	c = d.checkScanner()
	test.Tap(c.ways()[0])
	if d.app.Preferences().String(prefScanLayout) != "" {
		t.Error("scans are still corrected")
	}
}

// A scan at the buttons of the dialog belongs to the check as well.
func TestScansAtTheCheckGoNowhereElse(t *testing.T) {
	d := openShop(t)
	c := d.checkScanner()
	d.win.Canvas().Focus(c.alert.enter)
	d.scan(milkCode)
	d.dialog(textScanCheckTitle.say())
	d.expectTold(c, milkCode)
	d.win.Canvas().Unfocus()
	d.scan(beansCode)
	d.expectTold(c, beansCode)
	d.key(fyne.KeyEscape)
	d.noDialog()
	d.expectStored("")
	if len(d.scans.orders) > 0 {
		t.Errorf("queued %v", d.scans.orders)
	}
}

func TestEveryVerdictOnAScanner(t *testing.T) {
	at := time.Unix(1000, 0)
	typed := func(n int, gap time.Duration) burst {
		var b burst
		for i := range n {
			b.add('1', at.Add(time.Duration(i)*gap), 0)
		}
		return b
	}
	for name, c := range map[string]struct {
		burst burst
		end   fyne.KeyName
		want  string
		helps bool
	}{
		"fine":    {typed(8, 10*time.Millisecond), fyne.KeyReturn, textScanCounts.say(), false},
		"short":   {typed(2, 10*time.Millisecond), fyne.KeyReturn, textScanTooFew.with("n", "2"), false},
		"shorter": {typed(3, 10*time.Millisecond), fyne.KeyTab, textScanAlmost.say(), true},
		"slower":  {typed(8, 50*time.Millisecond), fyne.KeyReturn, textScanAlmost.say(), true},
		"by hand": {typed(8, 90*time.Millisecond), fyne.KeyReturn, textScanTooSlow.say(), false},
		"no end":  {typed(8, 10*time.Millisecond), "", textScanNoEnd.say(), false},
	} {
		got, better := judge(c.burst, c.end, usualRules)
		expectSentence(t, name, got)
		if got != c.want || (better != usualRules) != c.helps {
			t.Errorf("%s: %q, %+v", name, got, better)
		}
		if c.helps && !better.accept(c.burst) {
			t.Errorf("%s: the rules offered do not help", name)
		}
	}
}
