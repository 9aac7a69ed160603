package redis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data"
)

// fail makes of an error of the driver what this package hands out: a refusal,
// ErrClosed or an UnavailableError without secrets.
func (s *Store) fail(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case s.ended.Err() != nil:
		return data.ErrClosed
	case wrongType(err):
		return &data.DamagedError{What: "a key has another type than it should"}
	}
	fault := classify(err, s.cluster != nil)
	if ctx.Err() != nil || fault == data.FaultTimeout {
		fault = s.timeoutFault()
	}
	if _, fromServer := serverText(err); !fromServer && s.cluster != nil {
		// The driver would otherwise go on asking a node that is gone until
		// its next routine look at the cluster (go-redis#3979).
		s.cluster.ReloadState(ctx)
	}
	return &data.UnavailableError{Fault: fault, Addr: s.addrOf(err), About: s.about(fault, err), Cause: s.secrets.clean(err)}
}

// addrOf returns the address that an error is about: sentinels and clusters lead
// to servers that the configuration does not name.
func (s *Store) addrOf(err error) string {
	var op *net.OpError
	if s.mode != ModeSingle && errors.As(err, &op) && op.Op == "dial" && op.Addr != nil {
		return op.Addr.String()
	}
	return s.Addr()
}

func (s *Store) timeoutFault() data.Fault {
	if s.dialer.notTLS.Load() {
		return data.FaultNotTLS
	}
	return data.FaultTimeout
}

// classify names the reason of an error that came from the driver. Cluster
// says that we talk to one and follow its redirections.
func classify(err error, cluster bool) data.Fault {
	if text, ok := serverText(err); ok {
		if errors.Is(err, redis.Nil) && bySentinels(err) {
			return data.FaultNoMaster
		}
		return serverFault(text, cluster)
	}
	for _, look := range []func(error) data.Fault{tlsFault, netFault} {
		if f := look(err); f != data.FaultNone {
			return f
		}
	}
	if strings.HasPrefix(err.Error(), "redis: can't parse") || strings.HasPrefix(err.Error(), "redis: invalid reply") {
		return data.FaultUnsupported
	}
	return data.FaultUnreachable
}

// serverText returns the error that a server answered with. Before Redis 7 an
// error inside a script comes wrapped in the script's own.
func serverText(err error) (string, bool) {
	var server redis.Error
	var away *turnedAway
	if errors.As(err, &away) {
		return away.text, true
	}
	if !errors.As(err, &server) {
		return "", false
	}
	text := server.Error()
	const place = "@user_script:"
	if i := strings.LastIndex(text, place); i >= 0 && strings.HasPrefix(text, "ERR Error running script") {
		_, inner, _ := strings.Cut(strings.TrimLeft(text[i+len(place):], " "), ": ")
		text = strings.TrimPrefix(inner, "-")
	}
	return text, true
}

// bySentinels reports whether an error is the driver's list of what each sentinel
// had to say.
func bySentinels(err error) bool { return strings.Contains(err.Error(), "all sentinels specified") }

// wrongType reports whether the server found a key of another type than ours.
func wrongType(err error) bool {
	text, ok := serverText(err)
	return ok && strings.HasPrefix(text, "WRONGTYPE")
}

// serverFaults are the beginnings of what servers answer; the first that fits
// counts. The clustered column, where given, is for a client in cluster mode.
var serverFaults = []struct {
	begins           string
	fault, clustered data.Fault
}{
	{"LOADING", data.FaultLoading, ""},
	{"MASTERDOWN", data.FaultLoading, ""},
	{"BUSY ", data.FaultBusy, ""},
	{"Script killed by user", data.FaultBusy, ""},
	{"ERR max number of clients", data.FaultTooMany, ""},
	{"READONLY", data.FaultReadOnly, ""},
	{"OOM", data.FaultFull, ""},
	{"MISCONF", data.FaultCannotSave, ""},
	{"NOREPLICAS", data.FaultNoReplicas, ""},
	{"NOAUTH", data.FaultNeedsAuth, ""},
	{"ERR Protocol error: unauthenticated", data.FaultNeedsAuth, ""}, // to a long command
	{"WRONGPASS", data.FaultWrongAuth, ""},
	{"ERR invalid password", data.FaultWrongAuth, ""},
	{"ERR Client sent AUTH", data.FaultWrongAuth, ""},
	{"ERR AUTH", data.FaultWrongAuth, ""},
	{"NOPERM", data.FaultNoPermission, ""},
	{"ERR The user executing the script", data.FaultNoPermission, ""},
	{"ACL failure in script", data.FaultNoPermission, ""},
	{"DENIED", data.FaultNoPermission, ""},
	{"MOVED", data.FaultCluster, data.FaultMoved},
	{"ASK", data.FaultCluster, data.FaultMoved},
	{"CROSSSLOT", data.FaultCluster, data.FaultMoved},
	{"CLUSTERDOWN", data.FaultCluster, data.FaultMoved},
	{"TRYAGAIN", data.FaultCluster, data.FaultMoved},
	{"ERR SELECT is not allowed in cluster mode", data.FaultCluster, ""},
	{"ERR DB index is out of range", data.FaultNoDatabase, ""},
	{"ERR invalid DB index", data.FaultNoDatabase, ""},
	{"ERR This instance has cluster support disabled", data.FaultMode, ""},
	{"ERR unknown command 'sentinel'", data.FaultMode, ""},
	{"ERR unknown command `sentinel`", data.FaultMode, ""}, // before version 7
	{"ERR unknown command", data.FaultUnsupported, ""},
	{"ERR unknown subcommand", data.FaultUnsupported, ""},
	{"NOPROTO", data.FaultUnsupported, ""},
}

func serverFault(text string, cluster bool) data.Fault {
	for _, f := range serverFaults {
		if !strings.HasPrefix(text, f.begins) {
			continue
		}
		if cluster && f.clustered != "" {
			return f.clustered
		}
		return f.fault
	}
	return data.FaultUnreachable
}

func tlsFault(err error) data.Fault {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		cert      x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		op        *net.OpError
	)
	switch {
	case errors.Is(err, errNoHandshake), errors.As(err, &record):
		return data.FaultNotTLS
	case errors.Is(err, errCutAtOnce):
		return data.FaultMaybeTLS
	case errors.Is(err, errNeedsCert):
		return data.FaultNeedsCert
	case errors.As(err, &name):
		return data.FaultWrongName
	case errors.As(err, &cert) && cert.Reason == x509.Expired:
		if cert.Cert != nil && time.Now().Before(cert.Cert.NotBefore) {
			return data.FaultCertEarly
		}
		return data.FaultCertExpired
	case errors.As(err, &authority), errors.As(err, &cert), errors.As(err, &verify):
		return data.FaultUntrusted
	case errors.Is(err, errRefusesCert), errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"), strings.HasPrefix(err.Error(), "tls: "):
		return data.FaultTLS
	}
	return data.FaultNone
}

func netFault(err error) data.Fault {
	var dns *net.DNSError
	switch {
	case errors.Is(err, errMoved):
		return data.FaultMoved
	case errors.As(err, &dns):
		return data.FaultNoHost
	case timedOut(err), errors.Is(err, redis.ErrPoolTimeout):
		return data.FaultTimeout
	case isErrno(err, syscall.ECONNREFUSED, 10061), errors.Is(err, fs.ErrNotExist): // the second: a socket file
		return data.FaultRefused
	case errors.Is(err, fs.ErrPermission):
		return data.FaultNoPermission
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, errDeaf),
		errors.Is(err, redis.ErrClosed), // of a cluster's node that is no longer one
		isErrno(err, syscall.ECONNRESET, 10054), isErrno(err, syscall.EPIPE, 10053):
		return data.FaultCut
	}
	return data.FaultNone
}

// isErrno recognizes a system error also by its Windows number, which the
// syscall package does not match to the common name.
func isErrno(err error, common, windows syscall.Errno) bool {
	var no syscall.Errno
	return errors.As(err, &no) && (no == common || no == windows)
}

func timedOut(err error) bool {
	var slow net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &slow) && slow.Timeout()
}
