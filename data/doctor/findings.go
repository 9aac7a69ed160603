package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"trolley/data"
)

// describe says in words what was found at a stage.
func describe(f data.Finding) string {
	text := ""
	switch f.Verdict {
	case data.Fine:
		return wellBecause(f)
	case data.Unknown:
		text = "The store does not tell."
	case data.Warned:
		text = cmp.Or(concerns[f.Concern], string(f.Concern))
	case data.Failed:
		text = sentence(f.Err)
	}
	if facts := known(f); facts != "" {
		text += " (" + facts + ")"
	}
	return text
}

// wellBecause is what there is to know about a stage that went well.
func wellBecause(f data.Finding) string {
	facts := known(f)
	if f.Stage == data.StageRights && facts != "" {
		return "All that a cart needs. Not allowed, and not needed at every counter: " + facts
	}
	return facts
}

// known puts what is known of a stage in words.
func known(f data.Finding) string {
	var parts []string
	if f.Facts != "" {
		parts = append(parts, f.Facts)
	}
	if !f.Until.IsZero() {
		parts = append(parts, "certificate valid to "+day(f.Until))
	}
	if f.Local {
		parts = append(parts, "not needed: it stays on this computer")
	}
	if f.Took > 0 {
		parts = append(parts, fmt.Sprintf("%.2f ms", float64(f.Took)/float64(time.Millisecond)))
	}
	if f.Ahead != 0 {
		parts = append(parts, "the server's is "+drift(f.Ahead))
	}
	if about := about(f.Err); !strings.Contains(f.Facts, about) {
		parts = append(parts, about)
	}
	return strings.Join(parts, ", ")
}

// aboutWords say what it is that a failure is about, where that is not plain.
var aboutWords = map[data.Fault]string{
	data.FaultUntrusted: "signed by ", data.FaultNeedsAuth: "user ", data.FaultWrongAuth: "user ",
	data.FaultNoDatabase: "database ", data.FaultMode: "its mode is ", data.FaultWrongName: "it is for ",
}

// about says what a failure is about; times as days.
func about(err error) string {
	var u *data.UnavailableError
	if !errors.As(err, &u) {
		return ""
	}
	at, notTime := time.Parse(time.RFC3339, u.About)
	switch {
	case notTime == nil:
		return day(at)
	case u.About == "":
		return ""
	}
	return aboutWords[u.Fault] + u.About
}

func day(at time.Time) string { return at.Local().Format("2 Jan 2006") }

// drift says how far another clock is ahead of this computer's, in its two
// largest units.
func drift(ahead time.Duration) string {
	way := "ahead"
	if ahead < 0 {
		way = "behind"
	}
	s := int64(ahead.Abs().Round(time.Second) / time.Second)
	units := []struct {
		name   string
		length int64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}}
	var words []string
	for _, u := range units {
		if n := s / u.length; n > 0 && len(words) < 2 {
			words = append(words, fmt.Sprint(n, " ", u.name))
		}
		s %= u.length
	}
	return strings.Join(append(words, way), " ")
}
