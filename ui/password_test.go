package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"trolley/data"
	"trolley/data/config"
)

// openPassword asks for the password of the shop.
func openPassword(t *testing.T, f *fakeConnector, wrong bool) (*desk, *passwordPrompt, *connected) {
	t.Helper()
	d := openAt(t, f)
	p, went := d.askPassword(wrong), &connected{}
	p.onConnect = went.connect
	d.until("the keychain was asked", func() bool { return p.keeping.known })
	return d, p, went
}

func TestPasswordIsAskedFor(t *testing.T) {
	f := &fakeConnector{connection: theShop(), settings: config.Settings{Counter: "Till"}, findings: fineStages()}
	d, _, went := openPassword(t, f, false)
	d.dialog("This server needs a password")
	d.expectLabels("a password")
	d.write(marker)
	d.key(fyne.KeyReturn)
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
	want := theShop()
	want.Password = marker
	if went.to[0] != want || went.settings[0].Counter != "Till" {
		t.Errorf("connected to %+v, %+v", went.to[0], went.settings)
	}
}

func TestWrongPasswordIsAskedForAgain(t *testing.T) {
	f := &fakeConnector{connection: theShop(), err: &data.UnavailableError{Fault: data.FaultWrongAuth, Addr: "10.0.0.5:6380", About: "shop"}}
	d, p, went := openPassword(t, f, false)
	d.write("wrong")
	d.key(fyne.KeyReturn)
	d.dialog("The password is not right")
	if len(went.to) != 0 || p.password.text() != "wrong" || p.alert.byRole(rolePrimary).Disabled() {
		t.Errorf("connected to %v, the field holds %d letters", went.to, len(p.password.text()))
	}
	expectSentence(t, "a wrong password", p.alert.problem.Text)
}

func TestEmptyPasswordIsNotTried(t *testing.T) {
	f := &fakeConnector{connection: theShop()}
	d, p, _ := openPassword(t, f, true)
	d.dialog("The password is not right")
	d.key(fyne.KeyReturn)
	if len(f.tested) != 0 || p.password.problem == "" {
		t.Errorf("%d tests; it says %q", len(f.tested), p.password.problem)
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestOtherConnectionInPlaceOfAPassword(t *testing.T) {
	d, _, _ := openPassword(t, &fakeConnector{connection: theShop()}, false)
	d.press("Other connection…")
	d.dialog("Connection")
}
