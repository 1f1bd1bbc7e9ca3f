package sample

import "github.com/keytrail/keytrail/server/ledger"

const (
	signedInAction  = ledger.AuthSignedIn
	signedOutAction = ledger.AuthSignedOut
	expiredAction   = ledger.AuthSessionExpired
	failedAction    = ledger.AuthSignInFailed
	wrongPassword   = "wrong_password"
	unknownName     = "unknown_name"
)

// Password is what every sample account signs in with. It is public: sample data is for this machine only.
const Password = "keytrail-sample"

// Account is who may sign in to the sample organisation.
type Account struct {
	Username, Password, Role string
	person                   int
	presence                 float64
}

// Accounts lists who may sign in, in the order in which they are shown.
func Accounts() []Account { return accounts() }

func accounts() []Account {
	return []Account{
		{"admin", Password, "admin", 0, 0.7},
		{"custodian", Password, "custodian", 1, 0.98},
		{"manager", Password, "manager", 4, 0.8},
		{"auditor", Password, "auditor", 2, 0.25},
		{"member", Password, "member", 13, 0.6},
	}
}
