package fault

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// stored is a text as Stored writes it. Each argument is a string, as it stands in the English text, or a text.
type stored struct {
	Format string `json:"format"`
	Args   []any  `json:"args,omitempty"`
}

// Stored gives the text to be kept, so that Recall gives it back and it can be said in any language. What is longer than
// most, in bytes, is kept in English alone, and cut.
func (t Text) Stored(most int) string {
	kept, err := json.Marshal(t.stored())
	if err != nil || len(kept) > most || t.IsZero() {
		return strings.ToValidUTF8(t.english[:min(len(t.english), most)], "")
	}
	return string(kept)
}

func (t Text) stored() stored {
	said := make([]string, len(t.args))
	noted := make([]any, len(t.args))
	for i, arg := range t.args {
		noted[i] = noting{arg, &said[i]}
	}
	_ = fmt.Sprintf(t.format, noted...)
	s := stored{Format: t.format}
	for i, arg := range t.args {
		if inner, ok := arg.(Text); ok {
			s.Args = append(s.Args, inner.stored())
			continue
		}
		s.Args = append(s.Args, said[i])
	}
	return s
}

// Recall gives back a text that was Stored.
func Recall(kept string) Text {
	var read map[string]any
	if json.Unmarshal([]byte(kept), &read) != nil {
		return Text{english: kept}
	}
	return recall(read)
}

func recall(read map[string]any) Text {
	format, _ := read["format"].(string)
	args, _ := read["args"].([]any)
	for i, arg := range args {
		switch a := arg.(type) {
		case map[string]any:
			args[i] = recall(a)
		case string:
			args[i] = asWritten(a)
		}
	}
	return Text{format: format, args: args, english: fmt.Sprintf(format, args...)}
}

// noting notes how an argument is written.
type noting struct {
	value any
	said  *string
}

// Format implements fmt.Formatter.
func (n noting) Format(state fmt.State, verb rune) {
	*n.said = fmt.Sprintf(fmt.FormatString(state, verb), n.value)
}

// asWritten is an argument that was written already, whatever the verb.
type asWritten string

// Format implements fmt.Formatter.
func (a asWritten) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, string(a)) }
