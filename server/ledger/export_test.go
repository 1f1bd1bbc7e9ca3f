package ledger

// Waiting gives how many calls of Record wait for a batch to take them.
func (l *Ledger) Waiting() int {
	l.group.mu.Lock()
	defer l.group.mu.Unlock()
	return len(l.group.waiting)
}

// Leaders gives how many callers of Record commit batches, or were asked to.
func (l *Ledger) Leaders() int {
	l.group.mu.Lock()
	defer l.group.mu.Unlock()
	return l.group.leaders
}
