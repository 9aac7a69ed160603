package local

import (
	"reflect"
	"testing"

	"trolley/data"
)

func TestQueueKeepsWhetherMoreIsSoldThanCounted(t *testing.T) {
	dir := t.TempDir()
	changes := someChanges(0, 14)
	for i := range changes {
		changes[i].Oversell = i%2 == 0
	}
	q := openQueue(t, dir)
	keep(t, q, changes)
	wantLeft(t, q, changes)
	closeQueue(t, q)
	wantLeft(t, openQueue(t, dir), changes)
}

// The row is as programs before wrote it, which knew of no such policy.
func TestRowOfAProgramBeforeSellsNoMoreThanCounted(t *testing.T) {
	r := row{place: thePlace, cart: string(theCart), op: "op-1", change: `{"op":"op-1","kind":"add","product":"dGVh","quantity":2,` +
		`"by":"Till 1","at":"2026-11-01T10:00:00Z","name":"VGVh","want":2}`}
	c, err := r.decode()
	if err != nil || c.Product != "tea" || c.Quantity != 2 || c.Oversell {
		t.Errorf("read as %+v, %v", c, err)
	}
	again, err := encodeRow(r.place, theCart, c)
	if err != nil || again.change != r.change {
		t.Errorf("written as %s (%v), want %s", again.change, err, r.change)
	}
	if back, err := again.decode(); err != nil || !reflect.DeepEqual(back, c) || back.Kind != data.KindAdd {
		t.Errorf("read again as %+v, %v", back, err)
	}
}
