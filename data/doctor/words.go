package doctor

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"trolley/data"
)

// Labels of the parts that are no stage.
const (
	labelSettings = "Settings"
	labelLatency  = "Latency"
	labelSoak     = "Soak"
)

var labels = map[data.Stage]string{
	data.StageFind:    "Found",
	data.StageReach:   "Reach",
	data.StageEncrypt: "Encrypted",
	data.StageSignIn:  "Signed in",
	data.StageServer:  "Server",
	data.StageWrite:   "Writable",
	data.StageRights:  "Rights",
	data.StageAnswer:  "Answers in",
	data.StageKeep:    "Keeps data",
	data.StageClock:   "Clock",
}

var verdicts = map[data.Verdict]string{
	data.Fine:    "ok",
	data.Unknown: "unknown",
	data.Warned:  "warning",
	data.Failed:  "FAILED",
}

var concerns = map[data.Concern]string{
	data.ConcernPlain:      "The connection is not encrypted: everybody on the network can read along. Use rediss://, or a network of its own.",
	data.ConcernUnverified: "The certificate of the server is not checked: it may be anybody. Set TROLLEY_REDIS_VERIFY to yes, and TROLLEY_REDIS_CA where need be.",
	data.ConcernCertEnds:   "The certificate of the server ends soon; then nobody can connect. Renew it.",
	data.ConcernEvicts:     "The server drops keys when its memory is short, carts among them. Set maxmemory-policy to noeviction.",
	data.ConcernForget:     "A restart of the server loses carts. Set appendonly to yes, and appendfsync to everysec or always.",
	data.ConcernClock:      "The clocks of the server and of this computer differ by more than a minute. Set them by NTP.",
}

// faults says why a store cannot be used and what helps. {at} is its address.
var faults = map[data.Fault]string{
	data.FaultUnreachable:  "{at} cannot be reached. Check the network, and that the server runs.",
	data.FaultNoHost:       "No computer has the name in {at}. Check the spelling, or use its number, such as 10.0.0.5.",
	data.FaultRefused:      "The computer answers, but nothing listens at {at}. Check the port, and that Redis runs.",
	data.FaultTimeout:      "{at} does not answer. Check the network and the firewall.",
	data.FaultCut:          "{at} closed the connection. It may be restarting.",
	data.FaultLoading:      "{at} is starting. Try again in a moment.",
	data.FaultBusy:         "{at} is busy with a long script. Try again, or end the script there.",
	data.FaultTooMany:      "{at} takes no more connections. Raise its maxclients, or close some programs.",
	data.FaultMoved:        "{at} is moving this shop to another node. Try again in a moment.",
	data.FaultReadOnly:     "{at} can only be read: it is a replica, or a file that may not be written.",
	data.FaultFull:         "{at} has no memory or disk left. Free some, or raise maxmemory.",
	data.FaultCannotSave:   "{at} cannot save to its disk, and so takes no changes. Look at its log.",
	data.FaultNoReplicas:   "{at} has fewer replicas than min-replicas-to-write demands.",
	data.FaultNeedsAuth:    "{at} needs a password. Set TROLLEY_REDIS_PASSWORD.",
	data.FaultWrongAuth:    "The user or password for {at} is not right. Check TROLLEY_REDIS_URL and TROLLEY_REDIS_PASSWORD.",
	data.FaultNoPermission: "{at} does not allow this user all that a cart needs. The rights are listed in docs/redis.md.",
	data.FaultUntrusted:    "The certificate of {at} is not trusted here. Name the file of its issuer in TROLLEY_REDIS_CA.",
	data.FaultWrongName:    "The certificate of {at} is for another name. Use that name, or set TROLLEY_REDIS_SERVER_NAME.",
	data.FaultCertExpired:  "The certificate of {at} has ended. Renew it. Also look at this computer's date.",
	data.FaultCertEarly:    "The certificate of {at} is not valid yet: the date of this computer is wrong. Set its clock.",
	data.FaultNeedsCert:    "{at} wants a certificate of this computer. Name it and its key in TROLLEY_REDIS_CERT and TROLLEY_REDIS_KEY.",
	data.FaultTLS:          "{at} refused the encrypted connection. Check TROLLEY_REDIS_CERT and TROLLEY_REDIS_KEY.",
	data.FaultNotTLS:       "{at} does not encrypt. Use redis:// instead of rediss://, or the encrypted port.",
	data.FaultMaybeTLS:     "{at} closed the connection at once. It may need encryption: use rediss://.",
	data.FaultNoDatabase:   "{at} does not have the database that the address names. Use 0.",
	data.FaultCluster:      "{at} is part of a Redis Cluster. Set TROLLEY_REDIS_MODE=cluster.",
	data.FaultMode:         "{at} is a server of another kind. Set TROLLEY_REDIS_MODE to what it is.",
	data.FaultNoMaster:     "The sentinels at {at} know no master of the name in TROLLEY_REDIS_MASTER. Check its spelling.",
	data.FaultUnsupported:  "{at} is too old, or no Redis. Version 6 or newer is needed.",
	data.FaultFile:         "{at} cannot be opened or read. It was left as it is.",
	data.FaultNewer:        "{at} was written by a newer Trolley. Install that, or use another TROLLEY_DATA_DIR.",
	data.FaultForeign:      "{at} is not one of Trolley's files. Use another TROLLEY_DATA_DIR.",
	data.FaultDamaged:      "{at} holds damaged data.",
}

// sentence says what an error means to a person and what helps.
func sentence(err error) string {
	var u *data.UnavailableError
	if err == nil || !errors.As(err, &u) {
		return capital(cmp.Or(text(err), "it cannot be used") + ".")
	}
	say := cmp.Or(faults[u.Fault], faults[data.FaultUnreachable])
	return capital(strings.ReplaceAll(say, "{at}", cmp.Or(u.Addr, "the store")))
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// capital begins a sentence; an address stays as it is written.
func capital(s string) string {
	if strings.HasPrefix(s, "the ") {
		return "T" + s[1:]
	}
	return s
}

// conclusion is the last line.
func conclusion(err error, warnings int) string {
	var part *failure
	switch {
	case errors.Is(err, errWrong):
		return "Changes were lost or doubled: do not use this store before it is known why."
	case errors.Is(err, context.Canceled):
		return "Ended before everything was examined."
	case outcomeOf(err) == BadSetting:
		return "A setting cannot be used."
	case errors.As(err, &part):
		return "The shop cannot be used: see " + part.part + " above."
	case err != nil:
		return sentence(err)
	case warnings > 0:
		return plural(int64(warnings), "warning", "warnings") + "; the shop can be used."
	}
	return "Everything is in order."
}
