package signin_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/signin"
)

func BenchmarkRequest(b *testing.B) {
	s := setup(b)
	s.account(b, "anna", "admin")
	w, _ := s.mustSignIn(b, "anna")
	for b.Loop() {
		if !w.use(b) {
			b.Fatal("the session ended")
		}
	}
}

func BenchmarkSignIn(b *testing.B) {
	s := setupWith(b, signin.Config{Argon2: signin.DefaultArgon2()})
	s.account(b, "anna", "admin")
	for b.Loop() {
		s.mustSignIn(b, "anna")
	}
}

func BenchmarkWrongPassword(b *testing.B) {
	s := setupWith(b, signin.Config{Argon2: signin.DefaultArgon2()})
	s.account(b, "anna", "admin")
	for b.Loop() {
		_, _, _ = s.signIn(b, "anna", "wrong password")
		s.clock.advance(2 * time.Hour)
	}
}
