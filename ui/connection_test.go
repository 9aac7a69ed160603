package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/redistest"
)

// marker is a password that must stand nowhere it can be read.
const marker = "S3cr#t-marker"

// connected notes what a dialog connects to.
type connected struct {
	to       []config.Connection
	settings []config.Settings
	err      error
}

func (c *connected) connect(to config.Connection, s config.Settings, done func(error)) {
	c.to, c.settings = append(c.to, to), append(c.settings, s)
	done(c.err)
}

// openConnection opens the dialog of a window on this connector.
func openConnection(t *testing.T, f *fakeConnector) (*desk, *connectionDialog, *connected) {
	t.Helper()
	if f.settings.Counter == "" {
		f.settings.Counter = "Counter 1"
	}
	d := openAt(t, f)
	c, went := d.connectionDialog(), &connected{}
	c.onConnect = went.connect
	d.until("the keychain was asked", func() bool { return c.form.keeping.known })
	return d, c, went
}

// enter types into a field.
func (d *desk) enterIn(c *connectionDialog, of config.Field, text string) {
	d.t.Helper()
	e := c.form.field(of).entry
	d.win.Canvas().Focus(e)
	d.write(text)
}

// paste puts a text into a field as the clipboard does.
func (d *desk) paste(c *connectionDialog, of config.Field, text string) {
	d.t.Helper()
	clipboard := d.app.Clipboard()
	clipboard.SetContent(text)
	e := c.form.field(of).entry
	d.win.Canvas().Focus(e)
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
}

func TestPastedLinkFillsTheFields(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{})
	d.key(fyne.KeyDown)
	d.paste(c, config.FieldLink, " rediss://shop:"+strings.ReplaceAll(marker, "#", "%23")+"@10.0.0.5:6380/2 ")
	got := c.form.connection()
	if !got.Shared || got.Host != "10.0.0.5" || got.Port != "6380" || got.User != "shop" || !got.TLS || got.Database != "2" || string(got.Password) != marker {
		t.Errorf("the fields are %+v, password %t", got, string(got.Password) == marker)
	}
	if e := c.form.password.entry; !e.Password || e.Text != marker {
		t.Error("the password is not hidden in its field")
	}
	d.undoAnywhere()
	if text := c.form.link.entry.Text; strings.Contains(text, "marker") || text == "" {
		t.Errorf("the link is %q", text)
	}
}

func TestLinkThatMakesNoSenseStays(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	before := c.form.connection()
	c.form.link.entry.SetText("")
	d.paste(c, config.FieldLink, "http://example.com/")
	if c.form.link.problem == "" || c.form.connection() != before {
		t.Errorf("it says %q, and the fields are %+v", c.form.link.problem, c.form.connection())
	}
	expectSentence(t, "a wrong link", c.form.link.problem)
}

func TestTypedLinkIsLeftAloneUntilItIsWhole(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{})
	d.key(fyne.KeyDown)
	d.enterIn(c, config.FieldLink, "redis://10.0.0.7")
	if host := c.form.connection().Host; host != "" {
		t.Errorf("the server is %q while the link is typed", host)
	}
	d.win.Canvas().Focus(c.form.name.entry)
	if host := c.form.connection().Host; host != "10.0.0.7" {
		t.Errorf("the server is %q", host)
	}
}

func TestKeptPasswordIsNotShownAndGoesNowhereElse(t *testing.T) {
	shop := theShop()
	shop.Password = marker
	d, c, _ := openConnection(t, &fakeConnector{connection: shop})
	if e := c.form.password.entry; e.Text != "" || e.PlaceHolder != "Kept in the keychain" {
		t.Errorf("the field holds %d letters, and says %q", len(e.Text), e.PlaceHolder)
	}
	if got := c.form.connection(); got != shop {
		t.Errorf("unchanged, the connection is %+v", got)
	}
	for what, tick := range map[string]*tick{"plain": c.form.encrypted, "unverified": c.form.unverified} {
		tick.SetChecked(!tick.Checked)
		if e := c.form.password.entry; c.form.connection().Password != "" || e.PlaceHolder != "" {
			t.Errorf("%s: the password goes along; the field says %q", what, e.PlaceHolder)
		}
		tick.SetChecked(!tick.Checked)
	}
	c.form.field(config.FieldHost).entry.SetText("10.0.0.9")
	if got := c.form.connection(); got.Password != "" {
		t.Error("another server would be sent the password of the first")
	}
	if e := c.form.password.entry; e.PlaceHolder != "" {
		t.Errorf("of another server it says %q", e.PlaceHolder)
	}
	_ = d
}

func TestEyeShowsWhatIsTyped(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	eye := c.form.password.entry.ActionItem.(*passwordEye)
	if eye.Visible() {
		t.Error("there is an eye for a password that is not there")
	}
	d.enterIn(c, config.FieldPassword, "abc")
	d.win.Canvas().Focus(eye)
	d.write(" ")
	if c.form.password.entry.Password || c.form.password.text() != "abc" {
		t.Error("the password stays hidden")
	}
	c.form.password.entry.SetText("")
	if !c.form.password.entry.Password || eye.Visible() {
		t.Error("the next password would be shown")
	}
}

func TestConnectingTriesFirst(t *testing.T) {
	f := &fakeConnector{connection: theShop(), settings: config.Settings{Counter: "Till"},
		err: &data.UnavailableError{Fault: data.FaultRefused, Addr: "10.0.0.5:6380"}}
	d, c, went := openConnection(t, f)
	d.enterIn(c, config.FieldPassword, marker)
	d.key(fyne.KeyReturn)
	d.until("the test ended", func() bool { return c.test.ended })
	if len(went.to) != 0 || c.form.password.text() != marker {
		t.Errorf("it went to %v after a test that failed", went.to)
	}
	f.err, f.findings = nil, fineStages()
	d.press("Connect")
	d.until("it is connected", func() bool { return len(went.to) == 1 })
	d.noDialog()
	if got := went.to[0]; got.Host != "10.0.0.5" || string(got.Password) != marker || got.Keep != config.KeepKeychain || went.settings[0].Counter != "Till" {
		t.Errorf("connected to %+v, %+v", got, went.settings)
	}
}

func TestPassedTestIsNotMadeAgain(t *testing.T) {
	f := &fakeConnector{connection: theShop(), findings: fineStages()}
	d, c, went := openConnection(t, f)
	d.press("Test")
	d.until("the test ended", func() bool { return c.test.ended })
	d.press("Connect")
	if n := seen(f, func() int { return len(f.tested) }); n != 1 || len(went.to) != 1 {
		t.Errorf("%d tests, connected to %v", n, went.to)
	}
}

func TestConnectionThatIsRefusedStays(t *testing.T) {
	f := &fakeConnector{connection: theShop(), findings: fineStages()}
	d, c, went := openConnection(t, f)
	went.err = sentenceError("Something waits.")
	d.press("Connect")
	d.until("it was tried", func() bool { return len(went.to) == 1 })
	if text := c.alert.problem.Text; text != "Something waits." {
		t.Errorf("it says %q", text)
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestThisComputerNeedsNoTest(t *testing.T) {
	f := &fakeConnector{connection: theShop()}
	d, c, went := openConnection(t, f)
	d.win.Canvas().Focus(c.form.shared)
	d.key(fyne.KeyUp, fyne.KeyReturn)
	if len(went.to) != 1 || went.to[0].Shared || len(f.tested) != 0 {
		t.Errorf("connected to %+v, %d tests", went.to, len(f.tested))
	}
	d.noDialog()
}

func TestTestOfAConnectionCanBeStopped(t *testing.T) {
	f := &fakeConnector{connection: theShop(), findings: fineStages()[:2], gate: make(chan struct{})}
	d, c, _ := openConnection(t, f)
	d.press("Test")
	d.until("two stages are there", func() bool { return len(c.test.found) == 2 })
	rows := strings.Join(labelsOf(c.test.rows), " | ")
	if !strings.Contains(rows, "Checking… | Encryption") {
		t.Errorf("it shows %q", rows)
	}
	worked := false
	d.run(func(context.Context) func() { return func() { worked = true } })
	d.until("the window works meanwhile", func() bool { return worked })
	d.press("Stop")
	d.until("the test is stopped", func() bool { return seen(f, func() int { return f.stopped }) == 1 })
	if c.test.running() || c.test.box.Visible() {
		t.Error("the test goes on")
	}
	d.press("Test")
	d.key(fyne.KeyEscape)
	d.noDialog()
	d.until("closing stops it", func() bool { return seen(f, func() int { return f.stopped }) == 2 })
}

func TestChangedFieldsNeedANewTest(t *testing.T) {
	f := &fakeConnector{connection: theShop(), findings: fineStages()}
	d, c, _ := openConnection(t, f)
	d.press("Test")
	d.until("the test ended", func() bool { return c.test.ended })
	d.enterIn(c, config.FieldUser, "x")
	if c.test.box.Visible() || c.test.passed(c.form.connection()) {
		t.Error("the result of another connection stays")
	}
}

func TestWrongFieldsAreSaidUnderThem(t *testing.T) {
	d, c, went := openConnection(t, &fakeConnector{})
	d.key(fyne.KeyDown)
	host, port := c.form.field(config.FieldHost), c.form.field(config.FieldPort)
	d.enterIn(c, config.FieldPort, "99999")
	if port.problem == "" || host.problem != "" {
		t.Errorf("as it is typed: %q of the port, %q of an empty server", port.problem, host.problem)
	}
	d.key(fyne.KeyReturn)
	if host.problem == "" || d.win.Canvas().Focused() != fyne.Focusable(host.entry) || len(went.to) != 0 {
		t.Errorf("after Enter: %q, the focus on %T", host.problem, d.win.Canvas().Focused())
	}
	expectSentence(t, "the port", port.problem)
}

func TestWrongAdvancedFieldsAreBroughtIntoSight(t *testing.T) {
	shop := theShop()
	shop.CA = "/nowhere/ca.pem"
	d, c, _ := openConnection(t, &fakeConnector{connection: shop})
	ca := c.form.field(config.FieldCA)
	d.until("the file was looked for", func() bool { return ca.problem != "" })
	d.press("Connect")
	if d.win.Canvas().Focused() != fyne.Focusable(ca.entry) || !c.form.advanced.inner.Visible() {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	expectSentence(t, "the CA file", ca.problem)
}

func TestResultLeadsToTheFieldThatMendsIt(t *testing.T) {
	for fault, field := range map[data.Fault]config.Field{data.FaultWrongAuth: config.FieldPassword, data.FaultUntrusted: config.FieldCA} {
		d, c, _ := openConnection(t, &fakeConnector{connection: theShop(), err: &data.UnavailableError{Fault: fault}})
		d.press("Test")
		d.until("the test ended", func() bool { return c.test.ended })
		test.Tap(c.remedy)
		if got := d.win.Canvas().Focused(); got != fyne.Focusable(c.form.field(field).entry) {
			t.Errorf("%s: it leads to %T", fault, got)
		}
	}
}

func TestEncryptionIsTurnedOverWhereThatHelps(t *testing.T) {
	for fault, want := range map[data.Fault]string{data.FaultMaybeTLS: "Turn on TLS and test", data.FaultNotTLS: "Turn off TLS and test"} {
		shop := theShop()
		shop.TLS = fault == data.FaultNotTLS
		f := &fakeConnector{connection: shop, err: &data.UnavailableError{Fault: fault}}
		d, c, _ := openConnection(t, f)
		d.press("Test")
		d.until("the test ended", func() bool { return c.test.ended })
		if !c.remedies.Objects[0].Visible() || c.remedy.Text != want {
			t.Fatalf("%s: it offers %q", fault, c.remedy.Text)
		}
		test.Tap(c.remedy)
		d.until("it was tried again", func() bool { return seen(f, func() int { return len(f.tested) }) == 2 })
		if f.tested[1].TLS == shop.TLS {
			t.Errorf("%s: encryption stays", fault)
		}
	}
}

func TestPasswordIsKeptWhereThePersonWants(t *testing.T) {
	for name, c := range map[string]struct {
		keychain error
		pick     int
		want     config.Keep
	}{
		"a keychain": {nil, 0, config.KeepKeychain}, "none": {errors.New("no service"), 0, config.KeepAsk},
		"none, and a file": {errors.New("no service"), 1, config.KeepFile},
	} {
		t.Run(name, func(t *testing.T) {
			shop := theShop()
			shop.Keep = ""
			d, dialog, _ := openConnection(t, &fakeConnector{connection: shop, keychain: c.keychain})
			if dialog.form.keeping.Visible() {
				t.Error("it asks where to keep what is not there")
			}
			d.enterIn(dialog, config.FieldPassword, "x")
			if asks := dialog.form.keeping.Visible(); asks != (c.keychain != nil) {
				t.Errorf("asks: %t", asks)
			}
			dialog.form.keeping.pick.pick(c.pick)
			if got := dialog.form.connection().Keep; got != c.want {
				t.Errorf("kept in %q, want %q", got, c.want)
			}
		})
	}
}

func TestLockedConnectionIsShownOnly(t *testing.T) {
	f := &fakeConnector{connection: theShop(), locked: everyField, findings: fineStages()}
	d, c, _ := openConnection(t, f)
	for _, p := range c.alert.pushes {
		if p.spec.Role == rolePrimary {
			t.Error("it can be connected")
		}
	}
	for _, b := range c.form.all() {
		if b.of != config.FieldCounter && !b.entry.Disabled() {
			t.Errorf("%s can be changed", b.of)
		}
	}
	d.press("Test")
	d.until("the test ended", func() bool { return c.test.ended })
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestResultIsCopiedWithoutSecrets(t *testing.T) {
	f := &fakeConnector{connection: theShop(), findings: fineStages()}
	d, c, _ := openConnection(t, f)
	d.enterIn(c, config.FieldPassword, marker)
	d.press("Test")
	d.until("the test ended", func() bool { return c.test.ended })
	test.Tap(c.copy)
	text := d.app.Clipboard().Content()
	if !strings.Contains(text, "Sign-in: OK. User and password are right.") || !strings.Contains(text, "3 Mar 2027") || strings.Contains(text, "marker") {
		t.Errorf("copied: %s", text)
	}
}

func TestTestThatTellsNothingIsAProblem(t *testing.T) {
	f := &fakeConnector{connection: theShop(), err: errors.New("no way")}
	d, c, _ := openConnection(t, f)
	d.press("Test")
	d.until("the test ended", func() bool { return c.test.ended })
	if !c.test.has(data.Failed) {
		t.Errorf("it found %v", c.test.found)
	}
}

func TestConnectionIsFilledInByKeyboard(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{})
	d.key(fyne.KeyDown)
	var order []string
	for range 10 {
		order = append(order, nameOfFocus(d.win.Canvas().Focused()))
		d.win.Canvas().FocusNext()
	}
	want := []string{"radio", "Link", "Server", "Port", "User", "Password", "Encrypted connection (TLS)", "This counter is called", "Advanced", "Cancel"}
	if !slices.Equal(order, want) {
		t.Errorf("Tab goes %q", order)
	}
	d.win.Canvas().Focus(c.form.encrypted)
	d.write(" ")
	if !c.form.connection().TLS {
		t.Error("Space does not turn encryption on")
	}
	d.win.Canvas().Focus(c.form.advanced.push)
	d.key(fyne.KeyReturn)
	if !c.form.advanced.inner.Visible() {
		t.Error("Enter does not open what is advanced")
	}
	d.win.Canvas().Focus(c.form.mode)
	d.key(fyne.KeyDown)
	if c.form.connection().Mode != config.Sentinel || !c.form.sentinel.Visible() {
		t.Error("the arrows do not choose the kind of server")
	}
	d.expectLabels("the connection")
}

func nameOfFocus(f fyne.Focusable) string {
	switch f := f.(type) {
	case *radio:
		return "radio"
	case *tick:
		return f.Text
	case *choice:
		return f.Text
	case *alertPush:
		return f.Text
	case *formEntry:
		return f.name
	}
	return ""
}

func TestScanPressesNothingInTheConnection(t *testing.T) {
	f := &fakeConnector{connection: theShop(), findings: fineStages()}
	d, c, went := openConnection(t, f)
	d.enterIn(c, config.FieldPassword, "secret")
	form := c.form
	eye := form.password.entry.ActionItem.(*passwordEye)
	before := form.connection()
	for _, stop := range []fyne.Focusable{form.shared, form.link.entry, form.field(config.FieldHost).entry, eye,
		form.encrypted, form.name.entry, form.advanced.push} {
		d.win.Canvas().Focus(stop)
		d.scan(milkCode)
		d.scanTab("AB 12 34")
		if focus := d.win.Canvas().Focused(); focus != stop {
			t.Errorf("a scan at %s moves the focus to %s", nameOfFocus(stop), nameOfFocus(focus))
		}
		if c.test.running() || c.test.ended || len(went.to) > 0 || form.advanced.opened || !form.password.entry.Password {
			t.Fatalf("a scan at %s presses it", nameOfFocus(stop))
		}
		if now := form.connection(); now != before {
			t.Errorf("a scan at %s makes it %+v", nameOfFocus(stop), now)
		}
	}
}

func TestTypedPasswordDoesNotGoToTheServerOfALinkThatComesLater(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	d.enterIn(c, config.FieldPassword, "secret")
	c.form.link.set("")
	d.paste(c, config.FieldLink, "rediss://shop@elsewhere.example:6380")
	if got := c.form.connection(); got.Host != "elsewhere.example" || got.Password != "" {
		t.Errorf("the password goes to %s: %t", got.Host, got.Password != "")
	}
}

// Somebody types fast, or a program that knows the password does.
func TestPasswordThatIsTypedFastIsNoScan(t *testing.T) {
	shop := theShop()
	d, c, _ := openConnection(t, &fakeConnector{connection: shop, findings: fineStages()})
	d.enterIn(c, config.FieldPassword, "")
	d.scan("correct-horse-4006381333931")
	if got := c.form.password.text(); got != "correct-horse-4006381333931" {
		t.Errorf("the field holds %q", got)
	}
	d.until("Enter tries it", func() bool { return c.test.ended })
	if list := d.scans.orders; len(list)+len(d.scans.unknown) > 0 {
		t.Errorf("it is scanned: %v", list)
	}
}

func TestFileThatWasMendedIsTaken(t *testing.T) {
	shop := theShop()
	shop.CA = filepath.Join(t.TempDir(), "ca.pem")
	d, c, _ := openConnection(t, &fakeConnector{connection: shop, findings: fineStages()})
	ca := c.form.field(config.FieldCA)
	d.until("the file is missed", func() bool { return ca.problem != "" })
	if err := os.Rename(redistest.NewCA(t).File, shop.CA); err != nil {
		t.Fatal(err)
	}
	d.press("Test")
	d.until("the file is there", func() bool { return ca.problem == "" })
	d.press("Test")
	d.until("it was tried", func() bool { return c.test.ended })
}

func TestPlacesOfFilesAreNamedInTheLanguageOfTheWindow(t *testing.T) {
	_, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	bracketed(t, 0)
	c.chooseFile(c.form.field(config.FieldCA))
	list := listIn(c.window.win.Canvas().Overlays().Top())
	if list == nil {
		t.Fatal("the toolkit shows no list of places any more")
	}
	said := strings.Join(saidOf(list), "|")
	for place := range placeNames {
		if strings.Contains("|"+said+"|", "|"+place+"|") {
			t.Errorf("it says %q", said)
		}
	}
	if !strings.Contains(said, "[Home]") {
		t.Errorf("it says %q", said)
	}
}
