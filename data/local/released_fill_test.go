package local

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trolley/data"
)

// In files that are kept changes wait for this cart of this shop.
const (
	keptWaiting data.CartID = "waits"
	keptPlace   string      = "single 10.0.0.5:6379/0, shop main"
)

// keptStep is a change in a shop that is kept, with a store whose carts live so
// long.
type keptStep struct {
	timeout time.Duration
	cart    data.CartID
	change  data.Change
	since   int // the version of the schema that can hold it
}

// keptBrief lets a cart end before the next step.
const keptBrief = 20 * time.Millisecond

// keptSteps fill a shop that is kept. Those of a version that was released stay
// as they are; what a later one adds comes behind, but before the last: the cart
// of that is over, and no program has met it yet.
func keptSteps() []keptStep {
	steps := []keptStep{
		{0, "never", data.Change{Op: "kept-11", Kind: data.KindAdd, Product: "tea", Quantity: 5}, 1},
		{0, "cleared", data.Change{Op: "kept-21", Kind: data.KindAdd, Product: "tea", Quantity: 2}, 1},
		{0, "cleared", data.Change{Op: "kept-22", Kind: data.KindClear, Token: data.Token{Version: 1, Op: "kept-21"}}, 1},
		{time.Hour, theCart, data.Change{Op: "kept-01", Kind: data.KindAdd, Product: "espresso", Quantity: 2}, 1},
		{time.Hour, theCart, data.Change{Op: "kept-02", Kind: data.KindAdd, Product: "croissant", Quantity: 3}, 1},
		{time.Hour, theCart, data.Change{Op: "kept-03", Kind: data.KindStep, Product: "espresso", Quantity: 1}, 1},
		{time.Hour, theCart, data.Change{Op: "kept-04", Kind: data.KindSet, Product: "croissant", Quantity: 4, Seen: 3}, 1},
		{time.Hour, theCart, data.Change{Op: "kept-05", Kind: data.KindAdd, Product: "tea", Quantity: 1}, 1},
		{time.Hour, theCart, data.Change{Op: "kept-06", Kind: data.KindRemove, Product: "tea"}, 1},
		{keptBrief, "breakfast", data.Change{Op: "kept-61", Kind: data.KindAdd, Product: "croissant", Quantity: 1}, 2},
		{time.Hour, "table", data.Change{Op: "kept-41", Kind: data.KindAdd, Product: "croissant", Quantity: 1}, 2},
		{time.Hour, "table", data.Change{Op: "kept-42", Kind: data.KindName, Text: "Table 4"}, 2},
		{time.Hour, "sold", data.Change{Op: "kept-51", Kind: data.KindAdd, Product: "croissant", Quantity: 2}, 2},
		{time.Hour, "sold", data.Change{Op: "kept-52", Kind: data.KindCheckout, Token: data.Token{Version: 1, Op: "kept-51"}}, 2},
		{keptBrief, "lunch", data.Change{Op: "kept-31", Kind: data.KindAdd, Product: "espresso", Quantity: 2}, 1},
	}
	for i := range steps {
		steps[i].change.By = "Till 1"
	}
	return steps
}

// keptProducts are the products of a shop that is kept, before anything is sold.
func keptProducts() []data.Product {
	return []data.Product{
		{ID: "croissant", Name: "Croissant", Price: 310, Stock: 9},
		{ID: "espresso", Name: "Espresso", Price: 240, Barcode: "4006381333931", Stock: data.Unlimited},
		{ID: "tea", Name: "Größe \"L\" 🛒", Price: 180, Stock: data.Unlimited},
	}
}

// keptChanges are what waits in a file that is kept, by the form of its rows: 1
// knew no names, orders and undone changes, 2 no policy for the stock.
func keptChanges(form int) []data.Change {
	oversell := form >= 3
	changes := []data.Change{
		{Op: "wait-01", Kind: data.KindAdd, Product: "tea", Quantity: 2, Want: 2},
		{Op: "wait-02", Kind: data.KindStep, Product: "tea", Quantity: 3, Want: 5},
		{Op: "wait-03", Kind: data.KindSet, Product: "tea", Quantity: 4, Seen: 5, Want: 4},
		{Op: "wait-04", Kind: data.KindAdd, Product: "espresso", Quantity: 1, Want: 1},
		{Op: "wait-05", Kind: data.KindRemove, Product: "espresso"},
		{Op: "wait-06", Kind: data.KindClear, Token: data.Token{Version: 5, Op: "wait-05"}},
		{Op: "wait-07", Kind: data.KindAdd, Product: "tea", Quantity: 7, Want: 7, Undoes: "wait-06", Oversell: oversell},
		{Op: "wait-08", Kind: data.KindName, Text: "Table 9"},
		{Op: "wait-09", Kind: data.KindCheckout, Token: data.Token{Version: 8, Op: "wait-08"}, Oversell: oversell},
	}
	if form == 1 {
		changes = changes[:6]
	}
	for i := range changes {
		changes[i].By, changes[i].Name = "Till 1", "Größe \"L\" \x80"
		changes[i].At = time.Date(2026, 11, 21, 12, 0, i, 123_456_000, time.UTC)
	}
	return changes
}

var keepAs = flag.String("keep", "", "keep files as this program writes them, in this new folder of testdata/released")

// What a version leaves on the disk is kept with it, and opened by all that
// follow. See testdata/released/README.txt.
func TestKeepFilesOfThisVersion(t *testing.T) {
	if *keepAs == "" {
		t.Skip("only with -keep")
	}
	dir := filepath.Join("testdata", "released", *keepAs)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatalf("what is kept stays as it is: %v", err)
	}
	fillShop(t, dir)
	q := openQueueAs(t, QueueConfig{Dir: dir, Place: keptPlace})
	if err := q.Keep(t.Context(), keptWaiting, keptChanges(newestForm)); err != nil {
		t.Fatal(err)
	}
}

// fillShop makes a shop in which nothing is but what the steps make.
func fillShop(t *testing.T, dir string) {
	t.Helper()
	s := open(t, Config{Dir: dir})
	for _, p := range keptProducts() {
		if err := s.CreateProduct(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, s)
	for _, step := range keptSteps() {
		s := open(t, Config{Dir: dir, Timeout: step.timeout})
		if _, err := s.Apply(t.Context(), step.cart, step.change); err != nil {
			t.Fatalf("%s: %v", step.change.Op, err)
		}
		if step.timeout == keptBrief {
			<-time.After(2 * keptBrief)
		}
		closeStore(t, s)
	}
}
