package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// Documents are the operations that the app sends, by the SHA-256 of their texts in hexadecimal, and the rule that says
// who may send others: one of config.DocumentRules, of which "" is the first.
type Documents struct {
	Texts map[string]string
	Rule  string
}

// knownDocuments finds documents by their hash, and refuses others to those whom the rule names.
type knownDocuments struct {
	Documents
	known map[string]bool // by text
}

func newKnownDocuments(d Documents) *knownDocuments {
	k := &knownDocuments{d, map[string]bool{}}
	for _, text := range d.Texts {
		k.known[text] = true
	}
	return k
}

// resolve puts the text into a request that names its document by a hash. UNKNOWN_DOCUMENT when there is none such, and
// when the caller may send no others; BAD_USER_INPUT when hash and text do not belong together.
func (k *knownDocuments) resolve(ctx context.Context, params *graphql.RawParams) error {
	if hash, given := wire.DocumentHash(params); given && params.Query == "" {
		params.Query = k.Texts[hash]
		if params.Query == "" {
			return fault.New(fault.UnknownDocument, "This server knows no document with that hash: send the query itself.")
		}
	} else if given && hash != hashOf(params.Query) {
		return fault.New(fault.BadInput, "The hash in extensions.persistedQuery is not the SHA-256 of the query, in hexadecimal.")
	}
	if k.mayBeAny(request.Actor(ctx)) || k.known[params.Query] {
		return nil
	}
	return fault.New(fault.UnknownDocument,
		"This server answers only the documents of its own app here. Load the app again if it is yours; a program needs a token, or an operator who sets KEYTRAIL_DOCUMENTS.")
}

func (k *knownDocuments) mayBeAny(actor *access.Actor) bool {
	switch k.Rule {
	case "", config.AnyDocument:
		return true
	case config.KnownDocuments:
		return actor != nil && !actor.Token.IsZero()
	}
	return false
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
