package custody

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// hour gives an hour of a day of tests.
func hour(n int) *time.Time {
	at := time.Date(2026, 11, 22, n, 0, 0, 0, time.UTC)
	return &at
}

func TestBoundsOfACorrectionKeepMovementsInOrder(t *testing.T) {
	t.Parallel()
	open := &Loan{IssuedAt: *hour(8)}
	ended := &Loan{IssuedAt: *hour(8), ReturnedAt: hour(12)}
	next := &Loan{IssuedAt: *hour(12), ReturnedAt: hour(15)}
	for name, c := range map[string]struct {
		b    bounds
		at   *time.Time
		want fault.Kind
	}{
		"an issue, as early as any":               {issueBounds(open, neighbours{}), hour(1), ""},
		"an issue, when the key came back before": {issueBounds(open, neighbours{loan: hour(7)}), hour(7), ""},
		"an issue, before the key came back":      {issueBounds(open, neighbours{loan: hour(7)}), hour(6), fault.Conflict},
		"an issue, before the key was found":      {issueBounds(open, neighbours{loan: hour(5), report: hour(7)}), hour(6), fault.Conflict},
		"an issue, when it was returned":          {issueBounds(ended, neighbours{}), hour(12), ""},
		"an issue, after it was returned":         {issueBounds(ended, neighbours{}), hour(13), fault.Conflict},
		"an open issue, later":                    {issueBounds(open, neighbours{}), hour(19), ""},
		"an open issue, in the future":            {issueBounds(open, neighbours{}), hour(21), fault.BadInput},
		"a return, before the issue":              {returnBounds(ended, neighbours{}), hour(7), fault.Conflict},
		"a return, at the issue":                  {returnBounds(ended, neighbours{}), hour(8), ""},
		"a return, after the next issue":          {returnBounds(ended, neighbours{loan: hour(13)}), hour(14), fault.Conflict},
		"a return, after the loss":                {returnBounds(ended, neighbours{loan: hour(16), report: hour(14)}), hour(15), fault.Conflict},
		"a return, at the loss":                   {returnBounds(ended, neighbours{report: hour(14)}), hour(14), ""},
		"a handover, before the giver had it":     {handoverBounds(ended, next), hour(7), fault.Conflict},
		"a handover, while the giver had it":      {handoverBounds(ended, next), hour(9), ""},
		"a handover, after the receiver's return": {handoverBounds(ended, next), hour(16), fault.Conflict},
		"eleven years ago":                        {bounds{}, ptrTo(hour(8).AddDate(-11, 0, 0)), fault.BadInput},
	} {
		err := c.b.check(*c.at, *hour(20), "101")
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ptrTo[T any](v T) *T { return &v }

func TestOnlyWhatNothingRestsOnIsVoided(t *testing.T) {
	t.Parallel()
	ended := &Loan{IssuedAt: *hour(8), ReturnedAt: hour(12)}
	if err := checkVoidIssue(&Loan{IssuedAt: *hour(8)}, "101"); err != nil {
		t.Error(err)
	}
	if err := checkVoidIssue(ended, "101"); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		key   Key
		after neighbours
		want  bool
	}{
		"nothing came after": {Key{}, neighbours{}, true},
		"lost since":         {Key{}, neighbours{report: hour(13)}, false},
		"retired since":      {Key{RetiredAt: hour(13)}, neighbours{}, false},
		"issued since":       {Key{}, neighbours{loan: hour(13)}, false},
	} {
		if err := checkVoidReturn(&c.key, c.after); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADifferenceIsSettledOnlyInAWayThatFitsIt(t *testing.T) {
	t.Parallel()
	fitting := map[DifferenceKind]string{
		Missing: "LOST FOUND IGNORED", NotReturned: "RETURNED IGNORED", Misplaced: "MOVED_HERE IGNORED", UnknownKey: "IGNORED",
		LostButFound: "FOUND IGNORED", RetiredKey: "IGNORED",
	}
	for kind, want := range fitting {
		got := ""
		for _, r := range []Resolution{ResolvedReturned, ResolvedLost, ResolvedFound, ResolvedMoved, ResolvedIgnored, "", "SOLD"} {
			if r.fits(kind, true) {
				got += " " + string(r)
			}
			if r == ResolvedMoved && r.fits(kind, false) {
				t.Errorf("%s: a group is no place", kind)
			}
		}
		if got != " "+want {
			t.Errorf("%s: %s", kind, got)
		}
	}
}
