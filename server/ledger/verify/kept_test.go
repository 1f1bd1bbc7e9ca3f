package verify

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestACheckpointThatWasChangedInItsFileIsToldFromOneThatACrashLeftHalfWritten(t *testing.T) {
	t.Parallel()
	signer, verifier := fuzzKey(t)
	root := base64.StdEncoding.EncodeToString(make([]byte, hashSize))
	five := string(signed(t, signer, fuzzOrigin+"\n5\n"+root+"\n"))
	six := string(signed(t, signer, fuzzOrigin+"\n6\n"+root+"\n"))
	kept, err := ReadKept(strings.NewReader(strings.Replace(five, "\n5\n", "\n4\n", 1)+"\n"+six+"\n"), verifier)
	if err != nil || len(kept.Checkpoints) != 1 || kept.Unreadable != 1 || kept.Changed != 1 || len(kept.Findings()) != 1 {
		t.Errorf("changed: %+v %v", kept, err)
	}
	for end := 1; end < len(five)-1; end++ { // all but the end of the line
		kept, err := ReadKept(strings.NewReader(five[:end]+"\n\n"+six+"\n"), verifier)
		if err != nil || len(kept.Checkpoints) != 1 || kept.Changed != 0 || len(kept.Findings()) != 0 {
			t.Errorf("cut off behind %d bytes: %+v %v", end, kept, err)
		}
	}
	other := strings.ReplaceAll(five, fuzzOrigin, "example.org/other")
	if kept, err := ReadKept(strings.NewReader(other+"\n"+six+"\n"), verifier); err != nil || kept.Unreadable != 1 || kept.Changed != 0 {
		t.Errorf("another log: %+v %v", kept, err)
	}
}
