package config

// Keeping says when entries whose time is over are deleted, and where archives of them lie.
type Keeping struct {
	Retention      string `help:"How often entries that were kept for long enough are archived and deleted: daily, weekly (on Mondays) or off. How long that is, is set in the app." default:"daily" enum:"daily,weekly,off" env:"KEYTRAIL_RETENTION"`
	RetentionHour  int    `help:"Hour of the display zone at which that begins." default:"2" env:"KEYTRAIL_RETENTION_HOUR"`
	RetentionGrace int    `help:"Days for which every entry stays after it was recorded, however old it says it is." default:"7" env:"KEYTRAIL_RETENTION_GRACE"`
}

// Validate checks the settings of keeping.
func (k Keeping) Validate() error {
	if k.RetentionHour < 0 || k.RetentionHour > 23 {
		return invalid("KEYTRAIL_RETENTION_HOUR", "is %d: write 0 to 23", k.RetentionHour)
	}
	if k.RetentionGrace < 0 || k.RetentionGrace > 365 {
		return invalid("KEYTRAIL_RETENTION_GRACE", "is %d: write 0 to 365", k.RetentionGrace)
	}
	return nil
}
