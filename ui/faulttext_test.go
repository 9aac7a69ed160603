package ui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"trolley/data"
)

// TestFaultsAreToldWithWhatIsKnown is the table from what keeps a server from
// being used to what the person reads.
func TestFaultsAreToldWithWhatIsKnown(t *testing.T) {
	noon := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
	for _, c := range []struct {
		fault data.Fault
		about string
		want  string
	}{
		{data.FaultNoHost, "", "There is no server called “10.0.0.5”. Check the spelling, or use its number, such as 10.0.0.5."},
		{data.FaultRefused, "", "10.0.0.5 answers, but nothing is listening on port 6380. Check the port, and that Redis runs."},
		{data.FaultTimeout, "", "10.0.0.5 does not answer. Check the network cable or Wi-Fi, and the firewall."},
		{data.FaultUntrusted, "", "The certificate of 10.0.0.5 is not trusted on this computer. Choose the shop’s CA file under Advanced."},
		{data.FaultUntrusted, "Shop CA", "The certificate of 10.0.0.5 is signed by “Shop CA”, which is not trusted on this computer. Choose the shop’s CA file under Advanced."},
		{data.FaultWrongName, "a.shop, b.shop", "The certificate is for “a.shop”, “b.shop”, not for “10.0.0.5”. Use such a name as the server, or type it as the server name under Advanced."},
		{data.FaultCertExpired, noon, "The certificate of 10.0.0.5 ended on 3 Mar 2026. The server needs a new one. Also check this computer’s date."},
		{data.FaultCertExpired, "some day", "The certificate of 10.0.0.5 has ended. The server needs a new one. Also check this computer’s date."},
		{data.FaultCertEarly, noon, "The certificate of 10.0.0.5 is valid from 3 Mar 2026 on. Check this computer’s date."},
		{data.FaultNeedsCert, "", "The server at 10.0.0.5 wants a certificate of this computer. Choose certificate and key under Advanced."},
		{data.FaultNotTLS, "", "10.0.0.5 does not encrypt on port 6380. Turn encryption off, or use the encrypted port."},
		{data.FaultMaybeTLS, "", "10.0.0.5 closed the connection at once. It may need encryption: turn it on."},
		{data.FaultNeedsAuth, "", "The server at 10.0.0.5 needs a password. Type it under Connection."},
		{data.FaultNeedsAuth, "shop", "The server at 10.0.0.5 needs the password of “shop”. Type it under Connection."},
		{data.FaultWrongAuth, "shop", "10.0.0.5 does not take this password from “shop”. Check user and password under Connection."},
		{data.FaultNoPermission, "hset on {main}:cart:*", "The server at 10.0.0.5 does not allow this user to use “hset on {main}:cart:*”. Ask who set it up for the permissions in Trolley’s manual."},
		{data.FaultNoDatabase, "9", "10.0.0.5 has no database 9. Use 0."},
		{data.FaultCluster, "", "10.0.0.5 is a Redis Cluster. Choose Cluster under Advanced."},
		{data.FaultMode, data.AboutSentinel, "10.0.0.5 is a Sentinel, which only watches other servers. Choose Sentinel under Advanced."},
		{data.FaultMode, data.AboutSingle, "10.0.0.5 is a single server. Choose it as one under Advanced."},
		{data.FaultNoMaster, "shop", "The sentinels know no main server called “shop”. Check the name under Advanced."},
		{data.FaultUnsupported, "HTTP/1.1 400 Bad Request", "10.0.0.5 says that it is “HTTP/1.1 400 Bad Request”. Trolley needs Redis 6 or newer."},
	} {
		err := fmt.Errorf("open: %w", &data.UnavailableError{Fault: c.fault, Addr: "10.0.0.5:6380", About: c.about})
		if got := textUnavailable(err, "elsewhere:1"); got != c.want {
			t.Errorf("%s about %q:\n got %q\nwant %q", c.fault, c.about, got, c.want)
		}
	}
}

func TestNoTwoFaultsAreToldAlike(t *testing.T) {
	said := map[string]string{}
	for _, addr := range []string{"10.0.0.5:6380", ""} {
		for f := range faultTexts {
			for _, about := range []string{"", "2026-03-03T12:00:00Z", data.AboutSingle, data.AboutSentinel} {
				text := textFaultOf(&data.UnavailableError{Fault: f, Addr: addr, About: about})
				if f != data.FaultMode || about != "2026-03-03T12:00:00Z" {
					expectSentence(t, string(f), text)
				}
				if other, there := said[text]; there && other != string(f) {
					t.Errorf("%q is said of %s and %s", text, f, other)
				}
				said[text] = string(f)
			}
		}
	}
}

func TestErrorsWithoutAFaultAreToldToo(t *testing.T) {
	expectSentence(t, "any error", textUnavailable(errors.New("EOF"), "10.0.0.5:6379"))
	damaged := textUnavailable(fmt.Errorf("read: %w", &data.DamagedError{What: "x"}), "")
	if damaged != faultTexts[data.FaultDamaged].say() {
		t.Errorf("of damage it says %q", damaged)
	}
}

func TestFaultsAreToldInTheLanguageOfTheWindow(t *testing.T) {
	inTongue(t, "de", `{"{host} has no database {about}. Use 0.": "{host} hat keine Datenbank {about}.", "Mar": "März",
		"{day} {month} {year}": "{day}. {month} {year}", "The certificate of {host} is valid from {about} on. Check this computer’s date.": "Gültig ab {about}.",
		"{server} does not allow this user to use “{about}”. Ask who set it up for the permissions in Trolley’s manual.": "Es fehlt {about}.",
		"{command} on {keys}": "{command} auf {keys}"}`)
	for fault, c := range map[data.Fault][2]string{
		data.FaultNoDatabase: {"9", "X hat keine Datenbank 9."}, data.FaultCertEarly: {"2026-03-03T12:00:00Z", "Gültig ab 3. März 2026."},
		data.FaultNoPermission: {"hset on {main}:cart:*, zadd on {main}:carts", "Es fehlt hset auf {main}:cart:*, zadd auf {main}:carts."},
	} {
		if got := textFaultOf(&data.UnavailableError{Fault: fault, Addr: "x:1", About: c[0]}); got != c[1] {
			t.Errorf("%s: %q", fault, got)
		}
	}
}
