package ui

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"trolley/data"
)

// Logbook is what the window needs of the program's log. None of what it
// returns holds a secret. All methods read and write files, but Events, Dir and
// Mask.
type Logbook interface {
	Events() []string      // the last lines, the oldest first
	Dir() string           // the folder of the files
	Crash() (string, bool) // the report of an earlier run that nobody was told of; false: there is none
	Forget() error         // says that somebody was told
	Mask(string) string    // a text without secrets
}

// System says what runs.
type System struct {
	Version string
	Commit  string    // which the version is made of; empty: unknown
	Date    time.Time // of the commit; zero: unknown
	Made    string    // with which Go and toolkit
	Runs    string    // on which system
	DataDir string    // folder for this computer's files
}

// ThisSystem finds out what runs.
func ThisSystem(version, dataDir string) System {
	s := System{Version: version, DataDir: dataDir, Made: runtime.Version(), Runs: runtime.GOOS + "/" + runtime.GOARCH}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return s
	}
	for _, m := range build.Deps {
		if m.Path == "fyne.io/fyne/v2" {
			s.Made = joined(s.Made, "fyne "+m.Version)
		}
	}
	for _, setting := range build.Settings {
		switch setting.Key {
		case "vcs.revision":
			s.Commit = setting.Value[:min(len(setting.Value), shortCommit)]
		case "vcs.time":
			s.Date, _ = time.Parse(time.RFC3339, setting.Value) // or unknown
		}
	}
	return s
}

// shortCommit is how many digits of a commit tell it from the others.
const shortCommit = 12

// fact is a line of the diagnostics.
type fact struct{ name, value string }

// facts are what is known of the program, of this computer and of the shop.
func (w *Window) facts() []fact {
	sys, s := w.opt.System, w.model.state
	all := []fact{
		{phrase("Version").say(), textVersion(cmp.Or(sys.Version, w.opt.Version), sys)},
		{phrase("System").say(), joined(sys.Runs, sys.Made)},
		{phrase("Shop").say(), w.textKept()},
		{phrase("Connection").say(), w.textLink(s)},
		{textAnswerTime.say(), textMeasuring.say()},
		{phrase("Waiting changes").say(), textWaitingOf(s)},
		{phrase("Counter").say(), w.model.me},
		{textCart.say(), w.textCartAndID()},
		{phrase("Folder of the data").say(), sys.DataDir},
	}
	if w.opt.Logbook != nil {
		all = append(all, fact{phrase("Folder of the log").say(), w.opt.Logbook.Dir()})
	}
	for i := range all {
		all[i].value = cmp.Or(data.Clean(all[i].value, longestFact), "–")
	}
	return all
}

// longestFact is how many characters of a value are shown.
const longestFact = 400

const (
	textAnswerTime phrase = "Answer time"
	textMeasuring  phrase = "Measuring…"
)

// textVersion is the version with its commit and its date, as far as they are
// known.
func textVersion(version string, sys System) string {
	day := ""
	if !sys.Date.IsZero() {
		day = textDay(sys.Date) + " " + sys.Date.Format("2006")
	}
	return joined(version, sys.Commit, day)
}

// joined puts together what there is of several values.
func joined(values ...string) string {
	return strings.Join(slices.DeleteFunc(values, func(v string) bool { return v == "" }), " · ")
}

// textKept says where the shop is kept.
func (w *Window) textKept() string {
	if w.place.Local {
		return phrase("On this computer").say()
	}
	unverified := ""
	if w.place.Unverified {
		unverified = textUnverified.say()
	}
	return joined(phrase("On the server {server}").with("server", w.place.Addr), unverified)
}

// textCartAndID names the cart on screen as people and as the shop does.
func (w *Window) textCartAndID() string {
	title, id := w.titleOf(w.tab), string(w.cart.ID())
	if title == id {
		return title
	}
	return joined(title, id)
}

// textLink is the state of the link, since when, and what keeps it from being
// better.
func (w *Window) textLink(s data.State) string {
	text := textPhase(s.Link, w.place.Local)
	if s.Link.Usable() && !s.Link.Since.IsZero() {
		text = phrase("{state}, since {time}").with("state", text, "time", textClock(s.Link.Since))
	}
	if s.Link.Fault == data.FaultNone {
		return text
	}
	return joined(text, w.textTrouble(s))
}

func textWaitingOf(s data.State) string {
	unkept := ""
	if s.Unkept > 0 {
		unkept = textUnkept(s.Unkept)
	}
	return joined(grouped(int64(len(s.Waiting))), unkept)
}

// factsText is the diagnostics as a text to be copied.
func factsText(facts []fact, events []string) string {
	var out strings.Builder
	out.WriteString(textTitle + "\n\n")
	for _, f := range facts {
		out.WriteString(f.name + ": " + f.value + "\n")
	}
	out.WriteString("\n" + textEvents.say() + "\n\n")
	for _, e := range events {
		out.WriteString(e + "\n")
	}
	return out.String()
}
