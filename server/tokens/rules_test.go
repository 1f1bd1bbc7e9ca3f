package tokens

import (
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
)

func TestATokenHasASourceThatExternalNamesCanHave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ name, source, want, wrong string }{
		"from the name":      {"ERP system", "", "erp-system", ""},
		"as given":           {"ERP system", " erp ", "erp", ""},
		"capitals":           {"ERP", "ERP", "", "source"},
		"spaces":             {"ERP", "erp system", "", "source"},
		"too long":           {"ERP", strings.Repeat("e", 65), "", "source"},
		"keytrail's own":     {"Keytrail", "", "", "source"},
		"nothing of a name":  {"…", "", "", "source"},
		"no name":            {" ", "erp", "", "name"},
		"a name of one line": {"a\nb", "erp", "", "name"},
	} {
		in, err := CreateInput{Name: c.name, Source: c.source, Role: access.RoleIntegrator}.tidy(time.Now())
		f, _ := fault.As(err)
		switch {
		case c.wrong != "" && (f == nil || f.Field != c.wrong):
			t.Errorf("%s: %v", name, err)
		case c.wrong == "" && (err != nil || in.Source != c.want):
			t.Errorf("%s: %q, %v", name, in.Source, err)
		}
	}
}
