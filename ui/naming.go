package ui

import (
	"fyne.io/fyne/v2"

	"trolley/data"
)

// What naming a cart says.
const (
	textNameCart       phrase = "Name of this cart"
	textNameCartPrompt phrase = "Anna, table 4…"
	textSave           phrase = "Save"
	textNameTooLong    phrase = "This name is too long, or holds characters that cannot be shown."
)

// nameCart asks what the cart on screen is to be called. An empty name takes
// the present one away.
func (w *Window) nameCart() {
	t := w.tab
	name := newField(textName.say(), textNameCartPrompt.say(), checkCartName)
	name.SetText(t.model.state.Cart.Name)
	w.alerts.show(alertSpec{
		Title: textNameCart.say(), Content: name, First: name.entry, Return: w.search,
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe},
			{Label: textSave.say(), Role: rolePrimary, Do: func() error {
				if err := checkFields(name); err != nil {
					return err
				}
				w.rename(t, name.Text())
				return nil
			}},
		},
	})
	if name.entry.Text != "" { // selecting nothing would swallow the first letter
		name.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

func checkCartName(s string) error {
	if data.CheckCartName(s) != nil {
		return told(textNameTooLong)
	}
	return nil
}

// rename gives a cart another name, which shows at once.
func (w *Window) rename(t *tab, name string) {
	if name == t.model.state.Cart.Name {
		return
	}
	w.submitTo(t, data.Change{Kind: data.KindName, Text: name})
	w.setTitle()
	w.showTabs()
}
