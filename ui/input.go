package ui

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/message"
)

// entryRequest is what a text in the search box asks for.
type entryRequest struct {
	Quantity int64  // 1 or more
	Take     bool   // take that many out instead of adding them
	Text     string // the product's name or id, trimmed; never empty
}

// Texts in the search box that ask for nothing yet.
var (
	// errNothingTyped means that the box is empty.
	errNothingTyped = errors.New("type or scan a product")
	// errProductAwaited means that there is a quantity without a product, as
	// in "3*": the product comes with the next scan.
	errProductAwaited = errors.New("type or scan the product")
)

// inputError says in a sentence for people why a typed quantity cannot be used.
type inputError struct {
	Text   string // what was typed for the quantity
	Reason string
}

func (e *inputError) Error() string { return e.Reason }

// parseEntry reads the text of the search box. The largest quantity is limit.
//
//	espresso            one espresso
//	3*espresso          three; spaces around the star are fine
//	3x espresso         three; also 3×espresso
//	3x4006381333931     three of that barcode
//	-espresso           take one out
//	-2*espresso         take two out
//
// An x counts only before a space or a barcode, so that "2x4 timber" stays a
// name; × counts everywhere. A lone number is a barcode, never a
// quantity. A product's own name or code may look like a request: look that up
// first.
//
// The error is errNothingTyped, errProductAwaited (the request then holds
// Quantity and Take), or an *inputError.
func parseEntry(text string, limit int64) (entryRequest, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return entryRequest{}, errNothingTyped
	}
	rest, take := strings.CutPrefix(text, "-")
	request := entryRequest{Quantity: 1, Take: take, Text: strings.TrimSpace(rest)}
	if number, product, ok := cutQuantity(request.Text); ok {
		quantity, err := parseQuantity(number, 1, limit)
		if err != nil {
			return entryRequest{}, err
		}
		request.Quantity, request.Text = quantity, product
	}
	if request.Text == "" {
		return request, errProductAwaited
	}
	return request, nil
}

// cutQuantity splits "3*espresso" at the sign. What stands before it has to
// look like a number, else the sign belongs to the name, as in "a*b".
func cutQuantity(text string) (number, product string, ok bool) {
	end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.,+-", r) })
	if end <= 0 {
		return "", "", false
	}
	number, rest := text[:end], strings.TrimLeft(text[end:], " ")
	if !strings.ContainsAny(number, "0123456789") {
		return "", "", false
	}
	for _, sign := range []string{"*", "×"} {
		if product, found := strings.CutPrefix(rest, sign); found {
			return number, strings.TrimSpace(product), true
		}
	}
	if rest == "" || rest[0] != 'x' && rest[0] != 'X' {
		return "", "", false
	}
	product = rest[1:]
	first, _ := utf8.DecodeRuneInString(product)
	return number, strings.TrimSpace(product), unicode.IsSpace(first) || looksLikeBarcode(product)
}

// shortestBarcode is the number of digits of an EAN-8, the shortest barcode in
// shops. No quantity has as many.
const shortestBarcode = 8

func looksLikeBarcode(text string) bool {
	return len(text) >= shortestBarcode && strings.Trim(text, "0123456789") == ""
}

// parseQuantity reads a whole number within bounds. The error is an
// *inputError. Nothing is rounded or cut.
func parseQuantity(text string, low, high int64) (int64, error) {
	text = strings.TrimSpace(text)
	digits := strings.TrimLeft(text, "+-")
	switch {
	case digits == "" || strings.Trim(digits, "0123456789") != "" || len(text)-len(digits) > 1:
		return 0, &inputError{Text: text, Reason: phrase("A quantity is a whole number.").say()}
	case looksLikeBarcode(text):
		return 0, &inputError{Text: text, Reason: phrase("That looks like a barcode, not a quantity.").say()}
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < low || value > high {
		return 0, &inputError{Text: text, Reason: quantityBounds(low, high)}
	}
	return value, nil
}

func quantityBounds(low, high int64) string {
	return phrase("Quantities go from {low} to {high}.").with("low", grouped(low), "high", grouped(high))
}

// grouped writes a number with the separators of the window's language, as in
// 9,999.
func grouped(n int64) string {
	return message.NewPrinter(spoken.Load().formats()).Sprintf("%d", n)
}
