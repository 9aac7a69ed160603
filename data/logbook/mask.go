package logbook

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// masked stands in place of a secret.
const masked = "***"

// shortSecret is how many characters a secret must have to be masked within
// words. Shorter ones would take words apart in every line.
const shortSecret = 4

// Masker takes secrets out of texts: those it was told of, in every form that a
// log or an error gives them, and the password of any URL. The zero value knows
// no secrets yet. It may be used from several goroutines.
type Masker struct {
	mu    sync.Mutex // held by Add
	known atomic.Pointer[forms]
}

// forms are the secrets of a Masker in all the ways in which they are written.
type forms struct {
	secrets []string
	long    *strings.Replacer
	short   []string
}

// Add has a secret masked from now on. One of spaces and stars alone is none:
// it stands in every masked text.
func (m *Masker) Add(secret string) {
	if strings.Trim(secret, " *") == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []string
	if known := m.known.Load(); known != nil {
		all = known.secrets
	}
	if !slices.Contains(all, secret) {
		m.known.Store(formsOf(append(slices.Clip(all), secret)))
	}
}

func formsOf(secrets []string) *forms {
	f := &forms{secrets: secrets}
	var long []string
	for _, s := range secrets {
		if utf8.RuneCountInString(s) < shortSecret {
			f.short = append(f.short, written(s)...)
		} else {
			long = append(long, written(s)...)
		}
	}
	// The longest first: one secret may be a part of another.
	byLength := func(a, b string) int { return len(b) - len(a) }
	slices.SortStableFunc(long, byLength)
	slices.SortStableFunc(f.short, byLength)
	var pairs []string
	for _, s := range long {
		pairs = append(pairs, s, masked)
	}
	f.long = strings.NewReplacer(pairs...)
	return f
}

// written returns the ways in which a secret can stand in a text: as it is, as
// part of a URL, and between quotation marks, up to three times.
func written(secret string) []string {
	all := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.TrimPrefix(url.UserPassword("", secret).String(), ":")}
	for range 3 {
		for _, s := range all {
			all = append(all, within(strconv.Quote(s)), within(strconv.QuoteToASCII(s)))
			if text, err := json.Marshal(s); err == nil {
				all = append(all, within(string(text)))
			}
		}
		slices.Sort(all)
		all = slices.Compact(all)
	}
	return all
}

// within takes the quotation marks off.
func within(quoted string) string { return quoted[1 : len(quoted)-1] }

// inURL finds the password in a URL, which may hold what should have been
// escaped, up to the last @ of the word.
var inURL = regexp.MustCompile(`(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@"]*:)(?:[^\s"\\]|\\.)+@`)

// called finds the value of something that is called a password.
var called = regexp.MustCompile(`(?i)(\w*(?:password|passwd|passphrase|passwort|pwd|secret|requirepass|masterauth)\\*["']?\s*[:=]\s*)` + value)

// value is a word, or several between quotation marks, which may be escaped.
const value = `(?:"(?:[^"\\]|\\.)*"|\\+"(?:[^"\\]|\\+[^"\\])*\\+"|'[^']*'|(?:[^\s"\\]|\\.)+)`

// Mask returns a text without its secrets. A nil Masker knows none.
func (m *Masker) Mask(text string) string {
	text = inURL.ReplaceAllString(text, "${1}"+masked+"@")
	if m != nil {
		if known := m.known.Load(); known != nil {
			text = known.long.Replace(text)
			for _, s := range known.short {
				text = replaceWord(text, s)
			}
		}
	}
	return called.ReplaceAllString(text, "${1}"+masked)
}

// replaceWord masks a short secret where no letter or digit is beside it.
func replaceWord(text, secret string) string {
	var out strings.Builder
	before := rune(0)
	for {
		at := strings.Index(text, secret)
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		if at > 0 {
			before, _ = utf8.DecodeLastRuneInString(text[:at])
		}
		after, _ := utf8.DecodeRuneInString(text[at+len(secret):])
		out.WriteString(text[:at])
		if inWord(before) || inWord(after) {
			out.WriteString(secret)
		} else {
			out.WriteString(masked)
		}
		before, _ = utf8.DecodeLastRuneInString(secret)
		text = text[at+len(secret):]
	}
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// mentioned finds what follows a word for a password, with nothing but a space
// between them.
var mentioned = regexp.MustCompile(`(?i)(\w*(?:password|passwd|passphrase|passwort|pwd|secret)\\*["']?\s+(?:(?:is|was|of|for)[\s:=]+)?)` + value)

// command finds what a Redis server is signed in with.
var command = regexp.MustCompile(`(\b(?:AUTH|auth)\s+)\S+(?:\s+\S+)?`)

// MaskAll is Mask for a text whose secrets may not be known: it masks what
// looks like one as well, and rather too much than too little.
func (m *Masker) MaskAll(text string) string {
	text = mentioned.ReplaceAllString(m.Mask(text), "${1}"+masked)
	return command.ReplaceAllString(text, "${1}"+masked)
}
