package people_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
)

func TestMaskIsStableForOneViewerForADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t, people.CreateInput{Name: "Anna", Department: "One"},
		people.CreateInput{Name: "Viewer", Department: "Two"}, people.CreateInput{Name: "Another", Department: "Two"})
	viewer, another := acting(made[1], "member"), acting(made[2], "member")
	mask := b.people.DisplayName(viewer, made[0].ID)
	if strings.Contains(mask, "Anna") || mask == "" {
		t.Fatalf("the mask is %q", mask)
	}
	b.clock.advance(13 * time.Hour)
	if again := b.people.DisplayName(viewer, made[0].ID); again != mask {
		t.Errorf("the mask changed from %q to %q within a day", mask, again)
	}
	if elsewhere := b.another(t).people.DisplayName(viewer, made[0].ID); elsewhere != mask {
		t.Errorf("another process masks %q as %q", mask, elsewhere)
	}
	if other := b.people.DisplayName(another, made[0].ID); other == mask {
		t.Error("two viewers see the same mask")
	}
	b.clock.advance(24 * time.Hour)
	if later := b.people.DisplayName(viewer, made[0].ID); later == mask {
		t.Error("the mask outlived the day")
	}
	if b.people.DisplayName(nil, made[0].ID) == "Anna" || b.people.DisplayName(viewer, id.New()) == "" {
		t.Error("nobody and an unknown person have no masks")
	}
}

func TestAMaskBeginsWithAWordOfTheCallersLanguageAndIsOtherwiseTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t, people.CreateInput{Name: "Anna", Department: "One"}, people.CreateInput{Name: "Viewer", Department: "Two"})
	viewer := acting(made[1], "member")
	shown := map[language.Tag]string{}
	for _, tag := range []language.Tag{language.English, language.Latvian} {
		p, _ := b.people.As(fault.WithLanguage(t.Context(), tag), viewer, made[0].ID)
		shown[tag] = p.Name
	}
	code, english := strings.CutPrefix(shown[language.English], "Person ")
	if !english || shown[language.Latvian] != "Persona "+code {
		t.Errorf("the masks are %q", shown)
	}
	if file := b.people.DisplayName(viewer, made[0].ID); file != shown[language.English] {
		t.Errorf("in a file the mask is %q", file)
	}
}

func TestNamesAreShownToThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t, people.CreateInput{Name: "Anna", Department: "One", Email: "a@example.lv"}, people.CreateInput{Name: "Viewer", Department: "One"})
	for role, want := range map[string]string{"member": "", "manager": "a@example.lv", "custodian": "", "auditor": "a@example.lv"} {
		viewer := acting(made[1], role)
		shown, ok := b.people.As(t.Context(), viewer, made[0].ID)
		if !ok || shown.Email != want {
			t.Errorf("a %s is shown the e-mail %q", role, shown.Email)
		}
		masked := role == "member"
		if (shown.Name != "Anna") != masked || (b.people.DisplayName(viewer, made[0].ID) != "Anna") != masked {
			t.Errorf("a %s is shown the name %q", role, shown.Name)
		}
	}
	if _, ok := b.people.As(t.Context(), acting(made[1], "admin"), id.New()); ok {
		t.Error("an unknown person is shown")
	}
}
