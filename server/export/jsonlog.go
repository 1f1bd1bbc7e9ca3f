package export

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/keytrail/keytrail/server/ledger"
)

// jsonLog writes entries as JSON, a line each, with something between them.
type jsonLog struct {
	to           io.Writer
	begin        string
	between, end string
	begun        bool
	line         bytes.Buffer
	prove        *lineProver // nil where no proofs were asked for
}

// newJSONLog writes an array, and newNDJSONLog lines alone. docs/entry-export.md says what is in them.
func newJSONLog(w io.Writer, prove *lineProver) *jsonLog {
	return &jsonLog{to: w, begin: "[", between: ",\n", end: "]\n", prove: prove}
}

func newNDJSONLog(w io.Writer, prove *lineProver) *jsonLog {
	return &jsonLog{to: w, between: "\n", end: "\n", prove: prove}
}

func (j *jsonLog) add(l *logLine) error {
	if j.prove != nil {
		signed, err := j.prove.add(l)
		if err != nil {
			return err
		}
		if signed != nil {
			if err := j.write(signed); err != nil {
				return err
			}
		}
	}
	return j.write(l)
}

func (j *jsonLog) write(value any) error {
	j.line.Reset()
	if j.begun {
		j.line.WriteString(j.between)
	} else {
		j.line.WriteString(j.begin)
	}
	j.begun = true
	encoder := json.NewEncoder(&j.line)
	encoder.SetEscapeHTML(false) // which would change bodies
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := j.to.Write(bytes.TrimSuffix(j.line.Bytes(), []byte("\n")))
	return err
}

func (j *jsonLog) discard() {}

func (j *jsonLog) close() error {
	if !j.begun && j.end == "\n" { // no lines at all
		return nil
	}
	end := j.end
	if !j.begun {
		end = j.begin + end
	}
	_, err := io.WriteString(j.to, end)
	return err
}

// signedTree is the line under whose checkpoint the entries behind it are proved.
type signedTree struct {
	Checkpoint string `json:"checkpoint"`
}

// lineProver proves lines. It is for one goroutine.
type lineProver struct {
	ctx    context.Context
	ledger *ledger.Ledger
	prover *ledger.Prover // nil before the first line
	size   uint64
}

// add adds its proof to a line. signed is not nil where the line lies behind the tree so far, and another begins.
func (p *lineProver) add(l *logLine) (signed *signedTree, err error) {
	if p.prover == nil || l.Seq >= p.size {
		checkpoint, err := p.ledger.Checkpoint(p.ctx)
		if err != nil {
			return nil, err
		}
		if p.prover, err = p.ledger.NewProver(p.ctx, checkpoint.Size); err != nil {
			return nil, err
		}
		p.size, signed = checkpoint.Size, &signedTree{checkpoint.Note}
	}
	hashes, err := p.prover.Inclusion(p.ctx, l.Seq)
	if err != nil {
		return nil, err
	}
	l.Proof = make([]string, len(hashes))
	for i, hash := range hashes {
		l.Proof[i] = hex.EncodeToString(hash[:])
	}
	return signed, nil
}
