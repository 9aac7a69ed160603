package data

import (
	"fmt"
	"math"
	"strings"
)

// Money is an amount in minor units (cents).
type Money int64

// MaxPrice is the highest price of a product, in minor units: 10^12. A full line
// of it (9,999 items) still is far from overflow; a cart full of such lines is
// not, which is why [Cart.Total] says whether it is exact.
const MaxPrice Money = 1_000_000_000_000

// String returns the amount with two decimals and a point, such as "2.40".
func (m Money) String() string {
	sign, u := "", uint64(m)
	if m < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// Times returns m multiplied by n, and false on overflow.
func (m Money) Times(n int64) (Money, bool) {
	if m == 0 || n == 0 {
		return 0, true
	}
	p := int64(m) * n
	if p/n != int64(m) || (n == -1 && int64(m) == math.MinInt64) {
		return 0, false
	}
	return Money(p), true
}

// Plus returns m added to n, and false on overflow.
func (m Money) Plus(n Money) (Money, bool) {
	s := m + n
	return s, (s > m) == (n > 0)
}

// ParseMoney reads a price as a person types it: "2", "2.4", "2,40". It takes
// at most two decimals and no sign, and refuses more than [MaxPrice].
func ParseMoney(s string) (Money, error) {
	text := strings.TrimSpace(s)
	bad := func(reason string) (Money, error) {
		return 0, &InvalidError{What: "price", Value: Clean(s, 40), Reason: reason}
	}
	if text == "" {
		return bad("it is empty")
	}
	if strings.HasPrefix(text, "-") {
		return bad("it is below zero")
	}
	whole, cents, point := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if whole == "" && cents == "" || point && cents == "" {
		return bad("write it like 2.40")
	}
	if strings.ContainsAny(cents, ".,") { // thousands are not parted
		return bad("write it like 2.40")
	}
	if len(cents) > 2 {
		return bad("it has more than two decimals")
	}
	var units int64
	for _, r := range whole + (cents + "00")[:2] {
		if r < '0' || r > '9' {
			return bad("write it like 2.40")
		}
		units = units*10 + int64(r-'0')
		if units > int64(MaxPrice) {
			return bad("it is above " + MaxPrice.String())
		}
	}
	return Money(units), nil
}
