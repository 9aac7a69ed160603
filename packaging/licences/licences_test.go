package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestLicencesAreThoseOfTheProgram wants every part of the program in the list
// that the window shows, in the version that is built in.
func TestLicencesAreThoseOfTheProgram(t *testing.T) {
	parts, err := collect("../..")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, p := range parts {
		want = append(want, p.name+"\t"+p.version)
	}
	file, err := os.ReadFile("../../ui/licences.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(file)) {
		if head, ok := strings.CutPrefix(line, mark); ok {
			got = append(got, head[:strings.LastIndex(head, "\t")])
		}
	}
	for _, p := range want {
		if !slices.Contains(got, p) {
			t.Errorf("%q is missing; run make licences", p)
		}
	}
	for _, p := range got {
		if !slices.Contains(want, p) {
			t.Errorf("%q is no part of the program; run make licences", p)
		}
	}
}

func TestKindsOfLicencesAreSure(t *testing.T) {
	own, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if kinds := kindsOf(own); !slices.Equal(kinds, []string{"MIT"}) {
		t.Errorf("the program's own is %v", kinds)
	}
	if kinds := kindsOf([]byte("You may use it as long as you are kind.")); kinds != nil {
		t.Errorf("a licence of nobody's is %v", kinds)
	}
}
