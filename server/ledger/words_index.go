package ledger

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// The words of entries are put into entry_word by whoever follows the ledger, a batch in a transaction that also moves
// the task's place. Its row is locked by all who add or remove words, so that pruning leaves none behind.

const wordsTask = "words"

// wordsPause is how long entries gather before their words are added: a transaction for each handful would cost twice as much.
const wordsPause = 100 * time.Millisecond

const (
	insertWords = "INSERT INTO entry_word (word, occurred_at, seq) VALUES "
	wordColumns = 3

	selectWordsPlace = "SELECT next_seq FROM ledger_task WHERE name = 'words'"
	selectIndexed    = "SELECT seq FROM entry_index WHERE seq >= ? AND seq < ?"
	selectWords      = "SELECT word, occurred_at, seq FROM entry_word WHERE seq >= ? AND seq < ? ORDER BY seq, word"
	dropWord         = "DELETE FROM entry_word WHERE word = ? AND occurred_at = ? AND seq = ?"
	strayWords       = "SELECT DISTINCT i.seq FROM entry_word i LEFT JOIN {ledger}.entry e ON e.seq = i.seq WHERE i.seq >= ? AND e.seq IS NULL ORDER BY i.seq LIMIT 256"
	dropWords        = "DELETE FROM entry_word WHERE seq IN (?)"
	countWord        = "SELECT COUNT(*) FROM (SELECT 1 FROM entry_word WHERE word = ? LIMIT ?) w"
)

// RunWords makes entries findable by their words, from where any process has, until ctx ends. Those that come alone are at once,
// those that follow closely a tenth of a second later.
func (l *Ledger) RunWords(ctx context.Context) error {
	next, err := l.wordsPlace(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	l.Consume(ctx, next, func(ctx context.Context, entries []Entry) error {
		err := l.indexWords(ctx, entries)
		if err == nil && len(entries) < followBatch {
			rest(ctx, wordsPause)
		}
		return err
	})
	return nil
}

// IndexWords makes all entries findable by their words that are there when it is called.
func (l *Ledger) IndexWords(ctx context.Context) error {
	h, err := readHead(ctx, l.db, selectHead)
	if err != nil {
		return err
	}
	for {
		next, err := l.wordsPlace(ctx)
		if err != nil || next >= h.Size {
			return err
		}
		entries, err := l.Read(ctx, l.db, next, followBatch)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return fault.New(fault.Internal, "entry %d cannot be read: run keytrail verify", next)
		}
		if err := l.indexWords(ctx, entries); err != nil {
			return err
		}
	}
}

func (l *Ledger) wordsPlace(ctx context.Context) (next uint64, err error) {
	return next, l.db.Get(ctx, &next, selectWordsPlace)
}

// indexWords adds the words of entries that no process has added yet and that were not pruned meanwhile.
func (l *Ledger) indexWords(ctx context.Context, entries []Entry) error {
	return l.db.Inserting().InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		task, err := lockedTask(ctx, tx, wordsTask)
		end := entries[len(entries)-1].Seq + 1
		if err != nil || task == nil || end <= task.NextSeq {
			return err
		}
		there, err := indexed(ctx, tx, SeqRange{entries[0].Seq, end})
		if err != nil {
			return err
		}
		var rows []any
		for i := range entries {
			if e := &entries[i]; e.Seq >= task.NextSeq && there[e.Seq] {
				rows = appendWords(rows, e)
			}
		}
		if err := insertRows(ctx, tx, insertWords, "", wordColumns, rows); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, moveTask, end, wordsTask)
		return err
	})
}

func appendWords(rows []any, e *Entry) []any {
	for _, word := range e.Words() {
		rows = append(rows, []byte(word), e.OccurredAt, e.Seq)
	}
	return rows
}

// indexed gives the entries of a run that are there.
func indexed(ctx context.Context, tx *mysql.Tx, run SeqRange) (map[uint64]bool, error) {
	var seqs []uint64
	if err := tx.Select(ctx, &seqs, selectIndexed, run.From, run.To); err != nil {
		return nil, err
	}
	there := make(map[uint64]bool, len(seqs))
	for _, seq := range seqs {
		there[seq] = true
	}
	return there, nil
}

// CountWord tells how many entries have a word, folded as Words gives it, and limit where there are more.
func (l *Ledger) CountWord(ctx context.Context, q mysql.Querier, word string, limit int) (n int, err error) {
	return n, q.Get(ctx, &n, countWord, []byte(word), limit)
}

// wordRow is a row of entry_word, comparable.
type wordRow struct {
	word       string
	occurredAt time.Time
	seq        uint64
}

// mendWords replaces the words of the entries of a run that are not as they must be, and gives how many those were.
// What is not indexed yet stays so.
func mendWords(ctx context.Context, tx *mysql.Tx, run SeqRange, entries []Entry) (int, error) {
	task, err := lockedTask(ctx, tx, wordsTask)
	if err != nil || task == nil {
		return 0, err
	}
	wanted := map[wordRow]bool{}
	for i := range entries {
		if e := &entries[i]; e.Seq < task.NextSeq {
			for _, word := range e.Words() {
				wanted[wordRow{word, e.OccurredAt.UTC(), e.Seq}] = true
			}
		}
	}
	var rows []struct {
		Word       []byte    `db:"word"`
		OccurredAt time.Time `db:"occurred_at"`
		Seq        uint64    `db:"seq"`
	}
	if err := tx.Select(ctx, &rows, selectWords, run.From, run.To); err != nil {
		return 0, err
	}
	have := make([]wordRow, len(rows))
	for i, r := range rows {
		have[i] = wordRow{string(r.Word), r.OccurredAt.UTC(), r.Seq}
	}
	wrong, missing := difference(have, wanted)
	for _, r := range wrong {
		if _, err := tx.Exec(ctx, dropWord, []byte(r.word), r.occurredAt, r.seq); err != nil {
			return 0, err
		}
	}
	var lost []any
	for _, one := range missing {
		lost = append(lost, []byte(one.word), one.occurredAt, one.seq)
	}
	return len(wrong) + len(missing), insertRows(ctx, tx, insertWords, "", wordColumns, lost)
}
