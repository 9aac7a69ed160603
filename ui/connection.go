package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
	"trolley/data/config"
)

const (
	textConnection phrase = "Connection"
	textTest       phrase = "Test"
	textStop       phrase = "Stop"
	textConnect    phrase = "Connect"
	textUseThis    phrase = "Use this computer"
	textConnecting phrase = "Connecting…"
	textCopyResult phrase = "Copy result"
)

// connectionDialog is where a person says how the shop is reached. The shop on
// screen stays until the other one was tried and is there.
type connectionDialog struct {
	window *Window
	form   *connectionForm
	test   *connectionTest
	alert  *alert

	onConnect  func(config.Connection, config.Settings, func(error))
	connecting bool   // connect as soon as the test has passed
	moving     bool   // onConnect has not answered yet
	choosing   func() // closes the choice of a file that is open; nil: none is

	remedies *fyne.Container // what can be done about a result
	remedy   *choice
	copy     *choice
}

// connectionDialog shows how the shop on screen is reached, to be changed.
func (w *Window) connectionDialog() *connectionDialog {
	c := w.opt.Connector
	return w.connectionDialogOf(c.Connection(), c.Settings(), "")
}

// connectionDialogOf is connectionDialog for a connection that was kept or tried
// before, with what is wrong with it, which may be empty.
func (w *Window) connectionDialogOf(c config.Connection, s config.Settings, problem string) *connectionDialog {
	d := &connectionDialog{window: w, onConnect: w.connectTo, test: newConnectionTest(w)}
	d.form = newConnectionForm(w, c, s, d.changed)
	d.form.choose = d.chooseFile
	d.build()
	d.open()
	w.askKeychain(w.ctx, func(err error) {
		d.form.keeping.heard(err)
		d.form.update()
	})
	d.alert.say(problem)
	return d
}

// build makes what stands below the form.
func (d *connectionDialog) build() {
	d.remedy = newChoice("", d.mend)
	d.copy = newChoice(textCopyResult.say(), func() { d.window.app.Clipboard().SetContent(d.test.text()) })
	d.remedies = container.New(layout.NewCustomPaddedHBoxLayout(4), ringed(d.remedy.ring, d.remedy), ringed(d.copy.ring, d.copy))
	d.remedies.Hide()
}

// open shows the dialog, with all that was typed in it before.
func (d *connectionDialog) open() {
	w := d.window
	spec := alertSpec{Title: textConnection.say(), Wide: true, Return: w.search, Lasting: true, First: d.first(), OnClosed: d.closed,
		Content: container.NewVBox(d.form.content, d.test.box, d.remedies)}
	test := alertButton{Label: textTest.say(), Role: roleOther, Do: d.pressTest}
	if d.form.wholeLocked() {
		spec.Buttons = []alertButton{{Label: textClose.say(), Role: roleSafe, Do: d.leave}, test}
	} else {
		spec.Buttons = []alertButton{{Label: textCancel.say(), Role: roleSafe, Do: d.leave}, test,
			{Label: textConnect.say(), Role: rolePrimary, Do: d.pressConnect}}
	}
	d.alert = w.alerts.show(spec)
	d.form.update()
	d.show()
}

// first is where the person begins.
func (d *connectionDialog) first() fyne.Focusable {
	f := d.form
	switch {
	case f.wholeLocked():
		return nil
	case f.shared.on == 0:
		return f.shared
	}
	return f.link.entry
}

// leave closes the dialog, or first what stands before it.
func (d *connectionDialog) leave() error {
	switch {
	case d.choosing != nil:
		d.choosing()
		return errAlertStays
	case d.moving:
		return errAlertStays
	}
	return nil
}

// closed ends what the dialog has begun.
func (d *connectionDialog) closed() {
	d.test.end()
	if d.choosing != nil {
		d.choosing()
	}
}

// chooseFile lets the person look for the file of a field. The dialog stays as
// it is meanwhile: the toolkit gives it the keys that the choice has no use for.
func (d *connectionDialog) chooseFile(field *formField) {
	d.window.chooseFile(field, func(closing func()) { d.choosing = closing }, func() { d.choosing = nil })
}

// changed is told of everything that the person changes: what a test has found
// out is of no account any more.
func (d *connectionDialog) changed() {
	d.connecting = false
	d.test.cancel()
	d.alert.say("")
	d.show()
}

// pressTest begins a test, or ends the one that runs.
func (d *connectionDialog) pressTest() error {
	if d.test.running() {
		d.connecting = false
		d.test.cancel()
		d.show()
		return errAlertStays
	}
	d.connecting = false
	return d.begin()
}

// pressConnect goes to the shop when a test has shown that it can be reached.
func (d *connectionDialog) pressConnect() error {
	switch {
	case d.moving || d.choosing != nil:
		return errAlertStays
	case d.test.running():
		d.connecting = true
		d.show()
		return errAlertStays
	}
	if err := d.form.complain(); err != nil {
		return err
	}
	if c := d.form.connection(); !c.Shared || d.test.passed(c) {
		d.connect(c)
		return errAlertStays
	}
	d.connecting = true
	return d.begin()
}

// begin tests what stands in the form.
func (d *connectionDialog) begin() error {
	if d.moving || d.choosing != nil {
		return errAlertStays
	}
	if err := d.form.complain(); err != nil {
		d.connecting = false
		return err
	}
	d.alert.say("")
	d.test.run(d.form.connection(), d.tested)
	d.show()
	d.reveal()
	return errAlertStays
}

// tested takes news of the test.
func (d *connectionDialog) tested() {
	if d.window.alerts.current != d.alert {
		return
	}
	wanted := d.connecting && d.test.ended
	d.connecting = d.connecting && !d.test.ended
	d.show()
	d.reveal()
	if c := d.form.connection(); wanted && d.test.passed(c) {
		d.connect(c)
	}
}

// reveal brings the newest stage into sight.
func (d *connectionDialog) reveal() {
	if d.alert.scroll != nil {
		d.alert.scrollTo(d.alert.scroll.Content.MinSize().Height)
	}
}

// connect goes to a shop that can be reached.
func (d *connectionDialog) connect(c config.Connection) {
	d.window.offerSharing(d, c, func() { d.move(c) })
}

// move has the window change to the shop.
func (d *connectionDialog) move(c config.Connection) {
	d.moving = true
	d.show()
	d.alert.say("")
	d.onConnect(c, d.form.settings(), func(err error) {
		d.moving = false
		if err == nil {
			d.alert.close()
			return
		}
		d.show()
		d.alert.say(textNotConnected(err))
	})
}

// textNotConnected says why a shop did not come on screen.
func textNotConnected(err error) string {
	var told sentenceError
	if errors.As(err, &told) {
		return told.Error()
	}
	if data.FaultOf(err) != data.FaultNone {
		return textUnavailable(err, "")
	}
	return textInvalid(err)
}

// show makes buttons and remedies true.
func (d *connectionDialog) show() {
	c := d.form.connection()
	label := textTest
	if d.test.running() {
		label = textStop
	}
	d.setPush(roleOther, label, c.Shared && !d.moving)
	label = textConnect
	switch {
	case d.moving || d.connecting:
		label = textConnecting
	case !c.Shared:
		label = textUseThis
	}
	d.setPush(rolePrimary, label, !d.moving)
	d.showRemedies()
	d.alert.arrange()
}

func (d *connectionDialog) setPush(role alertRole, label phrase, on bool) {
	if d.alert == nil {
		return
	}
	p := d.alert.byRole(role)
	if p == nil {
		return
	}
	if p.Text != label.say() {
		p.SetText(label.say())
	}
	allowPush(p, on)
}

// connectionRemedy is what can be done about a result with one press.
type connectionRemedy struct {
	label phrase
	field config.Field // that it is about
	again bool         // encryption is turned over, and tried again; otherwise the person goes to the field
}

// remedies are there for what a person most often gets wrong.
var connectionRemedies = map[data.Fault]connectionRemedy{
	data.FaultMaybeTLS:  {"Turn on TLS and test", config.FieldTLS, true},
	data.FaultNotTLS:    {"Turn off TLS and test", config.FieldTLS, true},
	data.FaultNeedsAuth: {"Go to the password", config.FieldPassword, false},
	data.FaultWrongAuth: {"Go to the password", config.FieldPassword, false},
	data.FaultUntrusted: {"Go to the CA file", config.FieldCA, false},
	data.FaultNeedsCert: {"Go to the certificate", config.FieldCert, false},
}

// remedyNow returns the remedy for the result; false: there is none.
func (d *connectionDialog) remedyNow() (connectionRemedy, bool) {
	fault := d.test.fault()
	r, known := connectionRemedies[fault]
	if !known || d.form.locked(r.field) || r.again && d.form.connection().TLS == (fault == data.FaultMaybeTLS) {
		return connectionRemedy{}, false
	}
	return r, true
}

// showRemedies offers what can be done about the result.
func (d *connectionDialog) showRemedies() {
	r, there := d.remedyNow()
	hide(d.remedies, !d.test.ended)
	hide(d.remedies.Objects[0], !there)
	if there {
		d.remedy.SetText(r.label.say())
	}
	icon := theme.NavigateNextIcon()
	if r.again {
		icon = theme.ViewRefreshIcon()
	}
	d.remedy.SetIcon(icon)
	d.copy.SetIcon(theme.ContentCopyIcon())
}

// mend does what the remedy says.
func (d *connectionDialog) mend() {
	r, there := d.remedyNow()
	switch {
	case !there:
	case r.again:
		d.form.encrypted.SetChecked(!d.form.encrypted.Checked)
		if err := d.begin(); !errors.Is(err, errAlertStays) {
			d.alert.say(err.Error())
		}
	default:
		d.form.visit(d.form.field(r.field))
	}
}
