package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"trolley/data/config"
)

// connectionForm is what a person fills in to reach a shop. It holds text as
// it is typed; connection and settings read it.
type connectionForm struct {
	window  *Window
	base    config.Connection // what the form began with; its passwords are never shown
	counter config.Settings   // likewise
	locked  func(config.Field) bool
	choose  func(*formField) // looks for the file of a field
	changed func()           // something else stands in it now
	filling bool             // the form is changed by itself
	pressed bool             // what is empty may be complained about

	shared     *radio
	fields     []*boundField
	link, name *formField
	password   *formField
	encrypted  *tick
	unverified *tick
	mode       *radio
	keeping    *keeping

	server   *fyne.Container // all that only a shop with a server needs
	advanced *disclosure
	cluster  fyne.CanvasObject // addresses
	sentinel fyne.CanvasObject // name and passwords
	warning  fyne.CanvasObject // of a certificate that is not checked
	content  fyne.CanvasObject
	files    *fileCheck
	said     string // the link that stands for the fields as they are
}

// boundField is a field and where its text stands in a connection.
type boundField struct {
	*formField
	in func(*config.Connection) *string
}

// isSecret reports whether the field holds a password.
func (b *boundField) isSecret() bool { return b.entry.secret }

var modes = []config.Mode{config.Single, config.Sentinel, config.Cluster}

// newConnectionForm returns a form that shows how a shop is reached.
func newConnectionForm(w *Window, c config.Connection, s config.Settings, changed func()) *connectionForm {
	f := &connectionForm{window: w, base: c, counter: s, locked: w.opt.Connector.Locked, changed: changed}
	f.keeping = newKeeping(c.Keep)
	f.files = &fileCheck{window: w, then: func() { f.showProblems(); f.rearrange() }}
	f.shared = newRadio("Where the shop is", func(int) { f.edited() },
		radioOption{"This computer only", "Carts stay here, and no server is needed."},
		radioOption{"Shared shop (Redis)", "Several counters work on the same carts."})
	f.build()
	f.fill(c)
	f.name.set(s.Counter)
	f.lock()
	return f
}

// build puts the widgets together, in the order in which Tab goes through them.
func (f *connectionForm) build() {
	f.link = newFormField(config.FieldLink, "Link", "rediss://shop@10.0.0.5:6380/0", textLinkHint)
	f.link.entry.OnChanged, f.link.entry.onLeft, f.link.entry.onScan = f.linkChanged, f.takeLink, f.linkScanned
	f.name = f.plain(config.FieldCounter, "This counter is called", "Counter 2", "The other counters see this name.")
	host := f.bind(config.FieldHost, "Server", "10.0.0.5", "", func(c *config.Connection) *string { return &c.Host })
	port := f.bind(config.FieldPort, "Port", "6379", "", func(c *config.Connection) *string { return &c.Port })
	user := f.bind(config.FieldUser, "User", "", "Empty where only a password is needed.", func(c *config.Connection) *string { return &c.User })
	f.password = f.secret(config.FieldPassword, "Password", func(c *config.Connection) *string { return (*string)(&c.Password) })
	f.encrypted = newTick("Encrypted connection (TLS)", func(bool) { f.edited() })
	f.advanced = newDisclosure("Advanced", f.buildAdvanced(), f.rearrange)
	f.server = container.NewVBox(f.link, container.New(sides{0.22}, host, port),
		container.New(sides{0.5}, user, f.password), f.keeping, lessInset(f.encrypted))
	box := container.NewVBox(f.shared, gap(2), f.server, f.name, f.advanced.button, f.advanced.inner)
	f.content = box
	if f.anyLocked() {
		f.content = container.NewVBox(lessInset(newNote(textLocked.say(), colorMuted, theme.SizeNameText)), box)
	}
}

// textLocked tells why some fields cannot be changed.
const textLocked phrase = "These come from the environment or the .env file and are changed there."

// buildAdvanced makes what few shops need.
func (f *connectionForm) buildAdvanced() fyne.CanvasObject {
	ca := f.path(config.FieldCA, "CA file", "Empty: the certificates that this computer trusts.", func(c *config.Connection) *string { return &c.CA })
	cert := f.path(config.FieldCert, "Certificate of this computer", "Only where the server asks for one.", func(c *config.Connection) *string { return &c.Cert })
	key := f.path(config.FieldKey, "Key of that certificate", "", func(c *config.Connection) *string { return &c.Key })
	name := f.bind(config.FieldServerName, "Server name", "", "The name in the server’s certificate, if it is another one.",
		func(c *config.Connection) *string { return &c.ServerName })
	f.unverified = newTick("Do not check the certificate", func(bool) { f.edited() })
	warn := phrase("Any computer on the network could then pass for the server, and read passwords and carts.")
	f.warning = lessInset(newNote(warn.say(), theme.ColorNameWarning, theme.SizeNameCaptionText))
	shop := f.bind(config.FieldShop, "Shop", "main", "Two shops on one server have different names.", func(c *config.Connection) *string { return &c.Shop })
	base := f.bind(config.FieldDatabase, "Database number", "0", "", func(c *config.Connection) *string { return &c.Database })
	socket := f.bind(config.FieldSocket, "Socket", "/run/redis/redis.sock", "A path on this computer, in place of server and port.",
		func(c *config.Connection) *string { return &c.Socket })
	return container.NewVBox(ca, cert, key, name, lessInset(f.unverified), f.warning,
		container.New(sides{0.5}, shop, base), socket, f.buildModes())
}

// buildModes makes what several servers that act as one need.
func (f *connectionForm) buildModes() fyne.CanvasObject {
	f.mode = newRadio("Kind of server", func(int) { f.edited() },
		radioOption{"Single server", ""},
		radioOption{"Sentinel", "Some servers watch which of the others has the shop."},
		radioOption{"Cluster", "Several servers share what there is between them."})
	label := widget.NewLabel(phrase("Kind of server").say())
	label.TextStyle.Bold, label.SizeName = true, theme.SizeNameCaptionText
	addrs := f.bind(config.FieldAddrs, "Addresses", "10.0.0.5:26379 10.0.0.6:26379", "Of the sentinels, or of servers of the cluster.",
		func(c *config.Connection) *string { return &c.Addrs })
	master := f.bind(config.FieldMaster, "Main server’s name", "mymaster", "As the sentinels know it.",
		func(c *config.Connection) *string { return &c.Master })
	user := f.bind(config.FieldSentinelUser, "User for the sentinels", "", "", func(c *config.Connection) *string { return &c.SentinelUser })
	pass := f.secret(config.FieldSentinelPass, "Password for the sentinels", func(c *config.Connection) *string { return (*string)(&c.SentinelPassword) })
	f.cluster, f.sentinel = addrs, container.NewVBox(master, container.New(sides{0.5}, user, pass))
	return container.New(layout.NewCustomPaddedVBoxLayout(0), lessInset(label), f.mode, gap(theme.Padding()), f.cluster, f.sentinel)
}

// plain makes a field that is no part of the connection itself.
func (f *connectionForm) plain(of config.Field, label, holder, hint phrase) *formField {
	field := newFormField(of, label, holder, hint)
	field.entry.OnChanged = func(string) { f.edited() }
	return field
}

func (f *connectionForm) bind(of config.Field, label, holder, hint phrase, in func(*config.Connection) *string) *formField {
	field := f.plain(of, label, holder, hint)
	f.fields = append(f.fields, &boundField{field, in})
	return field
}

func (f *connectionForm) secret(of config.Field, label phrase, in func(*config.Connection) *string) *formField {
	field := newSecretField(of, label)
	field.entry.OnChanged = func(string) { f.edited() }
	f.fields = append(f.fields, &boundField{field, in})
	return field
}

// path makes a field for a file, which can be typed or chosen.
func (f *connectionForm) path(of config.Field, label, hint phrase, in func(*config.Connection) *string) *formField {
	field := f.bind(of, label, "", hint, in)
	choose := newChoice(phrase("Choose…").say(), func() { f.choose(field) })
	choose.about = label.say()
	field.beside = choose
	return field
}
