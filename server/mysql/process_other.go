//go:build !unix

package mysql

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

var (
	terminate      os.Signal = os.Kill
	errUnsupported           = errors.New("a private database needs unix sockets, which mariadbd has not here")
)

func childAttributes() *syscall.SysProcAttr { return nil }
func isServerOf(int, string) bool           { return false }
func stillRuns(int, string) bool            { return false }
func ownedByMe(fs.FileInfo) bool            { return true }
func flock(*os.File, bool) (bool, error)    { return false, errUnsupported }
