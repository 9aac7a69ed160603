package ui

import "testing"

func TestACrashIsToldOnce(t *testing.T) {
	d := openShop(t)
	log := busyLog()
	d.opt.Logbook = log
	d.lookForCrash()
	d.dialog(textCrashed.say())
	if log.told.Load() != 0 {
		t.Error("it counts as told before anybody could read it")
	}
	d.press("Copy report")
	if got := d.app.Clipboard().Content(); got != crashReport {
		t.Errorf("copied is %q", got)
	}
	d.press("Show report…")
	d.dialog(textReport.say())
	d.press("Close")
	d.until("it is told", func() bool { return log.told.Load() == 1 })
	d.lookForCrash()
	d.until("the worker has looked", func() bool { return len(d.jobs) == 0 })
	d.noDialog()
}

func TestNothingIsToldOfAGoodEnd(t *testing.T) {
	d := openShop(t)
	d.lookForCrash() // without a log
	log := busyLog()
	log.report = ""
	d.opt.Logbook = log
	d.lookForCrash()
	d.until("the worker has looked", func() bool { return len(d.jobs) == 0 })
	d.noDialog()
}

func TestWhatACrashKeepsIsTrue(t *testing.T) {
	d := openShop(t)
	for _, c := range []struct {
		local, durable bool
		want           phrase
	}{{true, false, textCrashLocal}, {false, true, textCrashKept}, {false, false, textCrashUnkept}} {
		d.place.Local, d.place.Durable = c.local, c.durable
		if got := d.textCrashKept(); got != c.want.say() {
			t.Errorf("local %t, on the disk %t: %s", c.local, c.durable, got)
		}
	}
	d.place.Local = true
}
