package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// searchBox is where products are typed and scanned; the focus lives in it.
type searchBox struct {
	widget.Entry
	onEnter  func(text string, chosen data.ProductID)
	chosen   func() data.ProductID // by the arrows; empty: none
	onMove   func(by int)          // through the products
	onEscape func()                // with an empty box
	typed    time.Time             // when the last key came
	watch    *scanWatch            // hears the keys first
}

var _ fyne.Accessible = (*searchBox)(nil)

func newSearchBox() *searchBox {
	s := &searchBox{}
	s.Icon = theme.SearchIcon()
	s.OnSubmitted = s.submit
	s.ExtendBaseWidget(s)
	return s
}

// submit empties the box before anything else can happen, so that the next
// scan is not glued to this one. That shows all products again and lets go of
// the one that was chosen, so it is asked for before.
func (s *searchBox) submit(text string) {
	chosen := s.chosen()
	s.SetText("")
	s.onEnter(text, chosen)
}

// TypedKey implements fyne.Focusable.
func (s *searchBox) TypedKey(e *fyne.KeyEvent) {
	if s.watch.took(e.Name) {
		return
	}
	s.typed = time.Now()
	switch e.Name {
	case fyne.KeyUp:
		s.onMove(-1)
	case fyne.KeyDown:
		s.onMove(1)
	case fyne.KeyPageUp:
		s.onMove(-8)
	case fyne.KeyPageDown:
		s.onMove(8)
	case fyne.KeyEscape:
		if s.Text == "" {
			s.onEscape()
			return
		}
		s.SetText("")
	default:
		s.Entry.TypedKey(e)
	}
}

// TypedRune implements fyne.Focusable.
func (s *searchBox) TypedRune(r rune) {
	s.watch.typed(r)
	s.insert(r)
}

// insert types a rune that the watch has heard already.
func (s *searchBox) insert(r rune) {
	s.typed = time.Now()
	s.Entry.TypedRune(r)
}

// TypedShortcut implements fyne.Shortcutable.
func (s *searchBox) TypedShortcut(sc fyne.Shortcut) {
	if !s.watch.meantShortcut(sc) {
		s.Entry.TypedShortcut(sc)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *searchBox) AccessibilityLabel() string { return textSearch.say() }

// AccessibilityRole implements fyne.Accessible.
func (s *searchBox) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
