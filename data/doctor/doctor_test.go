package doctor_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trolley/data"
	"trolley/data/doctor"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// The driver notices up to a second after Close that it need not go on to dial
// a server that refused it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// opener opens a shop as main does.
type opener = func(context.Context, doctor.Dial) (data.Backend, error)

func onServer(c redis.Config) opener {
	return func(_ context.Context, dial doctor.Dial) (data.Backend, error) {
		c := c
		c.Shop, c.Timeout, c.Remember, c.History, c.Dial = "main", doctor.CartLife, doctor.OpLife, time.Second, dial
		return redis.Open(c)
	}
}

func onThisComputer(dir string) opener {
	return func(ctx context.Context, _ doctor.Dial) (data.Backend, error) {
		return local.Open(ctx, local.Config{Dir: dir, Shop: "main", Timeout: doctor.CartLife})
	}
}

// spoilt opens stores that are not quite what they should be.
func spoilt(open opener, spoil func(data.Backend) data.Backend) opener {
	return func(ctx context.Context, dial doctor.Dial) (data.Backend, error) {
		b, err := open(ctx, dial)
		if err != nil {
			return nil, err
		}
		return spoil(b), nil
	}
}

// stock puts products in the shop's catalogue.
func stock(t *testing.T, open opener, products ...data.Product) {
	t.Helper()
	b, err := open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, p := range products {
		if err := b.CreateProduct(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
}

var menu = []data.Product{
	{ID: "cake", Name: "Cake", Price: 320, Stock: 4},
	{ID: "espresso", Name: "Espresso", Price: 240, Stock: data.Unlimited},
	{ID: "tea", Name: "Tea", Price: 210, Stock: data.Unlimited},
}

// examined is what an examination said.
type examined struct {
	*testing.T
	outcome doctor.Outcome
	text    string
}

func examine(t *testing.T, open opener, soak time.Duration) examined {
	t.Helper()
	var out bytes.Buffer
	outcome := doctor.Run(t.Context(), doctor.Config{Version: "1.2.3", Store: "the shop", Soak: soak, Open: open}, &out)
	t.Log("\n" + out.String())
	return examined{t, outcome, strings.Join(strings.Fields(out.String()), " ")}
}

// want compares the outcome, and looks for parts of the text.
func (e examined) want(outcome doctor.Outcome, parts ...string) {
	e.Helper()
	if e.outcome != outcome {
		e.Errorf("outcome %d, want %d", e.outcome, outcome)
	}
	for _, part := range parts {
		if !strings.Contains(e.text, part) {
			e.Errorf("%q is not told", part)
		}
	}
}

// wantCuts checks that connections were cut.
func (e examined) wantCuts() {
	e.Helper()
	if !strings.Contains(e.text, "cut,") || strings.Contains(e.text, " 0 connections cut") {
		e.Error("no connection was cut")
	}
}

func TestSoakOfSoundServerIsInOrder(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--appendonly", "yes")
	open := onServer(redis.Config{URL: server.URL()})
	stock(t, open, menu...)
	got := examine(t, open, redistest.Duration(t, time.Second))
	got.want(doctor.InOrder, "trolley doctor 1.2.3", "Store the shop", "Reach ok", "Server ok Redis", "Latency PING", "× PING",
		"Soak 4 counters", "lost 0, doubled 0", "Everything is in order.")
	got.wantCuts()
	wantTidy(t, server)
}

func TestSoakOnEveryKindOfServer(t *testing.T) {
	t.Parallel()
	ca := redistest.NewCA(t)
	for name, config := range map[string]func(testing.TB) redis.Config{
		"TLS": func(t testing.TB) redis.Config {
			return redis.Config{URL: "rediss://" + redistest.StartTLS(t, ca, "--tls-auth-clients", "no").Addr + "/0", CA: ca.File}
		},
		"Sentinel": func(t testing.TB) redis.Config {
			return redis.Config{Mode: redis.ModeSentinel, Addrs: redistest.StartSentinel(t).Addrs(), Master: redistest.MasterName}
		},
		"Cluster": func(t testing.TB) redis.Config {
			return redis.Config{Mode: redis.ModeCluster, Addrs: redistest.StartCluster(t, 0).Addrs()}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := onServer(config(t))
			stock(t, open, menu...)
			got := examine(t, open, redistest.Duration(t, time.Second))
			got.want(doctor.InOrder, "Latency PING", "lost 0, doubled 0")
			got.wantCuts()
		})
	}
}

// wantTidy checks that nothing is left on the server but what runs out soon.
func wantTidy(t *testing.T, server *redistest.Server) {
	t.Helper()
	for key, most := range map[string]time.Duration{"{main}:cartmeta:doctor-*": doctor.CartLife + time.Second, "{main}:op:doctor-*": doctor.OpLife} {
		keys, _ := server.Do(t, "KEYS", key).([]any)
		if len(keys) == 0 {
			t.Errorf("no %s: nothing was tried", key)
		}
		for _, k := range keys {
			left, _ := server.Do(t, "PTTL", k).(int64)
			if left < 0 || left > most.Milliseconds() {
				t.Errorf("%s lives for %d ms", k, left)
			}
		}
	}
	if left := fmt.Sprint(server.Do(t, "KEYS", "{main}:cart:doctor-*")); left != "[]" {
		t.Errorf("left: %s", left)
	}
}

func TestShopOfThisComputerIsInOrder(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	got := examine(t, open, time.Second/2)
	got.want(doctor.InOrder, "Reach ok", "Latency add", "lost 0, doubled 0", "Everything is in order.")
	if strings.Contains(got.text, "connection") || strings.Contains(got.text, "PING") {
		t.Error("a file has no connections")
	}
}

func TestEmptyCatalogueLeavesTheTrialOut(t *testing.T) {
	t.Parallel()
	got := examine(t, onThisComputer(t.TempDir()), time.Second)
	got.want(doctor.InOrder, "Latency read", "Soak left out: the catalogue is empty")
}

func TestServerThatIsAwayCannotBeUsed(t *testing.T) {
	t.Parallel()
	const password = "hunter2-marker"
	server := redistest.Start(t)
	server.Stop()
	got := examine(t, onServer(redis.Config{URL: "redis://app@" + server.Addr + "/0", Password: password}), time.Second)
	got.want(doctor.Unusable, "Reach FAILED", "nothing listens at "+server.Addr, "The shop cannot be used: see Reach above.")
	if strings.Contains(got.text, password) {
		t.Error("the password is told")
	}
}

func TestServerThatDropsKeysIsWarnedOf(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
	open := onServer(redis.Config{URL: server.URL()})
	stock(t, open, menu...)
	examine(t, open, 0).want(doctor.InOrder, "Keeps data warning", "Set maxmemory-policy to noeviction", "the shop can be used",
		"Soak left out, as asked for")
}

func TestSettingThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	examine(t, onServer(redis.Config{URL: "http://10.0.0.5"}), 0).want(doctor.BadSetting, "Settings FAILED", "TROLLEY_REDIS_URL", "A setting cannot be used.")
}

// doubler makes every add twice.
type doubler struct{ data.Backend }

func (d doubler) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	again := c
	again.Op = data.NewOp()
	if c.Kind == data.KindAdd {
		_, _ = d.Backend.Apply(ctx, cart, again)
	}
	return d.Backend.Apply(ctx, cart, c)
}

// forgetter confirms some adds that it does not make.
type forgetter struct{ data.Backend }

func (f forgetter) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	if c.Kind == data.KindAdd && strings.ContainsAny(string(c.Op[:1]), "0123") {
		return data.Receipt{Duplicate: true, Event: data.Event{Token: data.Token{Version: 1, Op: c.Op}, Kind: c.Kind, Product: c.Product}}, nil
	}
	return f.Backend.Apply(ctx, cart, c)
}

func TestStoreThatDoublesIsCaught(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	broken := spoilt(open, func(b data.Backend) data.Backend { return doubler{b} })
	examine(t, broken, time.Second/4).want(doctor.Wrong, "lost 0", "in the cart that nobody added", "do not use this store")
}

func TestStoreThatForgetsIsCaught(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	broken := spoilt(open, func(b data.Backend) data.Backend { return forgetter{b} })
	examine(t, broken, time.Second/4).want(doctor.Wrong, "doubled 0", "confirmed and lost", "do not use this store")
}

// repeater makes a change once more when it is sent again because its answer
// was lost.
type repeater struct{ data.Backend }

func (r repeater) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	receipt, err := r.Backend.Apply(ctx, cart, c)
	if err == nil && receipt.Duplicate && c.Kind == data.KindAdd {
		c.Op = data.NewOp()
		_, _ = r.Backend.Apply(ctx, cart, c)
	}
	return receipt, err
}

func TestRepeatThatCountsTwiceIsCaught(t *testing.T) {
	t.Parallel()
	open := onServer(redis.Config{URL: redistest.Start(t).URL()})
	stock(t, open, menu...)
	broken := spoilt(open, func(b data.Backend) data.Backend { return repeater{b} })
	examine(t, broken, 3*time.Second/2).want(doctor.Wrong, "lost 0", "in the cart that nobody added")
}

// teas numbers the teas that the counters of the trial add, from 1, wherever
// and however often they are sent. Its methods may be called from any goroutine.
type teas struct {
	mu    sync.Mutex
	order []data.OpID
}

// number returns 0 for anything but such a tea; first: it was not sent before.
func (t *teas) number(c data.Change) (n int, first bool) {
	if c.Kind != data.KindAdd || c.Product != "tea" || c.By == "doctor" {
		return 0, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.order, c.Op); i >= 0 {
		return i + 1, false
	}
	t.order = append(t.order, c.Op)
	return len(t.order), true
}

// swapper confirms the third tea without ever making it, and makes the fourth
// one twice: the cart holds as many as were added.
type swapper struct {
	data.Backend
	teas *teas
}

func (s swapper) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	n, first := s.teas.number(c)
	if n == 3 {
		return data.Receipt{Duplicate: true, Event: data.Event{Token: data.Token{Version: 1, Op: c.Op}, Kind: c.Kind, Product: c.Product}}, nil
	}
	if n == 4 && first {
		again := c
		again.Op = data.NewOp()
		_, _ = s.Backend.Apply(ctx, cart, again)
	}
	return s.Backend.Apply(ctx, cart, c)
}

func TestLossAndDoublingDoNotMakeUpForEachOther(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	var count teas
	broken := spoilt(open, func(b data.Backend) data.Backend { return swapper{b, &count} })
	examine(t, broken, time.Second/2).want(doctor.Wrong, "lost 1, doubled 1", "tea: 1 confirmed and lost",
		"tea: 1 in the cart that nobody added", "do not use this store")
}

// recanter confirms the third tea without making it. Then it is away for one
// reading, and when the tea is sent again to be on the safe side, it says no.
type recanter struct {
	data.Backend
	teas *teas
	away *atomic.Bool
}

func (r recanter) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	n, first := r.teas.number(c)
	switch {
	case n != 3:
		return r.Backend.Apply(ctx, cart, c)
	case first:
		r.away.Store(true)
		return data.Receipt{Duplicate: true, Event: data.Event{Token: data.Token{Version: 1, Op: c.Op}, Kind: c.Kind, Product: c.Product}}, nil
	}
	return data.Receipt{}, data.ErrUnknownProduct
}

func (r recanter) Read(ctx context.Context, cart data.CartID, known data.Token, mine data.OpID) (data.Reading, error) {
	if r.away.CompareAndSwap(true, false) {
		return data.Reading{}, &data.UnavailableError{Fault: data.FaultCut}
	}
	return r.Backend.Read(ctx, cart, known, mine)
}

// The session reports the loss some seconds later, when nobody else has made it
// good.
func TestConfirmedChangeThatIsRefusedLaterIsLost(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	var count teas
	broken := spoilt(open, func(b data.Backend) data.Backend { return recanter{b, &count, new(atomic.Bool)} })
	got := examine(t, broken, 7*time.Second)
	got.want(doctor.Wrong, "lost 1, doubled 0", "tea: 1 confirmed and lost")
	if strings.Contains(got.text, "refused") {
		t.Error("the loss is told as a refusal")
	}
}

// loser keeps the record of the third tea and takes the tea out again.
type loser struct {
	data.Backend
	teas *teas
}

func (l loser) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	receipt, err := l.Backend.Apply(ctx, cart, c)
	if n, first := l.teas.number(c); n == 3 && first {
		c.Op, c.Kind, c.Quantity = data.NewOp(), data.KindStep, -1
		_, _ = l.Backend.Apply(ctx, cart, c)
	}
	return receipt, err
}

func TestRecordWithoutThePieceIsALoss(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	var count teas
	broken := spoilt(open, func(b data.Backend) data.Backend { return loser{b, &count} })
	examine(t, broken, time.Second/2).want(doctor.Wrong, "lost 1, doubled 0", "tea: 1 on record and not in the cart")
}

// refuser takes no tea but that of the doctor itself. It says so at the second
// attempt only, so that several teas wait and are refused at once.
type refuser struct {
	data.Backend
	teas *teas
}

func (r refuser) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	switch n, first := r.teas.number(c); {
	case n == 0:
		return r.Backend.Apply(ctx, cart, c)
	case first:
		return data.Receipt{}, &data.UnavailableError{Fault: data.FaultCut}
	}
	return data.Receipt{}, data.ErrUnknownProduct
}

func TestRefusalIsNoLoss(t *testing.T) {
	t.Parallel()
	open := onThisComputer(t.TempDir())
	stock(t, open, menu...)
	var count teas
	picky := spoilt(open, func(b data.Backend) data.Backend { return refuser{b, &count} })
	examine(t, picky, time.Second/2).want(doctor.InOrder, "lost 0, doubled 0", " refused")
}

// finder has one more finding than its store.
type finder struct {
	data.Backend
	finding data.Finding
}

func (f finder) Preflight(ctx context.Context, tell func(data.Finding)) error {
	if err := f.Backend.Preflight(ctx, tell); err != nil {
		return err
	}
	tell(f.finding)
	return f.finding.Err
}

func TestFindingsAreToldInWords(t *testing.T) {
	t.Parallel()
	failed := func(f data.Fault, about string) error {
		return &data.UnavailableError{Fault: f, Addr: "10.0.0.5:6379", About: about}
	}
	denied := failed(data.FaultNoPermission, "ZADD")
	march := time.Date(2027, time.March, 3, 12, 0, 0, 0, time.Local)
	for _, c := range []struct {
		finding data.Finding
		outcome doctor.Outcome
		text    string
	}{
		{data.Finding{Stage: data.StageServer, Facts: "Redis 7.0.15"}, doctor.InOrder, "Server ok Redis 7.0.15"},
		{data.Finding{Stage: data.StageKeep, Verdict: data.Unknown, Facts: "INFO is not allowed"}, doctor.InOrder,
			"Keeps data unknown The store does not tell. (INFO is not allowed)"},
		{data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock}, doctor.InOrder, "Clock warning The clocks"},
		{data.Finding{Stage: data.StageFind, Facts: "10.0.0.5"}, doctor.InOrder, "Found ok 10.0.0.5"},
		{data.Finding{Stage: data.StageAnswer, Took: 3 * time.Millisecond}, doctor.InOrder, "Answers in ok 3.00 ms"},
		{data.Finding{Stage: data.StageEncrypt, Local: true}, doctor.InOrder, "Encrypted ok not needed: it stays on this computer"},
		{data.Finding{Stage: data.StageEncrypt, Facts: "TLS 1.3", Until: march}, doctor.InOrder, "Encrypted ok TLS 1.3, certificate valid to 3 Mar 2027"},
		{data.Finding{Stage: data.StageEncrypt, Verdict: data.Warned, Concern: data.ConcernCertEnds, Facts: "TLS 1.3", Until: march}, doctor.InOrder,
			"Encrypted warning The certificate of the server ends soon; then nobody can connect. Renew it. (TLS 1.3, certificate valid to 3 Mar 2027)"},
		{data.Finding{Stage: data.StageEncrypt, Verdict: data.Warned, Concern: data.ConcernUnverified}, doctor.InOrder,
			"Encrypted warning The certificate of the server is not checked"},
		{data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock, Ahead: 125 * time.Second}, doctor.InOrder,
			"(the server's is 2 min 5 s ahead)"},
		{data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock, Ahead: -50 * time.Hour}, doctor.InOrder, "2 d 2 h behind)"},
		{data.Finding{Stage: data.StageRights, Facts: "hincrby on {main}:product:*"}, doctor.InOrder,
			"Rights ok All that a cart needs. Not allowed, and not needed at every counter: hincrby on {main}:product:*"},
		{data.Finding{Stage: data.StageEncrypt, Verdict: data.Failed, Err: failed(data.FaultWrongName, "a.shop, b.shop")}, doctor.Unusable, "(it is for a.shop, b.shop)"},
		{data.Finding{Stage: data.StageEncrypt, Verdict: data.Failed, Err: failed(data.FaultCertEarly, march.Format(time.RFC3339))}, doctor.Unusable,
			"is not valid yet: the date of this computer is wrong. Set its clock. (3 Mar 2027)"},
		{data.Finding{Stage: data.StageEncrypt, Verdict: data.Failed, Err: failed(data.FaultUntrusted, "shop CA")}, doctor.Unusable, "(signed by shop CA)"},
		{data.Finding{Stage: data.StageReach, Verdict: data.Failed, Err: failed(data.FaultNoMaster, "shpo")}, doctor.Unusable, "know no master of the name in TROLLEY_REDIS_MASTER. Check its spelling. (shpo)"},
		{data.Finding{Stage: data.StageRights, Verdict: data.Failed, Err: denied, Facts: "ZADD"}, doctor.Unusable,
			"Rights FAILED 10.0.0.5:6379 does not allow this user all that a cart needs. The rights are listed in docs/redis.md. (ZADD)"},
	} {
		open := spoilt(onThisComputer(t.TempDir()), func(b data.Backend) data.Backend { return finder{b, c.finding} })
		examine(t, open, 0).want(c.outcome, c.text)
	}
}

// ender ends the examination at the hundred and twentieth change, which is in
// the trial.
type ender struct {
	data.Backend
	changes *atomic.Int64
	end     context.CancelFunc
}

func (e ender) Apply(ctx context.Context, cart data.CartID, c data.Change) (data.Receipt, error) {
	if e.changes.Add(1) == 120 {
		e.end()
	}
	return e.Backend.Apply(ctx, cart, c)
}

func TestExaminationThatIsEndedTidiesUp(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	open := onServer(redis.Config{URL: server.URL()})
	stock(t, open, menu...)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var changes atomic.Int64
	ending := spoilt(open, func(b data.Backend) data.Backend { return ender{b, &changes, end} })
	var out bytes.Buffer
	if got := doctor.Run(ctx, doctor.Config{Soak: 5 * time.Second, Open: ending}, &out); got != doctor.Unusable {
		t.Errorf("outcome %d\n%s", got, out.String())
	}
	if !strings.Contains(out.String(), "Ended before everything was examined.") {
		t.Error(out.String())
	}
	wantTidy(t, server)
}

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		args string
		soak time.Duration
		ok   bool
	}{
		{"", 10 * time.Second, true},
		{"-for 3s", 3 * time.Second, true},
		{"-for 0", 0, true},
		{"-for 10m", 10 * time.Minute, true},
		{"-for 1h", 0, false},
		{"-for -1s", 0, false},
		{"-fro 1s", 0, false},
		{"now", 0, false},
		{"-h", 0, false},
	} {
		var out bytes.Buffer
		soak, err := doctor.Parse(strings.Fields(c.args), &out)
		if (err == nil) != c.ok || c.ok && soak != c.soak {
			t.Errorf("%q: %v, %v", c.args, soak, err)
		}
		if life := min(doctor.CartLife, doctor.OpLife); c.ok && life < soak+time.Minute {
			t.Errorf("%q: the cart or its changes may run out before the end", c.args)
		}
		if told := strings.Contains(out.String(), "Exit codes:"); told == c.ok {
			t.Errorf("%q: usage told: %v", c.args, told)
		}
	}
}
