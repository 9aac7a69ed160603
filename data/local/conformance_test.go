package local

import (
	"testing"

	"trolley/data"
	"trolley/data/backendtest"
)

func TestConformance(t *testing.T) {
	dir := t.TempDir()
	backendtest.Run(t, func(t *testing.T, o backendtest.Options) data.Backend {
		s, err := Open(t.Context(), Config{Dir: dir, Shop: o.Store, Timeout: o.Timeout, Limits: o.Limits})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
