package ui

import (
	"cmp"
	"errors"
	"net"
	"strings"
	"time"

	"trolley/data"
)

// textFault says what keeps a store from being used, and what helps. Addr is
// "host:port" or a file; it may be unknown.
func textFault(f data.Fault, addr string) string {
	return textFaultOf(&data.UnavailableError{Fault: f, Addr: addr})
}

// textUnavailable is textFault with all that an error knows. Addr stands for
// the address where it has none.
func textUnavailable(err error, addr string) string {
	u := &data.UnavailableError{}
	if found := u; errors.As(err, &found) {
		*u = *found
	}
	var damaged *data.DamagedError
	if errors.As(err, &damaged) {
		u.Fault = data.FaultDamaged
	}
	u.Addr = cmp.Or(u.Addr, addr)
	return textFaultOf(u)
}

func textFaultOf(u *data.UnavailableError) string {
	addr := u.Addr
	host, at := addr, ""
	if name, port, err := net.SplitHostPort(addr); err == nil && name != "" {
		host, at = name, " "+phrase("on port {port}").with("port", port)
	}
	server, file := phrase("the server at {host}").with("host", host), phrase("the file {path}").with("path", addr)
	if addr == "" {
		host, server, file = textTheServer.say(), textTheServer.say(), phrase("the shop’s file").say()
	}
	sentence, about := faultSentence(u)
	return capital(sentence.with("host", host, "server", server, "at", at, "file", file, "about", about))
}

const textTheServer phrase = "the server"

// faultSentence is what is said of a fault, and what stands in it for {about}.
func faultSentence(u *data.UnavailableError) (sentence phrase, about string) {
	sentence, known := faultTexts[u.Fault]
	if !known {
		sentence = "{host} cannot be used at the moment. Check the network, and that the server runs."
	}
	exact, has := aboutTexts[u.Fault]
	if u.Fault == data.FaultMode {
		exact, has = modeTexts[u.About]
	}
	about = textAbout(u)
	if !has || about == "" {
		return sentence, ""
	}
	return exact, about
}

// textAbout writes what a fault is about as the language of the window does.
func textAbout(u *data.UnavailableError) string {
	about := data.Clean(u.About, 200)
	switch u.Fault {
	case data.FaultWrongName:
		return quotedAll(about)
	case data.FaultCertExpired, data.FaultCertEarly:
		at, err := time.Parse(time.RFC3339, about)
		if err != nil {
			return ""
		}
		return textDate(at)
	case data.FaultNoPermission:
		return textRights(about)
	}
	return about
}

// quotedAll puts each of several names between quotation marks.
func quotedAll(names string) string {
	if names == "" {
		return ""
	}
	all := strings.Split(names, ",")
	for i, n := range all {
		all[i] = quoted(strings.TrimSpace(n))
	}
	return strings.Join(all, ", ")
}

// textDate is a date with its year.
func textDate(at time.Time) string {
	at = at.Local()
	return phrase("{day} {month} {year}").with("day", at.Format("2"), "month", months[at.Month()-1].say(), "year", at.Format("2006"))
}

// faultTexts say what each fault means. {server} and {file} stand only where
// they are the subject; {at} is " on port 6379" or nothing.
var faultTexts = map[data.Fault]phrase{
	data.FaultUnreachable:  "{host} cannot be reached. Check the network cable or Wi-Fi, and that the server runs.",
	data.FaultNoHost:       "There is no server called “{host}”. Check the spelling, or use its number, such as 10.0.0.5.",
	data.FaultRefused:      "{host} answers, but nothing is listening{at}. Check the port, and that Redis runs.",
	data.FaultTimeout:      "{host} does not answer. Check the network cable or Wi-Fi, and the firewall.",
	data.FaultCut:          "{host} closed the connection. The server may be restarting.",
	data.FaultLoading:      "{server} is starting. It will be ready in a moment.",
	data.FaultBusy:         "{server} is busy with a long task. It will be tried again.",
	data.FaultTooMany:      "{server} accepts no more computers. Close some, or raise its limit of clients.",
	data.FaultMoved:        "{server} is moving this shop to another node. It will be tried again.",
	data.FaultReadOnly:     "{host} only allows reading at the moment, as a replica does. If it stays so, use the main server’s address.",
	data.FaultFull:         "{host} has no room left. Free some there, or let it use more memory.",
	data.FaultCannotSave:   "{host} cannot save to its disk, and takes no changes until it can. Check whether that disk is full.",
	data.FaultNoReplicas:   "{host} has too few replicas to accept changes. Check that the other servers run.",
	data.FaultNeedsAuth:    "{server} needs a password. Type it under Connection.",
	data.FaultWrongAuth:    "The user name or password for {host} is not right. Check both under Connection.",
	data.FaultNoPermission: "{server} does not allow this user all that a cart needs. Ask who set it up for the permissions in Trolley’s manual.",
	data.FaultUntrusted:    "The certificate of {host} is not trusted on this computer. Choose the shop’s CA file under Advanced.",
	data.FaultWrongName:    "The certificate of {host} is for another name. Use that name as the server, or type it as the server name under Advanced.",
	data.FaultCertExpired:  "The certificate of {host} has ended. The server needs a new one. Also check this computer’s date.",
	data.FaultCertEarly:    "The certificate of {host} is not valid yet. Check this computer’s date.",
	data.FaultNeedsCert:    "{server} wants a certificate of this computer. Choose certificate and key under Advanced.",
	data.FaultTLS:          "No encrypted connection to {host} came about. Check the certificate files under Advanced.",
	data.FaultNotTLS:       "{host} does not encrypt{at}. Turn encryption off, or use the encrypted port.",
	data.FaultMaybeTLS:     "{host} closed the connection at once. It may need encryption: turn it on.",
	data.FaultNoDatabase:   "{host} does not have this database. Use 0.",
	data.FaultCluster:      "{host} is a Redis Cluster. Choose Cluster under Advanced.",
	data.FaultMode:         "{host} is not of the kind that was chosen. Choose another kind under Advanced.",
	data.FaultNoMaster:     "The sentinels know no main server of this name. Check the name under Advanced.",
	data.FaultUnsupported:  "{host} is too old, or not a Redis server. Trolley needs Redis 6 or newer.",
	data.FaultFile:         "{file} cannot be read. It was left as it is.",
	data.FaultNewer:        "{file} was written by a newer Trolley. Install that version, or use another folder.",
	data.FaultDamaged:      "The shop holds something under this cart’s name that is not a cart. Open another cart, or have it removed there.",
	data.FaultForeign:      "{file} is not one of Trolley’s. It was left as it is; use another folder.",
}

// aboutTexts say it where more is known, which {about} stands for.
var aboutTexts = map[data.Fault]phrase{
	data.FaultNeedsAuth:    "{server} needs the password of “{about}”. Type it under Connection.",
	data.FaultWrongAuth:    "{host} does not take this password from “{about}”. Check user and password under Connection.",
	data.FaultNoPermission: "{server} does not allow this user to use “{about}”. Ask who set it up for the permissions in Trolley’s manual.",
	data.FaultUntrusted:    "The certificate of {host} is signed by “{about}”, which is not trusted on this computer. Choose the shop’s CA file under Advanced.",
	data.FaultWrongName:    "The certificate is for {about}, not for “{host}”. Use such a name as the server, or type it as the server name under Advanced.",
	data.FaultCertExpired:  "The certificate of {host} ended on {about}. The server needs a new one. Also check this computer’s date.",
	data.FaultCertEarly:    "The certificate of {host} is valid from {about} on. Check this computer’s date.",
	data.FaultNoDatabase:   "{host} has no database {about}. Use 0.",
	data.FaultNoMaster:     "The sentinels know no main server called “{about}”. Check the name under Advanced.",
	data.FaultUnsupported:  "{host} says that it is “{about}”. Trolley needs Redis 6 or newer.",
}

// modeTexts say what a server is that was taken for something else.
var modeTexts = map[string]phrase{
	data.AboutSentinel: "{host} is a Sentinel, which only watches other servers. Choose Sentinel under Advanced.",
	data.AboutSingle:   "{host} is a single server. Choose it as one under Advanced.",
}
