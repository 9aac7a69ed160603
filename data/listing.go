package data

import (
	"strings"
	"time"
)

// Visit says which carts a running program has open.
type Visit struct {
	Session string // of the program, unlike any other's; 1 to 64 characters as in an id
	Counter string
	Open    []CartID // at most MaxOpen; none: it is leaving
}

// Limits of what a shop's counters have open.
const (
	HereLife = 12 * time.Second // how long a visit counts
	MaxOpen  = 50               // carts that one program has open
	MaxCarts = 200              // carts in a list
)

// CartInfo is a cart of the shop in a list.
type CartInfo struct {
	ID      CartID
	Name    string // that a person gave it; empty: none
	Lines   int
	Items   int64
	Total   Money     // of all lines whose price is known
	Exact   bool      // that is all lines
	Began   time.Time // when its first line came in, by the store's clock; zero: unknown
	Expires time.Time // by this computer's clock; zero: never
	Last    Event     // the last change; without a Token: unknown
	Here    []Here    // who has it open, in the order of their names
}

// Here is a counter that has a cart open.
type Here struct {
	Counter string
	Session string
}

// MaxCartNameLen is the longest name of a cart, in bytes.
const MaxCartNameLen = 64

// CheckCartName reports why a cart cannot be called so. The empty name, which
// is none, is fine.
func CheckCartName(s string) error {
	switch {
	case len(s) > MaxCartNameLen:
		return &InvalidError{What: "name of the cart", Value: Clean(s, 40), Reason: "it is too long"}
	case s != "" && strings.TrimSpace(s) == "":
		return &InvalidError{What: "name of the cart", Value: Clean(s, 40), Reason: "it is empty"}
	case Clean(s, MaxCartNameLen) != s:
		return &InvalidError{What: "name of the cart", Value: Clean(s, 40), Reason: "it holds characters that cannot be shown"}
	}
	return nil
}
