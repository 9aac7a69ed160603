package ui

import (
	"cmp"
	"slices"
	"time"

	"trolley/data"
)

// Times before a cart's end from which it is counted in seconds, and from
// which it is said in a banner.
const (
	lastMinutes = 5 * time.Minute
	lastMinute  = time.Minute
)

// showBanner shows the one banner that matters most at the moment.
func (w *Window) showBanner() {
	var spec *bannerSpec
	for _, banner := range []func(data.State) *bannerSpec{
		w.unkeptBanner, w.unreadBanner, w.linkBanner, w.lateBanner, w.lostBanner, w.closingBanner, w.unknown.banner, w.checksBanner,
	} {
		if spec = banner(w.overall()); spec != nil {
			break
		}
	}
	w.banner.set(spec)
}

// unkeptBanner warns of changes that closing the window would lose, though
// usually it would not.
func (w *Window) unkeptBanner(s data.State) *bannerSpec {
	if !w.place.Durable || s.Unkept == 0 {
		return nil
	}
	b := &bannerSpec{Severity: severityProblem, Title: textUnkept(s.Unkept), Text: textUnkeptHint(s.Unkept)}
	if !s.Link.Usable() {
		b.Buttons = []bannerButton{{Label: textTryNow.say(), Do: w.command(w.retry)}}
	}
	return b
}

// unreadBanner tells that an earlier run may have left something behind.
func (w *Window) unreadBanner(s data.State) *bannerSpec {
	if !s.Unread {
		return nil
	}
	return &bannerSpec{Severity: severityProblem, Title: textUnread.say(), Text: textUnreadHint.say()}
}

// linkBanner tells that changes do not reach the shop.
func (w *Window) linkBanner(s data.State) *bannerSpec {
	l := s.Link
	if l.Usable() || l.Phase == data.Connecting {
		return nil
	}
	b := &bannerSpec{Severity: severityProblem, Title: textPhase(l, w.place.Local) + ".",
		Text:    w.textTrouble(s) + " " + textWait(len(s.Waiting), w.keeps(s)),
		Buttons: []bannerButton{{Label: textTryNow.say(), Do: w.command(w.retry)}}}
	if l.Phase == data.Offline && w.reached {
		b.Severity, b.Title, b.Text = severityWarning, textOfflineTitle.say(), textOfflineBanner(len(s.Waiting), w.keeps(s))
	}
	return b
}

// textTrouble says what keeps the shop from being used, as exactly as is known.
func (w *Window) textTrouble(s data.State) string {
	text := textFault(s.Link.Fault, w.addr(s.Link))
	if s.Link.Fault == data.FaultNoPermission {
		text += textMissing(s.Checks)
	}
	return text
}

// keeps reports whether all that waits outlives the window.
func (w *Window) keeps(s data.State) bool { return w.place.Durable && s.Unkept == 0 }

// lateBanner tells of changes that could not be made and that the person has
// not decided about.
func (w *Window) lateBanner(data.State) *bannerSpec {
	n := len(w.late.waiting)
	if n == 0 || !w.late.later || w.late.alert != nil {
		return nil
	}
	return &bannerSpec{Severity: severityProblem, Title: textLate(n, false) + ".",
		Buttons: []bannerButton{{Label: textLook.say(), Do: w.command(w.late.open)}}}
}

// lostBanner offers to bring back what the store has lost, until that was done
// here or at another counter.
func (w *Window) lostBanner(s data.State) *bannerSpec {
	if s.Lost == nil || s.Lost.Token == w.leftLost || len(data.Missing(*s.Lost, s.Cart)) == 0 {
		return nil
	}
	title, text := textLost(*s.Lost, len(s.Cart.Lines) == 0)
	return &bannerSpec{Severity: severityProblem, Title: title, Text: text, Buttons: []bannerButton{
		{Label: textBringLost.say(), Do: w.command(w.bringLost)},
		{Label: textLeaveLost.say(), Do: w.command(w.leaveLost)},
	}}
}

// bringLost adds what is missing of the cart that the store has lost a part of.
func (w *Window) bringLost() {
	s := w.model.state
	if s.Lost == nil {
		return
	}
	w.leaveLost()
	for _, c := range data.Missing(*s.Lost, s.Cart) {
		w.submit(c)
	}
}

// leaveLost leaves the cart without what was lost.
func (w *Window) leaveLost() {
	if lost := w.model.state.Lost; lost != nil {
		w.leftLost = lost.Token
		w.showBanner()
	}
}

// closingBanner tells that the cart's time is nearly up.
func (w *Window) closingBanner(s data.State) *bannerSpec {
	left := s.Cart.Expires.Sub(w.model.now())
	if s.Cart.Expires.IsZero() || len(s.Cart.Lines) == 0 || left <= 0 || left > lastMinute {
		return nil
	}
	return &bannerSpec{Severity: severityInfo, Title: textClosing(left),
		Text: phrase("Any change keeps it.").say(), Buttons: []bannerButton{{Label: textKeepCart.say(), Do: w.command(func() { w.cart.Keep() })}}}
}

// checksBanner tells what should be mended at the server, though it works.
func (w *Window) checksBanner(s data.State) *bannerSpec {
	concerns := w.concerns(s.Checks)
	if len(concerns) == 0 || w.place.Local {
		return nil
	}
	return &bannerSpec{Severity: concernTexts[concerns[0]].severity, Title: concernTexts[concerns[0]].banner.say(),
		Text: textMoreConcerns(len(concerns) - 1), Buttons: []bannerButton{
			{Label: textDetails.say(), Do: w.command(func() { w.checkConnection() })},
			{Label: textHide.say(), Do: w.command(func() { w.hide(concerns) })},
		}}
}

// hiddenConcerns is the preference that lists what the person has hidden, each
// with the address of the shop.
const hiddenConcerns = "hidden concerns"

// hide takes warnings away for good: whoever has read one and chose to live with
// it need not do so every morning. The check of the connection still tells.
func (w *Window) hide(concerns []data.Concern) {
	hidden := w.app.Preferences().StringList(hiddenConcerns)
	for _, c := range concerns {
		hidden = append(hidden, w.concernHere(c))
	}
	w.app.Preferences().SetStringList(hiddenConcerns, hidden)
	w.showBanner()
}

func (w *Window) concernHere(c data.Concern) string { return w.place.Addr + " " + string(c) }

// concerns returns what the shop's last check warned of and the person has not
// hidden, the gravest first.
func (w *Window) concerns(checks []data.Finding) []data.Concern {
	var out []data.Concern
	hidden := w.app.Preferences().StringList(hiddenConcerns)
	for _, f := range checks {
		_, known := concernTexts[f.Concern]
		if f.Verdict == data.Warned && known && !slices.Contains(hidden, w.concernHere(f.Concern)) && !slices.Contains(out, f.Concern) {
			out = append(out, f.Concern)
		}
	}
	slices.SortStableFunc(out, func(a, b data.Concern) int {
		return cmp.Or(int(concernTexts[b].severity-concernTexts[a].severity), cmp.Compare(concernTexts[a].rank, concernTexts[b].rank))
	})
	return out
}
