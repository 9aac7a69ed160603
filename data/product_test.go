package data

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestReadProduct(t *testing.T) {
	sound := Product{ID: "p", Name: "Tea", Price: 240, Barcode: "123", Stock: 5}
	unlimited := Product{ID: "p", Name: "Tea", Stock: Unlimited}
	for name, c := range map[string]struct {
		fields [4]string // name, price, barcode, stock
		want   Product
	}{
		"sound":        {[4]string{"Tea", "240", "123", "5"}, sound},
		"no stock":     {[4]string{"Tea", "0", "", ""}, unlimited},
		"hostile name": {[4]string{" T\u202ee\x00a ", "0", "", ""}, unlimited},
		"long name": {[4]string{strings.Repeat("n", 5000), "0", "", ""},
			Product{ID: "p", Name: strings.Repeat("n", MaxNameLen), Stock: Unlimited}},
	} {
		if got := ReadProduct("p", c.fields[0], c.fields[1], c.fields[2], c.fields[3]); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestReadProductSaysWhatIsDamaged(t *testing.T) {
	for _, price := range []string{"", "-1", "2.40", "NaN", "1e3", "0x10", "1000000000001", "99999999999999999999", " 1"} {
		if p := ReadProduct("p", "Tea", price, "", ""); !strings.Contains(p.Damaged, "price") || p.Price != 0 {
			t.Errorf("price %q: %+v", price, p)
		}
	}
	for _, stock := range []string{"-1", "1.5", "inf", "9007199254740993", "many"} {
		if p := ReadProduct("p", "Tea", "1", "", stock); !strings.Contains(p.Damaged, "stock") {
			t.Errorf("stock %q: %+v", stock, p)
		}
	}
	if p := ReadProduct("p", "\x00\u200b", "1", "", ""); !strings.Contains(p.Damaged, "name") {
		t.Errorf("no name: %+v", p)
	}
}

func TestReadQuantity(t *testing.T) {
	for score, want := range map[string]int64{"1": 1, "9999": 9999, "9007199254740000": maxInt} {
		if n, damaged := ReadQuantity(score); n != want || damaged != "" {
			t.Errorf("%q reads as %d, damaged %q", score, n, damaged)
		}
	}
	for score, want := range map[string]string{
		"0": "0", "-3": "-3", "1.5": "1.5", "nan": "nan", "inf": "inf", "1e+17": "1e+17", "9007199254740001": "9007199254740001",
		"": "?", "\x00\x01": "?", strings.Repeat("9", 99): strings.Repeat("9", 32),
	} {
		if n, damaged := ReadQuantity(score); n != 0 || damaged != want {
			t.Errorf("%q reads as %d, damaged %q; want damaged %q", score, n, damaged, want)
		}
	}
}

func TestProductCheck(t *testing.T) {
	sound := Product{ID: "p", Name: "Tea", Price: MaxPrice, Barcode: "123", Stock: Unlimited}
	if err := sound.Check(); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*Product){
		"product id": func(p *Product) { p.ID = "a:b" },
		"name":       func(p *Product) { p.Name = " Tea" },
		"price":      func(p *Product) { p.Price = MaxPrice + 1 },
		"stock":      func(p *Product) { p.Stock = Unlimited - 1 },
		"barcode":    func(p *Product) { p.Barcode = "1 2" },
	} {
		p := sound
		spoil(&p)
		var invalid *InvalidError
		if err := p.Check(); !errors.As(err, &invalid) || invalid.What != what {
			t.Errorf("spoilt %s: %v", what, err)
		}
	}
	for name, p := range map[string]Product{
		"no name": {ID: "p"}, "below zero": {ID: "p", Name: "n", Price: -1}, "stock not exact": {ID: "p", Name: "n", Stock: maxInt + 1},
		"long name": {ID: "p", Name: strings.Repeat("n", MaxNameLen+1)}, "long barcode": {ID: "p", Name: "n", Barcode: strings.Repeat("1", 65)},
	} {
		if p.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestLinesKeepTheOrderTheyCameIn(t *testing.T) {
	at := time.UnixMilli(1000)
	lines := []Line{
		{Product: Product{ID: "late"}, Added: at.Add(time.Second)},
		{Product: Product{ID: "b"}, Added: at}, {Product: Product{ID: "a"}, Added: at},
		{Product: Product{ID: "z"}}, {Product: Product{ID: "by-hand"}},
	}
	SortLines(lines)
	for i, want := range []ProductID{"by-hand", "z", "a", "b", "late"} {
		if lines[i].Product.ID != want {
			t.Errorf("line %d is %s, want %s", i, lines[i].Product.ID, want)
		}
	}
}
