package ui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// clock is a time of the day of the pictures, wherever they are taken.
func clock(hour, minute int) time.Time { return time.Date(2026, 3, 4, hour, minute, 0, 0, time.Local) }

// openOutageStudio is a studio whose clock is that of the place, with changes
// that are kept on the disk.
func openOutageStudio(t *testing.T, variant fyne.ThemeVariant, size fyne.Size) *studio {
	s := openStudio(t, variant, size)
	s.model.now = func() time.Time { return clock(14, 10) }
	s.place.Durable, s.place.Addr = true, "10.0.0.5:6379"
	return s
}

// lively is a state with two lines and no end in sight.
func (s *studio) lively() data.State {
	st := s.state(s.line("espresso", 2), s.line("croissant", 1))
	st.Cart.Expires = time.Time{}
	return st
}

func typed(product data.ProductID, name string, n, seen int64) data.Change {
	return data.Change{Op: data.NewOp(), Kind: data.KindSet, Product: product, Name: name, Quantity: n, Want: n, Seen: seen, At: clock(13, 58)}
}

func added(product data.ProductID, name string, n int64) data.Change {
	return data.Change{Op: data.NewOp(), Kind: data.KindAdd, Product: product, Name: name, Quantity: n, At: clock(13, 58)}
}

// lateOnes are refusals of every kind that a list has to tell.
func lateOnes() []data.Refusal {
	conflict := &data.ConflictError{Product: "oat-milk", Seen: 2, Now: 5, By: "Counter 2", At: clock(14, 3)}
	gone := &data.NotInCartError{Product: "rye-bread", By: "Till", At: clock(14, 1)}
	wiped := data.Change{Op: data.NewOp(), Kind: data.KindClear}
	return []data.Refusal{
		{Change: typed("oat-milk", "Oat milk 1 L", 3, 2), Err: conflict, Late: true},
		{Change: typed("rye-bread", "Rye bread", 3, 1), Err: gone, Late: true},
		{Change: added("ginger", "Ginger shot", 2), Err: data.ErrUnknownProduct, Late: true},
		{Change: added("gift-basket", "Gift basket", 3), Err: &data.StockError{Have: 2, Left: 3}, Late: true},
		{Change: wiped, Err: data.ErrCartChanged, Late: true},
		{Change: added("honey", "Honey 500 g", 1), Err: data.ErrTooLate, Lost: true},
		{Change: added("espresso", "Espresso", 9000), Err: &data.QuantityError{Have: 2000, Max: 9999}, Late: true},
	}
}

func TestPictureOfAConflict(t *testing.T) {
	for name, variant := range variants {
		s := openOutageStudio(t, variant, usual)
		s.show(s.lively())
		r := lateOnes()[0]
		s.conflict(r.Change, r.Err.(*data.ConflictError))
		s.expectPicture("conflict-" + name)
	}
}

func TestPictureOfLateRefusals(t *testing.T) {
	for name, variant := range variants {
		for size, of := range map[string]fyne.Size{"": usual, "-narrow": narrow} {
			s := openOutageStudio(t, variant, of)
			st := s.lively()
			st.Refused = lateOnes()[:4]
			s.show(st)
			s.expectPicture("late-" + name + size)
		}
	}
}

func TestPictureOfManyLateRefusals(t *testing.T) {
	s := openOutageStudio(t, theme.VariantLight, narrow)
	st := s.lively()
	st.Refused = lateOnes()
	for i := range 50 {
		st.Refused = append(st.Refused, data.Refusal{Late: true, Err: data.ErrUnknownProduct,
			Change: added(data.ProductID(fmt.Sprint("gone-", i)), fmt.Sprintf("Product %d that was taken out of the catalogue", i), 1)})
	}
	s.show(st)
	for range 5 {
		s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	s.expectPicture("late-many")
}

func TestPictureOfALostPart(t *testing.T) {
	for name, variant := range variants {
		s := openOutageStudio(t, variant, narrow)
		st := s.lively()
		lost := st.Cart
		lost.Lines = append(lost.Lines[:2:2], s.line("honey", 3))
		lost.Token = data.Token{Version: 7, Op: "x"}
		st.Lost = &lost
		s.show(st)
		s.expectPicture("lost-" + name)
	}
}

// findings are of every verdict.
func findings() []data.Finding {
	return []data.Finding{
		{Stage: data.StageReach, Facts: "10.0.0.5:6379"},
		{Stage: data.StageEncrypt, Verdict: data.Warned, Concern: data.ConcernPlain},
		{Stage: data.StageSignIn},
		{Stage: data.StageServer, Facts: "Redis 7.0.15"},
		{Stage: data.StageWrite, Verdict: data.Unknown},
		{Stage: data.StageKeep, Verdict: data.Warned, Concern: data.ConcernEvicts, Facts: "maxmemory-policy allkeys-lru"},
		{Stage: data.StageKeep, Verdict: data.Warned, Concern: data.ConcernForget, Facts: "appendonly no"},
		{Stage: data.StageClock, Verdict: data.Warned, Concern: data.ConcernClock, Facts: "2 min 5 s ahead"},
		{Stage: data.StageRights, Verdict: data.Failed, Facts: "evalsha",
			Err: &data.UnavailableError{Fault: data.FaultNoPermission, Addr: "10.0.0.5:6379", Cause: errors.New("NOPERM")}},
	}
}

func TestPictureOfACheck(t *testing.T) {
	for name, variant := range variants {
		s := openOutageStudio(t, variant, usual)
		s.show(s.lively())
		c := s.checkConnection()
		for _, f := range findings() {
			c.add(f)
		}
		c.finish(errors.New("it failed"))
		s.expectPicture("check-" + name)
	}
}

func TestPictureOfChangesThatAreNotKept(t *testing.T) {
	for name, variant := range variants {
		s := openOutageStudio(t, variant, narrow)
		st := s.lively()
		st.Link = data.Link{Phase: data.Offline, Ever: true, Since: clock(14, 2), Fault: data.FaultTimeout}
		st.Waiting, st.Unkept = make([]data.Change, 3), 2
		s.reached, s.toldOutage = true, true
		s.show(st)
		s.expectPicture("unkept-" + name)
	}
}

func TestPictureOfQuitting(t *testing.T) {
	for name, variant := range variants {
		s := openOutageStudio(t, variant, usual)
		st := s.lively()
		st.Link = data.Link{Phase: data.Offline, Ever: true, Since: clock(14, 2), Fault: data.FaultTimeout}
		st.Waiting = make([]data.Change, 3)
		s.reached, s.toldOutage = true, true
		s.show(st)
		s.close()
		s.expectPicture("quit-" + name)
	}
}

func TestPictureOfServerConcerns(t *testing.T) {
	s := openOutageStudio(t, theme.VariantDark, narrow)
	st := s.lively()
	st.Checks = findings()
	s.show(st)
	s.expectPicture("concerns-dark")
}
