package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
)

func TestNamingACart(t *testing.T) {
	d := openShop(t)
	for _, step := range []struct{ typed, name string }{{"Anna", "Anna"}, {"Table 4", "Table 4"}} {
		d.nameCart()
		d.dialog("Name of this cart")
		d.write(step.typed) // in place of what is there
		d.key(fyne.KeyReturn)
		d.noDialog()
		d.until("the name is stored", func() bool { return d.storedName() == step.name })
		if got := d.titleOf(d.tab); got != step.name {
			t.Errorf("the tab is called %q, want %q", got, step.name)
		}
	}
	d.nameCart()
	d.key(fyne.KeyBackspace, fyne.KeyReturn)
	d.until("the name is gone", func() bool { return d.storedName() == "" })
}

func TestANameThatIsTooLong(t *testing.T) {
	d := openShop(t)
	d.nameCart()
	d.write(strings.Repeat("a", 65))
	d.key(fyne.KeyReturn)
	d.dialog("Name of this cart")
	d.key(fyne.KeyBackspace, fyne.KeyReturn)
	d.noDialog()
}

// storedName is what the cart is called in the store.
func (d *desk) storedName() string {
	r, err := d.store.Read(d.t.Context(), "c", data.Token{}, "")
	if err != nil {
		d.t.Fatalf("read the cart: %v", err)
	}
	return r.Cart.Name
}
