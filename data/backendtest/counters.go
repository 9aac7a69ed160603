package backendtest

import (
	"errors"
	"sync"

	"trolley/data"
)

var counterCases = []testCase{
	{"ManyWritersLoseNothing", Options{}, testManyWriters},
	{"OfTwoSetsThatSawTheSameOneWins", Options{}, testTwoSets},
	{"OneOperationSentFromEverywhereIsAppliedOnce", Options{}, testOneOpEverywhere},
	{"LastItemIsSoldOnce", Options{}, testLastItem},
}

// everywhere runs n copies of f at once, every other one at a second counter,
// and returns what each said.
func (s *shop) everywhere(n int, f func(b data.Backend, i int) error) []error {
	counters := []data.Backend{s.Backend, s.second()}
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(counters[i%len(counters)], i) })
	}
	all.Wait()
	return errs
}

func testManyWriters(s *shop) {
	const writers, adds = 64, 10
	s.stock("espresso")
	errs := s.everywhere(writers, func(b data.Backend, _ int) error {
		for range adds {
			if _, err := b.Apply(s.Context(), theCart, add("espresso", 1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		s.Fatal(err)
	}
	s.wantQuantity("espresso", writers*adds)
	wantEqual(s, "version", s.cart().Token.Version, writers*adds)
}

func testTwoSets(s *shop) {
	s.stock("espresso")
	s.do(add("espresso", 1))
	errs := s.everywhere(8, func(b data.Backend, i int) error {
		_, err := b.Apply(s.Context(), theCart, set("espresso", 1, int64(i)+2))
		return err
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refusal[*data.ConflictError](s, err)
	}
	wantEqual(s, "winners", won, 1)
}

func testOneOpEverywhere(s *shop) {
	s.stock("espresso")
	c := add("espresso", 3)
	errs := s.everywhere(16, func(b data.Backend, _ int) error {
		_, err := b.Apply(s.Context(), theCart, c)
		return err
	})
	if err := errors.Join(errs...); err != nil {
		s.Fatal(err)
	}
	s.wantQuantity("espresso", 3)
	wantEqual(s, "version", s.cart().Token.Version, 1)
}

func testLastItem(s *shop) {
	s.create(data.Product{ID: "cake", Name: "Cake", Stock: 5})
	errs := s.everywhere(16, func(b data.Backend, _ int) error {
		_, err := b.Apply(s.Context(), theCart, add("cake", 1))
		return err
	})
	for _, err := range errs {
		if err != nil {
			refusal[*data.StockError](s, err)
		}
	}
	s.wantQuantity("cake", 5)
}
