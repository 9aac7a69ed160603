//go:build !unix

package local

func dropPrivileges() {}
