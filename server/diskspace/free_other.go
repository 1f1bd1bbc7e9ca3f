//go:build !linux && !darwin

// Package diskspace tells how much room a disk has left.
package diskspace

import "errors"

// Free fails with errors.ErrUnsupported: it is not known how to ask here.
func Free(string) (share float64, err error) { return 0, errors.ErrUnsupported }
