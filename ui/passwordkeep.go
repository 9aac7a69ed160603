package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"trolley/data/config"
)

// keychainWait is the longest that the keychain is waited for: it may ask the
// person to unlock it.
const keychainWait = 30 * time.Second

const (
	textInKeychain phrase = "The password is kept in this computer’s keychain."
	textNoKeychain phrase = "This computer has no password store that can be used. Ask for the password at every start, or keep it in a file that only this account can read."
)

// keeping asks where a password that was typed is to be kept, if the computer
// has no keychain. Where it has one there is nothing to ask.
type keeping struct {
	widget.BaseWidget
	can   bool // the keychain takes passwords
	known bool // it was asked
	pick  *radio
	box   *fyne.Container
}

// keeps are the places that pick offers.
var keeps = []config.Keep{config.KeepAsk, config.KeepFile}

func newKeeping(now config.Keep) *keeping {
	k := &keeping{}
	k.pick = newRadio("Password", func(int) {},
		radioOption{"Ask every time", ""}, radioOption{"Keep in a file (not encrypted)", ""})
	if now == config.KeepFile {
		k.pick.on = 1
	}
	k.box = container.NewVBox(lessInset(newHint(textNoKeychain)), k.pick)
	k.ExtendBaseWidget(k)
	k.Hide()
	return k
}

// choice is where the password is to be kept.
func (k *keeping) choice() config.Keep {
	if k.can {
		return config.KeepKeychain
	}
	return keeps[k.pick.on]
}

// heard takes what the keychain says.
func (k *keeping) heard(err error) { k.known, k.can = true, err == nil }

// follow asks as long as a password is typed.
func (k *keeping) follow(typed bool) { hide(k, !typed || !k.known || k.can) }

// hint says, below a password that was typed, where it is kept without asking.
func (k *keeping) hint(typed bool) string {
	if typed && k.known && k.can {
		return textInKeychain.say()
	}
	return ""
}

func (k *keeping) joinAlert(al *alert) { k.pick.joinAlert(al) }

// content is what Tab goes through.
func (k *keeping) content() fyne.CanvasObject { return k.box }

// CreateRenderer implements fyne.Widget.
func (k *keeping) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.box) }

// askKeychain finds out whether the computer can keep passwords, and tells it
// on the UI goroutine.
func (w *Window) askKeychain(ctx context.Context, tell func(error)) {
	connector := w.opt.Connector
	w.goDo(func() {
		ctx, cancel := context.WithTimeout(ctx, keychainWait)
		defer cancel()
		err := connector.Keychain(ctx)
		if err != nil {
			w.log.Info("no keychain", "err", err)
		}
		w.async(func() { tell(err) })
	})
}
