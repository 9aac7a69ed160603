package config

// The reasons of a [Problem] are English clauses, each a constant, so that they
// can be translated. Those of a shop's or a counter's name are package data's.
const (
	reasonEmpty      = "it is empty"
	reasonShown      = "it holds characters that cannot be shown"
	reasonLong       = "it is too long"
	reasonMode       = "it is not single, sentinel or cluster"
	reasonHost       = "it is no host name"
	reasonHostLink   = "a whole address goes into the field for the link"
	reasonHostPort   = "the port goes into its own field"
	reasonPort       = "it is not a number from 1 to 65535"
	reasonSocket     = "it is not a whole path, like /run/redis/redis.sock"
	reasonDatabase   = "it is not the number of a database, like 0"
	reasonCluster    = "a cluster has no database but 0"
	reasonLines      = "it holds a line break or another character that no password can have"
	reasonLongSecret = "it is longer than 4096 bytes"
	reasonKeep       = "choose where to keep it"
	reasonPath       = "it is not a whole path from the root"
	reasonNoFile     = "it is not a file"
	reasonLarge      = "the file is too large"
	reasonNotThere   = "the file cannot be read: there is none of this name"
	reasonNotAllowed = "the file cannot be read: this account may not"
	reasonNoPEM      = "the file holds no certificate in PEM form"
	reasonNoKey      = "a certificate needs the file with its key"
	reasonNoCert     = "a key needs the file with its certificate"
	reasonPair       = "the two files are no certificate and key in PEM form that belong together"
	reasonAddrs      = "it is no list like host1:26379,host2:26379"
	reasonTimeout    = "it is not 0 (never) and not 1s or more"
)

// The reasons of [ParseLink].
const (
	reasonScheme    = "it does not begin with redis://, rediss:// or unix://"
	reasonNoURL     = "it is no address that can be read; special characters of a password are written as %XX"
	reasonNoHost    = "it names no host; write it like redis://host:6379"
	reasonURLPort   = "its port is not a number from 1 to 65535"
	reasonURLDB     = "what follows the host is not the number of a database, as in redis://host:6379/0"
	reasonURLSocket = "it names no socket; write it like unix:///run/redis/redis.sock"
)

// Reasons returns every reason that Check and ParseLink have of their own, for
// those who translate them.
func Reasons() []string {
	return []string{
		reasonEmpty, reasonShown, reasonLong, reasonMode, reasonHost, reasonHostLink, reasonHostPort, reasonPort,
		reasonSocket, reasonDatabase, reasonCluster, reasonLines, reasonLongSecret, reasonKeep, reasonPath,
		reasonNoFile, reasonLarge, reasonNotThere, reasonNotAllowed, reasonNoPEM, reasonNoKey, reasonNoCert,
		reasonPair, reasonAddrs, reasonTimeout,
		reasonScheme, reasonNoURL, reasonNoHost, reasonURLPort, reasonURLDB, reasonURLSocket,
	}
}
