package ui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// Refuse shows why the program does not start, and returns when the person has
// closed the window.
func Refuse(a fyne.App, err error) {
	a.Settings().SetTheme(rememberedTheme(a))
	win := a.NewWindow(textTitle)
	alerts := newAlerts(win)
	win.SetContent(container.NewStack(widget.NewLabel("")))
	win.Resize(fyne.NewSize(640, 420))
	title, body := textNotStarted(err)
	text := widget.NewLabel(body)
	text.Wrapping = fyne.TextWrapWord
	alerts.show(alertSpec{Title: title, Content: text,
		Buttons: []alertButton{{Label: textQuit.say(), Role: rolePrimary}}, OnClosed: win.Close})
	win.Show()
	runLoop(a)
}

// textNotStarted says what keeps the program from starting, one paragraph for
// each thing that is wrong.
func textNotStarted(err error) (title, body string) {
	if f := data.FaultOf(err); f != data.FaultNone {
		return textNoLocalShop.say(), textFault(f, addrOf(err))
	}
	problems := []string{}
	for _, e := range flatten(err) {
		var invalid *data.InvalidError
		if errors.As(e, &invalid) {
			problems = append(problems, textSetting(invalid))
			continue
		}
		problems = append(problems, foreign(e.Error()))
	}
	return phrase("A setting cannot be used").say(), strings.Join(problems, "\n\n")
}

// flatten returns the errors that were joined into one.
func flatten(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range many.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []error{err}
}
