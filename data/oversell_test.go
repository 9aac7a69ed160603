package data

import "testing"

func TestOversellIsKeptForWhatIsSentAgain(t *testing.T) {
	b := newBench(t, 2)
	c := b.add("a", 1)
	c.Oversell = true
	b.confirm(c, 3)
	b.troubled(unavailable(FaultCut))
	if again, _, ok := b.toSend(); !ok || again != c {
		t.Errorf("sent again is %+v, want %+v", again, c)
	}
}

func TestOversellMakesNoOtherChange(t *testing.T) {
	for _, k := range []Kind{KindAdd, KindStep, KindSet, KindCheckout} {
		c := Change{Op: "op", Kind: k, Product: "tea", Quantity: 2, Seen: 1, By: "Till"}
		more := c
		more.Oversell = true
		if c.Fingerprint() != more.Fingerprint() {
			t.Errorf("%s: %q and %q", k, c.Fingerprint(), more.Fingerprint())
		}
	}
}
