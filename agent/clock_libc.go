//go:build linux && libcclock

package main

// #include <time.h>
import "C"

import "time"

// wall reads the machine's clock through libc, which Go never does by itself, so that tests can set it (libfaketime).
func wall() time.Time {
	var now C.struct_timespec
	C.clock_gettime(C.CLOCK_REALTIME, &now)
	return time.Unix(int64(now.tv_sec), int64(now.tv_nsec))
}
