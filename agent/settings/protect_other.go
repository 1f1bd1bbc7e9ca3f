//go:build !windows

package settings

func protect(plain []byte) ([]byte, error) { return plain, nil }

func unprotect(kept []byte) ([]byte, error) { return kept, nil }
