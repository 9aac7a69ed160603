package ui

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/theme"

	"trolley/data"
	"trolley/data/config"
)

// readmePictures is where the pictures of the README are.
const readmePictures = "../docs/pictures"

var writePictures = flag.Bool("pictures", false, "draw the pictures of the README anew")

// TestPicturesOfTheReadme keeps the README's pictures true: a window of today
// looks like them. "make pictures" draws them anew.
func TestPicturesOfTheReadme(t *testing.T) {
	for name, draw := range map[string]func(t *testing.T) *studio{
		"light":      func(t *testing.T) *studio { return morning(openStudio(t, theme.VariantLight, usual)) },
		"dark":       func(t *testing.T) *studio { return morning(openStudio(t, theme.VariantDark, usual)) },
		"history":    historyOfTheMorning,
		"connection": connectionOfTheMorning,
		"narrow": func(t *testing.T) *studio {
			s := morning(openStudio(t, theme.VariantLight, narrow))
			s.showSide(sideCart)
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := draw(t)
			size := s.win.Canvas().Size()
			for _, by := range []float32{1, 0} { // the real driver lays out before it draws
				s.win.Resize(size.AddWidthHeight(by, by))
			}
			expectInReadme(t, name, encode(t, inFewColours(s.win.Canvas().Capture())))
		})
	}
}

func expectInReadme(t *testing.T, name string, now []byte) {
	t.Helper()
	path := filepath.Join(readmePictures, name+".png")
	if *writePictures {
		if err := os.WriteFile(path, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	then, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(then, now) {
		t.Errorf("the window looks no longer as in %s; draw it anew with: make pictures", path)
	}
}

// connectionOfTheMorning is the dialog in which a connection has just been tried.
func connectionOfTheMorning(t *testing.T) *studio {
	s := morning(openStudio(t, theme.VariantLight, usual))
	s.opt.Connector = &fakeConnector{settings: config.Settings{Counter: "Counter 1"}}
	d := s.dialogOf(config.Connection{Shared: true, Host: "10.0.0.5", Port: "6380", User: "shop", TLS: true, Keep: config.KeepKeychain})
	d.tries(fineStages()...)
	d.test.fail(nil) // the end, with no error
	d.tested()
	s.hideScrolled()
	return s
}

// morning is a shop with three carts open, one of which the till has just
// changed.
func morning(s *studio) *studio {
	began := noon.Add(-12 * time.Minute)
	anna := s.state(s.line("flat-white", 2), s.line("croissant", 2), s.line("beans-250", 1))
	anna.Cart.Name = "Anna"
	s.show(anna)
	anna.Cart.Lines = append(slices.Clone(anna.Cart.Lines), s.line("oat-latte", 1))
	anna.Cart.Lines[3].By, anna.Cart.Lines[3].Changed = "Till", noon
	s.show(anna)
	table, pickup := s.state(s.line("cappuccino", 3)), s.state(s.line("sourdough", 1), s.line("butter", 2))
	table.Cart.Name, pickup.Cart.Name = "Table 4", "Pick up at 3"
	pickup.Cart.Expires = noon.Add(3 * time.Minute)
	for id, state := range map[data.CartID]data.State{"table": table, "pickup": pickup} {
		state.Cart.ID = id
		s.showTab(s.openTab(id), state)
	}
	slices.SortFunc(s.tabs, func(a, b *tab) int { return cmp.Compare(a.cart.ID(), b.cart.ID()) })
	till := []data.Here{{Counter: "Till", Session: "till"}}
	s.list(data.Listing{At: noon, Carts: []data.CartInfo{
		{ID: "c", Began: began, Here: till}, {ID: "pickup", Began: began}, {ID: "table", Began: began, Here: till}}})
	return s
}

func historyOfTheMorning(t *testing.T) *studio {
	s := morning(openStudio(t, theme.VariantLight, usual))
	had := func(name string, lines ...data.Line) data.Cart {
		return data.Cart{ID: data.CartID(name), Name: name, Lines: lines}
	}
	s.history(false, []data.Past{
		{ID: "1", How: data.Expired, At: clock(11, 30), Cart: had("Mr Okafor", s.line("espresso", 2), s.line("croissant", 1), s.line("oat-latte", 3))},
		{ID: "2", How: data.Emptied, At: clock(10, 5), By: "Counter 2", Cart: had("Table 2", s.line("cappuccino", 2), s.line("cheesecake", 2))},
		{ID: "3", How: data.Expired, At: clock(9, 10), Cart: had("Bakery order", s.line("sourdough", 4), s.line("baguette", 6))},
	})
	return s
}

// inFewColours draws a picture with 256 colours at most, which makes its file a
// third as long. Nobody sees the difference.
func inFewColours(picture image.Image) *image.Paletted {
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA) }
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	palette, nearest := paletteOf(count), map[color.RGBA]uint8{}
	for c := range count {
		nearest[c] = uint8(palette.Index(c))
	}
	few := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			few.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	return few
}

// paletteOf chooses the colours that there is most of, but none that is hardly
// another than one that was chosen already.
func paletteOf(count map[color.RGBA]int) color.Palette {
	const hardly, most = 12, 256
	all := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	off := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
	var palette color.Palette
	for _, c := range all {
		alike := slices.ContainsFunc(palette, func(p color.Color) bool {
			q := p.(color.RGBA)
			return off(c.R, q.R)+off(c.G, q.G)+off(c.B, q.B) < hardly
		})
		if !alike && len(palette) < most {
			palette = append(palette, c)
		}
	}
	return palette
}

func encode(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	best := png.Encoder{CompressionLevel: png.BestCompression}
	if err := best.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
