package ui

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// away is a state of the shop in some phase of an outage.
func (s *studio) away(phase data.Phase, fault data.Fault, waiting int) data.State {
	st := s.lively()
	st.Link = data.Link{Phase: phase, Ever: true, Since: clock(14, 2), Fault: fault, Addr: "10.0.0.5:6379"}
	for range waiting {
		st.Waiting = append(st.Waiting, added("tea", "Tea", 1))
	}
	st.Taken = waiting
	s.reached, s.toldOutage = true, true
	return st
}

// says is all that the banner says.
func (b *banner) says() string {
	if !b.Visible() {
		return ""
	}
	return strings.TrimSpace(b.spec.Title + " " + b.spec.Text)
}

func (s *studio) expectToasts(want ...string) {
	s.t.Helper()
	var got []string
	for s.toasts.current != nil {
		got = append(got, s.toasts.current.text)
		s.toasts.next()
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("it says %q, want %q", got, want)
	}
}

func TestBannersSayThatChangesWait(t *testing.T) {
	for _, c := range []struct {
		phase   data.Phase
		fault   data.Fault
		durable bool
		waiting int
		want    []string
	}{
		{data.Broken, data.FaultNoPermission, true, 3, []string{"needs attention", "does not allow this user", "3 changes wait on this computer"}},
		{data.ReadOnly, data.FaultFull, true, 0, []string{"Read only since 14:02.", "no room left", "Changes wait on this computer"}},
		{data.ReadOnly, data.FaultReadOnly, false, 1, []string{"only allows reading", "1 change waits in this window"}},
		{data.Offline, data.FaultTimeout, false, 2, []string{"Offline.", "2 changes wait in this window"}},
		{data.Offline, data.FaultTimeout, true, 0, []string{"Changes wait on this computer"}},
	} {
		s := openOutageStudio(t, theme.VariantLight, usual)
		s.place.Durable = c.durable
		s.show(s.away(c.phase, c.fault, c.waiting))
		for _, want := range c.want {
			if got := s.banner.says(); !strings.Contains(got, want) {
				t.Errorf("%s, %s: %q lacks %q", c.phase, c.fault, got, want)
			}
		}
	}
}

func TestChangesThatAreNotKeptComeFirst(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	st := s.away(data.Offline, data.FaultTimeout, 3)
	st.Unkept = 2
	s.show(st)
	want := "2 changes cannot be kept on this computer’s disk. Do not close the window until they are sent."
	if got := s.banner.says(); got != want || s.banner.spec.Severity != severityProblem {
		t.Errorf("the banner says %q", got)
	}
	s.close()
	al := s.alerts.current
	if al.title.Text != "3 changes are not sent yet" || !strings.HasPrefix(al.spec.Body, "2 of them cannot be kept on this computer’s disk") {
		t.Errorf("%q, %q", al.title.Text, al.spec.Body)
	}
	if f := s.win.Canvas().Focused().(*alertPush); f.Text != textKeepOpen.say() {
		t.Errorf("the focus is on %q", f.Text)
	}
	st.Unkept = 0
	s.show(st)
	s.expectTitle("3 changes are not shared yet")
	st.Waiting = nil
	s.show(st)
	s.expectTitle("none")
}

func TestQuittingIsHarmlessWhereChangesAreKept(t *testing.T) {
	for key, left := range map[fyne.KeyName]bool{fyne.KeyReturn: false, fyne.KeyEscape: false, fyne.KeySpace: false, "": true} {
		s := openOutageStudio(t, theme.VariantLight, usual)
		gone := false
		s.win.SetOnClosed(func() { gone = true })
		s.show(s.away(data.Offline, data.FaultTimeout, 3))
		s.close()
		if al := s.alerts.current; al.title.Text != "3 changes are not shared yet" ||
			al.spec.Body != "They are kept on this computer and are sent the next time it connects." {
			t.Fatalf("%q, %q", al.title.Text, al.spec.Body)
		}
		if key != "" {
			s.pressed(key)
		} else {
			test.Tap(s.alerts.current.pushes[slices.IndexFunc(s.alerts.current.pushes, func(p *alertPush) bool { return p.Text == textQuit.say() })])
		}
		if gone != left {
			t.Errorf("%q: the window has gone: %v", key, gone)
		}
	}
}

func TestBackOnlineIsSaidOncePerOutage(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	s.show(s.lively())
	s.show(s.away(data.Offline, data.FaultTimeout, 0))
	s.show(s.lively())
	s.expectToasts() // nothing had waited
	off := s.away(data.Offline, data.FaultTimeout, 3)
	s.show(off)
	half := s.lively()
	half.Waiting, half.Taken = off.Waiting[1:], 4
	s.show(half)
	half.Waiting, half.Mending = nil, 2
	s.show(half)
	s.expectToasts()
	half.Mending = 0
	half.Waiting = []data.Change{added("new", "New", 1)} // made after it was back
	s.show(half)
	s.show(half)
	s.expectToasts("Back online. 3 changes shared.")
}

func TestBackOnlineKeepsQuietWhenSomethingWasRefused(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	off := s.away(data.Offline, data.FaultTimeout, 2)
	s.show(off)
	back := s.refusing(data.Refusal{Change: off.Waiting[0], Err: data.ErrUnknownProduct, Late: true})
	back.Taken = 2
	s.show(back)
	s.expectToasts()
	s.expectTitle("1 of the waiting changes could not be made")
}

func TestChangesFromBeforeAreToldOnce(t *testing.T) {
	for phase, want := range map[data.Phase]string{
		data.Live:    "20 changes from before are being sent.",
		data.Offline: "20 changes from before wait for the shop.",
	} {
		s := openOutageStudio(t, theme.VariantLight, usual)
		st := s.lively()
		st.Resumed, st.Link.Phase = 20, data.Connecting
		s.show(st)
		s.expectToasts()
		st.Link.Phase = phase
		s.show(st)
		s.show(st)
		s.expectToasts(want)
	}
}

// losing is a state in which the store has lost some honey and an espresso.
func (s *studio) losing() data.State {
	st := s.lively()
	lost := data.Cart{Token: data.Token{Version: 7, Op: "x"}, Lines: []data.Line{s.line("espresso", 3), s.line("croissant", 1), s.line("honey", 2)}}
	st.Lost = &lost
	return st
}

func TestLostPartIsBroughtBackOnce(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	shop := &witness{Cart: s.cart}
	s.cart = shop
	s.show(s.losing())
	if got := s.banner.says(); got != "The shop lost a part of this cart. It had 6 items (24.40)." {
		t.Errorf("the banner says %q", got)
	}
	test.Tap(s.banner.buttons[0])
	if want := []string{"add 1 espresso", "add 2 honey"}; !slices.Equal(shop.said(), want) {
		t.Errorf("submitted: %v, want %v", shop.said(), want)
	}
	if op, want := shop.submitted[1].Op, data.RestoreOp("x", "honey"); op != want {
		t.Errorf("the id is %s, want %s, as at every other counter", op, want)
	}
	s.show(s.losing())
	if got := s.banner.says(); got != "" {
		t.Errorf("the banner still says %q", got)
	}
}

func TestLostPartCanBeLeft(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	s.show(s.losing())
	test.Tap(s.banner.buttons[1])
	s.show(s.losing())
	if got := s.banner.says(); got != "" || len(s.model.state.Waiting) != 0 {
		t.Errorf("the banner says %q", got)
	}
	again := s.losing()
	again.Lost.Token = data.Token{Version: 12, Op: "y"}
	s.show(again)
	if s.banner.says() == "" {
		t.Error("another loss is not told")
	}
	s.show(s.lively())
	whole := s.losing()
	whole.Cart.Lines, whole.Lost.Token.Op = whole.Lost.Lines, "z"
	s.show(whole)
	if got := s.banner.says(); got != "" {
		t.Errorf("nothing is missing any more, and it says %q", got)
	}
}

func TestServerConcernsAreToldLastAndCanBeHidden(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	st := s.lively()
	st.Checks = []data.Finding{{Stage: data.StageEncrypt, Verdict: data.Warned, Concern: data.ConcernPlain},
		{Stage: data.StageKeep, Verdict: data.Warned, Concern: data.ConcernEvicts}, {Stage: data.StageWrite, Verdict: data.Unknown}}
	s.show(st)
	if got := s.banner.says(); got != "The server may drop carts when its memory is full. 1 more thing should be mended." {
		t.Errorf("the banner says %q", got)
	}
	losing := s.losing()
	losing.Checks = st.Checks
	s.show(losing)
	if got := s.banner.says(); !strings.HasPrefix(got, "The shop lost") {
		t.Errorf("it is not the last of the banners: %q", got)
	}
	s.show(st)
	test.Tap(s.banner.buttons[1])
	s.show(st)
	if got := s.banner.says(); got != "" {
		t.Errorf("hidden, and it says %q", got)
	}
	st.Checks = append(st.Checks, data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock})
	s.show(st)
	if got := s.banner.says(); got != "The clocks of this computer and of the server differ." {
		t.Errorf("of another concern it says %q", got)
	}
	s.place.Local = true
	s.showBanner()
	if got := s.banner.says(); got != "" {
		t.Errorf("of the shop of this computer it says %q", got)
	}
}

func TestOutagesAreLogged(t *testing.T) {
	var out bytes.Buffer
	s := openOutageStudio(t, theme.VariantLight, usual)
	s.log = slog.New(slog.NewTextHandler(&out, nil))
	s.show(s.lively())
	s.show(s.away(data.Offline, data.FaultTimeout, 0))
	s.show(s.away(data.Offline, data.FaultTimeout, 1))
	if got := out.String(); strings.Count(got, "msg=link") != 2 || !strings.Contains(got, `phase=offline addr=10.0.0.5:6379 fault="no answer"`) {
		t.Errorf("the log says\n%s", got)
	}
}

func TestWhatAnEarlierRunLeftAndCannotBeReadIsTold(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, usual)
	st := s.away(data.Offline, data.FaultTimeout, 0)
	st.Unread = true
	s.show(st)
	if got := s.banner.says(); !strings.HasPrefix(got, textUnread.say()) || s.banner.spec.Severity != severityProblem {
		t.Errorf("the banner says %q", got)
	}
	st.Unread = false
	s.show(st)
	if got := s.banner.says(); !strings.HasPrefix(got, textOfflineTitle.say()) {
		t.Errorf("it can be read, and the banner says %q", got)
	}
}
