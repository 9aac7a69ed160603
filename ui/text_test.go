package ui

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"trolley/data"
)

var faults = []data.Fault{data.FaultUnreachable, data.FaultNoHost, data.FaultRefused, data.FaultTimeout, data.FaultCut,
	data.FaultLoading, data.FaultBusy, data.FaultTooMany, data.FaultMoved, data.FaultReadOnly, data.FaultFull, data.FaultCannotSave,
	data.FaultNoReplicas, data.FaultNeedsAuth, data.FaultWrongAuth, data.FaultNoPermission, data.FaultUntrusted, data.FaultWrongName,
	data.FaultCertExpired, data.FaultCertEarly, data.FaultNeedsCert, data.FaultMode, data.FaultNoMaster, data.FaultTLS, data.FaultNotTLS, data.FaultMaybeTLS, data.FaultNoDatabase, data.FaultCluster,
	data.FaultUnsupported, data.FaultFile, data.FaultNewer, data.FaultForeign, data.FaultDamaged}

// blame are words that say nothing, or whose fault it is.
var blame = regexp.MustCompile(`(?i)\b(error|failed|failure|invalid|illegal|fatal|abort(ed)?|oops|sorry|null|nil)\b`)

// hole is where something was left out.
var hole = regexp.MustCompile(`\{[a-z]+\}|%!|\b(of|at|to|file|server) [.,;]|the server the server`)

// addresses are what a link may know of where its store is.
var addresses = []string{"shop.example:6379", "10.0.0.5:6379", "[::1]:6379", "/home/ann/shop.db", "/run/redis.sock", ""}

// expectSentence fails when a text is none that a person should read.
func expectSentence(t *testing.T, what, text string) {
	t.Helper()
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case text == "":
		t.Errorf("%s: nothing is said", what)
	case blame.MatchString(text):
		t.Errorf("%s: %q blames", what, text)
	case strings.Contains(text, "  "), hole.MatchString(text), strings.Contains(text, "“”"):
		t.Errorf("%s: %q has a hole", what, text)
	case !strings.ContainsRune(".…", lastRune(text)):
		t.Errorf("%s: %q does not end", what, text)
	case unicode.IsLower(first) && !strings.HasPrefix(text, "shop.example"): // a name stays as it is written
		t.Errorf("%s: %q begins small", what, text)
	}
}

func lastRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

func TestEveryFaultHasItsSentence(t *testing.T) {
	for _, f := range faults {
		if _, ok := faultTexts[f]; !ok {
			t.Errorf("%q has no sentence of its own", f)
		}
		for _, addr := range addresses {
			expectSentence(t, fmt.Sprintf("%s at %q", f, addr), textFault(f, addr))
		}
	}
	if len(faultTexts) != len(faults) {
		t.Errorf("%d sentences for %d faults", len(faultTexts), len(faults))
	}
	expectSentence(t, "unknown fault", textFault("something new", "shop.example:6379"))
}

func TestFaultsNameTheAddress(t *testing.T) {
	for f, want := range map[data.Fault]string{
		data.FaultRefused: "shop.example answers, but nothing is listening on port 6379.",
		data.FaultTimeout: "shop.example does not answer.",
		data.FaultForeign: "The file shop.example:6379 is not one of Trolley’s.",
	} {
		if got := textFault(f, "shop.example:6379"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", f, got)
		}
	}
}

func TestRefusalsAreSentences(t *testing.T) {
	for name, err := range map[string]error{
		"quantity": &data.QuantityError{Asked: 1, Have: 9999, Max: 9999}, "stock": &data.StockError{Have: 1, Left: 2},
		"full": &data.FullError{Max: 1000}, "changed": data.ErrCartChanged, "damaged": &data.DamagedError{What: "quantity “x”"},
	} {
		for _, n := range []int64{1, -1} {
			c := data.Change{Kind: data.KindStep, Product: "tea", Quantity: n, Name: "Tea"}
			expectSentence(t, name, textRefused(data.Refusal{Change: c, Err: err}))
		}
	}
}

func TestWhatCannotBeUsedIsSaid(t *testing.T) {
	_, price := data.ParseMoney("cheap")
	_, id := data.ParseProductID("{x}")
	for _, err := range []error{price, id, &data.QuantityError{Max: 9999}, data.ErrClosed} {
		expectSentence(t, fmt.Sprint(err), textInvalid(err))
	}
	for _, bad := range []string{"", strings.Repeat("long ", 200), "two\nlines"} {
		expectSentence(t, bad, checkName(bad).Error())
	}
	expectSentence(t, "price", checkPrice("1.234").Error())
	expectSentence(t, "code", checkCode("a b").Error())
}

func TestLongNamesAreCut(t *testing.T) {
	long := strings.Repeat("Caffè ", 40)
	for _, text := range []string{short(long), quoted(long), textRemoved(long), textNoMatch(long), textAddProduct(long)} {
		if n := utf8.RuneCountInString(text); n > 80 || !utf8.ValidString(text) || !strings.Contains(text, "…") {
			t.Errorf("%d letters: %q", n, text)
		}
	}
	if got := quoted("a\u202eb\nc"); got != "“ab c”" && got != "“a b c”" {
		t.Errorf("control characters stay: %q", got)
	}
}

func TestStatusSaysTheLinkInWords(t *testing.T) {
	since := time.Date(2026, 3, 4, 14, 3, 0, 0, time.UTC)
	for _, c := range []struct {
		phase            data.Phase
		local            bool
		waiting, mending int
		want             string
	}{
		{data.Live, false, 0, 0, "Shared, live"},
		{data.Live, true, 0, 0, "On this computer"},
		{data.Polling, false, 0, 0, "Shared, checking every 2 seconds"},
		{data.Offline, false, 3, 0, "Offline since 14:03 · 3 changes waiting"},
		{data.Live, false, 1, 0, "Shared, live · 1 change waiting"},
		{data.ReadOnly, false, 0, 0, "Read only since 14:03"},
		{data.Broken, false, 0, 0, "Connection needs attention"},
		{data.Connecting, false, 0, 0, "Connecting…"},
		{data.Live, false, 0, 4, "Checking the last changes…"},
		{data.Live, false, 2, 4, "Checking the last changes… · 2 changes waiting"},
		{data.Offline, false, 0, 4, "Offline since 14:03"},
	} {
		s := data.State{Link: data.Link{Phase: c.phase, Since: since}, Waiting: make([]data.Change, c.waiting), Mending: c.mending}
		if got := textStatus(s, c.local); got != c.want {
			t.Errorf("%s: %q, want %q", c.phase, got, c.want)
		}
	}
}

func TestTimesLeft(t *testing.T) {
	for d, want := range map[time.Duration]string{
		30 * time.Minute: "Closes in 30 min", 5 * time.Minute: "Closes in 5:00", 59 * time.Second: "Closes in 0:59",
		90 * time.Minute: "Closes in 90 min", 10*time.Minute + 40*time.Second: "Closes in 11 min",
	} {
		if got := textCloses(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := textLeft(25*time.Hour + 61*time.Second); got != "25:01:01" {
		t.Errorf("a day is %q", got)
	}
}

func TestTotalsSayWhenTheyAreNotAll(t *testing.T) {
	if a, b := textSum(1234, true), textSum(1234, false); a != "12.34" || b != "at least 12.34" {
		t.Errorf("%q and %q", a, b)
	}
}

func TestNewsAreSentences(t *testing.T) {
	for _, kind := range []data.Kind{data.KindClear, data.KindRemove, data.KindStep} {
		for _, by := range []string{"Till", ""} {
			expectSentence(t, string(kind), textNews(data.Event{Kind: kind, By: by}, "Tea"))
		}
	}
}

func TestStartProblemsAreToldOneByOne(t *testing.T) {
	_, body := textNotStarted(errors.Join(
		&data.InvalidError{What: "TROLLEY_CART", Value: "{x}", Reason: "use letters"},
		&data.InvalidError{What: "TROLLEY_LOG", Reason: "it is empty"}))
	if want := "TROLLEY_CART is “{x}”: use letters.\n\nTROLLEY_LOG: it is empty."; body != want {
		t.Errorf("it says %q", body)
	}
	title, body := textNotStarted(fmt.Errorf("open: %w", &data.UnavailableError{Fault: data.FaultForeign, Addr: "/x/shop.db"}))
	if !strings.Contains(title, "cannot be opened") || !strings.Contains(body, "/x/shop.db") {
		t.Errorf("%q, %q", title, body)
	}
}
