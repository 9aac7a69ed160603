package config

import (
	"cmp"
	"errors"
	"net"
	"net/url"
	"strings"

	"trolley/data"
)

// Connection is how a shop is reached, the way a person fills it in: one field
// for each thing, as text. The zero value means this computer only.
type Connection struct {
	Shared bool // with a server; otherwise what follows, but for Shop, is of no account
	Mode   Mode // empty: Single
	Host   string
	Port   string // empty: 6379
	Socket string // path of a unix socket, in place of Host and Port
	// Database is the number of one; empty: 0.
	Database string
	User     string
	Password Secret
	TLS      bool
	CA       string // files, each a whole path; empty: the system's own
	Cert     string
	Key      string
	// ServerName is the name in the server's certificate; empty: the host.
	ServerName string
	// Unverified says that any certificate will do. The window never lets
	// somebody forget it.
	Unverified       bool
	Addrs            string // of sentinels, or nodes of a cluster: "host:port host:port"
	Master           string
	SentinelUser     string
	SentinelPassword Secret
	Shop             string // empty: "main"
	Keep             Keep   // where the passwords are kept; empty: KeepAsk
}

// Keep says where the passwords of a saved connection are kept.
type Keep string

// The places.
const (
	KeepAsk      Keep = "ask"      // nowhere: the person is asked at every start
	KeepKeychain Keep = "keychain" // the operating system's store for passwords
	KeepFile     Keep = "file"     // a file that only this account can read
)

func (k Keep) known() bool { return k == KeepAsk || k == KeepKeychain || k == KeepFile }

// Field names one thing that a person fills in.
type Field string

// The fields of a Connection, and those of [Settings].
const (
	FieldShared       Field = "shared"
	FieldLink         Field = "link"
	FieldMode         Field = "mode"
	FieldHost         Field = "host"
	FieldPort         Field = "port"
	FieldSocket       Field = "socket"
	FieldDatabase     Field = "database"
	FieldUser         Field = "user"
	FieldPassword     Field = "password"
	FieldTLS          Field = "tls"
	FieldCA           Field = "ca"
	FieldCert         Field = "cert"
	FieldKey          Field = "key"
	FieldServerName   Field = "server name"
	FieldUnverified   Field = "unverified"
	FieldAddrs        Field = "addrs"
	FieldMaster       Field = "master"
	FieldSentinelUser Field = "sentinel user"
	FieldSentinelPass Field = "sentinel password"
	FieldShop         Field = "shop"
	FieldCounter      Field = "counter"
	FieldTimeout      Field = "timeout"
)

// connectionFields returns the fields of a Connection.
func connectionFields() []Field {
	return []Field{
		FieldShared, FieldLink, FieldMode, FieldHost, FieldPort, FieldSocket, FieldDatabase, FieldUser, FieldPassword,
		FieldTLS, FieldCA, FieldCert, FieldKey, FieldServerName, FieldUnverified, FieldAddrs, FieldMaster,
		FieldSentinelUser, FieldSentinelPass, FieldShop,
	}
}

// Problem says why what stands in a field cannot be used.
type Problem struct {
	Field  Field
	Reason string // an English clause such as "it is empty"; holds no secret
}

// Redis returns the connection as [Load] would have read it. The error joins
// one [data.InvalidError] for each thing that Check finds wrong.
func (c Connection) Redis() (Redis, error) {
	c = c.trimmed()
	if problems := c.Check(); len(problems) > 0 {
		var all []error
		for _, p := range problems {
			all = append(all, &data.InvalidError{What: string(p.Field), Reason: p.Reason})
		}
		return Redis{}, errors.Join(all...)
	}
	if !c.Shared {
		return Redis{Mode: Single}, nil
	}
	vars := c.variables()
	vars[envPassword], vars[envSentinelPass] = string(c.Password), string(c.SentinelPassword)
	l := loader{Sources: Sources{Lookup: func(name string) (string, bool) { v, ok := vars[name]; return v, ok }}}
	r := l.server()
	return r, errors.Join(l.problems...)
}

// variables returns the connection as variables of the environment: those that
// its mode uses and that are not at their default, without the passwords.
func (c Connection) variables() map[string]string {
	vars := map[string]string{envUse: "yes", envURL: c.url().String(), envShop: c.Shop, envPasswordIn: string(c.keep())}
	if !c.Shared {
		vars[envUse] = "no"
	}
	if c.many() {
		addrs, _ := splitAddrs(c.Addrs)
		vars[envMode], vars[envAddrs] = string(c.Mode), strings.Join(addrs, ",")
	}
	if c.Mode == Sentinel {
		vars[envMaster], vars[envSentinelUser] = c.Master, c.SentinelUser
	}
	if c.secure() {
		vars[envCA], vars[envCert], vars[envKey], vars[envServerName] = c.CA, c.Cert, c.Key, c.ServerName
	}
	if c.secure() && c.Unverified {
		vars[envVerify] = "no"
	}
	for name, value := range vars {
		if value == "" {
			delete(vars, name)
		}
	}
	return vars
}

// many reports whether the server has several addresses.
func (c Connection) many() bool { return c.Mode == Sentinel || c.Mode == Cluster }

// bySocket reports whether the server is reached through a socket.
func (c Connection) bySocket() bool { return !c.many() && c.Socket != "" }

// secure reports whether the connection is encrypted. There is nobody to hide
// from on the way to a socket.
func (c Connection) secure() bool { return c.TLS && !c.bySocket() }

func (c Connection) keep() Keep { return cmp.Or(c.Keep, KeepAsk) }

// url returns the connection's URL, as far as one can say it, without the
// password.
func (c Connection) url() *url.URL {
	u := &url.URL{Scheme: "redis"}
	if c.User != "" {
		u.User = url.User(c.User)
	}
	if c.bySocket() {
		u.Scheme, u.Path = "unix", c.Socket
		if c.Database != "" {
			u.RawQuery = url.Values{"db": {c.Database}}.Encode()
		}
		return u
	}
	if c.TLS {
		u.Scheme = "rediss"
	}
	if c.Database != "" {
		u.Path = "/" + c.Database
	}
	u.Host = c.hostPort()
	return u
}

// hostPort returns the server's address as a URL has it; of several, the first.
func (c Connection) hostPort() string {
	if c.many() {
		addrs, _ := splitAddrs(c.Addrs)
		return strings.Join(addrs[:min(len(addrs), 1)], "")
	}
	host := strings.Trim(c.Host, "[]")
	if c.Port != "" {
		return net.JoinHostPort(host, c.Port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// connectionOf takes a server apart into what a person fills in.
func connectionOf(r Redis) Connection {
	c := Connection{
		Mode: cmp.Or(r.Mode, Single), Addrs: strings.Join(r.Addrs, ","), Master: r.Master, Password: r.Password,
		SentinelUser: r.SentinelUser, SentinelPassword: r.SentinelPassword,
		CA: r.CA, Cert: r.Cert, Key: r.Key, ServerName: r.ServerName, Unverified: r.Unverified,
	}
	u, err := url.Parse(r.URL)
	if err != nil || r.URL == "" {
		return c
	}
	c.fillIn(u)
	return c
}

// fillIn takes over what the URL of a server says.
func (c *Connection) fillIn(u *url.URL) {
	if u.User != nil {
		c.User = u.User.Username()
	}
	c.TLS = u.Scheme == "rediss"
	if u.Scheme == "unix" {
		c.Socket, c.Database = u.Path, u.Query().Get("db")
		return
	}
	c.Database = strings.Trim(u.Path, "/")
	if !c.many() {
		c.Host, c.Port = u.Hostname(), u.Port()
	}
}

// trimmed returns the connection without the space around what was typed.
func (c Connection) trimmed() Connection {
	for _, text := range []*string{
		&c.Host, &c.Port, &c.Socket, &c.Database, &c.User, &c.CA, &c.Cert, &c.Key,
		&c.ServerName, &c.Addrs, &c.Master, &c.SentinelUser, &c.Shop,
	} {
		*text = strings.TrimSpace(*text)
	}
	return c
}
