package main

import (
	"os"

	"golang.org/x/sys/windows"
)

const parentProcess = ^uintptr(0)

// attachConsole lets a program without a window of its own write into the console that it was called from.
func attachConsole() {
	if handle, err := windows.GetStdHandle(windows.STD_OUTPUT_HANDLE); err == nil && handle != 0 {
		return // redirected
	}
	if ok, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole").Call(parentProcess); ok == 0 {
		return
	}
	if console, err := os.OpenFile("CONOUT$", os.O_RDWR, 0); err == nil {
		os.Stdout, os.Stderr = console, console
	}
}
