package redis_test

import (
	"testing"

	"trolley/data"
	"trolley/data/backendtest"
	"trolley/data/redis"
	"trolley/data/redistest"
)

// conform runs the suite of all stores against shops on one server.
func conform(t *testing.T, c redis.Config) {
	backendtest.Run(t, func(t *testing.T, o backendtest.Options) data.Backend {
		c := c
		c.Shop, c.Timeout, c.Limits = o.Store, o.Timeout, o.Limits
		s, err := redis.Open(c)
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		return s
	})
}

func TestConformanceOnASingleServer(t *testing.T) {
	conform(t, redis.Config{URL: redistest.Start(t).URL()})
}
