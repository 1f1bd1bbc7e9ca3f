package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	cachedDocuments = 400
	// cachedText is the longest document, in bytes, that is remembered.
	cachedText = 8 << 10
)

// documents remembers parsed and checked documents, but no long ones, so that its memory stays bounded.
type documents struct{ *lru.LRU[*ast.QueryDocument] }

func newDocuments() graphql.Cache[*ast.QueryDocument] {
	return documents{lru.New[*ast.QueryDocument](cachedDocuments)}
}

// Add implements graphql.Cache.
func (d documents) Add(ctx context.Context, text string, document *ast.QueryDocument) {
	if len(text) <= cachedText {
		d.LRU.Add(ctx, text, document)
	}
}
