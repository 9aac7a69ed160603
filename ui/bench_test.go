package ui

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
	"trolley/data/local"
)

// screenFrame is how long a screen shows one picture; work for the next one that
// takes longer leaves it out.
const screenFrame = time.Second / 60

// openBenchWindow opens a window on a shop with so many products and on a cart
// with so many lines. Nothing reaches it from the shop.
func openBenchWindow(b *testing.B, products, lines int) *Window {
	b.Helper()
	store, err := local.Open(b.Context(), local.Config{Dir: b.TempDir(), Shop: "main"})
	if err != nil {
		b.Fatal(err)
	}
	shop := data.OpenShop(store, data.Options{Counter: "Counter 1"})
	a := test.NewTempApp(b)
	place := Place{Shop: still{OpenShop(shop)}, Carts: []data.CartID{"c"}, Local: true}
	w := New(a, Options{Place: place})
	b.Cleanup(func() {
		w.end()
		shop.Close(context.Background())
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	a.Settings().SetTheme(fixedTheme{w.theme, theme.VariantLight})
	w.async = func(func()) {}
	w.toasts.after = func(time.Duration, func()) func() { return func() {} }
	w.attach(place)
	w.win.Resize(usual)
	all := manyProducts(products)
	state := data.State{Catalogue: data.NewCatalogue(all), Loaded: true, Cart: data.Cart{ID: "c"}, Link: data.Link{Phase: data.Live, Ever: true}}
	for _, p := range all[:lines] {
		state.Cart.Lines = append(state.Cart.Lines, data.Line{Product: p, Known: true, Quantity: 2, By: "Counter 2"})
	}
	w.show(state)
	return w
}

// plainList is the toolkit's own list in a window of the same size, with as many
// rows of nothing but a label.
func plainList(b *testing.B, rows int) *widget.List {
	b.Helper()
	l := widget.NewList(func() int { return rows }, func() fyne.CanvasObject { return widget.NewLabel("") },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			o.(*widget.Label).SetText(fmt.Sprintf("Product %d", i))
		})
	test.NewTempWindow(b, l).Resize(usual)
	return l
}

// scrollBeside scrolls one of the window's lists by a bit more than half a row
// at a time, to its end and back, and a plain list of as many rows beside it.
func scrollBeside(b *testing.B, l *container.Scroll, rows int) {
	b.Helper()
	const step = 37
	plain := plainList(b, rows)
	down := float32(-step)
	var steps []time.Duration
	var ours, theirs time.Duration
	for b.Loop() {
		if at := l.Offset.Y; at <= 0 {
			down = -step
		} else if at+l.Size().Height >= l.Content.Size().Height {
			down = step
		}
		began := time.Now()
		l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, down)})
		took := time.Since(began)
		plain.ScrollToOffset(max(0, plain.GetScrollOffset()-down))
		ours, theirs = ours+took, theirs+time.Since(began)-took
		steps = append(steps, took)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "ratio-to-bare-list")
	reportFrames(b, steps)
}

// reportFrames tells the slowest of a hundred steps, and how many of a thousand
// take longer than a frame.
func reportFrames(b *testing.B, steps []time.Duration) {
	b.Helper()
	slices.Sort(steps)
	late := 0
	for _, s := range steps {
		if s > screenFrame {
			late++
		}
	}
	b.ReportMetric(steps[len(steps)*99/100].Seconds()*1000, "p99-ms")
	b.ReportMetric(float64(late)*1000/float64(len(steps)), "dropped/1000")
}

// BenchmarkScrollProducts scrolls through 100,000 products.
func BenchmarkScrollProducts(b *testing.B) {
	w := openBenchWindow(b, 100_000, 0)
	scrollBeside(b, w.products.scroll, 100_000)
}

// BenchmarkScrollCart scrolls through a cart of 500 lines.
func BenchmarkScrollCart(b *testing.B) {
	w := openBenchWindow(b, 500, 500)
	scrollBeside(b, w.lines.scroll, 500)
}

// BenchmarkTypeInSearch types into the search box over 100,000 products, and
// takes what was typed out again. A step is one key with all that it shows.
func BenchmarkTypeInSearch(b *testing.B) {
	w := openBenchWindow(b, 100_000, 20)
	var steps []time.Duration
	timed := func(key func()) {
		began := time.Now()
		key()
		steps = append(steps, time.Since(began))
	}
	const text = "product 99"
	for b.Loop() {
		for _, r := range text {
			timed(func() { w.search.TypedRune(r) })
		}
		for range text {
			timed(func() { w.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace}) })
		}
	}
	reportFrames(b, steps)
}
