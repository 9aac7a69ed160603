package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestEveryLicenceHasItsText(t *testing.T) {
	all := licences()
	if len(all) < 40 || all[0].name != "Trolley" || all[1].name != "Go" {
		t.Fatalf("%d licences, the first is %q", len(all), all[0].name)
	}
	for _, l := range all {
		if len(l.text) < 200 || l.kind == "" {
			t.Errorf("%s %s: %s, %q", l.name, l.version, l.kind, l.text)
		}
	}
}

func TestALicenceIsFoundAndRead(t *testing.T) {
	d := openShop(t)
	d.about()
	d.press("Licences…")
	d.dialog("Licences")
	d.write("go-redis")
	d.key(fyne.KeyReturn) // goes to the text
	pane, ok := d.win.Canvas().Focused().(*textPane)
	if !ok {
		t.Fatalf("the focus is on %T", d.win.Canvas().Focused())
	}
	for _, part := range []string{"github.com/redis/go-redis/v9", "BSD-2-Clause", "Redistribution and use in source and binary forms"} {
		if !strings.Contains(pane.text, part) {
			t.Errorf("%q is not in %s", part, pane.text)
		}
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
	d.expectFocusInSearch()
}

func TestParagraphsOfLicencesFlow(t *testing.T) {
	for text, want := range map[string]string{
		"Redistribution and use in source and binary forms, with\nor without modification":   "Redistribution and use in source and binary forms, with or without modification\n",
		"Copyright (c) 2026\nThe authors":                                                    "Copyright (c) 2026\nThe authors\n",
		"   1. A long part of a list that goes on in the line that\n      comes\n   2. Next": "   1. A long part of a list that goes on in the line that comes\n   2. Next\n",
		"A paragraph that is quite long and ends where the list is:\n* one\n\nNew":           "A paragraph that is quite long and ends where the list is:\n* one\n\nNew\n",
	} {
		if got := flowing(text); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}
