package data

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestIDs(t *testing.T) {
	for _, id := range []string{"a", "coffee-1", "A.b_C-9", "4006381333931", "..", strings.Repeat("x", MaxIDLen)} {
		if got, err := ParseProductID(id); err != nil || string(got) != id {
			t.Errorf("product id %q: %v", id, err)
		}
		if got, err := ParseCartID(id); err != nil || string(got) != id {
			t.Errorf("cart id %q: %v", id, err)
		}
	}
}

func TestIDsRefuseWhatWouldLeaveTheShop(t *testing.T) {
	for _, id := range []string{
		"", " ", "a b", "a:b", "{a}", "}", "a\x00b", "a\nb", "a/b", "a\\b", "*", "café", "a\u202eb", "a\u200bb", "\xff", "日本",
		strings.Repeat("x", MaxIDLen+1),
	} {
		var invalid *InvalidError
		if _, err := ParseProductID(id); !errors.As(err, &invalid) || invalid.What != "product id" {
			t.Errorf("product id %q: %v", id, err)
		}
		if err := CheckShop(id); !errors.As(err, &invalid) || invalid.What != "shop name" {
			t.Errorf("shop %q: %v", id, err)
		} else if strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("the error about %q cannot be shown: %q", id, err)
		}
	}
}

func TestCounterNames(t *testing.T) {
	for _, name := range []string{"Till 1", "Käse-Theke", "日本", "a/b:c{d}", strings.Repeat("x", MaxCounterLen)} {
		if err := CheckCounter(name); err != nil {
			t.Errorf("counter %q: %v", name, err)
		}
	}
	for _, name := range []string{"", "  ", " Till", "Till ", "a\tb", "a\x00", "a\u202eb", "\xff", strings.Repeat("ä", MaxCounterLen/2+1)} {
		if CheckCounter(name) == nil {
			t.Errorf("counter %q was accepted", name)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                   "plain",
		"  a \t\n b\u00a0\u2028c": "a b c",
		"a\x00b\x1b[31mc\x7f":     "ab[31mc",
		"a\u202egnp.exe":          "agnp.exe",
		"\u2066x\u2069\u200b":     "x",
		"a\xffb\xc3":              "ab",
		"\ufeffCrème brûlée":      "Crème brûlée",
		"123456789012":            "1234567890123456"[:12],
		"aaaaaaaaaaaaaaaää":       "aaaaaaaaaaaaaaa",
		"aaaaaaaaaaaaaaa bb":      "aaaaaaaaaaaaaaa",
		strings.Repeat("a", 1000): "aaaaaaaaaaaaaaaa",
		"\x01\x02":                "",
	} {
		if got := Clean(text, 16); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

// Text from anywhere comes out short, valid, without anything that could
// disturb a line of the window, and cleaning it again changes nothing.
func TestCleanAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		limit := rapid.IntRange(0, 40).Draw(t, "limit")
		c := Clean(s, limit)
		if len(c) > limit || !utf8.ValidString(c) || strings.TrimSpace(c) != c || Clean(c, limit) != c {
			t.Fatalf("Clean(%q, %d) = %q", s, limit, c)
		}
		if strings.ContainsFunc(c, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Fatalf("Clean(%q) left something in %q", s, c)
		}
	})
}

func TestIDFrom(t *testing.T) {
	for text, want := range map[string]string{
		"Espresso Beans 1 kg": "espresso-beans-1-kg", "  {a}:b  ": "a-b", "日本": "", "TILL_1": "till_1",
	} {
		if got := IDFrom(text); got != want {
			t.Errorf("IDFrom(%q) = %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		id := IDFrom(rapid.String().Draw(t, "text"))
		if id != "" && checkID("id", id) != nil {
			t.Fatalf("IDFrom made %q", id)
		}
	})
}

func TestOperationIDs(t *testing.T) {
	if a, b := NewOp(), NewOp(); a == b || checkID("op", string(a)) != nil {
		t.Errorf("two fresh operation ids: %q and %q", a, b)
	}
	if here, there := DerivedOp("a", "b"), DerivedOp("a", "b"); here != there || checkID("op", string(here)) != nil {
		t.Errorf("two counters derive %q and %q from the same parts", here, there)
	}
	if DerivedOp("a", "b") == DerivedOp("ab") || DerivedOp("a", "b") == DerivedOp("b", "a") {
		t.Error("different parts make the same id")
	}
}
