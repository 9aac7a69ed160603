package ui

import (
	"errors"
	"strings"
	"testing"
)

func TestParseEntry(t *testing.T) {
	tests := []struct {
		text string
		want entryRequest
	}{
		{"espresso", entryRequest{Quantity: 1, Text: "espresso"}},
		{"  oat milk 1 L ", entryRequest{Quantity: 1, Text: "oat milk 1 L"}},
		{"3*espresso", entryRequest{Quantity: 3, Text: "espresso"}},
		{"3 * espresso", entryRequest{Quantity: 3, Text: "espresso"}},
		{"3x espresso", entryRequest{Quantity: 3, Text: "espresso"}},
		{"3 X espresso", entryRequest{Quantity: 3, Text: "espresso"}},
		{"3×espresso", entryRequest{Quantity: 3, Text: "espresso"}},
		{"9999*espresso", entryRequest{Quantity: 9999, Text: "espresso"}},
		{"12*4006381333931", entryRequest{Quantity: 12, Text: "4006381333931"}},
		{"-espresso", entryRequest{Quantity: 1, Take: true, Text: "espresso"}},
		{"-2*espresso", entryRequest{Quantity: 2, Take: true, Text: "espresso"}},
		{"- 2x espresso", entryRequest{Quantity: 2, Take: true, Text: "espresso"}},
		{"4006381333931", entryRequest{Quantity: 1, Text: "4006381333931"}},
		{"3", entryRequest{Quantity: 1, Text: "3"}},
		{"2x4 timber", entryRequest{Quantity: 1, Text: "2x4 timber"}},
		{"3x4006381333931", entryRequest{Quantity: 3, Text: "4006381333931"}},
		{"7up", entryRequest{Quantity: 1, Text: "7up"}},
		{"1.5 l water", entryRequest{Quantity: 1, Text: "1.5 l water"}},
		{"a*b", entryRequest{Quantity: 1, Text: "a*b"}},
		{"*star", entryRequest{Quantity: 1, Text: "*star"}},
		{"3x", entryRequest{Quantity: 1, Text: "3x"}},
		{"3*2*tea", entryRequest{Quantity: 3, Text: "2*tea"}},
	}
	for _, tt := range tests {
		got, err := parseEntry(tt.text, 9999)
		if err != nil || got != tt.want {
			t.Errorf("%q: %+v, %v; want %+v", tt.text, got, err, tt.want)
		}
	}
}

func TestParseEntryThatWaitsForTheProduct(t *testing.T) {
	for text, want := range map[string]entryRequest{
		"3*":   {Quantity: 3},
		"3 * ": {Quantity: 3},
		"-":    {Quantity: 1, Take: true},
		"-4×":  {Quantity: 4, Take: true},
	} {
		got, err := parseEntry(text, 9999)
		if !errors.Is(err, errProductAwaited) || got != want {
			t.Errorf("%q: %+v, %v; want %+v that waits for the product", text, got, err, want)
		}
	}
	if _, err := parseEntry(" \t", 9999); !errors.Is(err, errNothingTyped) {
		t.Errorf("an empty box: %v", err)
	}
}

func TestParseEntryRefusesQuantities(t *testing.T) {
	for text, want := range map[string]string{
		"0*tea":             "Quantities go from 1 to 9,999.",
		"99999*tea":         "Quantities go from 1 to 9,999.",
		"--5*tea":           "Quantities go from 1 to 9,999.",
		"1.5*tea":           "A quantity is a whole number.",
		"1,000*tea":         "A quantity is a whole number.",
		"4006381333931*tea": "That looks like a barcode, not a quantity.",
		"-0x tea":           "Quantities go from 1 to 9,999.",
	} {
		var refused *inputError
		if _, err := parseEntry(text, 9999); !errors.As(err, &refused) || refused.Reason != want {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParseEntry(f *testing.F) {
	for _, seed := range []string{"espresso", "3*tea", "3x tea", "-2*tea", "2x4 timber", "1.5*x", "-", "3*", "\x00*", "9×9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseEntry(text, 9999)
		if err != nil {
			return
		}
		if got.Quantity < 1 || got.Quantity > 9999 || got.Text == "" || !strings.Contains(text, got.Text) {
			t.Errorf("%q: %+v", text, got)
		}
	})
}
