package ui

import (
	"path/filepath"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

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
	chooser.SetView(dialog.ListView) // the other one breaks names anywhere
	open(chooser.Hide)
	chooser.Show()
	w.sayPlaces()
	chooser.Resize(w.win.Canvas().Size().SubtractWidthHeight(2*alertMargin, 2*alertMargin))
}

// placeNames are what the toolkit calls the places beside the files. Unlike its
// other words it has them in English only, past what lendWords gives it.
var placeNames = map[string]phrase{
	"Home":      "Home",
	"App Files": "Trolley’s files",
	"Computer":  "Computer",
	"Desktop":   "Desktop",
	"Documents": "Documents",
	"Downloads": "Downloads",
	"Music":     "Music",
	"Pictures":  "Pictures",
	"Videos":    "Videos",
	"Movies":    "Videos", // on a Mac
}

// sayPlaces has the choice of a file on top of everything say its places in the
// language of the window.
func (w *Window) sayPlaces() {
	list := listIn(w.win.Canvas().Overlays().Top())
	if list == nil {
		return
	}
	update := list.UpdateItem
	list.UpdateItem = func(id widget.ListItemID, row fyne.CanvasObject) {
		update(id, row)
		for _, part := range row.(*fyne.Container).Objects {
			if label, ok := part.(*widget.Label); ok && placeNames[label.Text] != "" {
				label.SetText(placeNames[label.Text].say())
			}
		}
	}
	list.Refresh()
}

// listIn finds the first list in a dialog of the toolkit; nil: there is none.
func listIn(o fyne.CanvasObject) *widget.List {
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *widget.List:
		return o
	case *container.Split:
		parts = []fyne.CanvasObject{o.Leading, o.Trailing}
	case *fyne.Container:
		parts = o.Objects
	default:
		parts = contentOf(o)
	}
	for _, part := range parts {
		if list := listIn(part); list != nil {
			return list
		}
	}
	return nil
}

// contentOf is what stands in a widget around another one. That around a dialog
// is of a type that only the toolkit knows.
func contentOf(o fyne.CanvasObject) []fyne.CanvasObject {
	v := reflect.Indirect(reflect.ValueOf(o))
	if v.Kind() != reflect.Struct {
		return nil
	}
	field := v.FieldByName("Content")
	if !field.IsValid() {
		return nil
	}
	content, ok := field.Interface().(fyne.CanvasObject)
	if !ok {
		return nil
	}
	return []fyne.CanvasObject{content}
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
