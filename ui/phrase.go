package ui

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	forms "golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// phrase is a sentence of the window in English, and at the same time the key
// under which another language has its own. Whatever a person reads is a
// phrase or made of one: a widget takes a string, so that a phrase which nobody
// said does not compile.
//
// What is put in stands in braces, such as {name}: a translator can move it,
// and reads what it is. A phrase is a whole sentence or label, because the
// order and the endings of words differ between languages.
//
// The lookup is a map in memory. The toolkit's own (package lang) takes the
// language from the system and lets no program choose one, and the catalogues
// of golang.org/x/text know no named values; of those only the plural rules are
// used here.
type phrase string

// say returns the phrase in the language of the window, in English where that
// has none.
func (p phrase) say() string {
	if said := spoken.Load().phrases[p].Other; said != "" {
		return string(said)
	}
	return string(p)
}

// with is say with values put in: pairs of a name without its braces and what
// stands for it. Braces in a value are left alone.
func (p phrase) with(pairs ...string) string { return filled(p.say(), pairs) }

// plural is a phrase that counts something, which {n} stands for. These are the
// two forms of English; other languages have as many as they need, under the
// key of other.
type plural struct{ one, other phrase }

// of returns the phrase for n things, with values put in as phrase.with does.
func (p plural) of(n int64, pairs ...string) string {
	return filled(p.form(n), append([]string{"n", grouped(n)}, pairs...))
}

func (p plural) form(n int64) string {
	if said := spoken.Load().plural(p.other, n); said != "" {
		return string(said)
	}
	if n == 1 {
		return string(p.one)
	}
	return string(p.other)
}

// filled puts values in the places of their names in braces.
func filled(text string, pairs []string) string {
	braced := make([]string, len(pairs))
	for i, s := range pairs {
		if i%2 == 0 {
			s = "{" + s + "}"
		}
		braced[i] = s
	}
	return strings.NewReplacer(braced...).Replace(text)
}

// capital writes the first letter of a sentence large, for one that may begin
// with a value. Names of computers and of files stay as they are.
func capital(sentence string) string {
	word, _, _ := strings.Cut(sentence, " ")
	if strings.ContainsAny(strings.TrimRight(word, ".:,…"), "./\\:-_0123456789") {
		return sentence
	}
	first, n := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(first)) + sentence[n:]
}

// phraseForms are what a language has for a phrase, by the names of the
// Unicode CLDR. A phrase that does not count has only other.
type phraseForms struct {
	Zero, One, Two, Few, Many, Other phrase
}

// UnmarshalJSON implements json.Unmarshaler: a string, or an object of forms.
func (f *phraseForms) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &f.Other)
	}
	type object phraseForms // which has no UnmarshalJSON
	if err := json.Unmarshal(text, (*object)(f)); err != nil {
		return err
	}
	if f.Other == "" {
		return errors.New(`the form "other" is missing`)
	}
	return nil
}

// of returns the form for a plural category, other where there is none.
func (f phraseForms) of(category forms.Form) phrase {
	said := map[forms.Form]phrase{forms.Zero: f.Zero, forms.One: f.One, forms.Two: f.Two,
		forms.Few: f.Few, forms.Many: f.Many}[category]
	if said == "" {
		return f.Other
	}
	return said
}

// tongue is a language that the window can speak.
type tongue struct {
	tag     language.Tag
	region  language.Tag // the same with the country whose numbers are written; zero: tag
	phrases map[phrase]phraseForms
}

// formats is whose numbers are written.
func (t *tongue) formats() language.Tag {
	if t.region == language.Und {
		return t.tag
	}
	return t.region
}

// pluralDigits is above every count that a plural rule names. Of larger ones
// only the last digits matter.
const pluralDigits = 10_000_000

// plural returns the form of a phrase for n things; empty: there is none.
func (t *tongue) plural(p phrase, n int64) phrase {
	found, ok := t.phrases[p]
	if !ok {
		return ""
	}
	if n < 0 {
		n = -n
	}
	if n > pluralDigits {
		n = pluralDigits + n%pluralDigits // fits an int anywhere
	}
	return found.of(forms.Cardinal.MatchPlural(t.tag, int(n), 0, 0, 0, 0))
}

// spoken is the language of the window, which is English until speak chooses
// another. What is on the screen already keeps its words; Window.setLanguage
// draws it anew.
var spoken atomic.Pointer[tongue]

func init() { spoken.Store(&tongue{tag: language.English}) }

// languages holds a file for each language, such as pl.json. That of English
// lists every phrase with itself: it is what translators begin with.
//
//go:embed languages/*.json
var languages embed.FS

// speak chooses the language of the window, and the country whose numbers are
// written. A language that has no file, or an unreadable one, leaves everything
// as it is.
func speak(tag, region language.Tag) error {
	text, err := languages.ReadFile("languages/" + tag.String() + ".json")
	if err != nil {
		return fmt.Errorf("find the phrases in %s: %w", tag, err)
	}
	t := &tongue{tag: tag, region: region}
	if err := json.Unmarshal(text, &t.phrases); err != nil {
		return fmt.Errorf("read the phrases in %s: %w", tag, err)
	}
	spoken.Store(t)
	return nil
}
