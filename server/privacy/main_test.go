package privacy_test

import (
	"fmt"
	"os"
	"testing"
)

// TestMain is also the process that a test kills: with childEnv set it completes erasures and ends where it is told to.
func TestMain(m *testing.M) {
	if settings := os.Getenv(childEnv); settings != "" {
		if err := child(settings); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
