package redis

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data"
	"trolley/data/redistest"
)

// said is an error that a server answered with.
type said string

func (e said) Error() string { return string(e) }
func (said) RedisError()     {}

func TestClassifyServerTexts(t *testing.T) {
	cases := map[string][2]data.Fault{ // single, cluster; the second may be missing
		"LOADING Redis is loading the dataset in memory":                                            {data.FaultLoading},
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.":          {data.FaultLoading},
		"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.":    {data.FaultBusy},
		"ERR max number of clients reached":                                                         {data.FaultTooMany},
		"READONLY You can't write against a read only replica. script: 8e1a, on @user_script:93.":   {data.FaultReadOnly},
		"OOM command not allowed when used memory > 'maxmemory'. script: 8e1a, on @user_script:93.": {data.FaultFull},
		"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist":   {data.FaultCannotSave},
		"MISCONF Errors writing to the AOF file: No space left on device":                           {data.FaultCannotSave},
		"NOREPLICAS Not enough good replicas to write.":                                             {data.FaultNoReplicas},
		"NOAUTH Authentication required.":                                                           {data.FaultNeedsAuth},
		"NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO":    {data.FaultNeedsAuth},
		"ERR Protocol error: unauthenticated multibulk length":                                      {data.FaultNeedsAuth},
		"WRONGPASS invalid username-password pair or user is disabled.":                             {data.FaultWrongAuth},
		"ERR invalid password": {data.FaultWrongAuth},
		"ERR AUTH <password> called without any password configured for the default user.":    {data.FaultWrongAuth},
		"ERR Client sent AUTH, but no password is set":                                        {data.FaultWrongAuth},
		"NOPERM this user has no permissions to run the 'evalsha' command":                    {data.FaultNoPermission},
		"ERR The user executing the script can't run this command or subcommand script: 8e1a": {data.FaultNoPermission},
		"ERR The user executing the script can't access at least one of the keys mentioned":   {data.FaultNoPermission},
		"ACL failure in script: User app has no permissions to run the 'hset' command":        {data.FaultNoPermission},
		"DENIED Redis is running in protected mode because protected mode is enabled":         {data.FaultNoPermission},
		"MOVED 866 127.0.0.1:7001":                                                                             {data.FaultCluster, data.FaultMoved},
		"ASK 866 127.0.0.1:7001":                                                                               {data.FaultCluster, data.FaultMoved},
		"TRYAGAIN Multiple keys request during rehashing of slot":                                              {data.FaultCluster, data.FaultMoved},
		"CLUSTERDOWN The cluster is down":                                                                      {data.FaultCluster, data.FaultMoved},
		"CROSSSLOT Keys in request don't hash to the same slot":                                                {data.FaultCluster, data.FaultMoved},
		"ERR SELECT is not allowed in cluster mode":                                                            {data.FaultCluster},
		"ERR DB index is out of range":                                                                         {data.FaultNoDatabase},
		"ERR This instance has cluster support disabled":                                                       {data.FaultMode},
		"ERR unknown command 'sentinel', with args beginning with: 'get-master-addr-by-name'":                  {data.FaultMode},
		"ERR unknown command 'EVALSHA', with args beginning with: ":                                            {data.FaultUnsupported},
		"NOPROTO unsupported protocol version":                                                                 {data.FaultUnsupported},
		"ERR Error running script (call to f_8e1a): @user_script:93: @user_script: 93: -OOM command":           {data.FaultFull},
		"ERR Error running script (call to f_8e1a): @user_script:9: Script killed by user with SCRIPT KILL...": {data.FaultBusy},
		"ERR something new": {data.FaultUnreachable},
	}
	for text, want := range cases {
		if want[1] == "" {
			want[1] = want[0]
		}
		for i, cluster := range []bool{false, true} {
			if got := classify(fmt.Errorf("dial: %w", said(text)), cluster); got != want[i] {
				t.Errorf("%q (cluster %v) is %q, want %q", text, cluster, got, want[i])
			}
		}
	}
}

func TestClassifyNetworkErrors(t *testing.T) {
	op := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	cases := map[data.Fault][]error{
		data.FaultNoHost:      {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "redis.shop", IsNotFound: true}}},
		data.FaultRefused:     {op(syscall.ECONNREFUSED), op(syscall.Errno(10061)), op(syscall.ENOENT)},
		data.FaultTimeout:     {context.DeadlineExceeded, context.Canceled, os.ErrDeadlineExceeded, redis.ErrPoolTimeout, op(syscall.ETIMEDOUT)},
		data.FaultCut:         {io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, op(syscall.ECONNRESET), op(syscall.EPIPE), errDeaf},
		data.FaultUnreachable: {op(syscall.EHOSTUNREACH), op(syscall.ENETUNREACH), errors.New("anything")},
		data.FaultMoved:       {errMoved},
		data.FaultUntrusted:   {x509.UnknownAuthorityError{}, &tls.CertificateVerificationError{Err: errors.New("not trusted")}},
		data.FaultWrongName:   {&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "a"}}},
		data.FaultCertExpired: {x509.CertificateInvalidError{Reason: x509.Expired}},
		data.FaultTLS:         {&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}, errors.New("tls: no cipher suite")},
		data.FaultNotTLS:      {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, errNoHandshake},
		data.FaultMaybeTLS:    {fmt.Errorf("%w: %w", errCutAtOnce, io.EOF)},
		data.FaultUnsupported: {errors.New(`redis: can't parse "HTTP/1.1 400 Bad Request"`)},
	}
	for want, errs := range cases {
		for _, err := range errs {
			if got := classify(fmt.Errorf("read: %w", err), false); got != want && classify(err, false) != want {
				t.Errorf("%v is %q, want %q", err, got, want)
			}
		}
	}
}

func TestCauseHidesThePassword(t *testing.T) {
	err := secrets{"hunter2"}.clean(said("ERR unknown command 'AUTH', with args beginning with: 'hunter2'"))
	if strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
	if cut := (secrets{"hunter2"}).clean(io.EOF); cut != io.EOF {
		t.Errorf("an error without it became %v", cut)
	}
}

func TestDriverLogHidesPasswordsAndHoldsBack(t *testing.T) {
	var out bytes.Buffer
	d := &driverLog{}
	d.use(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), secrets{"hunter2"})
	for range 100 {
		d.Printf(t.Context(), "dial %s failed", "redis://:hunter2@host")
	}
	if s := out.String(); strings.Count(s, "\n") != 1 || strings.Contains(s, "hunter2") || !strings.Contains(s, "dial") {
		t.Errorf("log is %q", s)
	}
}

func TestCatalogueChannelIsNoCartsChannel(t *testing.T) {
	k := newKeyspace("main")
	if strings.HasPrefix(k.catalogue(), k.events("")) {
		t.Errorf("%s begins like a cart's channel", k.catalogue())
	}
}

// lateTime makes a server's clock look wrong.
type lateTime struct {
	masterHook // for the methods that do nothing
	by         time.Duration
}

func (h lateTime) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h lateTime) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if c, ok := cmd.(*redis.TimeCmd); ok {
			c.SetVal(c.Val().Add(h.by))
		}
		return err
	}
}

func TestPreflightComparesClocks(t *testing.T) {
	url := redistest.Start(t).URL()
	for by, warned := range map[time.Duration]bool{
		0: false, 55 * time.Second: false, -55 * time.Second: false, 125 * time.Second: true, -3 * time.Hour: true, 50 * time.Hour: true,
	} {
		s, err := Open(Config{URL: url, Shop: "main"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.client.AddHook(lateTime{by: by})
		var told data.Finding
		if err := s.Preflight(t.Context(), func(f data.Finding) { told = f }); err != nil {
			t.Fatal(err)
		}
		if told.Stage != data.StageClock || (told.Concern == data.ConcernClock) != warned || warned && (told.Ahead-by).Abs() > time.Second {
			t.Errorf("%v: %+v", by, told)
		}
	}
}

// oldServer answers HELLO as versions before 6.2 do.
type oldServer struct {
	masterHook // for the methods that do nothing
}

func (oldServer) DialHook(next redis.DialHook) redis.DialHook { return next }

func (oldServer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "hello" && len(cmd.Args()) == 1 {
			cmd.SetErr(said("ERR wrong number of arguments for 'hello' command"))
			return cmd.Err()
		}
		return next(ctx, cmd)
	}
}

func TestPreflightOfTheOldestServers(t *testing.T) {
	s, err := Open(Config{URL: redistest.Start(t).URL(), Shop: "main"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.client.AddHook(oldServer{})
	if err := s.Preflight(t.Context(), func(data.Finding) {}); err != nil {
		t.Error(err)
	}
}

// FuzzParseReading builds an answer of the fuzzer's texts: parsing must never
// panic, and never bring out what a sound cart cannot hold.
func FuzzParseReading(f *testing.F) {
	seeds := []string{
		"OK 1000 0 3 op Table_4 ( ) 1 tea 2 1_2_me_2 Tea 240 _ _", "OK 1000 0 3 op _ ( ) 1 tea 2 1_2_me Tea 240 _ _",
		"OK 5 0 3 op _ ( op till expired 7 me Table_4 0 tea 2_240_1_2_me_Tea ) 0", "OK 5 0 3 op _ ( op till sold 7 me _ x ) 0",
		"OK 5 0 3 op _ ( op till emptied -7 me _ -1 tea nan_-1_1_2 cake ) 0", "OK 5 0 3 op _ ( ( ) ) 0", "OK 5 0 3 op _ _ 0",
		"SAME 5 1", "OK -2 0 _ _ _ ( ) 0", "OK 1 0 3 op _ ( ) 9 tea 2", "OK x 0 3 op _ ( ) 1", "", "NO 1 1",
		"OK 1 0 NaN op _ ( ) 1 tea nan 1_2_me Tea -1 _ 1.5", "OK 1 0 1e400 op _ ( ) 1 a\x00b inf 99999999999999999999_1_x \xff 1e3 _ -4",
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseReading(answerOf(text), time.Now())
		if err != nil {
			var damaged *data.DamagedError
			if !errors.As(err, &damaged) {
				t.Fatalf("error is %v (%T)", err, err)
			}
			return
		}
		lines := r.Cart.Lines
		if r.Cart.Ended != nil {
			lines = append(lines, r.Cart.Ended.Cart.Lines...)
		}
		for _, l := range lines {
			if l.Damaged == "" && l.Quantity < 1 || l.Product.Price < 0 {
				t.Errorf("line is %+v", l)
			}
		}
		if r.Cart.Token.Version < 0 || r.Cart.More < 0 {
			t.Errorf("cart is %+v", r.Cart)
		}
	})
}

// answerOf makes parts of words: those between ( and ) are a list, a lone _ is
// empty, others stand for spaces, and what looks like a number is one, as long
// as its place is odd.
func answerOf(text string) []any {
	parts, _ := partsOf(strings.Fields(text))
	return parts
}

func partsOf(words []string) (parts []any, rest []string) {
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		var n int64
		switch _, err := fmt.Sscanf(w, "%d", &n); {
		case w == ")":
			return parts, words
		case w == "(":
			var list []any
			list, words = partsOf(words)
			parts = append(parts, list)
		case err == nil && len(parts)%2 == 1:
			parts = append(parts, n)
		default:
			parts = append(parts, strings.TrimSpace(strings.ReplaceAll(w, "_", " ")))
		}
	}
	return parts, nil
}
