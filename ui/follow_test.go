package ui

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2/test"

	"trolley/data"
)

func TestFollowShowsTheNewestOncePerFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		states := make(chan data.State, 1)
		var shown []int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			follow(t.Context(), states, func(f func()) { f() }, func(s data.State) { shown = append(shown, s.Cart.Token.Version) })
		}()
		for v := range int64(1000) {
			select {
			case <-states: // the newest wins
			default:
			}
			states <- data.State{Cart: data.Cart{Token: data.Token{Version: v}}}
			<-time.After(time.Millisecond)
		}
		<-time.After(2 * frame)
		close(states)
		<-done
		if n := len(shown); n > 22 || n < 18 || shown[n-1] != 999 || !slices.IsSorted(shown) {
			t.Errorf("a second of news was shown %d times: %v", n, shown)
		}
	})
}

func TestFollowEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		states := make(chan data.State, 1)
		states <- data.State{}
		done := make(chan struct{})
		go func() {
			defer close(done)
			follow(ctx, states, func(f func()) { f() }, func(data.State) {})
		}()
		synctest.Wait() // it pauses between two frames
		cancel()
		<-done
	})
}

func TestJobsAreDoneInOrder(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	jobs := make(chan job, 8)
	var done []int
	for i := range 5 {
		jobs <- func(context.Context) func() {
			if i == 2 {
				return nil
			}
			return func() {
				done = append(done, i)
				if i == 4 {
					cancel()
				}
			}
		}
	}
	work(ctx, jobs, func(f func()) { f() })
	if want := []int{0, 1, 3, 4}; !slices.Equal(done, want) {
		t.Errorf("done: %v, want %v", done, want)
	}
}

// The toolkit of the tests runs at once what is posted to it, as the real one
// does when its loop is over, as after a signal.
func TestNothingIsDrawnByAnotherGoroutineAtTheEnd(t *testing.T) {
	test.NewTempApp(t)
	for name, post := range map[string]func(*Window, func()){"soon": (*Window).post, "and waits": (*Window).onUI} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &Window{}
				w.ctx, w.cancel = context.WithCancel(t.Context())
				drawn, over := false, make(chan struct{})
				go func() {
					defer close(over)
					post(w, func() { drawn = true })
				}()
				synctest.Wait()
				w.cancel()
				<-over
				if drawn {
					t.Error("drawn by the goroutine that had the news")
				}
			})
		})
	}
}
