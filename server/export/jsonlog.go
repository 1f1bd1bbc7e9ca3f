package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
	if j.prove == nil {
		return j.write(l, l.body, nil)
	}
	signed, proof, err := j.prove.of(l.Seq)
	if err != nil {
		return err
	}
	if signed != nil {
		if err := j.write(signed, nil, nil); err != nil {
			return err
		}
	}
	return j.write(l, l.body, proof)
}

// write writes a value as one object, to which a body is added byte by byte, and its proof where it has one.
func (j *jsonLog) write(value any, body []byte, proof []ledger.Hash) error {
	j.line.Reset()
	if j.begun {
		j.line.WriteString(j.between)
	} else {
		j.line.WriteString(j.begin)
	}
	j.begun = true
	encoder := json.NewEncoder(&j.line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	if j.line.Truncate(j.line.Len() - len("\n")); body != nil {
		j.line.Truncate(j.line.Len() - len("}"))
		j.line.WriteString(`,"body":`)
		j.line.Write(body)
		j.addProof(proof)
		j.line.WriteString("}")
	}
	_, err := j.to.Write(j.line.Bytes())
	return err
}

// addProof adds hashes, none for the only entry of a tree, and nothing where there is no proof.
func (j *jsonLog) addProof(proof []ledger.Hash) {
	if proof == nil {
		return
	}
	j.line.WriteString(`,"proof":[`)
	for i, hash := range proof {
		if i > 0 {
			j.line.WriteString(",")
		}
		fmt.Fprintf(&j.line, `"%x"`, hash)
	}
	j.line.WriteString("]")
}

func (j *jsonLog) discard() {}

func (j *jsonLog) close() error {
	end := j.end
	if !j.begun {
		if j.begin == "" { // no lines at all
			return nil
		}
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

// of proves an entry. signed is not nil where the entry lies behind the tree so far, and another begins.
func (p *lineProver) of(seq uint64) (signed *signedTree, proof []ledger.Hash, err error) {
	if p.prover == nil || seq >= p.size {
		checkpoint, err := p.ledger.Checkpoint(p.ctx)
		if err != nil {
			return nil, nil, err
		}
		if p.prover, err = p.ledger.NewProver(p.ctx, checkpoint.Size); err != nil {
			return nil, nil, err
		}
		p.size, signed = checkpoint.Size, &signedTree{checkpoint.Note}
	}
	proof, err = p.prover.Inclusion(p.ctx, seq)
	return signed, proof, err
}
