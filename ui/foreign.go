package ui

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trolley/data"
)

// foreign says a text of package data, which has no phrases, in the language of
// the window. It may be listed with {n} for its last number, with {value} for
// what it quotes, or with {setting} for a variable of the environment. What is not
// known stays as it is.
func foreign(text string) string {
	if slices.Contains(foreignTexts, phrase(text)) {
		return phrase(text).say()
	}
	for _, find := range foreignValues {
		key, pairs, found := find(text)
		if !found {
			continue
		}
		if i := slices.IndexFunc(foreignCounts, func(p plural) bool { return string(p.other) == key }); i >= 0 {
			n, _ := strconv.ParseInt(pairs[1], 10, 64) // digits
			return foreignCounts[i].of(n)
		}
		if slices.Contains(foreignTexts, phrase(key)) {
			return phrase(key).with(pairs...)
		}
	}
	return phrase(text).say()
}

// foreignValues find what a text has that others of its kind have otherwise.
var foreignValues = []func(text string) (key string, pairs []string, found bool){withNumber, withQuote, withSetting}

// lastNumber finds the last number of a text.
var lastNumber = regexp.MustCompile(`\d+(\.\d+)?(\D*)$`)

// withNumber leaves the last number of a text out. One with a point is money.
func withNumber(text string) (string, []string, bool) {
	at := lastNumber.FindStringIndex(text)
	if at == nil {
		return "", nil, false
	}
	rest := strings.TrimLeft(text[at[0]:], "0123456789.")
	number := strings.TrimSuffix(text[at[0]:], rest)
	if m, err := data.ParseMoney(number); err == nil && strings.Contains(number, ".") {
		number = textMoney(m)
	}
	return text[:at[0]] + "{n}" + rest, []string{"n", number}, true
}

var quotedValue = regexp.MustCompile(`'[^']+'|"[^"]+"`)

func withQuote(text string) (string, []string, bool) {
	found := quotedValue.FindString(text)
	if found == "" {
		return "", nil, false
	}
	return strings.Replace(text, found, "{value}", 1), []string{"value", quoted(found[1 : len(found)-1])}, true
}

var settingName = regexp.MustCompile(`\bTROLLEY(_[A-Z]+)+`)

func withSetting(text string) (string, []string, bool) {
	names := settingName.FindAllString(text, -1)
	if len(names) == 0 {
		return "", nil, false
	}
	text = strings.Replace(text, names[0], "{setting}", 1)
	if len(names) == 1 {
		return text, []string{"setting", names[0]}, true
	}
	return strings.Replace(text, names[1], "{other}", 1), []string{"setting", names[0], "other", names[1]}, true
}

// foreignCounts are those of the texts that count something.
var foreignCounts = []plural{
	{"it is longer than {n} character", "it is longer than {n} characters"},
	{"it is longer than {n} byte", "it is longer than {n} bytes"},
	{"it is larger than {n} byte", "it is larger than {n} bytes"},
	{"the file is longer than {n} byte", "the file is longer than {n} bytes"},
}

// foreignTexts are the texts of package data that are looked up by what they
// say. They stand here to be translated.
var foreignTexts = []phrase{
	"it is empty",
	"it is below zero",
	"it is above {n}",
	"it is not between 0 and {n}",
	"it has more than two decimals",
	"write it like {n}",
	"it is too long",
	"it is empty or too long",
	"it is below zero or too large",
	"it is too long or holds characters that cannot be shown",
	"it is too long or holds characters that a barcode cannot",
	"it holds characters that cannot be shown",
	"it is not one of ours",
	"{value} is not allowed; letters A-Z, digits, dot, dash and underscore are",
	"it has no name",
	"its price cannot be read",
	"its stock cannot be read",
	"the other shop has something else in its place",

	"the catalogue has no such product",
	"a product with this id is there already",
	"the cart was changed meanwhile",
	"the operation id was used for another change",
	"the shop has products already",
	"it waited too long to be sent again safely",

	// Of a connection and of settings.
	"it is not single, sentinel or cluster",
	"it is no host name",
	"a whole address goes into the field for the link",
	"the port goes into its own field",
	"it is not a number from 1 to {n}",
	"it is not a whole path, like /run/redis/redis.sock",
	"it is not the number of a database, like {n}",
	"a cluster has no database but {n}",
	"it holds a line break or another character that no password can have",
	"choose where to keep it",
	"it is not a whole path from the root",
	"it is not a file",
	"the file is too large",
	"the file cannot be read: there is none of this name",
	"the file cannot be read: this account may not",
	"the file holds no certificate in PEM form",
	"a certificate needs the file with its key",
	"a key needs the file with its certificate",
	"the two files are no certificate and key in PEM form that belong together",
	"it is no list like host1:26379,host2:{n}",
	"it is not 0 (never) and not 1s or more", // exact: a number in it is no value
	"it does not begin with redis://, rediss:// or unix://",
	"it is no address that can be read; special characters of a password are written as %XX",
	"it names no host; write it like redis://host:{n}",
	"its port is not a number from 1 to {n}",
	"what follows the host is not the number of a database, as in redis://host:6379/{n}",
	"it names no socket; write it like unix:///run/redis/redis.sock",
	"it is not debug, info, warn or error",
	"it is not yes or no",
	"it is not a folder",
	"this computer names no folder for application data; give one",
	"write it like 30m, 1h30m or 90s; 0 means never",
	"the file is empty",
	"the file holds more than one line",
	"it does not belong in this file",
	"it is no text in UTF-8",
	"line {n} is not of the form NAME=value",
	"other accounts of this computer may read the passwords in it; enter the password anew, or run chmod 600 on it",
	"mode sentinel needs the master's name",
	"it is for {setting}=sentinel only",
	"it is for {setting}=sentinel or cluster; a single server goes in {other}",
	"it needs a server with TLS; set {setting} to rediss://...",
	"it is for TLS, and {setting} does not begin with rediss://",
	"a certificate and its key belong together; set {setting} and {other}",
	"there is no such variable; did you mean {setting}?",
	"it has a ? or # that means nothing to Trolley; in a password write %3F or %23",
	"after the socket only ?db= and the number of a database may follow",
}
