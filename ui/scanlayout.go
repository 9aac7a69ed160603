package ui

import (
	"strings"
	"unicode"
)

// scanLayout takes back what happens when a scanner is set to another keyboard
// than the computer: it presses the right keys, and they mean something else.
type scanLayout struct {
	id   string // kept in the preferences
	name phrase
	// The runes that the computer makes of the keys, and those that the scanner
	// means by them, in the same order. Keys that wait for a second one are
	// left out.
	typed, meant string
}

// scanLayouts are the mix-ups that are known, the commonest first. But for the
// last one the scanner is set to an American keyboard.
var scanLayouts = []scanLayout{
	{"fr", "French AZERTY",
		`&é"'(-è_çà)=aqzw,;:!mùQAZWM?./§` + `1234567890°+`,
		`1234567890-=qawzm,./;'AQWZ:M<>?` + `!@#$%^&*()_+`},
	{"be", "Belgian AZERTY",
		`&é"'(§è!çà)-aqzw,;:=mùQAZWM?./+` + `1234567890°_`,
		`1234567890-=qawzm,./;'AQWZ:M<>?` + `!@#$%^&*()_+`},
	{"de", "German QWERTZ",
		`ßyzüöä-YZÜÖÄ;:_"§/()=?` + `#'`,
		`-zy[;'/ZY{:"<>?@#&*()_` + `\|`},
	{"cz", "Czech QWERTZ",
		`+ěščřžýáíéyzú)ů§-YZ` + `1234567890%?:_`,
		`1234567890zy[];'/ZY` + `!@#$%^&*()_<>?`},
	{"sk", "Slovak QWERTZ",
		`+ľščťžýáíéyzúäô§-YZ` + `1234567890%?:_`,
		`1234567890zy[];'/ZY` + `!@#$%^&*()_<>?`},
	{"shift", "digits with Shift",
		`!@#$%^&*()`,
		`1234567890`},
}

// layoutOf returns the layout with this id; one that is not known corrects
// nothing.
func layoutOf(id string) scanLayout {
	for _, l := range scanLayouts {
		if l.id == id {
			return l
		}
	}
	return scanLayout{}
}

// correct returns what the scanner meant.
func (l scanLayout) correct(code string) string {
	typed, meant := []rune(l.typed), []rune(l.meant)
	return strings.Map(func(r rune) rune {
		for i, t := range typed {
			if t == r {
				return meant[i]
			}
		}
		return r
	}, code)
}

// wrongLayout finds the layout in which a code makes sense that makes none as
// it came. Known tells whether a product has a code; it settles what the
// characters alone leave open.
func wrongLayout(code string, known func(string) bool) (scanLayout, bool) {
	if known(code) {
		return scanLayout{}, false
	}
	var likely scanLayout
	for _, l := range scanLayouts {
		meant := l.correct(code)
		switch {
		case meant == code:
		case known(meant):
			return l, true
		case likely.id == "" && !looksLikeCode(code) && looksLikeCode(meant):
			likely = l
		}
	}
	return likely, likely.id != ""
}

// looksLikeCode reports whether a text has what codes are made of: digits, and
// perhaps letters and the signs of an id.
func looksLikeCode(text string) bool {
	odd := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	}
	return strings.ContainsAny(text, "0123456789") && !strings.ContainsFunc(text, odd)
}
