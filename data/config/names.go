package config

import (
	"slices"
	"strings"
)

// AppID names the program to the operating system and the toolkit.
const AppID = "org.trolley.counter"

// The variables, in the order in which they are documented.
const (
	envURL          = "TROLLEY_REDIS_URL"
	envUse          = "TROLLEY_REDIS_USE"
	envPassword     = "TROLLEY_REDIS_PASSWORD"
	envPasswordFile = "TROLLEY_REDIS_PASSWORD_FILE"
	envPasswordIn   = "TROLLEY_REDIS_PASSWORD_IN"
	envMode         = "TROLLEY_REDIS_MODE"
	envAddrs        = "TROLLEY_REDIS_ADDRS"
	envMaster       = "TROLLEY_REDIS_MASTER"
	envSentinelUser = "TROLLEY_SENTINEL_USER"
	envSentinelPass = "TROLLEY_SENTINEL_PASSWORD"
	envCA           = "TROLLEY_REDIS_CA"
	envCert         = "TROLLEY_REDIS_CERT"
	envKey          = "TROLLEY_REDIS_KEY"
	envServerName   = "TROLLEY_REDIS_SERVER_NAME"
	envVerify       = "TROLLEY_REDIS_VERIFY"
	envShop         = "TROLLEY_SHOP"
	envCounter      = "TROLLEY_COUNTER"
	envCart         = "TROLLEY_CART"
	envTimeout      = "TROLLEY_CART_TIMEOUT"
	envDataDir      = "TROLLEY_DATA_DIR"
	envLog          = "TROLLEY_LOG"
)

// Names returns every variable that Load reads.
func Names() []string {
	return []string{
		envURL, envUse, envPassword, envPasswordFile, envPasswordIn, envMode, envAddrs, envMaster,
		envSentinelUser, envSentinelPass, envCA, envCert, envKey,
		envServerName, envVerify, envShop, envCounter, envCart, envTimeout, envDataDir, envLog,
	}
}

// connectionNames returns the variables that say which server to use. They go
// together: either all of them are what somebody saved, or none.
func connectionNames() []string {
	return []string{
		envUse, envURL, envMode, envAddrs, envMaster, envSentinelUser,
		envCA, envCert, envKey, envServerName, envVerify,
	}
}

// ours reports whether somebody meant one of our variables.
func ours(name string) bool {
	const prefix = "TROLLEY"
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// nearest returns the variable that is most like name.
func nearest(name string) string {
	name = strings.ToUpper(name)
	return slices.MinFunc(Names(), func(a, b string) int { return distance(name, a) - distance(name, b) })
}

// distance counts the letters to insert, delete or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
