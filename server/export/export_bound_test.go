package export

import "time"

// BundleTime bounds how long case bundles of a handler may take.
func (h *Handler) BundleTime(most time.Duration) { h.bundleTime = most }
