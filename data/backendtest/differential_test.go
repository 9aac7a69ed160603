package backendtest_test

import (
	"testing"
	"time"

	"trolley/data/backendtest"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/redistest"
)

func TestFileAndServerAnswerAlike(t *testing.T) {
	file, err := local.Open(t.Context(), local.Config{Dir: t.TempDir(), Shop: "main", Limits: backendtest.Tight})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	server, err := redis.Open(redis.Config{URL: redistest.Start(t).URL(), Shop: "main", Limits: backendtest.Tight})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	seed := uint64(time.Now().UnixNano())
	backendtest.Differential(t, file, server, 3000, seed)
}
