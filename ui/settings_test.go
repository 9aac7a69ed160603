package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/local"
	"trolley/ui/sound"
)

// ear is a Sounds that hears what is to be played; no computer that runs tests
// has a loudspeaker.
type ear struct {
	heard []sound.Kind
	deaf  error
}

func (e *ear) Play(k sound.Kind) { e.heard = append(e.heard, k) }
func (e *ear) Available() error  { return e.deaf }

// expect fails unless exactly these tones were played since the last time.
func (e *ear) expect(t *testing.T, what string, want ...sound.Kind) {
	t.Helper()
	if !slices.Equal(e.heard, want) {
		t.Errorf("%s: heard %v, want %v", what, e.heard, want)
	}
	e.heard = nil
}

// localConnector is a Connector of this computer's shops alone, which are real:
// the methods that a server is needed for are not there.
type localConnector struct {
	Connector
	t      *testing.T
	dir    string
	locked []config.Field
	refuse error // of the next Open; to be set while none is under way

	mu   sync.Mutex // guards what follows
	now  config.Settings
	kept []config.Settings
}

func newLocalConnector(t *testing.T, counter string, timeout time.Duration) *localConnector {
	return &localConnector{t: t, dir: t.TempDir(), now: config.Settings{Counter: counter, Timeout: timeout}}
}

func (c *localConnector) Connection() config.Connection                 { return config.Connection{} }
func (c *localConnector) Locked(f config.Field) bool                    { return slices.Contains(c.locked, f) }
func (c *localConnector) Name(config.Connection) string                 { return "" }
func (c *localConnector) Save(context.Context, config.Connection) error { return nil }

func (c *localConnector) Settings() config.Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *localConnector) SaveSettings(_ context.Context, s config.Settings) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, s)
	return nil
}

// saved returns all settings that were kept for the next start.
func (c *localConnector) saved() []config.Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept)
}

// adopt returns the settings to open the shop with: those kept last.
func (c *localConnector) adopt() config.Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.kept); n > 0 {
		c.now = c.kept[n-1]
	}
	return c.now
}

func (c *localConnector) Open(context.Context, config.Connection) (Place, error) {
	if err := c.refuse; err != nil {
		c.refuse = nil
		return Place{}, err
	}
	now := c.adopt()
	s, err := local.Open(context.Background(), local.Config{Dir: c.dir, Shop: "main", Timeout: now.Timeout})
	if err != nil {
		return Place{}, err
	}
	p := placeOf(s, now.Counter)
	p.Local = true
	end := p.Close
	p.Close = func() []data.Change {
		defer func() {
			if err := s.Close(); err != nil {
				c.t.Errorf("close the shop: %v", err)
			}
		}()
		return end()
	}
	return p, nil
}

// openedBy is a desk whose shop was opened by a connector.
func openedBy(t *testing.T, c *localConnector) *desk {
	t.Helper()
	p, err := c.Open(t.Context(), config.Connection{})
	if err != nil {
		t.Fatal(err)
	}
	return deskOf(t, dress(t, theme.VariantLight), Options{Place: p, Connector: c})
}

// restarted is the window that the same computer shows at its next start, on
// the same shop.
func (d *desk) restarted(products int) *desk {
	d.t.Helper()
	p := placeOf(d.store, "Counter 1")
	p.Local = true
	again := deskOf(d.t, d.app, Options{Place: p, Sounds: d.opt.Sounds})
	again.store = d.store
	again.ready(products)
	return again
}

// setting is the strip of the open settings with this label.
func (d *desk) setting(label phrase) *strip {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.alerts.current) {
		if s, ok := o.(*strip); ok && s.label == label.say() {
			return s
		}
	}
	d.t.Fatalf("there is no setting %q", label)
	return nil
}

// choose changes a setting, the way a person does who has no mouse.
func (d *desk) choose(label phrase, option string) {
	d.t.Helper()
	d.settingsDialog()
	d.chooseIn(label, option)
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func (d *desk) chooseIn(label phrase, option string) {
	d.t.Helper()
	s := d.setting(label)
	at := slices.Index(s.labels, option)
	if at < 0 {
		d.t.Fatalf("%q is none of %q", option, s.labels)
	}
	d.win.Canvas().Focus(s)
	d.key(fyne.KeyHome)
	for range at {
		d.key(fyne.KeyRight)
	}
	if d.setting(label).active != at {
		d.t.Fatalf("%q is not chosen", option)
	}
}

// row is the setting with this label.
func (f *settingsForm) row(label phrase) *settingRow {
	for _, g := range f.content.Layout.(*settingsLayout).groups {
		for _, r := range g.rows {
			if r.label.Text == label.say() {
				return r
			}
		}
	}
	return nil
}

func TestSettingsAreReachedByTabAlone(t *testing.T) {
	d := openedBy(t, newLocalConnector(t, "Counter 1", 30*time.Minute))
	f := d.settingsAt(0)
	var seen []string
	for range f.stops {
		seen = append(seen, d.win.Canvas().Focused().(fyne.Accessible).AccessibilityLabel())
		d.win.Canvas().FocusNext()
	}
	want := []string{"This counter is called", "Carts close after: 30 min", "When a barcode is unknown: Ask now", "When stock runs out: Warn",
		"Sounds of scans: On", "Text size: 100%", "Rows: Comfortable", "Appearance: As the system", "Language: As the system"}
	if !slices.Equal(seen, want) {
		t.Errorf("by Tab one comes to %q", seen)
	}
	if _, ok := d.win.Canvas().Focused().(*alertPush); !ok {
		t.Errorf("behind the last one comes %T", d.win.Canvas().Focused())
	}
	d.expectLabels("the settings")
	d.key(fyne.KeyReturn)
	d.noDialog()
}

func TestScanAtTheSettingsChangesNothing(t *testing.T) {
	d := openShop(t)
	f := d.settingsAt(0)
	for _, stop := range f.stops {
		d.win.Canvas().Focus(stop)
		d.scan(milkCode)
	}
	d.dialog(textSettings.say())
	if d.unknownRule() != unknownAsked || d.stockRule() != stockWarned || !d.heard() || d.theme.scale != 1 {
		t.Error("a scan changed a setting")
	}
	d.key(fyne.KeyEscape)
	d.until("the scans are in the cart", func() bool { return strings.HasSuffix(d.cart(), "oat-milk") })
}

func TestLookIsChosenAndKept(t *testing.T) {
	d := openShop(t)
	light := theme.Color(theme.ColorNameBackground)
	d.choose(textAppearance, textDark.say())
	if got := theme.Color(theme.ColorNameBackground); got == light || got != darkColors[theme.ColorNameBackground] {
		t.Errorf("the background is %v", got)
	}
	d.choose(textRows, textCompact.say())
	d.choose(textSizeOfText, "125%")
	again := d.restarted(len(goods))
	if again.theme.look != alwaysDark || again.theme.scale != 1.25 || again.products.height != compactProductHeight {
		t.Errorf("the next start looks %q, %v, rows of %v", again.theme.look, again.theme.scale, again.products.height)
	}
	again.choose(textAppearance, textAsSystem.say())
	if again.theme.Color(theme.ColorNameBackground, theme.VariantLight) != light {
		t.Error("it does not follow the system")
	}
}

// The row of a product is drawn by hand, and has to notice another appearance.
func TestRowsOfTheListsChangeTheirColours(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	before := d.line("espresso").total.Color
	d.setAppearance(alwaysDark)
	d.lay()
	if got := d.line("espresso").total.Color; got == before || got != darkColors[theme.ColorNameForeground] {
		t.Errorf("the sum of a line is %v", got)
	}
}

// lay lays the window out as the driver does before it draws.
func (d *desk) lay() {
	size := d.win.Canvas().Size()
	d.win.Resize(size.AddWidthHeight(1, 1))
	d.win.Resize(size)
}

func TestLanguageIsChosenAtOnce(t *testing.T) {
	before := spoken.Load()
	t.Cleanup(func() { spoken.Store(before) })
	d := openShop(t)
	d.settingsDialog()
	d.win.Canvas().Focus(d.setting(textLanguage))
	d.setting(textLanguage).pick(slices.Index(d.setting(textLanguage).labels, "Deutsch"))
	s, ok := d.win.Canvas().Focused().(*strip)
	if !ok || s.labels[s.active] != "Deutsch" || s != d.setting(textLanguage) {
		t.Fatalf("the focus is on %T", d.win.Canvas().Focused())
	}
	if spoken.Load().tag.String() != "de" || d.app.Preferences().String(prefLanguage) != "de" {
		t.Errorf("it speaks %v", spoken.Load().tag)
	}
	d.key(fyne.KeyHome)
	d.dialog(textSettings.say())
	if d.app.Preferences().String(prefLanguage) != "" {
		t.Error("the language of the system was not chosen again")
	}
}

func TestCounterAndTimeoutOpenTheShopAnew(t *testing.T) {
	c := newLocalConnector(t, "Counter 1", 45*time.Minute)
	d := openedBy(t, c)
	d.until("the shop is open", func() bool { return d.model.state.Loaded })
	d.settingsDialog()
	if s := d.setting(textCartsClose); s.labels[s.active] != "45 min" || !slices.Contains(s.labels, textNever.say()) {
		t.Errorf("the times are %q", s.labels)
	}
	d.key(fyne.KeyEnd)
	d.write(" b")
	if len(c.saved()) > 0 {
		t.Fatalf("kept while it is typed: %+v", c.saved())
	}
	d.key(fyne.KeyReturn)
	d.until("it has the name", func() bool { return d.place.Shop.Counter() == "Counter 1 b" && d.model.state.Loaded })
	d.dialog(textSettings.say())
	d.win.Canvas().Focus(d.setting(textCartsClose))
	d.key(fyne.KeyRight, fyne.KeyRight)
	if len(c.saved()) != 1 {
		t.Fatalf("kept at each arrow: %+v", c.saved())
	}
	d.key(fyne.KeyEscape)
	d.until("the settings are closed", func() bool { return !d.alerts.open() })
	if want := (config.Settings{Counter: "Counter 1 b", Timeout: 2 * time.Hour}); c.Settings() != want {
		t.Errorf("the shop was opened with %+v", c.Settings())
	}
}

func TestNameThatCannotBeUsedIsToldAndNotKept(t *testing.T) {
	c := newLocalConnector(t, "Counter 1", 30*time.Minute)
	d := openedBy(t, c)
	f := d.settingsAt(0)
	f.counter.name.SetText(strings.Repeat("x", 200))
	if f.counter.nameRow.note.Hidden || !strings.Contains(f.counter.nameRow.note.text(), "cannot be used") {
		t.Errorf("it says %q", f.counter.nameRow.note.text())
	}
	d.key(fyne.KeyReturn)
	d.win.Canvas().Focus(f.stops[1])
	d.key(fyne.KeyEscape)
	d.dialog(textSettings.say())
	if d.win.Canvas().Focused() != fyne.Focusable(f.counter.name) {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
	if len(c.saved()) > 0 {
		t.Errorf("kept %+v", c.saved())
	}
}

func TestShopThatDoesNotOpenAnewIsTold(t *testing.T) {
	c := newLocalConnector(t, "Counter 1", 30*time.Minute)
	d := openedBy(t, c)
	f := d.settingsAt(0)
	c.refuse = errors.New("the disk is full")
	f.counter.name.SetText("Till")
	d.key(fyne.KeyReturn)
	d.until("it tells", func() bool { return strings.Contains(f.alert.problem.Text, "the disk is full") })
	if f.counter.name.Text != "Counter 1" {
		t.Errorf("the name shown is %q, and the shop has another", f.counter.name.Text)
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
	d.menuItem("New cart") // the shop is open, as it was before
	d.until("the cart shows", func() bool { return d.model.state.Loaded })
	if c.Settings().Counter != "Counter 1" {
		t.Errorf("the counter is called %q", c.Settings().Counter)
	}
}

func TestSettingsOfTheEnvironmentAreLocked(t *testing.T) {
	c := newLocalConnector(t, "Counter 1", time.Hour)
	c.locked = []config.Field{config.FieldCounter, config.FieldTimeout}
	d := openedBy(t, c)
	f := d.settingsAt(0)
	if !f.counter.name.Disabled() || f.counter.nameRow.note.text() != textGivenOutside.say() || f.counter.waitRow.note.Hidden {
		t.Error("the fields are not locked, or do not say why")
	}
	if _, ok := d.win.Canvas().Focused().(*strip); !ok {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	test.TapAt(f.counter.timeout, fyne.NewPos(5, 5))
	d.key(fyne.KeyEscape)
	d.noDialog()
	if len(c.saved()) > 0 {
		t.Errorf("kept %+v", c.saved())
	}
}

func TestScansAreHeard(t *testing.T) {
	e := &ear{}
	d := openDesk(t, localShop(t, 0, goods...), Options{Sounds: e})
	d.ready(len(goods))
	d.scan(milkCode)
	d.shows("1 oat-milk")
	e.expect(t, "a scan", sound.Taken)
	d.searchFor("espresso")
	d.shows("1 oat-milk, 1 espresso")
	e.expect(t, "typing")
	d.scan("59012345")
	d.dialog(textScanUnknown.say())
	e.expect(t, "an unknown code", sound.Look)
	d.press(textScanSkip.say())
	d.choose(textScanSounds, textOff.say())
	e.expect(t, "turning it off")
	d.scan(milkCode)
	d.shows("2 oat-milk, 1 espresso")
	again := d.restarted(len(goods))
	again.scan(milkCode)
	again.until("it is in the cart", func() bool { return strings.Contains(again.cart(), "3 oat-milk") })
	e.expect(t, "scans while it is off")
	again.choose(textScanSounds, textOn.say())
	e.expect(t, "turning it on", sound.Taken)
}

func TestSettingsSayThatNothingCanBeHeard(t *testing.T) {
	e := &ear{deaf: errors.New("there is none")}
	d := openDesk(t, localShop(t, 0, goods...), Options{Sounds: e})
	f := d.settingsAt(0)
	d.until("it says so", func() bool { return f.row(textScanSounds).note.text() == textNoPlayer.say() })
}

func TestTimesAreWrittenShort(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "Never", 90 * time.Second: "90 s", 15 * time.Minute: "15 min", time.Hour: "1 h",
		90 * time.Minute: "1 h 30 min", 36 * time.Hour: "36 h"} {
		if got := textTimeout(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	if got := timeouts(3 * time.Hour); !slices.IsSortedFunc(got[:len(got)-1], func(a, b time.Duration) int { return int(a - b) }) || got[len(got)-1] != 0 || len(got) != 8 {
		t.Errorf("the times are %v", got)
	}
	if got := timeouts(24 * time.Hour); got[6] != 24*time.Hour || got[7] != 0 {
		t.Errorf("the times are %v", got)
	}
}

func TestSettingsChangedWhileTheShopOpensAreKept(t *testing.T) {
	c := newLocalConnector(t, "Counter 1", 30*time.Minute)
	d := openedBy(t, c)
	d.settingsDialog()
	s := d.setting(textCartsClose)
	d.key(fyne.KeyBackspace)
	d.write("2")
	d.win.Canvas().Focus(s) // the name is applied
	d.key(fyne.KeyRight)
	d.win.Canvas().Focus(d.setting(textRows)) // and the time, as soon as the shop is open
	d.until("both are applied", func() bool { return c.Settings() == config.Settings{Counter: "Counter 2", Timeout: time.Hour} })
	if s.labels[s.active] != "1 h" {
		t.Errorf("the settings show %s", s.labels[s.active])
	}
}

func TestLanguageIsChosenWhileTheShopOpens(t *testing.T) {
	keepTongue(t)
	c := newLocalConnector(t, "Counter 1", 30*time.Minute)
	d := openedBy(t, c)
	f := d.settingsAt(0)
	d.key(fyne.KeyBackspace)
	d.write("2")
	d.win.Canvas().Focus(f.language) // the name is applied
	f.language.pick(2)
	d.dialog("Einstellungen")
	d.key(fyne.KeyEscape)
	d.noDialog()
	if c.Settings().Counter != "Counter 2" || len(c.saved()) != 1 {
		t.Errorf("kept: %v", c.saved())
	}
}

func TestTimeIsAppliedBesideANameThatCannotBeUsed(t *testing.T) {
	c := newLocalConnector(t, "Counter 1", 30*time.Minute)
	d := openedBy(t, c)
	f := d.settingsAt(0)
	f.counter.name.SetText(strings.Repeat("x", 1000))
	d.chooseIn(textCartsClose, "2 h")
	d.key(fyne.KeyEscape, fyne.KeyEscape)
	d.until("the settings are closed", func() bool { return !d.alerts.open() })
	if want := (config.Settings{Counter: "Counter 1", Timeout: 2 * time.Hour}); c.Settings() != want {
		t.Errorf("applied: %v", c.Settings())
	}
}
