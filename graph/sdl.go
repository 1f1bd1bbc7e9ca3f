package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/keytrail/keytrail/graph/generated"
)

// SDL gives the schema as text.
func SDL() string {
	var text strings.Builder
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	formatter.NewFormatter(&text).FormatSchema(schema)
	return text.String()
}
