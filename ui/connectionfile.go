package ui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"trolley/data/config"
)

// chooseFile lets the person look for the file of a field.
func (w *Window) chooseFile(field *formField, open func(closing func()), closed func()) {
	chooser := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			field.say(phrase("This file cannot be opened.").say())
			return
		}
		if file == nil { // nothing was chosen
			return
		}
		path := file.URI().Path()
		if err := file.Close(); err != nil {
			w.log.Info("close a chosen file", "err", err)
		}
		field.entry.SetText(filepath.FromSlash(path))
	}, w.win)
	if folder, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(field.text()))); err == nil && field.text() != "" {
		chooser.SetLocation(folder)
	}
	chooser.SetTitleText(phrase("Choose a file").say())
	chooser.SetOnClosed(func() {
		closed()
		w.win.Canvas().Focus(field.entry)
	})
	open(chooser.Hide)
	chooser.Show()
	chooser.Resize(w.win.Canvas().Size().SubtractWidthHeight(2*alertMargin, 2*alertMargin))
}

// fileCheck knows what is wrong with the files of a connection. They are read
// beside the UI goroutine: the disk may be far away.
type fileCheck struct {
	window *Window
	then   func()            // there is an answer
	of     config.Connection // as far as it matters to the files
	wrong  []config.Problem
}

var fileFields = []config.Field{config.FieldCA, config.FieldCert, config.FieldKey}

// problems returns what is known of the files of a connection, and finds out
// about those that are new.
func (k *fileCheck) problems(c config.Connection) []config.Problem {
	c = config.Connection{Shared: c.Shared, Mode: c.Mode, Socket: c.Socket, TLS: c.TLS, CA: c.CA, Cert: c.Cert, Key: c.Key}
	if c != k.of {
		k.of, k.wrong = c, nil
		k.look()
	}
	return k.wrong
}

// look reads the files, if there are any.
func (k *fileCheck) look() {
	c := k.of
	if c == withoutFiles(c) {
		return
	}
	w := k.window
	go func() { // nobody waits for it, either: no context ends the reading of a file
		wrong := slices.DeleteFunc(c.Check(), func(p config.Problem) bool { return !slices.Contains(fileFields, p.Field) })
		w.async(func() {
			if c == k.of && w.ctx.Err() == nil {
				k.wrong = wrong
				k.then()
			}
		})
	}()
}
