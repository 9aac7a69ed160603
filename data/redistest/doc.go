// Package redistest runs real Redis servers for tests, and breaks the network
// between them and a client in chosen ways.
//
//	server := redistest.Start(t)
//	proxy := redistest.NewProxy(t, server.Addr)
//	proxy.Swallow(1, "EVALSHA") // done by the server, answer lost
//
// A Proxy stands before one server, a Network before all that a client asks
// for. StartSentinel and StartCluster make whole labs, which can be led through
// failovers, partitions and moves of slots.
//
// Every server listens on a free port of the loopback device, keeps its files
// in a folder of the test and ends with it. A missing redis-server program
// fails the test; it never skips. TROLLEY_TEST_SERVER names another program of
// the kind, such as valkey-server.
package redistest
