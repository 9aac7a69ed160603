package ui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
	"trolley/data/config"
)

// sizes are those in which dialogs are drawn.
var bothSizes = map[string]fyne.Size{"": usual, "-narrow": narrow}

// drawDialogs draws something in both variants and sizes.
func drawDialogs(t *testing.T, name string, draw func(s *studio)) {
	t.Helper()
	for look, variant := range variants {
		for size, of := range bothSizes {
			s := openStudio(t, variant, of)
			s.opt.Connector = &fakeConnector{settings: config.Settings{Counter: "Counter 1"}}
			s.show(s.state(s.line("espresso", 2)))
			draw(s)
			s.expectForm(name + "-" + look + size)
		}
	}
}

// drawDialog draws something once.
func drawDialog(t *testing.T, name string, variant fyne.ThemeVariant, size fyne.Size, draw func(s *studio)) {
	t.Helper()
	s := openStudio(t, variant, size)
	s.opt.Connector = &fakeConnector{settings: config.Settings{Counter: "Counter 1"}}
	s.show(s.state(s.line("espresso", 2)))
	draw(s)
	s.expectForm(name)
}

// expectForm is expectPicture for a form of which some is scrolled away.
func (s *studio) expectForm(name string) {
	s.t.Helper()
	s.hideScrolled()
	s.expectPicture(name)
}

// hideScrolled leaves out the entries that are not all in sight: the painter of
// the tests clips the text of an entry to the entry and forgets the scroll
// around it.
func (s *studio) hideScrolled() {
	al := s.alerts.current
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(al.scroll).Y
	eachFormField(al.spec.Content, func(f *formField) {
		y := d.AbsolutePositionForObject(f.entry).Y
		if y < top || y+f.entry.Size().Height > top+al.scroll.Size().Height {
			f.entry.Hide()
		}
	})
}

func eachFormField(o fyne.CanvasObject, f func(*formField)) {
	switch o := o.(type) {
	case *formField:
		f(o)
	case *fyne.Container:
		for _, child := range o.Objects {
			eachFormField(child, f)
		}
	}
}

// fineStages are those of a server that has nothing wrong.
func fineStages() []data.Finding {
	return []data.Finding{
		{Stage: data.StageFind},
		{Stage: data.StageReach, Facts: "10.0.0.5:6380"},
		{Stage: data.StageEncrypt, Facts: "TLS 1.3", Until: time.Date(2027, 3, 3, 12, 0, 0, 0, time.UTC)},
		{Stage: data.StageSignIn},
		{Stage: data.StageServer, Facts: "Redis 7.0.15"},
		{Stage: data.StageWrite},
		{Stage: data.StageRights},
		{Stage: data.StageAnswer, Took: 3 * time.Millisecond},
		{Stage: data.StageKeep},
		{Stage: data.StageClock},
	}
}

// dialogOf opens the dialog on the connection of the shop.
func (s *studio) dialogOf(c config.Connection) *connectionDialog {
	s.opt.Connector.(*fakeConnector).connection = c
	return s.connectionDialog()
}

// tries shows stages in a dialog, as a test does.
func (d *connectionDialog) tries(stages ...data.Finding) {
	d.test.run(d.form.connection(), d.tested)
	for _, f := range stages {
		d.test.take(f)
	}
	d.tested()
}

func TestPictureOfAConnection(t *testing.T) {
	drawDialogs(t, "connection-fresh", func(s *studio) { s.dialogOf(config.Connection{}) })
	drawDialogs(t, "connection-filled", func(s *studio) {
		d := s.dialogOf(theShop())
		d.form.keeping.heard(nil)
		d.form.password.entry.SetText("secret")
	})
}

func TestPictureOfAdvancedFields(t *testing.T) {
	drawDialogs(t, "connection-advanced", func(s *studio) {
		c := theShop()
		c.CA, c.Unverified, c.Mode = "/etc/trolley/shop-ca.pem", true, config.Sentinel
		c.Addrs, c.Master = "10.0.0.5:26379 10.0.0.6:26379", "shop"
		d := s.dialogOf(c)
		s.win.Canvas().Focus(d.form.advanced.push)
		d.form.advanced.open(true)
		s.win.Canvas().Focus(d.form.field(config.FieldServerName).entry)
		s.win.Canvas().Focus(d.form.field(config.FieldMaster).entry)
	})
	drawDialog(t, "connection-advanced-top", theme.VariantLight, usual, func(s *studio) {
		c := theShop()
		c.Unverified = true
		d := s.dialogOf(c)
		d.form.advanced.open(true)
		s.win.Canvas().Focus(d.form.field(config.FieldShop).entry)
	})
}

func TestPictureOfATestOfAConnection(t *testing.T) {
	drawDialogs(t, "connection-running", func(s *studio) { s.dialogOf(theShop()).tries(fineStages()[:3]...) })
	drawDialogs(t, "connection-passed", func(s *studio) {
		d := s.dialogOf(theShop())
		d.tries(fineStages()...)
		d.test.fail(nil)
		d.tested()
	})
}

func TestPictureOfProblemsOfAConnection(t *testing.T) {
	for i, f := range []data.Fault{data.FaultNoHost, data.FaultRefused, data.FaultUntrusted, data.FaultNotTLS, data.FaultWrongAuth} {
		drawDialog(t, fmt.Sprintf("connection-fault-%d", i), theme.VariantLight, usual, func(s *studio) {
			d := s.dialogOf(theShop())
			stages := []data.Stage{data.StageFind, data.StageReach, data.StageEncrypt, data.StageEncrypt, data.StageSignIn}
			var all []data.Finding
			for _, fine := range fineStages() {
				if fine.Stage == stages[i] {
					break
				}
				all = append(all, fine)
			}
			err := &data.UnavailableError{Fault: f, Addr: "10.0.0.5:6380"}
			d.tries(append(all, data.Finding{Stage: stages[i], Verdict: data.Failed, Err: err})...)
			d.test.fail(err)
			d.tested()
		})
	}
}

func TestPictureOfWrongFields(t *testing.T) {
	drawDialog(t, "connection-wrong", theme.VariantDark, usual, func(s *studio) {
		c := theShop()
		c.Port = "99999"
		d := s.dialogOf(c)
		d.form.field(config.FieldHost).entry.SetText("")
		_ = d.form.complain()
	})
}

func TestPictureOfNoKeychain(t *testing.T) {
	for look, variant := range variants {
		drawDialog(t, "connection-no-keychain-"+look, variant, usual, func(s *studio) {
			d := s.dialogOf(theShop())
			d.form.keeping.heard(errors.New("no service"))
			d.form.password.entry.SetText("secret")
		})
	}
}

func TestPictureOfALockedConnection(t *testing.T) {
	for look, variant := range variants {
		drawDialog(t, "connection-locked-"+look, variant, usual, func(s *studio) {
			s.opt.Connector.(*fakeConnector).locked = everyField
			s.dialogOf(theShop())
		})
	}
}

// everyField are the fields of a connection.
var everyField = []config.Field{config.FieldShared, config.FieldMode, config.FieldHost, config.FieldPort, config.FieldSocket,
	config.FieldDatabase, config.FieldUser, config.FieldPassword, config.FieldTLS, config.FieldCA, config.FieldCert, config.FieldKey,
	config.FieldServerName, config.FieldUnverified, config.FieldAddrs, config.FieldMaster, config.FieldSentinelUser,
	config.FieldSentinelPass, config.FieldShop}

func TestPictureOfJoining(t *testing.T) {
	drawDialogs(t, "join", func(s *studio) {
		c := theShop()
		c.CA = "/etc/trolley/shop-ca.pem"
		s.opt.Connector.(*fakeConnector).connection = c
		s.joinDialog()
	})
	drawDialog(t, "join-local", theme.VariantLight, narrow, func(s *studio) { s.joinDialog() })
}

func TestPictureOfSharing(t *testing.T) {
	drawDialogs(t, "sharing", func(s *studio) {
		d := s.dialogOf(config.Connection{})
		(&sharing{window: s.Window, dialog: d, to: theShop()}).ask(data.Holding{Products: 12, Carts: 2, Lines: 9})
	})
	drawDialogs(t, "sharing-progress", func(s *studio) {
		d := s.dialogOf(config.Connection{})
		one := &sharing{window: s.Window, dialog: d, to: theShop()}
		one.copy()
		one.progress(data.Shared{Done: 40, All: 120})
	})
	drawDialog(t, "sharing-skipped", theme.VariantLight, usual, func(s *studio) {
		d := s.dialogOf(config.Connection{})
		one := &sharing{window: s.Window, dialog: d, to: theShop()}
		one.tellRest(data.Shared{Skipped: goods})
	})
}

func TestPictureOfAPassword(t *testing.T) {
	for look, variant := range variants {
		drawDialog(t, "password-"+look, variant, narrow, func(s *studio) {
			s.opt.Connector.(*fakeConnector).connection = theShop()
			p := s.askPassword(false)
			p.password.entry.SetText("secret")
			p.keeping.heard(nil)
			p.follow()
		})
	}
	drawDialog(t, "password-wrong", theme.VariantLight, narrow, func(s *studio) {
		s.opt.Connector.(*fakeConnector).connection = theShop()
		p := s.askPassword(false)
		p.password.entry.SetText("secret")
		p.keeping.heard(errors.New("none"))
		p.follow()
		p.refuse(&data.UnavailableError{Fault: data.FaultWrongAuth, Addr: "10.0.0.5:6380", About: "shop"})
	})
}
