package legacy

// AskAlways has a handler ask with each element of a list whether its reader may still have it.
func (h *Handler) AskAlways() { h.pace = 0 }
