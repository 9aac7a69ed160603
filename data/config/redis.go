package config

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"trolley/data"
)

// Mode says how the server's addresses are to be understood.
type Mode string

// The modes.
const (
	Single   Mode = "single"
	Sentinel Mode = "sentinel"
	Cluster  Mode = "cluster"
)

// Redis is the server to use. The zero value, but for its Mode, means none:
// this computer only.
type Redis struct {
	URL      string // redis://, rediss:// or unix://, without the password; may be empty unless Mode is Single
	Password Secret // from the URL, the variable or the file
	Mode     Mode
	Addrs    []string // "host:port", for Sentinel and Cluster
	Master   string   // Sentinel's name of the master

	// Who the sentinels themselves want to know, where they ask.
	SentinelUser     string
	SentinelPassword Secret

	// TLS files and the name to look for in the certificate, each empty where
	// the system's own is meant. Only set together with rediss://.
	CA, Cert, Key, ServerName string

	// Unverified says that any certificate will do. Only set together with
	// rediss://.
	Unverified bool
}

// Enabled reports whether there is a server to use.
func (r Redis) Enabled() bool { return r.URL != "" || len(r.Addrs) > 0 }

// String names the server, without secrets.
func (r Redis) String() string {
	if !r.Enabled() {
		return "none"
	}
	text := fmt.Sprintf("%s %s", r.Mode, cmp.Or(r.URL, strings.Join(r.Addrs, ",")))
	if r.Unverified {
		text += " (certificate not verified)"
	}
	return text
}

// Place names the server in one way only, however it is written: changes that
// wait for it must find it again. It holds neither user nor password.
func (r Redis) Place() string {
	addrs, db := slices.Sorted(slices.Values(r.Addrs)), "0"
	if u, err := url.Parse(r.URL); err == nil && r.URL != "" {
		db = cmp.Or(strings.Trim(u.Path, "/"), db)
		switch {
		case u.Scheme == "unix":
			addrs, db = []string{u.Path}, cmp.Or(u.Query().Get("db"), "0")
		case len(addrs) == 0:
			addrs = []string{net.JoinHostPort(strings.ToLower(u.Hostname()), cmp.Or(u.Port(), "6379"))}
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s/%s %s", r.Mode, strings.Join(addrs, ","), db, r.Master))
}

// Account names the password of this server's user in a store of passwords: the
// same name however the server is written, and another one for another server.
func (r Redis) Account() string {
	user := ""
	if u, err := url.Parse(r.URL); err == nil && u.User != nil {
		user = u.User.Username()
	}
	return account("", user, r.Place())
}

// SentinelAccount names the password that the sentinels ask for.
func (r Redis) SentinelAccount() string { return account("sentinels:", r.SentinelUser, r.Place()) }

// maxAccount is the longest name that every store of passwords takes, in bytes.
const maxAccount = 200

func account(which, user, place string) string {
	name := which + url.QueryEscape(cmp.Or(user, "default")) + "@" + place
	if len(name) <= maxAccount {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%s… %x", data.Clean(name, maxAccount/2), sum[:16])
}

// redis returns the server to use, and the one that is only told about when
// somebody chose to do without.
func (l *loader) redis() (used, offered Redis) {
	if l.yes(envUse) {
		return l.server(), Redis{}
	}
	unheard := *l // nothing of it is used, so nothing can be wrong with it
	unheard.problems, unheard.refused = nil, nil
	offered = unheard.server()
	offered.Password, offered.SentinelPassword = "", ""
	return Redis{Mode: Single}, offered
}

func (l *loader) server() Redis {
	r := Redis{
		Mode:             Mode(cmp.Or(strings.ToLower(l.text(envMode)), string(Single))),
		Addrs:            l.addrs(),
		Master:           l.text(envMaster),
		SentinelUser:     l.text(envSentinelUser),
		SentinelPassword: Secret(l.raw(envSentinelPass)),
		CA:               l.text(envCA),
		Cert:             l.text(envCert),
		Key:              l.text(envKey),
		ServerName:       l.text(envServerName),
		Unverified:       !l.yes(envVerify),
	}
	if l.saved.connection && r.Mode != Sentinel {
		r.SentinelPassword = "" // it is given for whatever somebody saves
	}
	u := l.url()
	r.Password = l.password(u)
	if u != nil {
		r.URL = withoutPassword(u)
	}
	l.checkMode(r, u)
	l.checkSentinels(r)
	l.checkTLS(r, u)
	return r
}

// withoutPassword returns the URL as it may be shown.
func withoutPassword(u *url.URL) string {
	if u.User == nil {
		return u.String()
	}
	bare := *u
	bare.User = nil
	if name := u.User.Username(); name != "" {
		bare.User = url.User(name)
	}
	return bare.String()
}

// url returns the server's URL, nil when there is none or it cannot be used.
// It may hold a password, so no message repeats any part of it.
func (l *loader) url() *url.URL {
	v := l.text(envURL)
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil {
		l.badSecret(envURL, "it is no URL; write special characters of a password as %XX, or give it as "+envPassword)
		return nil
	}
	if reason := wrongURL(u); reason != "" {
		l.badSecret(envURL, reason)
		return nil
	}
	return u
}

// wrongURL returns why a URL does not name a server, "" if it does.
func wrongURL(u *url.URL) string {
	switch {
	case u.Scheme == "unix":
		return wrongSocket(u)
	case u.Scheme != "redis" && u.Scheme != "rediss":
		return reasonScheme
	case u.Hostname() == "":
		return reasonNoHost
	case u.Port() != "" && !isPort(u.Port()):
		return reasonURLPort
	case !isDatabase(strings.Trim(u.Path, "/")):
		return reasonURLDB
	case u.RawQuery != "" || u.Fragment != "":
		return "it has a ? or # that means nothing to Trolley; in a password write %3F or %23"
	}
	return ""
}

func wrongSocket(u *url.URL) string {
	db := u.Query()["db"]
	switch {
	case u.Host != "" || u.Path == "":
		return reasonURLSocket
	case u.Fragment != "" || u.RawQuery != "" && (len(u.Query()) != 1 || len(db) != 1 || !isDatabase(db[0])):
		return "after the socket only ?db= and the number of a database may follow"
	}
	return ""
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// isDatabase reports whether s is the number of a database; an empty one is 0.
func isDatabase(s string) bool {
	_, err := strconv.ParseUint(cmp.Or(s, "0"), 10, 16)
	return err == nil
}

// maxPassword is the longest password that a file may hold, in bytes.
const maxPassword = 4096

// password returns the server's password from the one place where it is given.
func (l *loader) password(u *url.URL) Secret {
	var inURL string
	if u != nil && u.User != nil {
		inURL, _ = u.User.Password()
	}
	if inURL != "" && l.isSaved(envURL) {
		l.badSecret(envURL, "a password does not belong in this file")
	}
	direct, path := l.raw(envPassword), l.text(envPasswordFile)
	given := 0
	for _, v := range []string{inURL, direct, path} {
		if v != "" {
			given++
		}
	}
	if given > 1 {
		l.badSecret(envPassword, "a password is given more than once; keep one of the URL's, "+envPassword+" and "+envPasswordFile)
	}
	if path != "" {
		return l.passwordFile(path)
	}
	return Secret(cmp.Or(direct, inURL))
}

func (l *loader) passwordFile(path string) Secret {
	text, ok := l.readFile(envPasswordFile, path)
	if !ok {
		return ""
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	switch {
	case text == "":
		l.bad(envPasswordFile, path, "the file is empty")
	case len(text) > maxPassword:
		l.bad(envPasswordFile, path, fmt.Sprintf("the file is longer than %d bytes", maxPassword))
	case strings.ContainsAny(text, "\r\n\x00"):
		l.bad(envPasswordFile, path, "the file holds more than one line")
	}
	return Secret(text)
}

// readFile returns the text of a file that a variable names.
func (l *loader) readFile(name, path string) (text string, ok bool) {
	text, reason := readNamed(path)
	if reason != "" {
		l.bad(name, path, reason)
	}
	return text, reason == ""
}

// addrs returns the list of addresses, separated by commas or spaces.
func (l *loader) addrs() []string {
	addrs, ok := splitAddrs(l.raw(envAddrs))
	if !ok {
		// Somebody may have put a URL with a password here.
		l.badSecret(envAddrs, reasonAddrs)
	}
	return addrs
}

// splitAddrs splits a list of addresses; it is not ok if one is none.
func splitAddrs(list string) (addrs []string, ok bool) {
	addrs = strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
	for _, addr := range addrs {
		host, port, err := net.SplitHostPort(addr)
		if err != nil || host == "" || !isPort(port) {
			return nil, false
		}
	}
	return addrs, true
}

// checkMode reports settings that do not go together.
func (l *loader) checkMode(r Redis, u *url.URL) {
	if !slices.Contains([]Mode{Single, Sentinel, Cluster}, r.Mode) {
		l.bad(envMode, string(r.Mode), reasonMode)
		return
	}
	if r.Mode == Single {
		l.checkSingle(r)
		return
	}
	if u != nil && u.Scheme == "unix" {
		l.badSecret(envURL, "a unix socket does not go with "+envMode+"="+string(r.Mode))
	}
	if l.text(envAddrs) == "" {
		l.bad(envAddrs, "", "mode "+string(r.Mode)+" needs the addresses, like host1:26379,host2:26379")
	}
	if r.Mode == Sentinel && r.Master == "" {
		l.bad(envMaster, "", "mode sentinel needs the master's name")
	}
	if r.Mode == Cluster && r.Master != "" {
		l.bad(envMaster, r.Master, "it is for "+envMode+"=sentinel only")
	}
	if r.Mode == Cluster && u != nil && strings.Trim(strings.Trim(u.Path, "/"), "0") != "" {
		l.badSecret(envURL, reasonCluster)
	}
}

// checkSentinels reports what is given for sentinels and would not be used.
func (l *loader) checkSentinels(r Redis) {
	switch {
	case r.Mode != Sentinel && r.SentinelPassword != "":
		l.badSecret(envSentinelPass, "it is for "+envMode+"=sentinel only")
	case r.Mode != Sentinel && r.SentinelUser != "":
		l.badSecret(envSentinelUser, "it is for "+envMode+"=sentinel only")
	case r.SentinelUser != "" && r.SentinelPassword == "" && l.text(envPasswordIn) == "" && !l.saved.connection:
		l.badSecret(envSentinelUser, "it needs "+envSentinelPass)
	}
}

// checkSingle reports what is set but would not be used.
func (l *loader) checkSingle(r Redis) {
	if l.text(envAddrs) != "" {
		l.bad(envAddrs, strings.Join(r.Addrs, ","), "it is for "+envMode+"=sentinel or cluster; a single server goes in "+envURL)
	}
	if r.Master != "" {
		l.bad(envMaster, r.Master, "it is for "+envMode+"=sentinel only")
	}
	if l.text(envURL) == "" && !l.saved.connection && (r.Password != "" || l.text(envPasswordFile) != "") {
		l.badSecret(envPassword, "there is no server to use it with; set "+envURL)
	}
}

// checkTLS reports TLS settings that cannot be used.
func (l *loader) checkTLS(r Redis, u *url.URL) {
	for _, v := range []struct{ name, value string }{
		{envCA, r.CA}, {envCert, r.Cert}, {envKey, r.Key}, {envServerName, r.ServerName},
	} {
		if v.value != "" && l.text(envURL) == "" {
			l.bad(v.name, v.value, "it needs a server with TLS; set "+envURL+" to rediss://...")
		} else if v.value != "" && u != nil && u.Scheme != "rediss" {
			l.bad(v.name, v.value, "it is for TLS, and "+envURL+" does not begin with rediss://")
		}
	}
	if r.Unverified && (u == nil || u.Scheme != "rediss") {
		l.bad(envVerify, "no", "it is for TLS, and "+envURL+" does not begin with rediss://")
	}
	if reason := wrongServerName(r.ServerName); reason != "" {
		l.bad(envServerName, r.ServerName, reason)
	}
	if reason := wrongCA(r.CA); reason != "" {
		l.bad(envCA, r.CA, reason)
	}
	if (r.Cert == "") != (r.Key == "") {
		l.bad(envCert, r.Cert, "a certificate and its key belong together; set "+envCert+" and "+envKey)
		return
	}
	l.checkPair(r.Cert, r.Key)
}

func (l *loader) checkPair(certPath, keyPath string) {
	ofCert, ofKey := wrongPair(certPath, keyPath)
	if ofCert != "" {
		l.bad(envCert, certPath, ofCert)
	}
	if ofKey != "" {
		l.bad(envKey, keyPath, ofKey)
	}
}
