package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// The address of an entry is sealed under its subject, and its index is not: it would still confirm a guess. So
// destroying a key deletes the index rows, too: some with the key, and the rest by a task. The task is kept for a
// while and looks again, because an entry that was sealed just before may be stored just after.

const (
	forgetTasks = "forget "
	// forgetPage bounds the entries that are read at a time, of at most 1 MiB each.
	forgetPage = 64
	// forgetAtOnce is how many pages are deleted together with the key.
	forgetAtOnce = 16
	// forgetGrace is how long entries may come that were sealed under a key before it was destroyed. No request and
	// no batch lasts as long, and no process's reader is as far behind.
	forgetGrace = 5 * time.Minute
)

const (
	// selectAddressed goes along actor_time; <=> finds nobody as well.
	selectAddressed = "SELECT DISTINCT i.seq, i.occurred_at FROM entry_index i FORCE INDEX (actor_time) STRAIGHT_JOIN entry_ip a ON a.seq = i.seq" +
		" WHERE i.actor <=> ? AND i.stream = {stream} AND i.seq >= ? AND i.occurred_at < ? AND (i.occurred_at > ? OR i.occurred_at = ? AND i.seq > ?)" +
		" ORDER BY i.occurred_at, i.seq LIMIT ?"
	forgetSubjects = "SELECT SUBSTRING(name, 8) AS subject FROM ledger_task WHERE name LIKE 'forget %' ORDER BY name LIMIT 1000"
)

// addressed is an entry that has an address.
type addressed struct {
	Seq        uint64    `db:"seq"`
	OccurredAt time.Time `db:"occurred_at"`
}

// addresses walks through the entries whose addresses may be sealed under a subject.
type addresses struct {
	ledger  *Ledger
	subject seal.Subject
	from    uint64 // entries before it have been looked at
	before  time.Time
	last    addressed
}

// addressesOf begins a walk; ok is false for a subject under which no address is sealed.
func (l *Ledger) addressesOf(subject seal.Subject, from uint64) (a *addresses, ok bool) {
	a = &addresses{ledger: l, subject: subject, from: from}
	if !subject.PersonID().IsZero() {
		a.last.OccurredAt, a.before = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
		return a, true
	}
	text, nobody := strings.CutPrefix(string(subject), "nobody/")
	month, err := time.Parse("2006-01", text)
	if !nobody || err != nil {
		return nil, false
	}
	// What happened was recorded a moment later, which may lie in the next month.
	a.last.OccurredAt, a.before = month.AddDate(0, 0, -1), month.AddDate(0, 1, 1)
	return a, true
}

// drop deletes the addresses of the next page of entries. left is whether there may be more.
func (a *addresses) drop(ctx context.Context, tx *mysql.Tx) (left bool, err error) {
	var page []addressed
	query, args := InEachStream(selectAddressed, a.subject.PersonID(), a.from, a.before, a.last.OccurredAt, a.last.OccurredAt, a.last.Seq, forgetPage)
	err = tx.Select(ctx, &page, query+" ORDER BY occurred_at, seq LIMIT ?", append(args, forgetPage)...)
	if err != nil || len(page) == 0 {
		return false, err
	}
	seqs := make([]uint64, len(page))
	for i := range page {
		seqs[i] = page[i].Seq
	}
	if a.subject.PersonID().IsZero() { // what a person did is sealed under himself; what nobody did, under its month
		if seqs, err = a.sealed(ctx, tx, seqs); err != nil {
			return false, err
		}
	}
	if err := dropSeqs(ctx, tx, dropIPs, seqs); err != nil {
		return false, err
	}
	a.last = page[len(page)-1]
	return len(page) == forgetPage, nil
}

// sealed gives those of some entries whose origin is sealed under the subject.
func (a *addresses) sealed(ctx context.Context, q mysql.Querier, seqs []uint64) (of []uint64, err error) {
	entries, err := a.ledger.ReadSeqs(ctx, q, seqs)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if slices.ContainsFunc(entries[i].Sealed, func(p SealedPart) bool { return p.Field == FieldActor && p.Subject == a.subject }) {
			of = append(of, entries[i].Seq)
		}
	}
	return of, nil
}

// forgetAddresses deletes addresses that are sealed under a subject in the transaction that destroys its key, and
// leaves the rest to a task.
func (l *Ledger) forgetAddresses(ctx context.Context, tx *mysql.Tx, subject seal.Subject) error {
	a, ok := l.addressesOf(subject, 0)
	if !ok {
		return nil
	}
	for range forgetAtOnce {
		if left, err := a.drop(ctx, tx); err != nil {
			return err
		} else if !left {
			break
		}
	}
	_, err := tx.Exec(ctx, insertTask+keepTask, forgetTasks+string(subject), 0, l.now().UTC().Add(forgetGrace))
	return err
}

// FinishForgetting deletes what is left of the addresses of subjects whose keys were destroyed, by whichever process.
// It is to be called every minute or so. What fails for one subject does not keep it from the others.
func (l *Ledger) FinishForgetting(ctx context.Context) error {
	var subjects []seal.Subject
	if err := l.db.Select(ctx, &subjects, forgetSubjects); err != nil || len(subjects) == 0 {
		return err
	}
	if err := l.ensureTask(ctx, l.db, rebuildTask); err != nil {
		return err
	}
	var all []error
	for _, subject := range subjects {
		if err := l.finishForgetting(ctx, subject); err != nil {
			all = append(all, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(all...)
}

func (l *Ledger) finishForgetting(ctx context.Context, subject seal.Subject) error {
	h, err := readHead(ctx, l.db, selectHead)
	if err != nil {
		return err
	}
	start := l.now()
	var walk *addresses
	for left := true; left; {
		var at addressed
		if walk != nil {
			at = walk.last
		}
		err := l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			left = false
			task, err := lockedTask(ctx, tx, forgetTasks+string(subject))
			if err != nil || task == nil { // another process was faster
				return err
			}
			// A rebuild may just be deriving addresses with a key that it read before.
			if _, err := lockedTask(ctx, tx, rebuildTask); err != nil {
				return err
			}
			if walk == nil {
				var ok bool
				if walk, ok = l.addressesOf(subject, task.NextSeq); !ok {
					return fault.New(fault.Internal, "the task that forgets addresses of %.80q is none of keytrail's: delete it from ledger_task", string(subject))
				}
				at = walk.last
			}
			walk.last = at
			if left, err = walk.drop(ctx, tx); err != nil || left {
				return err
			}
			return settleForgetting(ctx, tx, subject, task, start, h.Size)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// settleForgetting notes that all entries before end have been looked at, and drops the task when no more can come.
func settleForgetting(ctx context.Context, tx *mysql.Tx, subject seal.Subject, task *taskRow, start time.Time, end uint64) error {
	if start.Before(task.HeldUntil) {
		_, err := tx.Exec(ctx, moveTask, end, forgetTasks+string(subject))
		return err
	}
	_, err := tx.Exec(ctx, dropTask, forgetTasks+string(subject))
	return err
}
