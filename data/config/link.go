package config

import (
	"cmp"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// What a link says beyond a server's URL.
const (
	linkShop         = "shop"
	linkMode         = "mode"
	linkAddrs        = "addrs"
	linkMaster       = "master"
	linkSentinelUser = "sentinel_user"
	linkServerName   = "server_name"
	linkDatabase     = "db"
)

// maxLink is the longest text that is taken for a link, in bytes.
const maxLink = 16 << 10

// Link returns the connection in one line for another counter, without any
// password and without what is of this computer only, such as files. It is
// empty for this computer only. ParseLink reads it.
func (c Connection) Link() string {
	if !c.Shared {
		return ""
	}
	c = c.trimmed()
	u := c.url()
	q := u.Query()
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if c.Shop != defaultShop {
		set(linkShop, c.Shop)
	}
	if c.many() {
		set(linkMode, string(c.Mode))
		set(linkAddrs, c.variables()[envAddrs])
	}
	if c.Mode == Sentinel {
		set(linkMaster, c.Master)
		set(linkSentinelUser, c.SentinelUser)
	}
	if c.secure() {
		set(linkServerName, c.ServerName)
	}
	// Commas and colons may stand as they are, and are easier to read so.
	u.RawQuery = strings.NewReplacer("%2C", ",", "%3A", ":").Replace(q.Encode())
	return u.String()
}

// OnlyHere reports whether the server's address means this very computer, as a
// socket and localhost do: from another one it leads elsewhere.
func (c Connection) OnlyHere() bool {
	if !c.Shared || c.bySocket() {
		return true
	}
	u := url.URL{Host: c.trimmed().hostPort()}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && ip.IsLoopback()
}

// ParseLink takes a link apart: one that Link made, or any redis://, rediss://
// or unix:// address, also with quotes around it or as redis-cli takes it. A
// password in it is returned in its field. The error is a sentence's clause
// without any part of the link.
func ParseLink(text string) (Connection, error) {
	text, secure := bareLink(text)
	if len(text) > maxLink {
		return Connection{}, errors.New(reasonLong)
	}
	u, reason := parseURL(text)
	if reason != "" {
		return Connection{}, errors.New(reason)
	}
	q := u.Query()
	c := Connection{
		Shared:       true,
		Mode:         Mode(cmp.Or(strings.ToLower(q.Get(linkMode)), string(Single))),
		Addrs:        q.Get(linkAddrs),
		Master:       q.Get(linkMaster),
		SentinelUser: q.Get(linkSentinelUser),
		ServerName:   q.Get(linkServerName),
		Shop:         q.Get(linkShop),
	}
	c.fillIn(u)
	c.TLS = c.TLS || secure && u.Scheme == "redis"
	c.Database = cmp.Or(c.Database, q.Get(linkDatabase))
	if c.many() {
		c.Addrs = cmp.Or(c.Addrs, u.Host)
	}
	if u.User != nil {
		p, _ := u.User.Password()
		c.Password = Secret(p)
	}
	if c.Mode != Single && !c.many() {
		return Connection{}, errors.New(reasonMode)
	}
	return c, nil
}

// bareLink returns the address in a text that was copied from somewhere, and
// whether what is around it asks for TLS.
func bareLink(text string) (link string, secure bool) {
	const around = " \t\r\n\"'`<>“”‘’„«»"
	text = strings.Trim(text, around)
	for {
		word, rest, more := strings.Cut(text, " ")
		if !more || word != "redis-cli" && !strings.HasPrefix(word, "-") {
			return text, secure
		}
		secure = secure || word == "--tls"
		text = strings.Trim(rest, around)
	}
}

// parseURL reads the address of a server. One whose password holds characters
// as they are, that a URL has no place for, is read as it was meant.
func parseURL(text string) (u *url.URL, reason string) {
	scheme, rest, _ := strings.Cut(text, "://")
	if !slices.Contains([]string{"redis", "rediss", "unix"}, strings.ToLower(scheme)) {
		return nil, reasonScheme
	}
	u, err := url.Parse(text)
	reason = reasonNoURL
	if err == nil {
		reason = wrongLink(u)
	}
	if reason == "" {
		return u, ""
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return nil, reason
	}
	user, password, _ := strings.Cut(rest[:at], ":")
	meant := scheme + "://" + url.UserPassword(unescaped(user), unescaped(password)).String() + rest[at:]
	u, err = url.Parse(meant)
	if err != nil {
		return nil, reason
	}
	return u, wrongLink(u)
}

// unescaped returns what %XX stands for; a text with other percent signs is
// meant as it is.
func unescaped(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

// wrongLink returns why a link does not name a server, "" if it does.
func wrongLink(u *url.URL) string {
	bare := *u
	bare.RawQuery, bare.Fragment = "", "" // others add what means nothing here
	return wrongURL(&bare)
}
