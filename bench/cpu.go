package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// clockTick is Linux's USER_HZ, in which /proc counts CPU time.
const clockTick = time.Second / 100

// cpuOf gives the CPU time that processes have used, user and system (proc(5), fields 14 and 15 of stat). Unlike
// the clock, it hardly minds what else the machine does.
func cpuOf(pids ...int) time.Duration {
	var ticks int64
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // not Linux, or the process is gone
		}
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		for _, field := range fields[11:13] {
			n, _ := strconv.ParseInt(string(field), 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * clockTick
}

// cpuMeter measures what this process and others use from now on.
type cpuMeter struct {
	others         []int
	own, usedThere time.Duration
}

func newCPUMeter(others ...int) cpuMeter {
	return cpuMeter{others: others, own: cpuOf(os.Getpid()), usedThere: cpuOf(others...)}
}

// per gives what was used for each of so many units.
func (m cpuMeter) per(units int) (own, others time.Duration) {
	n := time.Duration(max(units, 1))
	return (cpuOf(os.Getpid()) - m.own) / n, (cpuOf(m.others...) - m.usedThere) / n
}
