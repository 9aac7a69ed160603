package redis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data"
)

// Longest waits of a preflight: for the first answer, which may need a name, a
// connection, a handshake and a sentinel, and for each further one.
const (
	contactTime = 3 * time.Second
	stepTime    = ioTimeout
)

// oldest is the first version of Redis that will do: it speaks RESP3.
const oldest = 6

// clockDrift is how far two clocks may be apart.
const clockDrift = time.Minute

// Preflight implements [data.Backend]. On a connection that is there it takes
// five round trips.
func (s *Store) Preflight(ctx context.Context, tell func(data.Finding)) error {
	p := &preflight{store: s, tell: tell}
	steps := []struct {
		run  func(context.Context) error
		wait time.Duration
	}{{p.contact, contactTime}, {p.write, stepTime}, {p.rights, stepTime}, {p.keep, stepTime}, {p.clock, stepTime}}
	for _, step := range steps {
		if err := within(ctx, step.wait, step.run); err != nil {
			return err
		}
	}
	return nil
}

func within(ctx context.Context, wait time.Duration, run func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return run(ctx)
}

// preflight is one run of it.
type preflight struct {
	store *Store
	tell  func(data.Finding)
	node  redis.UniversalClient // the server that holds the shop
}

func (p *preflight) fine(stage data.Stage, facts string) {
	p.tell(data.Finding{Stage: stage, Verdict: data.Fine, Facts: facts})
}

func (p *preflight) unknown(stage data.Stage) {
	p.tell(data.Finding{Stage: stage, Verdict: data.Unknown})
}

func (p *preflight) warn(stage data.Stage, about data.Concern, facts string) {
	p.tell(data.Finding{Stage: stage, Verdict: data.Warned, Concern: about, Facts: facts})
}

// fail tells that a stage failed with an error of the driver, and returns it as
// a change would meet it.
func (p *preflight) fail(ctx context.Context, stage data.Stage, err error) error {
	return p.report(stage, p.store.fail(ctx, err), p.whyNot(err))
}

func (p *preflight) report(stage data.Stage, err error, facts string) error {
	p.tell(data.Finding{Stage: stage, Verdict: data.Failed, Err: err, Facts: facts})
	return err
}

// refuse tells that a stage failed for a reason that no error of the driver
// says.
func (p *preflight) refuse(stage data.Stage, fault data.Fault, facts string) error {
	return p.report(stage, &data.UnavailableError{Fault: fault, Addr: p.store.Addr(), Cause: errors.New(facts)}, facts)
}

// contact makes the server say what it is, and so finds out about the first
// four stages at once.
func (p *preflight) contact(ctx context.Context) error {
	hello, err := p.hello(ctx)
	if p.nameless(ctx, err) {
		p.before(data.StageServer, nil)
		p.unknown(data.StageServer)
		return nil
	}
	if err != nil {
		met := p.store.fail(ctx, err)
		stage := contactStage(err, data.FaultOf(met))
		p.before(stage, err)
		return p.report(stage, met, p.whyNot(err))
	}
	p.before(data.StageServer, nil)
	return p.kind(hello)
}

// nameless reports whether all is well although the server does not say what it
// is: so it treats connections from the time when it wanted a password, if it
// wants none any more.
func (p *preflight) nameless(ctx context.Context, err error) bool {
	return err != nil && p.node != nil && classify(err, false) == data.FaultNeedsAuth && p.node.Ping(ctx).Err() == nil
}

func (p *preflight) hello(ctx context.Context) (map[string]string, error) {
	node, err := p.store.node(ctx)
	if err != nil {
		return nil, err
	}
	p.node = node
	answer, err := node.Do(ctx, "HELLO").Result()
	return words(answer), err
}

// words reads a map of texts in the form of either protocol.
func words(answer any) map[string]string {
	m := map[string]string{}
	switch a := answer.(type) {
	case map[any]any:
		for k, v := range a {
			m[fmt.Sprint(k)] = data.Clean(fmt.Sprint(v), 40)
		}
	case []any:
		for i := 0; i+1 < len(a); i += 2 {
			m[fmt.Sprint(a[i])] = data.Clean(fmt.Sprint(a[i+1]), 40)
		}
	}
	return m
}

// contactStage returns how far the first contact came.
func contactStage(err error, fault data.Fault) data.Stage {
	_, answered := serverText(err)
	switch fault {
	case data.FaultUntrusted, data.FaultWrongName, data.FaultCertExpired, data.FaultTLS, data.FaultNotTLS, data.FaultMaybeTLS:
		return data.StageEncrypt
	case data.FaultNeedsAuth, data.FaultWrongAuth, data.FaultNoDatabase:
		return data.StageSignIn
	case data.FaultNoPermission:
		if answered {
			return data.StageSignIn
		}
	case data.FaultCluster, data.FaultUnsupported:
		return data.StageServer
	}
	return data.StageReach
}

// before tells of the stages that come before the given one. A server that is
// no Redis lets everybody in.
func (p *preflight) before(stage data.Stage, err error) {
	if stage == data.StageReach {
		return
	}
	p.fine(data.StageReach, p.store.Addr())
	if stage == data.StageEncrypt {
		return
	}
	p.encryption()
	if stage == data.StageSignIn {
		return
	}
	if _, answered := serverText(err); err != nil && !answered {
		p.unknown(data.StageSignIn)
		return
	}
	p.fine(data.StageSignIn, "")
}

func (p *preflight) encryption() {
	d := p.store.dialer
	switch {
	case d.tls != nil:
		p.fine(data.StageEncrypt, d.secureBy())
	case d.away.Load():
		p.warn(data.StageEncrypt, data.ConcernPlain, "")
	default:
		p.fine(data.StageEncrypt, "this computer")
	}
}

// kind judges what the server says about itself.
func (p *preflight) kind(hello map[string]string) error {
	name, version := hello["server"], hello["version"]
	if name == "" || version == "" {
		return p.refuse(data.StageServer, data.FaultUnsupported, "no version told")
	}
	facts := strings.ToUpper(name[:1]) + name[1:] + " " + version
	major, _, _ := strings.Cut(version, ".")
	number, err := strconv.Atoi(major)
	switch {
	case name == "redis" && (err != nil || number < oldest):
		return p.refuse(data.StageServer, data.FaultUnsupported, facts)
	case hello["mode"] == "sentinel":
		return p.refuse(data.StageServer, data.FaultUnsupported, facts+" Sentinel")
	case hello["mode"] == "cluster" && p.store.cluster == nil:
		return p.refuse(data.StageServer, data.FaultCluster, facts+" Cluster")
	}
	p.fine(data.StageServer, facts)
	return nil
}

// write makes a key that is gone after a second. A user who may not do so is
// the next stage's business.
func (p *preflight) write(ctx context.Context) error {
	err := p.store.client.Set(ctx, p.store.keys.op(probe, probe), "", time.Second).Err()
	switch {
	case err == nil:
		p.fine(data.StageWrite, "")
	case classify(err, p.store.cluster != nil) == data.FaultNoPermission:
		p.unknown(data.StageWrite)
	default:
		return p.fail(ctx, data.StageWrite, err)
	}
	return nil
}

// probe is in the names of keys and channels that only a preflight uses; no id
// may hold a ~.
const probe = "~probe"

func (p *preflight) rights(ctx context.Context) error {
	k, mode := p.store.keys, ""
	if p.store.cluster != nil {
		mode = ModeCluster
	}
	keys := []string{k.cart(probe), k.meta(probe), k.op(probe, probe), k.product(probe), k.past(probe, probe),
		k.products(), k.carts(), k.here(), k.pasts(), k.orders()}
	answer, err := preflightScript.Run(ctx, p.store.client, keys, k.events(probe), k.catalogue(), mode).Slice()
	if err != nil {
		return p.fail(ctx, data.StageRights, err)
	}
	r := &reply{rest: answer}
	carts, products, stock := rightNames(r.list()), rightNames(r.list()), rightNames(r.list())
	switch {
	case r.err != nil:
		return p.refuse(data.StageRights, data.FaultUnsupported, r.err.Error())
	case carts != "":
		return p.refuse(data.StageRights, data.FaultNoPermission, carts)
	}
	p.fine(data.StageRights, optional(products, stock))
	return nil
}

// optional names the rights that are missing for what not every counter does.
func optional(products, stock string) string {
	var lacking []string
	if products != "" {
		lacking = append(lacking, "new products: "+products)
	}
	if stock != "" {
		lacking = append(lacking, "checkout of counted stock: "+stock)
	}
	return strings.Join(lacking, "; ")
}

// rightNames names rights as a rule of the server would: by the pattern of a
// key, not by the key that stood for all.
func rightNames(missing []any) string {
	var names []string
	for _, m := range missing {
		names = append(names, strings.NewReplacer(probe+":"+probe, "*", probe, "*").Replace(fmt.Sprint(m)))
	}
	return strings.Join(names, ", ")
}

// whyNot names the right that the server says is missing, or the master that the
// sentinels do not know; empty where it is something else.
func (p *preflight) whyNot(err error) string {
	if errors.Is(err, redis.Nil) {
		return "no master of that name"
	}
	text, _ := serverText(err)
	if !strings.HasPrefix(text, "NOPERM") {
		return ""
	}
	if strings.Contains(text, "one of the keys") {
		return "eval on " + p.store.keys.tag + "*"
	}
	_, rest, _ := strings.Cut(text, "'")
	command, _, _ := strings.Cut(rest, "'")
	return data.Clean(command, 40)
}

// keep looks for settings that lose carts. Who may not look still may sell.
func (p *preflight) keep(ctx context.Context) error {
	text, err := p.node.Info(ctx).Result()
	if _, answered := serverText(err); err != nil && !answered {
		return p.fail(ctx, data.StageKeep, err)
	}
	info := infoFields(text)
	limit, policy, log := info["maxmemory"], info["maxmemory_policy"], info["aof_enabled"]
	if limit == "" || policy == "" || log == "" {
		p.unknown(data.StageKeep)
		return nil
	}
	evicts, forgets := limit != "0" && policy != "noeviction", log == "0"
	if evicts {
		p.warn(data.StageKeep, data.ConcernEvicts, "maxmemory-policy "+policy)
	}
	if forgets {
		p.warn(data.StageKeep, data.ConcernForget, "appendonly no")
	}
	if !evicts && !forgets {
		p.fine(data.StageKeep, "appendonly yes")
	}
	return nil
}

// infoFields reads the lines "name:value" of INFO.
func infoFields(text string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), ":"); found {
			m[name] = data.Clean(value, 40)
		}
	}
	return m
}

// clock compares the server's time to the middle of the question and its
// answer here.
func (p *preflight) clock(ctx context.Context) error {
	asked := time.Now()
	theirs, err := p.node.Time(ctx).Result()
	if err != nil {
		return p.fail(ctx, data.StageClock, err)
	}
	ours := asked.Add(time.Since(asked) / 2)
	ahead := theirs.Sub(ours)
	if ahead.Abs() > clockDrift {
		p.warn(data.StageClock, data.ConcernClock, drift(ahead))
		return nil
	}
	p.fine(data.StageClock, "")
	return nil
}

// drift says how far another clock is ahead of this computer's, in its two
// largest units.
func drift(ahead time.Duration) string {
	way := "ahead"
	if ahead < 0 {
		way = "behind"
	}
	s := int64(ahead.Abs().Round(time.Second) / time.Second)
	units := []struct {
		name   string
		length int64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}}
	var words []string
	for _, u := range units {
		if n := s / u.length; n > 0 && len(words) < 2 {
			words = append(words, fmt.Sprint(n, " ", u.name))
		}
		s %= u.length
	}
	return strings.Join(append(words, way), " ")
}
