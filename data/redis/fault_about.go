package redis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strconv"
	"strings"
	"time"

	"trolley/data"
)

// Most of what a server may have us repeat: names, and bytes of one and of all.
const (
	mostCertNames = 3
	mostOfName    = 60
	mostOfAbout   = 200
)

// about says what a fault is about, as [data.UnavailableError] promises.
func (s *Store) about(fault data.Fault, err error) string {
	return data.Clean(s.topic(fault, err), mostOfAbout)
}

func (s *Store) topic(fault data.Fault, err error) string {
	switch fault {
	case data.FaultNeedsAuth, data.FaultWrongAuth:
		if bySentinels(err) {
			return s.login.sentinelUser
		}
		return s.login.user
	case data.FaultNoDatabase:
		return strconv.Itoa(s.login.database)
	case data.FaultNoMaster:
		return s.login.master
	case data.FaultMode:
		return data.AboutSingle
	case data.FaultNoPermission:
		return s.missingRight(err)
	case data.FaultUnsupported:
		return notRedis(s.secrets.hide(err.Error()))
	}
	return certTopic(err)
}

// missingRight names the right that the server says is missing, as far as it
// says it.
func (s *Store) missingRight(err error) string {
	text, _ := serverText(err)
	text = s.secrets.hide(text) // before any of it is cut in two
	switch {
	case strings.HasPrefix(text, "DENIED"):
		return ""
	case strings.Contains(text, "one of the keys"), strings.Contains(text, "access a key"):
		return "eval on " + s.keys.tag + "*"
	}
	_, rest, _ := strings.Cut(text, "'")
	command, _, quoted := strings.Cut(rest, "'")
	if !quoted {
		return ""
	}
	return data.Clean(command, 40)
}

// notRedis returns the first line of a server that speaks another protocol, which
// the driver puts in quotes.
func notRedis(text string) string {
	_, rest, _ := strings.Cut(text, "redis: ")
	begin, end := strings.Index(rest, `"`), strings.LastIndex(rest, `"`)
	if begin < 0 {
		return ""
	}
	line, _ := strconv.Unquote(rest[begin : end+1])
	return data.Clean(line, mostOfName)
}

// certTopic says what is wrong with a certificate.
func certTopic(err error) string {
	var (
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		authority x509.UnknownAuthorityError
		verify    *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &name) && name.Certificate != nil:
		return certNames(name.Certificate)
	case errors.As(err, &invalid) && invalid.Cert != nil && invalid.Reason == x509.Expired:
		if c := invalid.Cert; time.Now().Before(c.NotBefore) {
			return c.NotBefore.UTC().Format(time.RFC3339)
		}
		return invalid.Cert.NotAfter.UTC().Format(time.RFC3339)
	case errors.As(err, &authority) && authority.Cert != nil:
		return issuer(authority.Cert)
	case errors.As(err, &verify) && len(verify.UnverifiedCertificates) > 0:
		return issuer(verify.UnverifiedCertificates[0])
	}
	return ""
}

// certNames lists the names and addresses that a certificate is for.
func certNames(c *x509.Certificate) string {
	names := c.DNSNames[:min(len(c.DNSNames), mostCertNames)]
	for _, ip := range c.IPAddresses {
		names = append(names[:len(names):len(names)], ip.String())
	}
	if len(names) == 0 {
		names = []string{c.Subject.CommonName}
	}
	var shown []string
	for _, n := range names[:min(len(names), mostCertNames)] {
		if n = data.Clean(n, mostOfName); n != "" {
			shown = append(shown, n)
		}
	}
	return strings.Join(shown, ", ")
}

// issuer names who has signed a certificate.
func issuer(c *x509.Certificate) string {
	if c.Issuer.CommonName != "" || len(c.Issuer.Organization) == 0 {
		return data.Clean(c.Issuer.CommonName, mostOfName)
	}
	return data.Clean(c.Issuer.Organization[0], mostOfName)
}
