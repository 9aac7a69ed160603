package data

// Fault names a reason why a store cannot be used, as far as it makes a
// difference to what a person should do about it.
type Fault string

// Words that [UnavailableError.About] has for FaultMode.
const (
	AboutSingle   = "single"
	AboutSentinel = "sentinel"
)

// The faults, each with the class that decides what a Session does.
const (
	FaultNone         Fault = ""
	FaultUnreachable  Fault = "unreachable"       // no more is known
	FaultNoHost       Fault = "no such host"      // the name cannot be resolved
	FaultRefused      Fault = "refused"           // the computer answers, nothing listens
	FaultTimeout      Fault = "no answer"         // nothing came back in time
	FaultCut          Fault = "cut"               // the connection was closed under way
	FaultLoading      Fault = "loading"           // the server is starting
	FaultBusy         Fault = "busy"              // the server runs a long script
	FaultTooMany      Fault = "too many clients"  // it takes no more connections
	FaultMoved        Fault = "moved"             // cluster: the slot is on its way
	FaultReadOnly     Fault = "read only"         // a replica, or a file that may not be written
	FaultFull         Fault = "full"              // no memory or no disk left
	FaultCannotSave   Fault = "cannot save"       // the server's disk refuses
	FaultNoReplicas   Fault = "no replicas"       // fewer replicas than the server demands
	FaultNeedsAuth    Fault = "needs password"    // none was given
	FaultWrongAuth    Fault = "wrong password"    // user or password are not right
	FaultNoPermission Fault = "no permission"     // the user may not do it
	FaultUntrusted    Fault = "untrusted"         // certificate of an unknown issuer
	FaultWrongName    Fault = "wrong name"        // certificate for another name
	FaultCertExpired  Fault = "expired"           // certificate past its time
	FaultCertEarly    Fault = "not yet valid"     // certificate before its time: this computer's clock is wrong
	FaultNeedsCert    Fault = "needs certificate" // the server wants one of ours, and there is none
	FaultTLS          Fault = "tls"               // any other refusal of the handshake
	FaultNotTLS       Fault = "not tls"           // TLS spoken to a plain port
	FaultMaybeTLS     Fault = "maybe tls"         // closed at once; perhaps a TLS port
	FaultNoDatabase   Fault = "no database"       // the database number is not there
	FaultCluster      Fault = "cluster"           // a cluster was addressed as a single server
	FaultMode         Fault = "wrong mode"        // it is no server of the mode asked for, but what About says
	FaultNoMaster     Fault = "no master"         // the sentinels know no master of the name
	FaultUnsupported  Fault = "unsupported"       // too old, or not Redis
	FaultFile         Fault = "file"              // the file cannot be opened or read
	FaultNewer        Fault = "newer"             // the file is of a newer Trolley
	FaultForeign      Fault = "foreign"           // the file is something else
	FaultDamaged      Fault = "damaged"           // what is kept under the cart's name is no cart
)

// Class groups faults by what a Session does about them.
type Class int

const (
	// Transient faults pass: the same change is sent again, soon.
	Transient Class = iota
	// Refusing means that reads work and writes do not: changes wait.
	Refusing
	// Misconfigured faults need a person: changes wait, retries are rare.
	Misconfigured
)

// Class returns the fault's class.
func (f Fault) Class() Class {
	switch f {
	case FaultReadOnly, FaultFull, FaultCannotSave, FaultNoReplicas:
		return Refusing
	case FaultNeedsAuth, FaultWrongAuth, FaultNoPermission, FaultUntrusted, FaultWrongName, FaultCertExpired, FaultCertEarly,
		FaultNeedsCert, FaultTLS, FaultNotTLS, FaultNoDatabase, FaultCluster, FaultMode, FaultNoMaster, FaultUnsupported, FaultFile, FaultNewer, FaultForeign, FaultDamaged:
		return Misconfigured
	}
	return Transient
}
