package redis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
)

// tlsConfig reads the files that TLS needs; nil when the connection is plain.
func (c Config) tlsConfig(secure bool) (*tls.Config, error) {
	if !secure {
		return nil, c.checkNoTLS()
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.ServerName, InsecureSkipVerify: c.Unverified}
	if c.CA != "" {
		pem, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, invalid("TROLLEY_REDIS_CA", c.CA, whyNot(err))
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, invalid("TROLLEY_REDIS_CA", c.CA, "it holds no certificate in PEM form")
		}
	}
	if c.Cert == "" && c.Key == "" {
		return conf, nil
	}
	pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
	if err != nil {
		return nil, invalid("TROLLEY_REDIS_CERT", c.Cert, "it cannot be used together with TROLLEY_REDIS_KEY: "+whyNot(err))
	}
	conf.Certificates = []tls.Certificate{pair}
	return conf, nil
}

// checkNoTLS refuses TLS files on a connection that would not use them: whoever
// gave them believes it to be encrypted.
func (c Config) checkNoTLS() error {
	given := []struct{ name, value string }{
		{"TROLLEY_REDIS_CA", c.CA},
		{"TROLLEY_REDIS_CERT", c.Cert},
		{"TROLLEY_REDIS_KEY", c.Key},
		{"TROLLEY_REDIS_SERVER_NAME", c.ServerName},
	}
	for _, g := range given {
		if g.value != "" {
			return invalid(g.name, g.value, "it needs an address that begins with rediss://")
		}
	}
	if c.Unverified {
		return invalid("TROLLEY_REDIS_VERIFY", "no", "it needs an address that begins with rediss://")
	}
	return nil
}

// whyNot says why a file cannot be used, without the path.
func whyNot(err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "it may not be read"
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return err.Error()
}
