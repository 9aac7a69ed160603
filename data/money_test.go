package data

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParseMoney(t *testing.T) {
	for text, want := range map[string]Money{
		"2": 200, "2.4": 240, "2,40": 240, " 2.40 ": 240, "0": 0, "0.01": 1, ",5": 50, ".05": 5,
		"007.10": 710, "10000000000": MaxPrice, "10000000000.00": MaxPrice,
	} {
		if got, err := ParseMoney(text); err != nil || got != want {
			t.Errorf("ParseMoney(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseMoneyRefuses(t *testing.T) {
	for text, reason := range map[string]string{
		"": "empty", "  ": "empty", "-1": "below zero", "1.234": "two decimals", "1,234.50": "write it like", "1.234,50": "write it like",
		".": "like 2.40", "1.": "like 2.40", "1.5,": "like 2.40", "+1": "like 2.40", "1e3": "like 2.40", "0x10": "like 2.40",
		"٢": "like 2.40", "2 €": "like 2.40", "10000000000.01": "above", strings.Repeat("9", 400): "above",
	} {
		var invalid *InvalidError
		_, err := ParseMoney(text)
		if !errors.As(err, &invalid) || invalid.What != "price" || !strings.Contains(invalid.Reason, reason) {
			t.Errorf("ParseMoney(%q): %v; want a reason with %q", text, err, reason)
		}
	}
}

func TestMoneyString(t *testing.T) {
	for m, want := range map[Money]string{
		0: "0.00", 5: "0.05", 240: "2.40", -5: "-0.05", -12345: "-123.45",
		math.MaxInt64: "92233720368547758.07", math.MinInt64: "-92233720368547758.08",
	} {
		if got := m.String(); got != want {
			t.Errorf("Money(%d) reads %q, want %q", int64(m), got, want)
		}
	}
}

func TestMoneyOverflowIsSeen(t *testing.T) {
	const least, most = Money(math.MinInt64), Money(math.MaxInt64)
	times := []struct {
		m  Money
		n  int64
		ok bool
	}{
		{240, 3, true}, {most, 1, true}, {most, 0, true}, {0, math.MinInt64, true}, {MaxPrice, DefaultMaxQuantity, true},
		{most, 2, false}, {least, -1, false}, {-1, math.MinInt64, false}, {MaxPrice, 1 << 53, false},
	}
	for _, c := range times {
		if got, ok := c.m.Times(c.n); ok != c.ok || ok && got != c.m*Money(c.n) {
			t.Errorf("%d times %d = %d, %v", c.m, c.n, got, ok)
		}
	}
	plus := []struct {
		a, b Money
		ok   bool
	}{
		{1, 2, true}, {most, 0, true}, {most, -1, true}, {least, most, true}, {0, least, true},
		{most, 1, false}, {least, -1, false}, {least, least, false},
	}
	for _, c := range plus {
		if got, ok := c.a.Plus(c.b); ok != c.ok || ok && got != c.a+c.b {
			t.Errorf("%d plus %d = %d, %v", c.a, c.b, got, ok)
		}
	}
}

// Whatever is typed, a price that is accepted lies in range and reads back as
// itself.
func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"2.40", "2,4", "-1", "1e9", "99999999999999999999", "0.00", ".,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMoney(s)
		if err != nil {
			return
		}
		if m < 0 || m > MaxPrice {
			t.Fatalf("ParseMoney(%q) = %d", s, m)
		}
		if again, err := ParseMoney(m.String()); err != nil || again != m {
			t.Fatalf("%q became %s, which reads as %d, %v", s, m, again, err)
		}
	})
}

func TestCartTotalIsExactOrSaysSo(t *testing.T) {
	line := func(price Money, n int64) Line {
		return Line{Product: Product{ID: "p", Price: price}, Known: true, Quantity: n}
	}
	damaged := Line{Product: Product{ID: "p"}, Known: true, Damaged: "1.5"}
	for name, c := range map[string]struct {
		cart  Cart
		sum   Money
		exact bool
	}{
		"empty":           {Cart{}, 0, true},
		"two lines":       {Cart{Lines: []Line{line(240, 3), line(5, 1)}}, 725, true},
		"unknown product": {Cart{Lines: []Line{line(240, 1), {Quantity: 2}}}, 240, false},
		"damaged line":    {Cart{Lines: []Line{damaged, line(240, 1)}}, 240, false},
		"more lines":      {Cart{Lines: []Line{line(240, 1)}, More: 1}, 240, false},
		"overflow":        {Cart{Lines: []Line{line(math.MaxInt64, 1), line(1, 1)}}, math.MaxInt64, false},
	} {
		if sum, exact := c.cart.Total(); sum != c.sum || exact != c.exact {
			t.Errorf("%s: total %d exact %v, want %d %v", name, sum, exact, c.sum, c.exact)
		}
	}
}
