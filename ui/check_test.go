package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"trolley/data"
)

// checked is what the dialog of a check says, a line for each stage.
func (d *desk) checked() []string {
	d.t.Helper()
	parts := d.alerts.current.spec.Content.(*fyne.Container).Objects
	var out []string
	for _, row := range parts[1].(*fyne.Container).Objects {
		out = append(out, strings.Join(labelsOf(row), " | "))
	}
	return out
}

func labelsOf(o fyne.CanvasObject) []string {
	switch o := o.(type) {
	case *widget.Label:
		return []string{o.Text}
	case *fyne.Container:
		var out []string
		for _, child := range o.Objects {
			out = append(out, labelsOf(child)...)
		}
		return out
	}
	return nil
}

// concluded waits until the check has ended, and returns what it says above
// the stages.
func (d *desk) concluded() string {
	d.t.Helper()
	sum := func() string {
		return labelsOf(d.alerts.current.spec.Content.(*fyne.Container).Objects[0])[0]
	}
	d.until("the check has ended", func() bool { return sum() != "Checking…" })
	return sum()
}

func TestCheckTellsTheStagesAndWhatIsWrong(t *testing.T) {
	server, _ := stockedServer(t)
	d := sharedDesk(t, server.URL())
	d.ready(len(goods))
	d.menuItem(textCheck.say())
	d.dialog(textCheckTitle.say())
	if sum := d.concluded(); !strings.HasPrefix(sum, "Carts work") && sum != "Everything is as it should be." {
		t.Errorf("of a sound server it says %q", sum)
	}
	if rows := d.checked(); len(rows) == 0 || !strings.Contains(strings.Join(rows, "\n"), "OK | Network | The shop answers") {
		t.Errorf("the stages are %q", rows)
	}
	server.Stop()
	d.press(textCheckAgain.say())
	if sum := d.concluded(); sum != "The cart cannot be changed until this is mended." {
		t.Errorf("without a server it says %q", sum)
	}
	if rows := d.checked(); len(rows) == 0 || !strings.Contains(rows[len(rows)-1], "Problem | Network | 127.0.0.1 ") {
		t.Errorf("the stages are %q", rows)
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestCheckOfTheShopOfThisComputer(t *testing.T) {
	d := openShop(t)
	d.menuItem(textCheck.say())
	if sum := d.concluded(); sum != "Everything is as it should be." {
		t.Errorf("it says %q, %q", sum, d.checked())
	}
	d.key(fyne.KeyReturn)
	d.noDialog()
}

func TestFindingsAreSentences(t *testing.T) {
	place := Place{Addr: "10.0.0.5:6379"}
	for stage := range stageTexts {
		for _, facts := range []string{"", "Redis 7.0.15"} {
			for _, v := range []data.Verdict{data.Fine, data.Unknown, data.Failed} {
				f := data.Finding{Stage: stage, Verdict: v, Facts: facts, Err: &data.UnavailableError{Fault: data.FaultNoPermission}}
				expectSentence(t, string(stage), textFinding(f, place))
			}
			for c := range concernTexts {
				text := textFinding(data.Finding{Stage: stage, Verdict: data.Warned, Concern: c, Facts: facts}, place)
				expectSentence(t, string(c), text)
				if strings.Contains(text, "{") || !strings.Contains(text, facts) {
					t.Errorf("%s: %q", c, text)
				}
			}
		}
	}
	plain := textFinding(data.Finding{Verdict: data.Warned, Concern: data.ConcernPlain}, place)
	if plain != "The connection to 10.0.0.5 is not encrypted: others on the network can read it." {
		t.Errorf("it says %q", plain)
	}
	missing := textFinding(data.Finding{Verdict: data.Failed, Facts: "EVALSHA", Err: &data.UnavailableError{Fault: data.FaultNoPermission}}, place)
	if !strings.HasSuffix(missing, " Missing: EVALSHA.") {
		t.Errorf("it says %q", missing)
	}
}

func TestFindingsTellWhatIsKnown(t *testing.T) {
	end := time.Date(2027, 3, 3, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		of   data.Finding
		want string
	}{
		{data.Finding{Stage: data.StageEncrypt, Facts: "TLS 1.3", Until: end}, "Others on the network cannot read it (TLS 1.3, certificate valid to 3 Mar 2027)."},
		{data.Finding{Stage: data.StageEncrypt, Local: true}, "It does not leave this computer."},
		{data.Finding{Stage: data.StageAnswer, Took: 3200 * time.Microsecond}, "An answer takes 3 ms."},
		{data.Finding{Stage: data.StageAnswer, Took: 300 * time.Microsecond}, "An answer takes less than 1 ms."},
		{data.Finding{Stage: data.StageFind, Facts: "10.0.0.5, 10.0.0.6"}, "The server is known (10.0.0.5, 10.0.0.6)."},
		{data.Finding{Stage: data.StageEncrypt, Verdict: data.Warned, Concern: data.ConcernCertEnds, Facts: "TLS 1.3", Until: end},
			"The certificate of 10.0.0.5 ends on 3 Mar 2027. Have it renewed before."},
		{data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock, Ahead: -125 * time.Second},
			"The clocks of this computer and of the server differ by 2 minutes. Set the one that is wrong."},
		{data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock, Ahead: 50 * time.Hour},
			"The clocks of this computer and of the server differ by 2 days. Set the one that is wrong."},
	} {
		if got := textFinding(c.of, Place{Addr: "10.0.0.5:6379"}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
