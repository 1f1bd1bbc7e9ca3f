package export

import "time"

// AskAlways has a handler ask after each page whether its reader may still have a file.
func (h *Handler) AskAlways() { h.pace = 0 }

// BundleTime bounds how long case bundles of a handler may take.
func (h *Handler) BundleTime(most time.Duration) { h.bundleTime = most }
