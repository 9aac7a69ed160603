package data

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Identifiers of products, carts and operations. Values made by the Parse
// functions hold 1 to [MaxIDLen] characters of A-Z a-z 0-9 . _ - only: braces
// would move a Redis hash tag, colons would leave the key's name space. An id
// read from a store may hold anything and is only ever handed back to it.
type (
	ProductID string
	CartID    string
	OpID      string
)

// MaxIDLen is the longest id accepted, in bytes.
const MaxIDLen = 128

// MaxCounterLen is the longest name of a counter, in bytes.
const MaxCounterLen = 64

// ParseProductID checks a product id that a person typed.
func ParseProductID(s string) (ProductID, error) {
	return ProductID(s), checkID("product id", s)
}

// ParseCartID checks a cart id from the configuration or a person.
func ParseCartID(s string) (CartID, error) {
	return CartID(s), checkID("cart name", s)
}

// madeForm is how a new cart's id tells when it was made, in UTC.
const madeForm = "cart-20060102T150405Z"

// NewCartID returns the id of a new cart, which no other counter comes to make.
func NewCartID(now time.Time) CartID {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return CartID(now.UTC().Format(madeForm) + "-" + hex.EncodeToString(b[:]))
}

// Made returns when a cart was made, as far as its id tells.
func (c CartID) Made() (time.Time, bool) {
	if len(c) < len(madeForm) {
		return time.Time{}, false
	}
	at, err := time.Parse(madeForm, string(c[:len(madeForm)]))
	return at, err == nil
}

// CheckShop reports why a shop's name cannot be used; it becomes part of every
// key, so the rules are those of an id.
func CheckShop(s string) error { return checkID("shop name", s) }

func checkID(what, s string) error {
	if s == "" {
		return &InvalidError{What: what, Value: s, Reason: "it is empty"}
	}
	if len(s) > MaxIDLen {
		return &InvalidError{What: what, Value: Clean(s, 40), Reason: fmt.Sprintf("it is longer than %d characters", MaxIDLen)}
	}
	for _, r := range s {
		if !idRune(r) {
			return &InvalidError{What: what, Value: Clean(s, 40),
				Reason: fmt.Sprintf("%q is not allowed; letters A-Z, digits, dot, dash and underscore are", r)}
		}
	}
	return nil
}

func idRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-'
}

// CheckCounter reports why a counter's name cannot be used. Names may hold
// spaces and any letters, but no control characters.
func CheckCounter(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return &InvalidError{What: "counter name", Value: s, Reason: "it is empty"}
	case len(s) > MaxCounterLen:
		return &InvalidError{What: "counter name", Value: Clean(s, 40), Reason: fmt.Sprintf("it is longer than %d bytes", MaxCounterLen)}
	case Clean(s, MaxCounterLen) != s:
		return &InvalidError{What: "counter name", Value: Clean(s, 40), Reason: "it holds characters that cannot be shown"}
	}
	return nil
}

// IDFrom makes an id of any text by replacing what an id may not hold; it may
// come out empty.
func IDFrom(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		if !idRune(r) {
			dash = b.Len() > 0
			continue
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		if b.Len() >= MaxIDLen/2 {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// NewOp returns a fresh operation id: 128 random bits.
func NewOp() OpID {
	var b [16]byte
	// Since Go 1.24 Read never returns an error; it ends the program instead.
	_, _ = rand.Read(b[:])
	return OpID(hex.EncodeToString(b[:]))
}

// DerivedOp returns the operation id that every counter derives from the same
// parts. Two counters that bring the same expired cart back thereby send the
// same operations, and the store applies each of them once.
func DerivedOp(parts ...string) OpID {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return OpID(hex.EncodeToString(h[:16]))
}

// RestoreOp returns the id of the change that puts a product back which the
// operation after took out, or which was in a cart that ran out after it.
func RestoreOp(after OpID, p ProductID) OpID { return DerivedOp("restore", string(after), string(p)) }

// Clean makes text from outside fit to be shown: valid UTF-8 without control
// and direction-changing characters, white space folded to single spaces, at
// most limit bytes.
func Clean(s string, limit int) string {
	if len(s) > 4*limit {
		s = s[:4*limit]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.TrimRight(s[:limit], " ")
}
