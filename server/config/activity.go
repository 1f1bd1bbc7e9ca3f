package config

// Activity says what is taken out of what programs report.
type Activity struct {
	MaskFields []string `help:"Further names of fields and headers whose values are masked in what programs report, besides passwords, tokens, cookies and their like: every field in whose name one of them stands." env:"KEYTRAIL_MASK_FIELDS"`
}
