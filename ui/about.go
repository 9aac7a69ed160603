package ui

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// aboutIcon is the size of the program's icon.
const aboutIcon = 72

// about tells what the program is.
func (w *Window) about() {
	version := newMutedText(textVersion(cmp.Or(w.opt.System.Version, w.opt.Version), w.opt.System), theme.SizeNameText)
	words := container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()), version)
	for _, p := range []phrase{"A shopping cart that several counters see at once.",
		"Trolley is free software under the MIT licence: anybody may use, change and pass it on."} {
		text := widget.NewLabel(p.say())
		text.Wrapping = fyne.TextWrapWord
		words.Add(text)
	}
	content := container.NewBorder(nil, nil, nil, nil, lessInset(words))
	if icon := w.app.Icon(); icon != nil {
		image := canvas.NewImageFromResource(icon)
		image.FillMode = canvas.ImageFillContain
		side := scaled(aboutIcon)
		left := container.NewVBox(container.NewGridWrap(fyne.NewSquareSize(side), image))
		content = container.NewBorder(nil, nil, left, nil, words)
	}
	w.alerts.show(alertSpec{Title: textTitle, Content: content, Return: w.search, Lasting: true, Anew: w.about,
		Buttons: []alertButton{
			{Label: textClose.say(), Role: rolePrimary},
			{Label: phrase("Licences…").say(), Role: roleOther, Do: func() error { w.showLicences(); return nil }},
		}})
}
