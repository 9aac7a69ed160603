package ui

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data/config"
)

// fill shows a connection. Its passwords are not shown: where there are any,
// the field says where they are kept.
func (f *connectionForm) fill(c config.Connection) {
	f.filling = true
	f.shared.turn(map[bool]int{false: 0, true: 1}[c.Shared])
	f.encrypted.turn(c.TLS)
	f.unverified.turn(c.Unverified)
	f.mode.turn(max(0, slices.Index(modes, cmp.Or(c.Mode, config.Single))))
	for _, b := range f.fields {
		if !b.isSecret() {
			b.set(*b.in(&c))
		}
	}
	f.filling = false
	f.update()
}

// connection is what stands in the form. An empty password means the one that
// is kept, as long as it is for the same user of the same server.
func (f *connectionForm) connection() config.Connection {
	c := f.base
	for _, b := range f.fields {
		*b.in(&c) = b.text()
	}
	c.Shared = f.shared.on == 1
	c.TLS, c.Unverified = f.encrypted.Checked, f.unverified.Checked && f.encrypted.Checked
	if m := modes[f.mode.on]; m != cmp.Or(c.Mode, config.Single) {
		c.Mode = m
	}
	if !f.sameServer(c) {
		return f.withKeep(c)
	}
	c.Password = cmp.Or(c.Password, f.base.Password)
	c.SentinelPassword = cmp.Or(c.SentinelPassword, f.base.SentinelPassword)
	return f.withKeep(c)
}

// withKeep says where the passwords are to be kept. One that is kept already
// stays where it is.
func (f *connectionForm) withKeep(c config.Connection) config.Connection {
	if f.typedPassword() {
		c.Keep = f.keeping.choice()
	}
	return c
}

func (f *connectionForm) typedPassword() bool {
	return slices.ContainsFunc(f.fields, func(b *boundField) bool { return b.isSecret() && b.text() != "" })
}

// sameServer reports whether a password that is kept would go where it belongs.
func (f *connectionForm) sameServer(c config.Connection) bool {
	b := f.base
	weaker := b.TLS && (!c.TLS || c.Unverified && !b.Unverified) // a kept password does not go along then
	return b.Shared && !weaker && c.Host == b.Host && cmp.Or(c.Port, defaultPort) == cmp.Or(b.Port, defaultPort) && c.Socket == b.Socket &&
		c.User == b.User && cmp.Or(c.Database, "0") == cmp.Or(b.Database, "0") && cmp.Or(c.Mode, config.Single) == cmp.Or(b.Mode, config.Single) &&
		c.Addrs == b.Addrs && c.Master == b.Master && c.SentinelUser == b.SentinelUser
}

const defaultPort = "6379"

// settings are those of the form.
func (f *connectionForm) settings() config.Settings {
	s := f.counter
	s.Counter = f.name.text()
	return s
}

// edited is told of everything that the person changes.
func (f *connectionForm) edited() {
	if f.filling {
		return
	}
	f.update()
	f.changed()
}

// update shows what follows from what stands in the form.
func (f *connectionForm) update() {
	c := f.connection()
	f.server.Hidden = !c.Shared
	f.advanced.show(c.Shared)
	hide(f.cluster, c.Mode == config.Single)
	hide(f.sentinel, c.Mode != config.Sentinel)
	hide(f.warning, !f.unverified.Checked)
	for _, b := range f.fields {
		if eye, ok := b.entry.ActionItem.(*passwordEye); ok {
			eye.follow()
			b.entry.SetPlaceHolder(f.textKept(c, *b.in(&f.base)))
		}
	}
	typed := f.typedPassword() && !f.locked(config.FieldPassword)
	f.keeping.follow(typed)
	f.password.tell(f.keeping.hint(typed))
	f.showLink(c)
	f.showProblems()
	f.rearrange()
}

func hide(o fyne.CanvasObject, hidden bool) {
	if hidden {
		o.Hide()
	} else {
		o.Show()
	}
}

// textKept says where a password is that is not shown.
func (f *connectionForm) textKept(c config.Connection, secret string) string {
	switch {
	case !f.sameServer(c):
		return ""
	case f.base.Keep == config.KeepKeychain:
		return phrase("Kept in the keychain").say()
	case f.base.Keep == config.KeepFile:
		return phrase("Kept in a file").say()
	case secret != "":
		return phrase("Given already").say()
	}
	return ""
}

// rearrange lays the dialog out again.
func (f *connectionForm) rearrange() {
	f.content.Refresh()
	if al := f.window.alerts.current; al != nil {
		al.arrange()
	}
}

// Links.

const textLinkHint phrase = "Paste a link here, and it fills in the rest."

// linkChanged takes a link apart as soon as it is pasted. One that is typed is
// left alone until it is whole.
func (f *connectionForm) linkChanged(text string) {
	if f.filling {
		return
	}
	pasted := inserted(f.said, text) > 1
	f.said = text
	f.link.say("")
	if pasted {
		f.takeLink()
	}
}

// inserted is how many runes came into a text at one place.
func inserted(before, after string) int {
	a, b := []rune(before), []rune(after)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(b)
}

// linkScanned takes a link that was scanned from the code that another counter
// shows; false: it is none. What is no link was meant for the cart.
func (f *connectionForm) linkScanned(code string) bool {
	if _, err := config.ParseLink(code); err != nil {
		return false
	}
	f.link.set(code)
	f.takeLink()
	return true
}

// takeLink fills the fields with what the link says. A password goes out of
// sight at once.
func (f *connectionForm) takeLink() {
	text := f.link.text()
	if text == "" || text == f.connection().Link() {
		return
	}
	c, err := config.ParseLink(text)
	if err != nil {
		f.said = f.link.entry.Text
		f.link.say(capital(foreign(err.Error())) + ".")
		f.rearrange()
		return
	}
	f.take(c)
}

// take shows what a link says. What it cannot say stays.
func (f *connectionForm) take(c config.Connection) {
	was := f.connection()
	c.Shared = true
	c.CA, c.Cert, c.Key = was.CA, was.Cert, was.Key
	f.fill(c)
	f.filling = true
	other := was.Host != "" && (c.Host != was.Host || c.User != was.User)
	f.secretOf(config.FieldPassword, string(c.Password), other)
	f.secretOf(config.FieldSentinelPass, string(c.SentinelPassword), other)
	f.filling = false
	f.edited()
	f.link.tell(phrase("Taken apart into the fields below.").say())
}

// secretOf puts a password into its field. None leaves what was typed, unless
// that was for another server or user.
func (f *connectionForm) secretOf(of config.Field, secret string, other bool) {
	if b := f.field(of); secret != "" || other {
		b.set(secret)
	}
}

// showLink keeps the link true to the fields.
func (f *connectionForm) showLink(c config.Connection) {
	link := ""
	if c.Shared && len(withoutFiles(c).Check()) == 0 { // which are in no link
		link = c.Link()
	}
	f.said = link
	f.link.set(link)
	f.link.say("")
	f.link.tell(textLinkHint.say())
}

// What is wrong.

// field returns the one with this name; nil: the form has none.
func (f *connectionForm) field(of config.Field) *formField {
	switch of {
	case config.FieldLink:
		return f.link
	case config.FieldCounter:
		return f.name
	}
	for _, b := range f.fields {
		if b.of == of {
			return b.formField
		}
	}
	return nil
}

// problems are what cannot be used.
func (f *connectionForm) problems() []config.Problem {
	all := f.settings().Check()
	if c := f.connection(); c.Shared {
		all = slices.Concat(withoutFiles(c).Check(), f.files.problems(c), all)
	}
	return all
}

func withoutFiles(c config.Connection) config.Connection {
	c.CA, c.Cert, c.Key = "", "", ""
	return c
}

// showProblems shows what is wrong under each field. An empty one is complained
// about only after a button was pressed.
func (f *connectionForm) showProblems() {
	reasons := map[config.Field]string{}
	for _, p := range slices.Backward(f.problems()) { // the first of a field stays
		reasons[p.Field] = textReason(p)
	}
	for _, b := range f.all() {
		if b.of == config.FieldLink {
			continue
		}
		reason := reasons[b.of]
		if b.text() == "" && !f.pressed {
			reason = ""
		}
		b.say(reason)
	}
}

// textReason says why what stands in a field cannot be used.
func textReason(p config.Problem) string { return capital(foreign(p.Reason)) + "." }

// all are the fields of the form.
func (f *connectionForm) all() []*formField {
	all := []*formField{f.link, f.name}
	for _, b := range f.fields {
		all = append(all, b.formField)
	}
	return all
}

// complain shows all that is wrong, and goes to the first of it; nil: nothing
// is. What has no field of its own is the error.
func (f *connectionForm) complain() error {
	f.takeLink()
	f.pressed = true
	f.showProblems()
	wrong := f.problems()
	f.files.look() // somebody may have mended them meanwhile
	if len(wrong) == 0 {
		return nil
	}
	field := f.field(wrong[0].Field)
	if field == nil {
		return sentence(textReason(wrong[0]))
	}
	f.visit(field)
	return errAlertStays
}

// visit goes to a field, wherever it is.
func (f *connectionForm) visit(field *formField) {
	if f.isAdvanced(field) {
		f.advanced.open(true)
	}
	f.rearrange()
	f.window.win.Canvas().Focus(field.entry)
}

func (f *connectionForm) isAdvanced(field *formField) bool {
	main := []config.Field{config.FieldLink, config.FieldHost, config.FieldPort, config.FieldUser, config.FieldPassword, config.FieldCounter}
	return !slices.Contains(main, field.of)
}

// What is given from outside.

func (f *connectionForm) anyLocked() bool {
	return f.wholeLocked() || slices.ContainsFunc(f.all(), func(b *formField) bool { return f.locked(b.of) })
}

// wholeLocked reports whether nothing of the connection can be chosen.
func (f *connectionForm) wholeLocked() bool { return f.locked(config.FieldShared) }

// lock disables what cannot be changed here.
func (f *connectionForm) lock() {
	off := func(of config.Field, o fyne.Disableable) {
		if f.locked(of) {
			o.Disable()
		}
	}
	off(config.FieldShared, f.shared)
	off(config.FieldMode, f.mode)
	off(config.FieldTLS, f.encrypted)
	off(config.FieldUnverified, f.unverified)
	for _, b := range f.all() {
		off(b.of, b.entry)
		if button, ok := b.beside.(fyne.Disableable); ok {
			off(b.of, button)
		}
	}
	if f.wholeLocked() {
		f.link.entry.Disable()
	}
}

// disclosure is a button that opens and closes what is below it.
type disclosure struct {
	button *fyne.Container
	push   *choice
	inner  fyne.CanvasObject
	opened bool
	there  bool
	then   func()
}

func newDisclosure(label phrase, inner fyne.CanvasObject, then func()) *disclosure {
	d := &disclosure{inner: inner, then: then}
	d.push = newChoice(label.say(), d.turn)
	d.push.about = phrase("more fields").say()
	d.push.Importance, d.push.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	// In line with the fields: a button keeps a distance to its edge.
	d.button = container.New(layout.NewCustomPaddedLayout(0, 0, -alertRing-2, 0), container.NewHBox(ringed(d.push.ring, d.push)))
	d.update()
	return d
}

// turn is the button. It has the focus afterwards, also by mouse, so that Tab
// leads into what has opened.
func (d *disclosure) turn() {
	d.open(!d.opened)
	if c := fyne.CurrentApp().Driver().CanvasForObject(d.push); c != nil {
		c.Focus(d.push)
	}
}

func (d *disclosure) open(on bool) {
	d.opened = on
	d.update()
	d.then()
}

// show is for a disclosure that is not always there.
func (d *disclosure) show(there bool) {
	d.there = there
	d.update()
}

func (d *disclosure) update() {
	icon := theme.IconNameMenuExpand
	if d.opened {
		icon = theme.IconNameArrowDropDown
	}
	d.push.SetIcon(theme.Current().Icon(icon))
	hide(d.inner, !d.opened || !d.there)
	hide(d.button, !d.there)
}
