package redis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data"
)

// contactStages are the stages of the first contact, and how each is told when
// it went well.
var contactStages = []struct {
	stage data.Stage
	tell  func(*preflight)
}{
	{data.StageFind, func(p *preflight) { p.fine(data.StageFind, p.store.dialer.way.found()) }},
	{data.StageReach, func(p *preflight) { p.fine(data.StageReach, p.store.Addr()) }},
	{data.StageEncrypt, (*preflight).encryption},
	{data.StageSignIn, func(p *preflight) { p.fine(data.StageSignIn, "") }},
}

// place returns where a stage stands among those of the first contact; all
// others come after them.
func place(stage data.Stage) int {
	for i, s := range contactStages {
		if s.stage == stage {
			return i
		}
	}
	return len(contactStages)
}

// passUntil tells that the stages of the first contact before the given one went
// well, as far as they have not been told.
func (p *preflight) passUntil(stage data.Stage) {
	for ; p.told < place(stage); p.told++ {
		contactStages[p.told].tell(p)
	}
}

// introduction is what a server says about itself.
type introduction struct {
	node     redis.UniversalClient
	words    map[string]string
	nameless bool // all is well although it does not say what it is
	err      error
}

// contact makes the server say what it is, and so finds out about the first
// stages. What a new connection passes on the way is told as it happens; one
// that is there already has passed it all.
func (p *preflight) contact(ctx context.Context) error {
	steps, stop := p.store.dialer.way.listen()
	defer stop()
	if !p.store.named {
		p.passUntil(data.StageReach)
	}
	came := make(chan introduction, 1)
	go func() { came <- p.store.introduce(ctx) }()
	for {
		select {
		case step := <-steps:
			p.advance(step)
		case i := <-came:
			p.catchUp(steps)
			return p.met(ctx, i)
		case <-ctx.Done():
			p.catchUp(steps)
			return p.met(ctx, introduction{err: ctx.Err()})
		}
	}
}

// catchUp takes the steps that nobody has looked at yet.
func (p *preflight) catchUp(steps <-chan passed) {
	for {
		select {
		case step := <-steps:
			p.advance(step)
		default:
			return
		}
	}
}

// nextStages are the stages that follow what a connection has passed.
var nextStages = map[passed]data.Stage{
	passedFind: data.StageReach, passedReach: data.StageEncrypt, passedSecure: data.StageSignIn,
}

// advance tells what a new connection has passed. Sentinels and the nodes of a
// cluster only lead to the server that counts.
func (p *preflight) advance(step passed) {
	if p.store.mode != ModeSingle {
		step = passedFind
	}
	p.passUntil(nextStages[step])
}

// introduce asks the server that holds the shop what it is.
func (s *Store) introduce(ctx context.Context) (i introduction) {
	i.node, i.err = s.node(ctx)
	if i.err != nil {
		return i
	}
	answer, err := i.node.Do(ctx, "HELLO", protocol).Result() // servers before 6.2 want the number
	i.words, i.err = words(answer), err
	// So a server treats connections from the time when it wanted a password, if
	// it wants none any more.
	i.nameless = err != nil && classify(err, false) == data.FaultNeedsAuth && i.node.Ping(ctx).Err() == nil
	return i
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

// met judges the first contact.
func (p *preflight) met(ctx context.Context, i introduction) error {
	p.node = i.node
	if i.nameless {
		p.passUntil(data.StageServer)
		p.unknown(data.StageServer)
		return nil
	}
	if i.err != nil {
		return p.notMet(ctx, i.err)
	}
	p.passUntil(data.StageServer)
	return p.kind(i.words)
}

// notMet tells which stage of the first contact failed. Who gives up waiting
// has heard enough.
func (p *preflight) notMet(ctx context.Context, err error) error {
	met := p.store.fail(ctx, err)
	if errors.Is(ctx.Err(), context.Canceled) {
		return met
	}
	stage := p.contactStage(err, data.FaultOf(met))
	if _, answered := serverText(err); stage == data.StageServer && !answered {
		// No Redis: it lets everybody in, and says nothing of it.
		p.passUntil(data.StageSignIn)
		p.unknown(data.StageSignIn)
		p.told++
	}
	p.passUntil(stage)
	return p.failed(ctx, stage, met)
}

// contactStage returns the stage that an error belongs to, which is none that
// was passed.
func (p *preflight) contactStage(err error, fault data.Fault) data.Stage {
	_, answered := serverText(err)
	switch fault {
	case data.FaultUntrusted, data.FaultWrongName, data.FaultCertExpired, data.FaultCertEarly, data.FaultNeedsCert,
		data.FaultTLS, data.FaultNotTLS, data.FaultMaybeTLS:
		return p.next(data.StageEncrypt)
	case data.FaultNeedsAuth, data.FaultWrongAuth, data.FaultNoDatabase:
		return data.StageSignIn
	case data.FaultNoPermission:
		if answered {
			return data.StageSignIn
		}
	case data.FaultCluster, data.FaultMode, data.FaultUnsupported:
		return data.StageServer
	case data.FaultNoHost, data.FaultTimeout:
		return p.next(data.StageFind)
	}
	return p.next(data.StageReach)
}

// next returns the given stage, or the first later one that was not passed.
// Silence on a plain connection says nothing about its encryption.
func (p *preflight) next(stage data.Stage) data.Stage {
	at := max(place(stage), p.told)
	if at > place(stage) && at == place(data.StageEncrypt) && p.store.dialer.tls == nil {
		at++
	}
	return contactStages[min(at, len(contactStages)-1)].stage
}

// encryption tells how the connection is kept from others.
func (p *preflight) encryption() {
	d := p.store.dialer
	f := data.Finding{Stage: data.StageEncrypt, Verdict: data.Warned}
	f.Facts, f.Until = d.way.security()
	switch {
	case d.tls == nil && d.away.Load():
		f.Concern = data.ConcernPlain
	case d.tls == nil:
		f.Verdict, f.Local = data.Fine, true
	case d.tls.InsecureSkipVerify:
		f.Concern = data.ConcernUnverified
	case !f.Until.IsZero() && time.Until(f.Until) < data.CertSoon:
		f.Concern = data.ConcernCertEnds
	default:
		f.Verdict = data.Fine
	}
	p.tell(f)
}
