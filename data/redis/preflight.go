package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
// eight round trips. It tells on the goroutine that calls it.
func (s *Store) Preflight(ctx context.Context, tell func(data.Finding)) error {
	p := &preflight{store: s, tell: tell}
	steps := []struct {
		run  func(context.Context) error
		wait time.Duration
	}{
		{p.contact, contactTime}, {p.write, stepTime}, {p.rights, stepTime}, {p.answer, pings * stepTime},
		{p.keep, stepTime}, {p.clock, stepTime},
	}
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

// await waits for a call to the driver until ctx ends, and no longer: the driver
// itself looks at nothing but the deadline once it waits for an answer.
func await[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		value, err := call(ctx)
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// preflight is one run of it.
type preflight struct {
	store *Store
	tell  func(data.Finding)
	node  redis.UniversalClient // the server that holds the shop
	told  int                   // of the contactStages
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
	return p.failed(ctx, stage, p.store.fail(ctx, err))
}

// failed tells that a stage failed, unless nobody waits for it any more.
func (p *preflight) failed(ctx context.Context, stage data.Stage, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	f := data.Finding{Stage: stage, Verdict: data.Failed, Err: err}
	var u *data.UnavailableError
	if errors.As(err, &u) && u.Fault == data.FaultNoPermission {
		f.Facts = u.About
	}
	p.tell(f)
	return err
}

// refuse tells that a stage failed for a reason that no error of the driver
// says.
func (p *preflight) refuse(stage data.Stage, fault data.Fault, about, facts string) error {
	err := &data.UnavailableError{Fault: fault, Addr: p.store.Addr(), About: data.Clean(about, mostOfAbout), Cause: errors.New(facts)}
	p.tell(data.Finding{Stage: stage, Verdict: data.Failed, Err: err, Facts: facts})
	return err
}

// kind judges what the server says about itself.
func (p *preflight) kind(hello map[string]string) error {
	name, version := hello["server"], hello["version"]
	if name == "" || version == "" {
		return p.refuse(data.StageServer, data.FaultUnsupported, name, strings.TrimSpace(name+" "+version))
	}
	facts := capital(name) + " " + version
	major, _, _ := strings.Cut(version, ".")
	number, err := strconv.Atoi(major)
	switch {
	case name == "redis" && (err != nil || number < oldest):
		return p.refuse(data.StageServer, data.FaultUnsupported, facts, facts)
	case hello["mode"] == "sentinel":
		return p.refuse(data.StageServer, data.FaultMode, data.AboutSentinel, facts+" Sentinel")
	case hello["mode"] == "cluster" && p.store.cluster == nil:
		return p.refuse(data.StageServer, data.FaultCluster, "", facts+" Cluster")
	}
	p.fine(data.StageServer, facts)
	return nil
}

func capital(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// write makes a key that is gone after a second. A user who may not do so is
// the next stage's business.
func (p *preflight) write(ctx context.Context) error {
	_, err := await(ctx, func(ctx context.Context) (string, error) {
		return p.store.client.Set(ctx, p.store.keys.op(probe, probe), "", time.Second).Result()
	})
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
	answer, err := await(ctx, p.askRights)
	if err != nil {
		return p.fail(ctx, data.StageRights, err)
	}
	r := &reply{rest: answer}
	carts, products, stock := rightNames(r.list()), rightNames(r.list()), rightNames(r.list())
	switch {
	case r.err != nil:
		return p.refuse(data.StageRights, data.FaultUnsupported, "", r.err.Error())
	case len(carts) > 0:
		return p.refuse(data.StageRights, data.FaultNoPermission, carts[0], strings.Join(carts, ", "))
	}
	// What is missing of the others not every counter needs.
	p.fine(data.StageRights, strings.Join(append(products, stock...), ", "))
	return nil
}

// askRights returns the answer of the preflight script.
func (p *preflight) askRights(ctx context.Context) ([]any, error) {
	k, mode := p.store.keys, ""
	if p.store.cluster != nil {
		mode = ModeCluster
	}
	keys := []string{k.cart(probe), k.meta(probe), k.op(probe, probe), k.product(probe), k.past(probe, probe),
		k.products(), k.carts(), k.here(), k.pasts(), k.orders()}
	return preflightScript.Run(ctx, p.store.client, keys, k.events(probe), k.catalogue(), mode).Slice()
}

// mostRights is more than a shop needs.
const mostRights = 100

// rightNames names rights as a rule of the server would: by the pattern of a
// key, not by the key that stood for all.
func rightNames(missing []any) []string {
	var names []string
	for _, m := range missing[:min(len(missing), mostRights)] {
		name := strings.NewReplacer(probe+":"+probe, "*", probe, "*").Replace(fmt.Sprint(m))
		names = append(names, data.Clean(name, mostOfAbout))
	}
	return names
}

// pings is how many answers are timed.
const pings = 3

// answer finds out how long the way there and back is.
func (p *preflight) answer(ctx context.Context) error {
	var took [pings]time.Duration
	for i := range took {
		asked := time.Now()
		_, err := await(ctx, func(ctx context.Context) (string, error) { return p.node.Ping(ctx).Result() })
		if err != nil {
			return p.fail(ctx, data.StageAnswer, err)
		}
		took[i] = time.Since(asked)
	}
	slices.Sort(took[:])
	p.tell(data.Finding{Stage: data.StageAnswer, Verdict: data.Fine, Took: took[pings/2]})
	return nil
}

// keep looks for settings that lose carts. Who may not look still may sell.
func (p *preflight) keep(ctx context.Context) error {
	text, err := await(ctx, func(ctx context.Context) (string, error) { return p.node.Info(ctx).Result() })
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
	theirs, err := await(ctx, func(ctx context.Context) (time.Time, error) { return p.node.Time(ctx).Result() })
	if err != nil {
		return p.fail(ctx, data.StageClock, err)
	}
	ours := asked.Add(time.Since(asked) / 2)
	ahead := theirs.Sub(ours)
	if ahead.Abs() > clockDrift {
		p.tell(data.Finding{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock, Ahead: ahead})
		return nil
	}
	p.fine(data.StageClock, "")
	return nil
}
