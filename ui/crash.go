package ui

import (
	"context"
	"time"

	"trolley/data"
)

// What is said about a run of the program that crashed.
const (
	textCrashed       phrase = "Trolley ended unexpectedly last time"
	textCrashLocal    phrase = "The carts are on this computer’s disk, and are as they were. Only what was done in the very last moment may be missing."
	textCrashKept     phrase = "The carts are in the shop. Changes that were waiting for it are kept on this computer, and are sent."
	textCrashUnkept   phrase = "The carts are in the shop. Changes that were still waiting for it could not be kept: look whether anything is missing."
	textCrashReport   phrase = "A report was written that can help to mend the cause. Passwords are taken out of it, and nothing is sent anywhere."
	textShowReport    phrase = "Show report…"
	textCopyReport    phrase = "Copy report"
	textReport        phrase = "Report of the unexpected end"
	textReportsFolder phrase = "The report stays in the folder of the log, and nothing is sent anywhere."
)

// crashPause is how long the question about a crash waits for the shop.
const crashPause = 500 * time.Millisecond

// lookForCrash finds out whether an earlier run of the program crashed, and
// tells when the cart is on screen.
func (w *Window) lookForCrash() {
	book := w.opt.Logbook
	if book == nil {
		return
	}
	w.run(func(context.Context) func() {
		report, crashed := book.Crash()
		if !crashed {
			return nil
		}
		return func() { w.tellCrashSoon(report) }
	})
}

// tellCrashSoon waits until there is something to see, or to say why there is
// not.
func (w *Window) tellCrashSoon(report string) {
	if s := w.model.state; !s.Loaded && s.Link.Phase == data.Connecting || s.Link.Phase == "" {
		w.after(crashPause, func() { w.tellCrashSoon(report) })
		return
	}
	w.ask(func() { w.tellCrash(report) })
}

// tellCrash tells of a crash, once.
func (w *Window) tellCrash(report string) {
	var al *alert
	al = w.alerts.show(alertSpec{Title: textCrashed.say(), Body: w.textCrashKept() + "\n\n" + textCrashReport.say(), Return: w.search,
		Lasting: true,
		Buttons: []alertButton{
			{Label: textClose.say(), Role: rolePrimary},
			{Label: textShowReport.say(), Role: roleOther, Do: func() error { w.showReport(report); return nil }},
			{Label: textCopyReport.say(), Role: roleOther, Do: func() error { return al.copied(textCopyReport, report) }},
		},
		OnClosed: w.forgetCrash,
	})
}

// textCrashKept says what of the work has outlived the crash.
func (w *Window) textCrashKept() string {
	switch {
	case w.place.Local:
		return textCrashLocal.say()
	case w.place.Durable:
		return textCrashKept.say()
	}
	return textCrashUnkept.say()
}

// forgetCrash keeps the question from coming again.
func (w *Window) forgetCrash() {
	book := w.opt.Logbook
	w.run(func(context.Context) func() {
		if err := book.Forget(); err != nil {
			w.log.Warn("the question about a crash will come again", "error", err)
		}
		return nil
	})
}

// showReport shows the report of a crash.
func (w *Window) showReport(report string) {
	window := w.win.Canvas().Size()
	pane := newTextPane(textReport.say(), max(leastEvents, window.Height-scaled(aroundReport)))
	pane.set(report)
	var al *alert
	buttons := []alertButton{
		{Label: textClose.say(), Role: rolePrimary},
		{Label: textCopyReport.say(), Role: roleOther, Do: func() error { return al.copied(textCopyReport, report) }},
	}
	al = w.alerts.show(alertSpec{Title: textReport.say(), Body: textReportsFolder.say(), Content: wideAs(sheetWidth(window.Width), pane),
		Sheet: true, Lasting: true, Return: w.search, Above: pane.focus,
		Buttons: append(buttons, w.folderButton(func() *alert { return al })...)})
}

// aroundReport is the height of all that is around a report, with room for a
// problem in words.
const aroundReport = 242
