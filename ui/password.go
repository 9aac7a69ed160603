package ui

import (
	"errors"

	"fyne.io/fyne/v2/container"

	"trolley/data"
	"trolley/data/config"
)

const (
	textOtherConnection phrase = "Other connection…"
	textPasswordNeeded  phrase = "This server needs a password"
	textPasswordWrong   phrase = "The password is not right"
	textPasswordEmpty   phrase = "Type the password."
)

// passwordPrompt asks for nothing but the password of a connection that was
// kept without it.
type passwordPrompt struct {
	window   *Window
	of       config.Connection
	password *formField
	keeping  *keeping
	test     *connectionTest
	alert    *alert
	moving   bool

	onConnect func(config.Connection, config.Settings, func(error))
}

// askPassword asks for the password of the connection on screen. Wrong says
// that there was one, which the server did not take.
func (w *Window) askPassword(wrong bool) *passwordPrompt {
	c := w.opt.Connector.Connection()
	p := &passwordPrompt{window: w, of: c, onConnect: w.connectTo, password: newSecretField(config.FieldPassword, "Password"),
		keeping: newKeeping(c.Keep), test: newConnectionTest(w)}
	p.password.entry.OnChanged = func(string) { p.typed() }
	title := textPasswordNeeded
	if wrong {
		title = textPasswordWrong
	}
	p.alert = w.alerts.show(alertSpec{Title: title.say(), Body: textPasswordOf(c), First: p.password.entry, Return: w.search,
		Content: container.NewVBox(p.password, p.keeping), Lasting: true, OnClosed: p.test.end,
		Buttons: []alertButton{
			{Label: textCancel.say(), Role: roleSafe, Do: p.leave},
			{Label: textOtherConnection.say(), Role: roleOther, Do: p.other},
			{Label: textConnect.say(), Role: rolePrimary, Do: p.press},
		}})
	w.askKeychain(w.ctx, func(err error) {
		p.keeping.heard(err)
		p.follow()
	})
	return p
}

// textPasswordOf says whose password is asked for.
func textPasswordOf(c config.Connection) string {
	host := textTheServer.say()
	if c.Host != "" {
		host = c.Host
	}
	if c.User == "" {
		return capital(phrase("{host} asks for the password of the shop.").with("host", host))
	}
	return capital(phrase("{host} asks for the password of “{user}”.").with("host", host, "user", c.User))
}

func (p *passwordPrompt) typed() {
	p.password.entry.ActionItem.(*passwordEye).follow()
	p.password.say("")
	p.alert.say("")
	p.follow()
}

// follow says or asks where the password is kept.
func (p *passwordPrompt) follow() {
	typed := p.password.text() != ""
	p.keeping.follow(typed)
	p.password.tell(p.keeping.hint(typed))
	p.alert.arrange()
}

// leave closes the prompt, unless the window is changing shops.
func (p *passwordPrompt) leave() error {
	if p.moving {
		return errAlertStays
	}
	return nil
}

// other goes to the whole of the connection.
func (p *passwordPrompt) other() error {
	if p.moving {
		return errAlertStays
	}
	p.window.connectionDialog()
	return nil
}

// press tries the password.
func (p *passwordPrompt) press() error {
	if p.moving || p.test.running() {
		return errAlertStays
	}
	if p.password.text() == "" {
		p.password.say(textPasswordEmpty.say())
		p.window.win.Canvas().Focus(p.password.entry)
		return errAlertStays
	}
	c := p.of
	c.Password, c.Keep = config.Secret(p.password.text()), p.keeping.choice()
	p.busy(true)
	p.test.run(c, p.tested)
	return errAlertStays
}

// tested goes on when the password has turned out right.
func (p *passwordPrompt) tested() {
	switch {
	case !p.test.ended || p.window.alerts.current != p.alert:
	case !p.test.passed(p.test.of):
		p.busy(false)
		p.refuse(p.test.problem())
	default:
		p.moving = true
		p.onConnect(p.test.of, p.window.opt.Connector.Settings(), func(err error) {
			p.moving = false
			if err == nil {
				p.alert.close()
				return
			}
			p.busy(false)
			p.refuse(err)
		})
	}
}

// refuse says why it did not go on. What was typed stays, to be mended.
func (p *passwordPrompt) refuse(err error) {
	if data.FaultOf(err) == data.FaultWrongAuth {
		p.alert.retitle(textPasswordWrong.say())
	}
	p.alert.say(textNotConnected(err))
	p.window.win.Canvas().Focus(p.password.entry)
}

func (p *passwordPrompt) busy(on bool) {
	push := p.alert.byRole(rolePrimary)
	label := textConnect
	if on {
		label = textConnecting
	}
	push.SetText(label.say())
	allowPush(push, !on)
	p.alert.say("")
}

// problem is what keeps the connection from working.
func (t *connectionTest) problem() error {
	for _, f := range t.found {
		if f.Verdict == data.Failed && f.Err != nil {
			return f.Err
		}
	}
	if t.err != nil {
		return t.err
	}
	return errors.New("the connection does not work")
}
