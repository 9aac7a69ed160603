package ui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"trolley/data"
)

// keptApp returns an app that remembers what a file of testdata/released says.
func keptApp(t *testing.T, name string) fyne.App {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "released", name, "preferences.json"))
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		t.Fatal(err)
	}
	a := test.NewTempApp(t)
	for key, value := range values {
		switch v := value.(type) {
		case string:
			a.Preferences().SetString(key, v)
		case float64:
			a.Preferences().SetFloat(key, v)
		case []any:
			var list []string
			for _, one := range v {
				list = append(list, one.(string))
			}
			a.Preferences().SetStringList(key, list)
		default:
			t.Fatalf("%s is %T", key, value)
		}
	}
	return a
}

func TestReleasedPreferencesAreRead(t *testing.T) {
	a := keptApp(t, "carts")
	want := []data.CartID{"cart-20261130T144554Z-677777a7", "counter-till-1"}
	if got := RememberedCarts(a, "this computer, /tmp/trolley, shop main"); !slices.Equal(got, want) {
		t.Errorf("the carts are %v, want %v", got, want)
	}
	if got := rememberedScale(a); got != 1.25 {
		t.Errorf("the text is %v", got)
	}
}

// The one cart of the first version is opened where it was: in the shop that is
// opened first, and nowhere else.
func TestCartOfTheFirstVersionIsOpenedAgain(t *testing.T) {
	a := keptApp(t, "first")
	for range 2 {
		if got := RememberedCarts(a, "here"); !slices.Equal(got, []data.CartID{"front"}) {
			t.Errorf("the carts are %v", got)
		}
	}
	if got := RememberedCarts(a, "there"); len(got) > 0 {
		t.Errorf("in another shop the carts are %v", got)
	}
	a.Preferences().SetString(prefCart, "late")
	if got := RememberedCarts(a, "here"); !slices.Equal(got, []data.CartID{"front"}) {
		t.Errorf("beside carts of its own the shop has %v", got)
	}
}
