// Package e2e tests the program as a person meets it: the real binary, in real
// windows on a virtual screen, on real Redis servers and files. The tests need
// the build tag e2e; "make e2e" brings what they need.
package e2e
