package data_test

import (
	"testing"

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
	go func() { defer close(ended); first.End(t.Context()) }()
	redistest.Await(t, "the cart is let go", func() bool { return desk.Open("anna") != first.Session })
	select {
	case <-ended:
		t.Error("it ended with a change waiting")
	default:
	}
	server.Restart()
	<-ended
}
