// Package interop holds tests only: a tlog-tiles client that is not keytrail's own checks what a keytrail server
// publishes. It is a module of its own, so that none of keytrail's code can take part in the checking.
package interop
