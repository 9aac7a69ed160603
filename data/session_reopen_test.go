package data_test

import (
	"context"
	"testing"

	"trolley/data"
	"trolley/data/redistest"
)

// A cart that is taken up again while it is still being put aside is a live one,
// not the one that is about to end.
func TestCartIsTakenUpWhileItIsPutAside(t *testing.T) {
	server := redistest.Start(t)
	desk := shopFor(t, stocked(t, redisShop(t, server.URL(), 0))(), "Desk")
	first := there(t, desk, "anna")
	first.add("tea", 2)
	first.shows("tea 2")
	server.Kill()
	first.add("tea", 1) // waits, and so does the end of the cart
	ended := make(chan struct{})
	go func() { defer close(ended); first.End(t.Context(), t.Context()) }()
	redistest.Await(t, "the cart is let go", func() bool { return desk.Open("anna") != first.Session })
	select {
	case <-ended:
		t.Error("it ended with a change waiting")
	default:
	}
	server.Restart()
	<-ended
}

// What a server loses is made again also when the cart was put aside meanwhile.
func TestLossIsMendedBehindACartThatWasPutAside(t *testing.T) {
	server := redistest.Start(t)
	open := redisShop(t, server.URL(), 0)
	desk := shopFor(t, stocked(t, open)(), "Desk")
	c := there(t, desk, "anna")
	c.add("tea", 2)
	c.shows("tea 2")
	linger, enough := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.End(t.Context(), linger) }()
	redistest.Await(t, "the cart is let go", func() bool {
		l := <-desk.Listings()
		info, _ := l.Cart("anna")
		return len(info.Here) == 0
	})
	keys := server.Do(t, "KEYS", "{main}:*anna*").([]any)
	server.Do(t, append([]any{"DEL"}, keys...)...)
	redistest.Await(t, "the tea is there again", func() bool {
		score, err := server.Try("ZSCORE", "{main}:cart:anna", "tea")
		return err == nil && score == "2"
	})
	enough()
	<-ended
}

// What was refused and not decided about does not come back by itself.
func TestRefusedChangeIsForgottenWithItsCart(t *testing.T) {
	server := redistest.Start(t)
	b := stocked(t, redisShop(t, server.URL(), 0))()
	fig := data.Product{ID: "fig", Name: "Figs", Price: 199, Stock: 1}
	if err := b.CreateProduct(t.Context(), fig); err != nil {
		t.Fatal(err)
	}
	s := data.OpenShop(b, data.Options{Counter: "Desk", Pace: hurried, Queue: openDiary(t, t.TempDir())})
	t.Cleanup(func() { s.Close(t.Context()) })
	c := there(t, s, "anna")
	server.Pause()
	c.add("fig", 5)
	c.until("it is on the disk", func(st data.State) bool { return len(st.Waiting) == 1 && st.Unkept == 0 })
	server.Resume()
	c.until("it is refused", func(st data.State) bool { return len(st.Refused) == 1 })
	over, end := context.WithCancel(t.Context())
	end()
	c.End(t.Context(), over)
	server.Do(t, "HSET", "{main}:product:fig", "stock", "50")
	again := there(t, s, "anna")
	again.add("tea", 1)
	again.shows("tea 1")
}
