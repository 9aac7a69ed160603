package config

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
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
}

// Enabled reports whether there is a server to use.
func (r Redis) Enabled() bool { return r.URL != "" || len(r.Addrs) > 0 }

// String names the server, without secrets.
func (r Redis) String() string {
	if !r.Enabled() {
		return "none"
	}
	return fmt.Sprintf("%s %s", r.Mode, cmp.Or(r.URL, strings.Join(r.Addrs, ",")))
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

func (l *loader) redis() Redis {
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
		return "it does not begin with redis://, rediss:// or unix://"
	case u.Hostname() == "":
		return "it names no host; write it like redis://host:6379"
	case u.Port() != "" && !isPort(u.Port()):
		return "its port is not a number from 1 to 65535"
	case !isDatabase(strings.Trim(u.Path, "/")):
		return "what follows the host is not the number of a database, as in redis://host:6379/0"
	case u.RawQuery != "" || u.Fragment != "":
		return "it has a ? or # that means nothing to Trolley; in a password write %3F or %23"
	}
	return ""
}

func wrongSocket(u *url.URL) string {
	db := u.Query()["db"]
	switch {
	case u.Host != "" || u.Path == "":
		return "it names no socket; write it like unix:///run/redis/redis.sock"
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
	if !filepath.IsAbs(path) {
		l.bad(name, path, "it is not a whole path from the root")
		return "", false
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		l.bad(name, path, "it is not a file")
		return "", false
	}
	b, err := os.ReadFile(path)
	if err != nil {
		l.bad(name, path, "the file cannot be read: "+cause(err))
	}
	return string(b), err == nil
}

// addrs returns the list of addresses, separated by commas or spaces.
func (l *loader) addrs() []string {
	addrs := strings.FieldsFunc(l.raw(envAddrs), func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
	for _, addr := range addrs {
		host, port, err := net.SplitHostPort(addr)
		if err != nil || host == "" || !isPort(port) {
			// Somebody may have put a URL with a password here.
			l.badSecret(envAddrs, "it is no list like host1:26379,host2:26379")
			return nil
		}
	}
	return addrs
}

// checkMode reports settings that do not go together.
func (l *loader) checkMode(r Redis, u *url.URL) {
	if !slices.Contains([]Mode{Single, Sentinel, Cluster}, r.Mode) {
		l.bad(envMode, string(r.Mode), "it is not single, sentinel or cluster")
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
		l.badSecret(envURL, "a cluster has no database but 0")
	}
}

// checkSentinels reports what is given for sentinels and would not be used.
func (l *loader) checkSentinels(r Redis) {
	switch {
	case r.Mode != Sentinel && r.SentinelPassword != "":
		l.badSecret(envSentinelPass, "it is for "+envMode+"=sentinel only")
	case r.Mode != Sentinel && r.SentinelUser != "":
		l.badSecret(envSentinelUser, "it is for "+envMode+"=sentinel only")
	case r.SentinelUser != "" && r.SentinelPassword == "":
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
	if l.text(envURL) == "" && (r.Password != "" || l.text(envPasswordFile) != "") {
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
	if data.Clean(r.ServerName, 253) != r.ServerName || strings.ContainsAny(r.ServerName, " /:") {
		l.bad(envServerName, r.ServerName, "it is no host name")
	}
	if r.CA != "" {
		l.checkCA(r.CA)
	}
	if (r.Cert == "") != (r.Key == "") {
		l.bad(envCert, r.Cert, "a certificate and its key belong together; set "+envCert+" and "+envKey)
		return
	}
	if r.Cert != "" {
		l.checkPair(r.Cert, r.Key)
	}
}

func (l *loader) checkCA(path string) {
	text, ok := l.readFile(envCA, path)
	if ok && !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		l.bad(envCA, path, "the file holds no certificate in PEM form")
	}
}

func (l *loader) checkPair(certPath, keyPath string) {
	cert, certOK := l.readFile(envCert, certPath)
	key, keyOK := l.readFile(envKey, keyPath)
	if !certOK || !keyOK {
		return
	}
	if _, err := tls.X509KeyPair([]byte(cert), []byte(key)); err != nil {
		l.bad(envCert, certPath, "the file and that of "+envKey+" are no certificate and key in PEM form that belong together")
	}
}
