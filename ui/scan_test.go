package ui

import (
	"slices"
	"testing"
	"time"
)

// keyed is a rune and how many milliseconds it comes after the one before.
type keyed struct {
	r     rune
	after int
}

// steady types a text at one speed.
func steady(text string, after int) []keyed {
	var out []keyed
	for _, r := range text {
		out = append(out, keyed{r, after})
	}
	return out
}

// uneven is a text whose keys have these gaps.
func uneven(text string, after ...int) []keyed {
	out := steady(text, 0)
	for i := range out {
		out[i].after = after[i]
	}
	return out
}

// listened has a scanner hear keys, Enter being '\n', and returns the scans.
func listened(keys []keyed) []string {
	at := time.Unix(1000, 0)
	s := scanner{now: func() time.Time { return at }, rules: usualRules}
	var scans []string
	for _, k := range keys {
		at = at.Add(time.Duration(k.after) * time.Millisecond)
		if k.r != '\n' {
			s.add(k.r)
			continue
		}
		if code, ok := s.end(); ok {
			scans = append(scans, code)
		}
	}
	return scans
}

// stalledRun is a run of keys behind which the window was held up.
type stalledRun struct {
	text  string
	after int // ms between the keys
	stall int // ms that the window was held up then
}

// listenedThrough has a scanner hear runs of keys and Enter while the window is
// held up again and again.
func listenedThrough(runs ...stalledRun) (code string, ok bool) {
	at, held := time.Unix(1000, 0), time.Duration(0)
	lead := time.Duration(0)
	s := scanner{now: func() time.Time { return at }, held: func() time.Duration { return held },
		lead: func() time.Duration { return lead }, rules: usualRules}
	for _, run := range runs {
		for _, r := range run.text {
			at = at.Add(time.Duration(run.after) * time.Millisecond)
			s.add(r)
		}
		stall := time.Duration(run.stall) * time.Millisecond
		at, held, lead = at.Add(stall), held+stall, stall
	}
	return s.end()
}

func TestScanIsWholeThoughTheWindowIsHeldUp(t *testing.T) {
	for name, c := range map[string]struct {
		runs []stalledRun
		want string
	}{
		"behind the first key":       {[]stalledRun{{"4", 0, 250}, {"006381333931", 1, 0}}, "4006381333931"},
		"in the middle":              {[]stalledRun{{"400638", 12, 300}, {"1333931", 2, 0}}, "4006381333931"},
		"before Enter":               {[]stalledRun{{"4006381333931", 12, 400}}, "4006381333931"},
		"twice":                      {[]stalledRun{{"4", 0, 150}, {"00638133", 1, 150}, {"3931", 1, 0}}, "4006381333931"},
		"before the first key":       {[]stalledRun{{"", 0, 400}, {"4006381333931", 0, 0}}, "4006381333931"},
		"before a typist's bunch":    {[]stalledRun{{"", 0, 450}, {"Anna", 0, 0}}, ""},
		"by each of a typist's keys": {[]stalledRun{{"l", 0, 80}, {"a", 20, 80}, {"t", 20, 80}, {"t", 20, 80}, {"e", 20, 80}}, ""},
	} {
		if code, _ := listenedThrough(c.runs...); c.want != "" && code != c.want {
			t.Errorf("%s: %q", name, code)
		}
		if _, ok := listenedThrough(c.runs...); ok != (c.want != "") {
			t.Errorf("%s: taken for a scan: %v", name, ok)
		}
	}
}

func TestScannerTellsScansByTheirSpeed(t *testing.T) {
	const code = "4006381333931"
	for name, c := range map[string]struct {
		keys []keyed
		want []string
	}{
		"all at once":             {steady(code+"\n", 0), []string{code}},
		"1 ms":                    {steady(code+"\n", 1), []string{code}},
		"15 ms":                   {steady(code+"\n", 15), []string{code}},
		"30 ms":                   {steady(code+"\n", 30), []string{code}},
		"any characters":          {steady("+é/Ü 1$\n", 15), []string{"+é/Ü 1$"}},
		"fast typist":             {steady("espresso\n", 80), nil},
		"too short":               {steady("123\n", 5), nil},
		"without Enter":           {steady(code, 5), nil},
		"Enter much later":        {slices.Concat(steady(code, 5), steady("\n", 400)), nil},
		"two, back to back":       {steady(code+"\n5000159407236\n", 10), []string{code, "5000159407236"}},
		"after half a word":       {slices.Concat(steady("espr", 120), uneven("4006", 150, 5, 5, 5), steady("\n", 5)), []string{"4006"}},
		"after quick typing":      {slices.Concat(steady("espr", 80), uneven("4006", 90, 5, 5, 5), steady("\n", 5)), []string{"4006"}},
		"a late frame":            {slices.Concat(uneven("0123456789", 0, 15, 15, 15, 90, 15, 15, 15, 15, 15), steady("\n", 15)), []string{"0123456789"}},
		"late after the first":    {slices.Concat(uneven("0123456789", 300, 90, 0, 0, 0, 15, 15, 15, 15, 15), steady("\n", 15)), []string{"0123456789"}},
		"late before Enter":       {slices.Concat(steady(code, 15), steady("\n", 90)), []string{code}},
		"slow with a fast middle": {uneven("latte\n", 100, 90, 20, 20, 90, 90), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := listened(c.keys)
			if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] || len(got) > 1 && got[1] != c.want[1] {
				t.Errorf("heard %q, want %q", got, c.want)
			}
		})
	}
}

func TestScannerTakesTheRestOfAnEnd(t *testing.T) {
	at := time.Unix(1000, 0)
	s := scanner{now: func() time.Time { return at }, rules: usualRules}
	for _, r := range "4006" {
		s.add(r)
	}
	if _, ok := s.end(); !ok || !s.trailing() {
		t.Error("a second Enter of the same scan is a person's")
	}
	at = at.Add(time.Second)
	if s.trailing() {
		t.Error("an Enter a second later is no person's")
	}
}

func TestSlowerRulesTakeSlowerScans(t *testing.T) {
	at := time.Unix(1000, 0)
	s := scanner{now: func() time.Time { return at }, rules: scanRules{Length: 3, PerKey: 60 * time.Millisecond}}
	for _, r := range "123" {
		at = at.Add(55 * time.Millisecond)
		s.add(r)
	}
	if code, ok := s.end(); !ok || code != "123" {
		t.Errorf("heard %q, %t", code, ok)
	}
}

func TestLayoutsMapEveryCharacter(t *testing.T) {
	for _, l := range scanLayouts {
		typed, meant := []rune(l.typed), []rune(l.meant)
		if len(typed) != len(meant) {
			t.Errorf("%s: %d characters stand for %d", l.name, len(typed), len(meant))
		}
		seen := map[rune]bool{}
		for _, r := range typed {
			if seen[r] {
				t.Errorf("%s: %q stands twice", l.name, r)
			}
			seen[r] = true
		}
	}
}

func TestWrongLayoutIsFound(t *testing.T) {
	known := func(code string) bool { return code == "zebra" || code == "4006381333931" }
	for code, want := range map[string]struct{ id, meant string }{
		"4006381333931":  {},
		"à&é\"'(-è_ç":    {"fr", "0123456789"},
		"'ààè__à":        {"fr", "4007880"},
		"(§è!çà":         {"be", "567890"},
		"SKUß17":         {"de", "SKU-17"},
		"yebra":          {"de", "zebra"},
		"+ěščřžýáíé":     {"cz", "1234567890"},
		"+ľščťžýáíé":     {"sk", "1234567890"},
		"$)))^#*!###(#!": {"shift", "40006381333931"},
		"espresso":       {},
		"SKU-17":         {},
		"naïve":          {},
	} {
		l, found := wrongLayout(code, known)
		if found != (want.id != "") || l.id != want.id {
			t.Errorf("%s: found %q, want %q", code, l.id, want.id)
		}
		if found && l.correct(code) != want.meant {
			t.Errorf("%s: means %q, want %q", code, l.correct(code), want.meant)
		}
	}
}
