package ui

import (
	"net"
	"strings"
	"time"

	"trolley/data"
)

// stageOrder is the order in which stages come in.
var stageOrder = []data.Stage{data.StageFind, data.StageReach, data.StageEncrypt, data.StageSignIn, data.StageServer,
	data.StageWrite, data.StageRights, data.StageAnswer, data.StageKeep, data.StageClock}

// stageTexts name the stages of a check, and say that one went well.
var stageTexts = map[data.Stage]struct{ name, fine phrase }{
	data.StageFind:    {"Name", "The server is known."},
	data.StageReach:   {"Network", "The shop answers."},
	data.StageEncrypt: {"Encryption", "Others on the network cannot read it."},
	data.StageSignIn:  {"Sign-in", "User and password are right."},
	data.StageServer:  {"Server", "This server will do."},
	data.StageWrite:   {"Writing", "Changes are taken."},
	data.StageRights:  {"Permissions", "This user may do all that a cart needs."},
	data.StageAnswer:  {"Speed", "It answers at once."},
	data.StageKeep:    {"Keeping carts", "No cart is dropped or forgotten."},
	data.StageClock:   {"Clock", "It agrees with this computer’s clock."},
}

// concernText says what a check warns of: in a banner, and at length. Of two
// that are as grave, the lower rank comes first.
type concernText struct {
	severity severity
	rank     int
	banner   phrase
	exact    phrase // {host} and {facts} are put in
	plain    phrase // instead, where no facts are known; {host} is put in
}

var concernTexts = map[data.Concern]concernText{
	data.ConcernEvicts: {severityWarning, 1, "The server may drop carts when its memory is full.",
		"{host} drops data when its memory is full ({facts}). Set maxmemory-policy to noeviction.",
		"{host} drops data when its memory is full. Set maxmemory-policy to noeviction."},
	data.ConcernForget: {severityWarning, 2, "A restart of the server loses carts.",
		"A restart of the server loses carts ({facts}). Set appendonly to yes.",
		"A restart of the server loses carts. Set appendonly to yes."},
	data.ConcernCertEnds: {severityWarning, 3, "The server’s certificate ends soon.",
		"The certificate of {host} ends on {facts}. Have it renewed before.",
		"The certificate of {host} ends soon. Have it renewed before."},
	data.ConcernUnverified: {severityInfo, 1, "The server’s certificate is not checked.",
		"It is encrypted ({facts}), but the certificate is not checked: another computer could pass for {host}.",
		"It is encrypted, but the certificate is not checked: another computer could pass for {host}."},
	data.ConcernPlain: {severityInfo, 2, "The connection to the server is not encrypted.",
		"The connection to {host} is not encrypted: others on the network can read it ({facts}).",
		"The connection to {host} is not encrypted: others on the network can read it."},
	data.ConcernClock: {severityInfo, 3, "The clocks of this computer and of the server differ.",
		"The clocks of this computer and of the server differ by {facts}. Set the one that is wrong.",
		"The clocks of this computer and of the server differ."},
}

// textConcern is the sentence about a finding that warns.
func textConcern(f data.Finding, host string) string {
	facts := f.Facts
	switch {
	case f.Concern == data.ConcernCertEnds && !f.Until.IsZero():
		facts = textDate(f.Until)
	case f.Concern == data.ConcernClock && f.Ahead != 0:
		facts = textSpan(f.Ahead.Abs())
	}
	t, known := concernTexts[f.Concern]
	if !known {
		return withFacts(phrase("Something should be mended here.").say(), facts)
	}
	sentence := t.exact
	if facts == "" {
		sentence = t.plain
	}
	return capital(sentence.with("host", host, "facts", facts))
}

// textSpan is a time of a minute or more, roughly.
func textSpan(d time.Duration) string {
	switch day := 24 * time.Hour; {
	case d >= 2*day:
		return plural{"{n} day", "{n} days"}.of(int64(d / day))
	case d >= 2*time.Hour:
		return plural{"{n} hour", "{n} hours"}.of(int64(d / time.Hour))
	}
	return plural{"{n} minute", "{n} minutes"}.of(max(1, int64(d.Round(time.Minute)/time.Minute)))
}

// serverName is the server's name or number in a sentence.
func serverName(place Place) string {
	if place.Addr == "" {
		return textTheServer.say()
	}
	if host, _, err := net.SplitHostPort(place.Addr); err == nil && host != "" {
		return host
	}
	return place.Addr
}

// textFinding is the sentence about one stage.
func textFinding(f data.Finding, place Place) string {
	switch f.Verdict {
	case data.Failed:
		return textFailed(f, place.Addr)
	case data.Warned:
		return textConcern(f, serverName(place))
	case data.Unknown:
		return withFacts(phrase("The server does not tell.").say(), f.Facts)
	}
	return textFine(f)
}

// textFine is the sentence about a stage that went well.
func textFine(f data.Finding) string {
	fine := stageTexts[f.Stage].fine.say()
	switch {
	case f.Stage == data.StageRights && f.Facts != "": // less than all, and yet enough
		return fine + " " + phrase("Not allowed: {rights}.").with("rights", textRights(f.Facts))
	case f.Stage == data.StageEncrypt && f.Local:
		return phrase("It does not leave this computer.").say()
	case f.Stage == data.StageEncrypt && !f.Until.IsZero():
		return withFacts(fine, listed(f.Facts, phrase("certificate valid to {day}").with("day", textDate(f.Until))))
	case f.Stage == data.StageAnswer && f.Took > 0:
		return textAnswerTook(f.Took)
	}
	return withFacts(fine, f.Facts)
}

func textAnswerTook(d time.Duration) string {
	if d < time.Millisecond {
		return phrase("An answer takes less than 1 ms.").say()
	}
	return plural{"An answer takes {n} ms.", "An answer takes {n} ms."}.of(int64(d.Round(time.Millisecond) / time.Millisecond))
}

// textRights says a list of rights, such as "zadd on {main}:carts", as the
// language of the window does.
func textRights(rights string) string {
	all := strings.Split(rights, ", ")
	for i, one := range all {
		if command, keys, found := strings.Cut(one, " on "); found {
			all[i] = phrase("{command} on {keys}").with("command", command, "keys", keys)
		}
	}
	return strings.Join(all, ", ")
}

// listed joins what there is of several facts.
func listed(facts ...string) string {
	var all []string
	for _, f := range facts {
		if f != "" {
			all = append(all, f)
		}
	}
	return strings.Join(all, ", ")
}

func textFailed(f data.Finding, addr string) string {
	if data.FaultOf(f.Err) == data.FaultNoPermission && f.Facts != "" {
		if at := addrOf(f.Err); at != "" {
			addr = at
		}
		return textFault(data.FaultNoPermission, addr) + " " + textMissingRights.with("rights", textRights(f.Facts))
	}
	text := textUnavailable(f.Err, addr)
	if strings.Contains(text, f.Facts) { // as what the fault is about
		return text
	}
	return withFacts(text, f.Facts)
}

// withFacts puts facts in brackets before the end of a text.
func withFacts(text, facts string) string {
	if facts == "" {
		return text
	}
	return strings.TrimSuffix(text, ".") + " (" + facts + ")."
}
