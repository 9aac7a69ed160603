// Package doctor examines a shop from a terminal: whether its store can be
// used, how fast it is, and whether what several counters add at once really is
// counted once, while their connections are cut.
//
// The trial works on a cart of its own, with products of the shop, through the
// same sessions as a window. The cart is emptied afterwards and, whatever
// happens, runs out by itself within [CartLife].
package doctor

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"trolley/data"
)

// How long a store opened for an examination keeps what it wrote.
// Both outlive the longest trial, even one in which the store is away all the
// time: what has run out would look lost.
const (
	CartLife = maxSoak + 5*time.Minute // the cart, after its last change
	OpLife   = maxSoak + 5*time.Minute // that an operation was done
)

// Dial connects to a server, as a net.Dialer does.
type Dial = func(ctx context.Context, network, addr string) (net.Conn, error)

// Config says what is examined. All but Open may be left out.
type Config struct {
	Version string        // of the program
	Store   string        // where the shop is, in words; no secret
	Soak    time.Duration // length of the trial; 0: none
	// Open opens the shop as a window does, but for carts that live CartLife
	// and operations known for OpLife, as far as the store has a choice. A
	// server is to be connected to with dial; nil means the usual way. An
	// error is a [data.InvalidError] where a setting cannot be used.
	Open func(ctx context.Context, dial Dial) (data.Backend, error)
}

// Outcome is what an examination comes to, as the exit code of a program.
type Outcome int

// The outcomes.
const (
	InOrder    Outcome = 0 // the shop can be used; there may be warnings
	Unusable   Outcome = 1 // a stage failed, the store does not answer, or the examination was ended
	BadSetting Outcome = 2 // a setting cannot be used
	Wrong      Outcome = 3 // the trial lost or doubled a change
)

// errWrong means that the store did not do what it said.
var errWrong = errors.New("changes were lost or doubled")

// failure names the part of the examination that could not be passed.
type failure struct {
	part string
	err  error
}

func (f *failure) Error() string { return f.part + ": " + f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

// examination is one run.
type examination struct {
	Config
	page     page
	store    data.Backend // its connections are left alone
	cart     data.CartID
	warnings int
}

// Run examines a shop and writes what it finds to out, as it goes. When ctx
// ends it tidies up and returns.
func Run(ctx context.Context, c Config, out io.Writer) Outcome {
	e := &examination{Config: c, page: page{out}, cart: newCart()}
	e.page.head(c)
	err := e.openAndExamine(ctx)
	e.page.blank()
	if ctx.Err() != nil && !errors.Is(err, errWrong) {
		err = ctx.Err()
	}
	e.page.text(conclusion(err, e.warnings))
	return outcomeOf(err)
}

func outcomeOf(err error) Outcome {
	var invalid *data.InvalidError
	switch {
	case err == nil:
		return InOrder
	case errors.Is(err, errWrong):
		return Wrong
	case errors.As(err, &invalid):
		return BadSetting
	}
	return Unusable
}

func (e *examination) openAndExamine(ctx context.Context) (err error) {
	e.store, err = e.Open(ctx, nil)
	if err != nil {
		return e.notOpened(ctx, err)
	}
	defer func() { err = errors.Join(err, e.store.Close()) }()
	if err := e.preflight(ctx); err != nil {
		return err
	}
	e.page.blank()
	products, why, err := e.chooseProducts(ctx)
	if err != nil {
		return e.failed(ctx, labelLatency, err)
	}
	if len(products) > 0 {
		defer e.emptyCart(ctx)
	}
	if err := e.latency(ctx, products); err != nil {
		return e.failed(ctx, labelLatency, err)
	}
	return e.trial(ctx, products, why)
}

// notOpened tells settings that cannot be used from a store that cannot.
func (e *examination) notOpened(ctx context.Context, err error) error {
	if outcomeOf(err) == BadSetting {
		return e.failed(ctx, labelSettings, err)
	}
	return e.failed(ctx, labels[data.StageReach], err)
}

// failed notes the part that could not be passed. After the end of ctx nobody
// is interested in what failed because of it.
func (e *examination) failed(ctx context.Context, part string, err error) error {
	if ctx.Err() == nil {
		e.page.line(part, verdicts[data.Failed], sentence(err))
	}
	return &failure{part, err}
}

// preflightTime is the longest wait for all stages.
const preflightTime = 30 * time.Second

func (e *examination) preflight(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, preflightTime)
	defer cancel()
	told := labels[data.StageReach]
	failed := false
	err := e.store.Preflight(limited, func(f data.Finding) {
		if ctx.Err() != nil {
			return
		}
		told, failed = labels[f.Stage], failed || f.Verdict == data.Failed
		e.finding(f)
	})
	switch {
	case err == nil:
		return nil
	case failed || ctx.Err() != nil:
		return &failure{told, err}
	}
	return e.failed(ctx, told, err)
}

func (e *examination) finding(f data.Finding) {
	if f.Verdict == data.Warned {
		e.warnings++
	}
	e.page.line(labels[f.Stage], verdicts[f.Verdict], describe(f))
}
