package data

import (
	"strings"
	"testing"
	"time"
)

func TestNameOfACopyAsideSaysWhereItComesFrom(t *testing.T) {
	long := strings.Repeat("Größe ", 12)
	for _, c := range []struct{ name, by, want string }{
		{"", "Counter 2", "Counter 2"},
		{"Table 4", "Counter 2", "Table 4 (Counter 2)"},
		{strings.TrimSpace(long), "Till", "Größe Größe Größe Größe Größe Größe Größe G (Till)"},
	} {
		got := nameAside(c.name, c.by)
		if err := CheckCartName(got); err != nil || c.want != got {
			t.Errorf("%q of %q is called %q (%v), want %q", c.name, c.by, got, err, c.want)
		}
	}
	if got := nameAside(long, long[:MaxCounterLen]); CheckCartName(got) != nil || !strings.Contains(got, " (Größe ") {
		t.Errorf("with long names it is called %q", got)
	}
}

func TestCopyAsideHasAnIDOfItsOwn(t *testing.T) {
	began := time.UnixMicro(1_800_000_000_000_000)
	line := []Line{{Product: Product{ID: "tea"}, Quantity: 1, Added: began}}
	of := func(id CartID, began time.Time, token Token) CartID {
		return newOrigin(Cart{ID: id, Lines: line, Token: token}, CartInfo{Began: began}).aside()
	}
	longest := CartID(strings.Repeat("x", MaxIDLen))
	seen := map[CartID]bool{}
	for _, id := range []CartID{
		of("c", began, Token{}), of("d", began, Token{}), of("c", began.Add(time.Microsecond), Token{}),
		of(longest, began, Token{}), of(longest[1:], began, Token{}),
	} {
		if _, err := ParseCartID(string(id)); err != nil || seen[id] {
			t.Errorf("%q (%v), seen before %t", id, err, seen[id])
		}
		seen[id] = true
	}
	later := Token{Version: 9, Op: "later"}
	if a, b := of("c", began, Token{}), of("c", began, later); a != b {
		t.Errorf("once the cart has changed it is %q, was %q", b, a)
	}
	if a, b := of("c", time.Time{}, Token{}), of("c", time.Time{}, later); a != b {
		t.Errorf("of a cart of unknown age it is %q, was %q", b, a)
	}
}
