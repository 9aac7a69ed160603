// Package redistest runs real Redis servers for tests, and breaks the network
// between them and a client in chosen ways.
//
//	server := redistest.Start(t)
//	proxy := redistest.NewProxy(t, server.Addr)
//	proxy.Swallow(1, "EVALSHA") // done by the server, answer lost
//
// Every server listens on a free port of the loopback device, keeps its files
// in a folder of the test and ends with it. A missing redis-server program
// fails the test; it never skips.
package redistest
