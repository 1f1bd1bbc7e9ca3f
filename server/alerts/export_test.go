package alerts

// Remember bounds how much the rules may remember together, before they run.
func (r *CustomRules) Remember(most int) { r.remembered = most }
