package sound

import (
	"context"
	"log/slog"
	"sync"
)

// Player plays one tone at a time; [New] makes one.
type Player struct {
	out  output
	log  *slog.Logger
	asks chan Kind
	once sync.Once // the goroutine that plays

	cancel context.CancelFunc
	ctx    context.Context
	done   sync.WaitGroup
}

// output is what tones are played by.
type output interface {
	// available returns why there is nothing to play by; nil: there is.
	available() error
	// play plays a tone and returns when it is over, or ctx has ended.
	play(ctx context.Context, k Kind) error
}

// New returns a player that keeps what it needs in a folder, which is made
// when it is needed. What goes wrong is written to log at the level debug.
func New(dir string, log *slog.Logger) *Player {
	p := &Player{out: newOutput(dir), log: log, asks: make(chan Kind, 1)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// Available returns why no tone can be heard; nil: they can. It looks on the
// disk.
func (p *Player) Available() error { return p.out.available() }

// Play plays a tone soon, and returns at once. A tone that is being played
// gives way, but for [Look] to [Taken]: that somebody has to look is heard
// whatever is scanned next.
func (p *Player) Play(k Kind) {
	p.once.Do(func() { p.done.Go(p.work) })
	for {
		select {
		case p.asks <- k:
			return
		case <-p.ctx.Done():
			return
		default:
		}
		select { // the one that waits has not been heard yet
		case waiting := <-p.asks:
			k = max(k, waiting)
		default:
		}
	}
}

// Close ends what is being played. Nothing is heard from then on.
func (p *Player) Close() {
	p.once.Do(func() {}) // never to begin
	p.cancel()
	p.done.Wait()
}

func (p *Player) work() {
	var playing Kind
	end, over := context.CancelFunc(func() {}), closed()
	defer func() { end(); <-over }()
	for {
		select {
		case <-p.ctx.Done():
			return
		case k := <-p.asks:
			if k < playing && !isOver(over) {
				continue
			}
			end()
			<-over
			playing = k
			end, over = p.start(k)
		}
	}
}

// start plays a tone beside the goroutine that calls it.
func (p *Player) start(k Kind) (end context.CancelFunc, over chan struct{}) {
	ctx, end := context.WithCancel(p.ctx)
	over = make(chan struct{})
	go func() {
		defer close(over)
		defer end()
		if err := p.out.play(ctx, k); err != nil && ctx.Err() == nil {
			p.log.Debug("no tone", "err", err)
		}
	}()
	return end, over
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func isOver(over chan struct{}) bool {
	select {
	case <-over:
		return true
	default:
		return false
	}
}
