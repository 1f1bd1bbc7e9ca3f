package config

// Activity says how much programs may report, and what is taken out of it.
type Activity struct {
	IntakePerSecond int      `help:"Lines that one caller of POST /intake/activity may have recorded in a second; four times as many at once after a rest." default:"20000" env:"KEYTRAIL_INTAKE_PER_SECOND"`
	NewPeoplePerDay int      `help:"People whom one source may name for the first time in a day (UTC)." default:"10000" env:"KEYTRAIL_NEW_PEOPLE_PER_DAY"`
	MaskFields      []string `help:"Further names of fields and headers whose values are masked in what programs report, besides passwords, tokens, cookies and their like: every field in whose name one of them stands." env:"KEYTRAIL_MASK_FIELDS"`
}

// Validate checks the settings.
func (a Activity) Validate() error {
	if a.IntakePerSecond < 1 || a.IntakePerSecond > 1_000_000 {
		return invalid("KEYTRAIL_INTAKE_PER_SECOND", "is %d: write 1 to 1000000", a.IntakePerSecond)
	}
	if a.NewPeoplePerDay < 1 || a.NewPeoplePerDay > 10_000_000 {
		return invalid("KEYTRAIL_NEW_PEOPLE_PER_DAY", "is %d: write 1 to 10000000", a.NewPeoplePerDay)
	}
	return nil
}
