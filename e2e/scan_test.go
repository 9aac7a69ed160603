//go:build e2e && linux

package e2e

import (
	"image"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redistest"
	"trolley/data/sample"
	"trolley/e2e/desk"
)

// Scans of one test: so many usually, and in a soak.
const (
	someScans = 30
	manyScans = 200
	burst     = 20 // scans without a pause between them
)

func scansToDo() int {
	if os.Getenv("TROLLEY_SOAK") != "" {
		return manyScans
	}
	return someScans
}

// goods are what is scanned: bottles by their barcode, coffee by its id. There
// is enough of each for any draw.
func goods() map[string]data.ProductID {
	codes := map[string]data.ProductID{"espresso": "espresso", "flat-white": "flat-white", "cappuccino": "cappuccino"}
	for _, p := range sample.Products() {
		if p.Barcode != "" && (p.Stock == data.Unlimited || p.Stock >= 30) {
			codes[p.Barcode] = p.ID
		}
	}
	return codes
}

// drawScans draws n scans, every fourth one a repetition of the one before, and
// what they come to.
func drawScans(rng *rand.Rand, n int) (scans []string, sum map[data.ProductID]int64) {
	codes := goods()
	pool := slices.Sorted(maps.Keys(codes))
	sum = map[data.ProductID]int64{}
	for i := range n {
		code := pool[rng.IntN(len(pool))]
		if i%4 == 3 {
			code = scans[i-1]
		}
		if sum[codes[code]] == 30 { // no shelf is emptied
			code = "espresso"
		}
		scans = append(scans, code)
		sum[codes[code]]++
	}
	return scans, sum
}

func TestEveryScanCountsOnce(t *testing.T) {
	for name, perKey := range map[string]time.Duration{"like a scanner": 15 * time.Millisecond, "as fast as keys can come": desk.QuickestKey} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(redistest.Seed(t), 0))
			server := newServer(t)
			w := newLoneCounter(t, server, "counter-1")
			store := openStore(t, server)
			scans, want := drawScans(rng, scansToDo())
			third := len(scans) / 3
			scanAll(t, w, perKey, scans[:third])
			scanAtDialog(t, w, perKey, scans[third:2*third], "ctrl+slash", "Keyboard shortcuts")
			scanAtDialog(t, w, perKey, scans[2*third:], "ctrl+shift+n", "New product")
			awaitCart(t, store, want)
			expectSearchEmpty(t, w, server, want)
			if n := strings.Count(w.Log(), "msg=dialog"); n != 2 {
				t.Errorf("%d dialogs were opened, want the two that were asked for", n)
			}
		})
	}
}

// scanAll scans without a pause, as far as one call of the tool takes it.
func scanAll(t *testing.T, w *desk.Window, perKey time.Duration, scans []string) {
	t.Helper()
	for len(scans) > 0 {
		n := min(burst, len(scans))
		check(t, w.Scan(perKey, scans[:n]...))
		scans = scans[n:]
	}
}

// scanAtDialog opens a dialog in the middle of scanning. No scan may answer it
// or type into it: it looks the same afterwards.
func scanAtDialog(t *testing.T, w *desk.Window, perKey time.Duration, scans []string, keys, title string) {
	t.Helper()
	half := len(scans) / 2
	scanAll(t, w, perKey, scans[:half])
	check(t, w.Key(keys))
	asks(t, w, title)
	before := middle(t, w)
	scanAll(t, w, perKey, scans[half:])
	if desk.Differ(before, middle(t, w)) {
		t.Errorf("scanning has changed the dialog %q", title)
	}
	check(t, w.Key("Escape"))
}

// middle returns what stands in the middle of the window, once it stands still:
// all of it belongs to the dialog that is open.
func middle(t *testing.T, w *desk.Window) *image.RGBA {
	t.Helper()
	check(t, w.Still())
	all, err := w.Image()
	check(t, err)
	center := all.Rect.Min.Add(all.Rect.Size().Div(2))
	return all.SubImage(image.Rectangle{Min: center, Max: center}.Inset(-140)).(*image.RGBA)
}

// awaitCart waits until the cart holds exactly these quantities.
func awaitCart(t *testing.T, store data.Backend, want map[data.ProductID]int64) {
	t.Helper()
	var got map[data.ProductID]int64
	err := desk.Until("every scan is in the cart", func() (bool, error) {
		reading, err := store.Read(t.Context(), cart, data.Token{}, "")
		got = quantities(reading.Cart)
		return maps.Equal(got, want), err
	})
	if err != nil {
		t.Fatalf("%v\nit holds  %v\nscanned was %v", err, got, want)
	}
}

// expectSearchEmpty fails unless what is typed next stands alone in the search
// box.
func expectSearchEmpty(t *testing.T, w *desk.Window, server *redistest.Server, had map[data.ProductID]int64) {
	t.Helper()
	if had["doppio"] != 0 {
		t.Fatal("doppio is not among the goods")
	}
	check(t, w.Enter("doppio"))
	awaitScore(t, server, "doppio", "1")
}
