package config

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"trolley/data"
)

// Longest texts, in bytes.
const (
	maxHost  = 253
	maxName  = 256 // of users and masters
	maxAddrs = 4096
)

// Check returns what is wrong with the connection, in the order of the fields;
// nothing when it can be tried. What a mode or a switch makes no use of is not
// looked at: a host beside a socket, addresses of a single server, certificates
// without TLS, and all but the shop on this computer only. It reads the files
// of certificates that are named.
func (c Connection) Check() []Problem {
	c = c.trimmed()
	var found problemList
	if c.Shared {
		c.checkServer(&found)
		c.checkSignIn(&found)
		if c.secure() {
			c.checkTLS(&found)
		}
		if c.many() {
			c.checkMany(&found)
		}
	}
	if c.Shop != "" {
		found.refused(FieldShop, data.CheckShop(c.Shop))
	}
	return found
}

// problemList collects what is wrong.
type problemList []Problem

// add notes a problem, unless the reason is empty.
func (p *problemList) add(f Field, reason string) {
	if reason != "" {
		*p = append(*p, Problem{Field: f, Reason: reason})
	}
}

// refused notes the error of a check of package data.
func (p *problemList) refused(f Field, err error) {
	var invalid *data.InvalidError
	if errors.As(err, &invalid) {
		p.add(f, invalid.Reason)
	}
}

func (c Connection) checkServer(found *problemList) {
	if !slices.Contains([]Mode{"", Single, Sentinel, Cluster}, c.Mode) {
		found.add(FieldMode, reasonMode)
	}
	switch {
	case c.many():
	case c.bySocket():
		found.add(FieldSocket, wrongSocketPath(c.Socket))
	default:
		found.add(FieldHost, wrongHost(c.Host))
		if c.Port != "" && !isPort(c.Port) {
			found.add(FieldPort, reasonPort)
		}
	}
	switch {
	case !isDatabase(c.Database):
		found.add(FieldDatabase, reasonDatabase)
	case c.Mode == Cluster && strings.Trim(c.Database, "0") != "":
		found.add(FieldDatabase, reasonCluster)
	}
}

func (c Connection) checkSignIn(found *problemList) {
	found.add(FieldUser, wrongName(c.User))
	found.add(FieldPassword, wrongPassword(c.Password))
	if !c.keep().known() {
		found.add(FieldPassword, reasonKeep)
	}
}

func (c Connection) checkTLS(found *problemList) {
	found.add(FieldCA, wrongCA(c.CA))
	switch {
	case c.Cert != "" && c.Key == "":
		found.add(FieldKey, reasonNoKey)
	case c.Cert == "" && c.Key != "":
		found.add(FieldCert, reasonNoCert)
	default:
		ofCert, ofKey := wrongPair(c.Cert, c.Key)
		found.add(FieldCert, ofCert)
		found.add(FieldKey, ofKey)
	}
	found.add(FieldServerName, wrongServerName(c.ServerName))
}

// checkMany looks at what only several servers together have.
func (c Connection) checkMany(found *problemList) {
	found.add(FieldAddrs, wrongAddrs(c.Addrs))
	if c.Mode != Sentinel {
		return
	}
	if c.Master == "" {
		found.add(FieldMaster, reasonEmpty)
	}
	found.add(FieldMaster, wrongName(c.Master))
	found.add(FieldSentinelUser, wrongName(c.SentinelUser))
	found.add(FieldSentinelPass, wrongPassword(c.SentinelPassword))
}

func wrongSocketPath(path string) string {
	switch {
	case !strings.HasPrefix(path, "/"):
		return reasonSocket
	case data.Clean(path, maxName) != path:
		return reasonShown
	}
	return ""
}

// wrongHost returns why text does not name a computer, "" if it does.
func wrongHost(host string) string {
	if host == "" {
		return reasonEmpty
	}
	if isIP(strings.Trim(host, "[]")) {
		return ""
	}
	name, port, has := strings.Cut(host, ":")
	switch {
	case strings.Contains(host, "://"):
		return reasonHostLink
	case has && isHostName(name) && isPort(port):
		return reasonHostPort
	case !isHostName(host):
		return reasonHost
	}
	return ""
}

func isIP(s string) bool {
	ip, err := netip.ParseAddr(s)
	return err == nil && (ip.Zone() == "" || isHostName(ip.Zone()))
}

func isHostName(s string) bool {
	return s != "" && len(s) <= maxHost && data.Clean(s, maxHost) == s && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) && !strings.ContainsRune("-._", r)
	})
}

func wrongAddrs(list string) string {
	addrs, ok := splitAddrs(list)
	switch {
	case list == "":
		return reasonEmpty
	case len(list) > maxAddrs:
		return reasonLong
	case !ok || len(addrs) == 0:
		return reasonAddrs
	}
	for _, addr := range addrs {
		host := addr[:strings.LastIndexByte(addr, ':')]
		if wrongHost(host) != "" {
			return reasonAddrs
		}
	}
	return ""
}

// wrongName returns why nobody is called that, "" if somebody may be.
func wrongName(name string) string {
	switch {
	case len(name) > maxName:
		return reasonLong
	case data.Clean(name, maxName) != name:
		return reasonShown
	}
	return ""
}

func wrongPassword(p Secret) string {
	switch {
	case len(p) > maxPassword:
		return reasonLongSecret
	case strings.ContainsAny(string(p), "\r\n\x00"):
		return reasonLines
	}
	return ""
}
