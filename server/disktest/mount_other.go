//go:build !linux

package disktest

import "errors"

func mount(string, int) error { return errors.New("this system is not Linux") }

func unmount(string) error { return nil }
