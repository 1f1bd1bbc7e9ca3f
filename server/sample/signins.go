package sample

import (
	"math/rand/v2"
	"slices"
	"time"
)

// signIn is one entry of a year of sign-ins.
type signIn struct {
	account int // index into Accounts; -1 for a name that nobody has
	action  string
	at      time.Time
	name    string
	address string
	agent   string
	reason  string
}

// signInDaily lets every account sign in on working days, forget a password now and then, and time out; and
// lets somebody outside try names.
func (p *plan) signInDaily(random *rand.Rand, now time.Time, zone *time.Location) {
	today := midnightOf(now, zone)
	for day := today.AddDate(0, 0, -historyDays); day.Before(now); day = day.AddDate(0, 0, 1) {
		for account, a := range accounts() {
			if random.Float64() < a.presence*busyness(day) {
				p.signInOnce(random, account, day)
			}
		}
		if random.IntN(9) == 0 {
			p.tryNames(random, day)
		}
	}
	p.signIns = slices.DeleteFunc(p.signIns, func(s signIn) bool { return !s.at.Before(now) })
	slices.SortStableFunc(p.signIns, func(a, b signIn) int { return a.at.Compare(b.at) })
}

func (p *plan) signInOnce(random *rand.Rand, account int, day time.Time) {
	a := accounts()[account]
	at := day.Add(7*time.Hour + 30*time.Minute + time.Duration(random.IntN(90*60))*time.Second)
	one := signIn{
		account: account, name: a.Username, at: at,
		address: "10.20." + []string{"1", "4", "7"}[random.IntN(3)] + "." + []string{"11", "24", "37", "58", "90"}[account%5],
		agent:   userAgents()[account%len(userAgents())],
	}
	if random.IntN(14) == 0 {
		failed := one
		failed.action, failed.reason, failed.at = failedAction, wrongPassword, at.Add(-40*time.Second)
		p.signIns = append(p.signIns, failed)
	}
	one.action = signedInAction
	ended := one
	ended.at = at.Add(7*time.Hour + time.Duration(random.IntN(120))*time.Minute)
	ended.action = signedOutAction
	if random.IntN(3) == 0 {
		ended.action = expiredAction
	}
	p.signIns = append(p.signIns, one, ended)
}

func (p *plan) tryNames(random *rand.Rand, day time.Time) {
	at := day.Add(time.Duration(random.IntN(24*3600)) * time.Second)
	for i, name := range []string{"administrator", "root", "test"}[:1+random.IntN(3)] {
		p.signIns = append(p.signIns, signIn{
			account: -1, action: failedAction, reason: unknownName, name: name, at: at.Add(time.Duration(i*4) * time.Second),
			address: "203.0.113." + []string{"7", "61", "140"}[random.IntN(3)], agent: "python-requests/2.32",
		})
	}
}
