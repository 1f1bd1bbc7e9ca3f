package compliance

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
)

// signIns counts sign-ins from the counts that the ledger keeps, so that a year of them costs what a day does.
func (r *reading) signIns(ctx context.Context) error {
	s := &r.report.SignIns
	into := map[string]*int{
		ledger.AuthSignedIn: &s.Succeeded, ledger.AuthSignInFailed: &s.Failed, ledger.AuthExternalFailed: &s.ExternalFailed,
		ledger.AuthSecondFactorFailed: &s.SecondFactorFailed, ledger.AuthLockedOut: &s.LockedOut, ledger.AuthTokenInvalid: &s.TokensRefused,
		ledger.AccessDenied: &s.RefusedWithoutRights,
	}
	request := ledger.CountRequest{Stream: ledger.StreamAuth, Bounds: []time.Time{r.report.Period.Begins, r.report.Period.Ends}}
	for action := range into {
		request.Actions = append(request.Actions, action)
	}
	counts, err := r.Ledger.Counts(ctx, r.q, request)
	if err != nil {
		return err
	}
	for action, count := range into {
		for _, n := range counts[action] {
			*count += n
		}
	}
	s.Root, err = r.events(ctx, "signIns.root", ledger.AuthRootAccessed)
	return err
}
