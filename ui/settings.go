package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/text/language/display"

	"trolley/data"
	"trolley/data/config"
	"trolley/ui/sound"
)

// What the settings say.
const (
	textSettings     phrase = "Settings"
	textThisCounter  phrase = "This counter"
	textCounterName  phrase = "This counter is called"
	textCartsClose   phrase = "Carts close after"
	textScanAndStock phrase = "Scanning and stock"
	textWhenUnknown  phrase = "When a barcode is unknown"
	textAskNow       phrase = "Ask now"
	textKeepScanning phrase = "Keep scanning"
	textWhenShort    phrase = "When stock runs out"
	textIgnore       phrase = "Ignore"
	textWarn         phrase = "Warn"
	textRefuse       phrase = "Refuse"
	textScanSounds   phrase = "Sounds of scans"
	textOn           phrase = "On"
	textOff          phrase = "Off"
	textNoPlayer     phrase = "This computer has no player for sounds."
	textLookOf       phrase = "How it looks"
	textSizeOfText   phrase = "Text size"
	textRows         phrase = "Rows"
	textComfortable  phrase = "Comfortable"
	textCompact      phrase = "Compact"
	textAppearance   phrase = "Appearance"
	textAsSystem     phrase = "As the system"
	textLight        phrase = "Light"
	textDark         phrase = "Dark"
	textLanguage     phrase = "Language"
	textGivenOutside phrase = "Set in the environment or the .env file."
	textApplying     phrase = "The shop is opened anew…"
	textBadCounter   phrase = "The counter name cannot be used: {reason}."
	textNotApplied   phrase = "This was not changed. {reason}"
)

// prefSounds is whether scans are heard. They are unless somebody turns them
// off: whoever scans looks at the goods, and every till tells by ear whether it
// took one. Nothing else in the window makes a sound but stock that runs out.
const prefSounds = "sounds"

// Sounds play the tones of the till; *[sound.Player] does. Play never waits.
// Available looks on the disk, and says why nothing can be heard.
type Sounds interface {
	Play(k sound.Kind)
	Available() error
}

func (w *Window) heard() bool { return w.app.Preferences().BoolWithFallback(prefSounds, true) }

// tone plays a tone, where that is wanted and possible.
func (w *Window) tone(k sound.Kind) {
	if w.opt.Sounds != nil && w.heard() {
		w.opt.Sounds.Play(k)
	}
}

// settingsForm is the dialog of the settings. Each is applied and kept as soon
// as it is changed, so that there is nothing to confirm.
type settingsForm struct {
	window   *Window
	alert    *alert
	counter  *counterForm // nil: another shop cannot be opened
	language *strip
	content  *fyne.Container
	stops    []fyne.Focusable // in the order of the Tab key
}

// settingsDialog opens the settings.
func (w *Window) settingsDialog() { w.settingsAt(0) }

// settingsAt opens the settings with the focus on the nth control that can have
// it.
func (w *Window) settingsAt(stop int) *settingsForm {
	f := &settingsForm{window: w}
	scanning, look := f.scanning(), f.look()
	groups := []settingGroup{scanning, look}
	if w.opt.Connector != nil {
		f.counter = newCounterForm(f)
		groups = slices.Insert(groups, 0, f.counter.group())
	}
	f.content = newSettings(groups...)
	f.findStops(groups)
	f.alert = w.alerts.show(alertSpec{Title: textSettings.say(), Content: f.content, Wide: true, Lasting: true, Silent: true,
		First: f.stops[min(stop, len(f.stops)-1)], Return: w.search, Anew: func() { w.settingsAt(slices.Index(f.stops, fyne.Focusable(f.language))) },
		Buttons: []alertButton{{Label: textClose.say(), Role: rolePrimary, Do: f.close}}})
	if f.counter != nil {
		f.counter.joinAlert(f.alert)
	}
	return f
}

// findStops lists the controls that are not locked.
func (f *settingsForm) findStops(groups []settingGroup) {
	for _, g := range groups {
		for _, r := range g.rows {
			control, ok := r.control.(interface {
				fyne.Focusable
				fyne.Disableable
			})
			if ok && !control.Disabled() {
				f.stops = append(f.stops, control)
			}
		}
	}
}

// close is the button. What is being typed is kept first.
func (f *settingsForm) close() error {
	if f.counter == nil {
		return nil
	}
	return f.counter.close()
}

// choose makes a row with a strip of a few labels; from is the one that is on.
func choose(label phrase, from int, pick func(int), labels ...string) *settingRow {
	return newSettingRow(label.say(), newStrip(label.say(), labels, from, pick))
}

func (f *settingsForm) scanning() settingGroup {
	w := f.window
	unknown := choose(textWhenUnknown, slices.Index(unknownRules, w.unknownRule()),
		func(n int) { w.setUnknownRule(unknownRules[n]) }, textAskNow.say(), textKeepScanning.say())
	stock := choose(textWhenShort, slices.Index(stockRules, w.stockRule()),
		func(n int) { w.setStockRule(stockRules[n]) }, textIgnore.say(), textWarn.say(), textRefuse.say())
	return newSettingGroup(textScanAndStock, unknown, stock, f.sounds())
}

// sounds is the row of the sounds. Who turns them on hears one.
func (f *settingsForm) sounds() *settingRow {
	w, on := f.window, 0
	if w.heard() {
		on = 1
	}
	row := choose(textScanSounds, on, func(n int) {
		w.app.Preferences().SetBool(prefSounds, n == 1)
		w.tone(sound.Taken)
	}, textOff.say(), textOn.say())
	if w.opt.Sounds == nil {
		row.say(textNoPlayer.say(), colorMuted)
		return row
	}
	w.run(func(context.Context) func() {
		err := w.opt.Sounds.Available()
		return func() {
			if err != nil {
				row.say(textNoPlayer.say(), colorMuted)
				f.arrange()
			}
		}
	})
	return row
}

func (f *settingsForm) look() settingGroup {
	w := f.window
	scales := make([]string, len(textScales))
	for i, s := range textScales {
		scales[i] = textPercent(s)
	}
	compact := 0
	if w.app.Preferences().Bool(prefCompact) {
		compact = 1
	}
	size := choose(textSizeOfText, slices.Index(textScales, w.theme.scale), func(n int) {
		w.setScale(textScales[n])
		f.arrange()
	}, scales...)
	rows := choose(textRows, compact, func(n int) { w.keepCompact(n == 1) }, textComfortable.say(), textCompact.say())
	dress := choose(textAppearance, slices.Index(appearances, w.theme.look), func(n int) { w.setAppearance(appearances[n]) },
		textAsSystem.say(), textLight.say(), textDark.say())
	return newSettingGroup(textLookOf, size, rows, dress, f.languages())
}

// languages is the row of the languages, each in its own words: by those alone
// everybody finds theirs. Choosing one opens the settings anew.
func (f *settingsForm) languages() *settingRow {
	w := f.window
	tags, labels := []string{""}, []string{textAsSystem.say()}
	for _, t := range offeredLanguages {
		tags, labels = append(tags, t.String()), append(labels, capital(display.Self.Name(t)))
	}
	from := max(0, slices.Index(tags, w.app.Preferences().String(prefLanguage)))
	row := choose(textLanguage, from, func(n int) {
		f.counter.afterwards(func() { w.setLanguage(tags[n]) }) // which reads the settings anew
	}, labels...)
	f.language = row.control.(*strip)
	return row
}

// arrange lays the settings out again after a part has another size.
func (f *settingsForm) arrange() {
	f.content.Refresh()
	f.alert.arrange()
	if focused, ok := f.window.win.Canvas().Focused().(fyne.CanvasObject); ok {
		f.alert.reveal(focused)
	}
}

// timeouts are the usual times after which carts close, with the one that is
// set at present among them.
func timeouts(now time.Duration) []time.Duration {
	all := []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 0}
	if slices.Contains(all, now) {
		return all
	}
	at := slices.IndexFunc(all, func(d time.Duration) bool { return d > now || d == 0 })
	return slices.Insert(all, at, now)
}

const (
	textNever       phrase = "Never"
	textSecondsLong phrase = "{n} s"
	textHoursLong   phrase = "{n} h {min} min"
)

// textTimeout writes a time as short as it can be.
func textTimeout(d time.Duration) string {
	hours, minutes := int64(d/time.Hour), int64(d%time.Hour/time.Minute)
	switch {
	case d == 0:
		return textNever.say()
	case d%time.Minute != 0:
		return textSecondsLong.with("n", grouped(int64(d/time.Second)))
	case hours == 0:
		return textAgeMinutes.with("n", grouped(minutes))
	case minutes == 0:
		return textAgeHours.with("n", grouped(hours))
	}
	return textHoursLong.with("n", grouped(hours), "min", grouped(minutes))
}

// textWhyNot says why a setting was not applied.
func textWhyNot(err error) string {
	if data.FaultOf(err) != data.FaultNone {
		return textNotApplied.with("reason", textFault(data.FaultOf(err), addrOf(err)))
	}
	return textNotApplied.with("reason", err.Error())
}

// problemWith returns what is wrong with a field, in a sentence; empty: nothing.
func problemWith(s config.Settings, f config.Field) string {
	for _, p := range s.Check() {
		if p.Field == f {
			return textBadCounter.with("reason", foreign(p.Reason))
		}
	}
	return ""
}
