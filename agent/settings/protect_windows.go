package settings

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

var errEmpty = errors.New("nothing is stored")

// protect encrypts with a key that Windows keeps for this person (DPAPI).
func protect(plain []byte) ([]byte, error) {
	return transform(plain, func(in, out *windows.DataBlob) error {
		return windows.CryptProtectData(in, nil, nil, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, out)
	})
}

func unprotect(kept []byte) ([]byte, error) {
	return transform(kept, func(in, out *windows.DataBlob) error {
		return windows.CryptUnprotectData(in, nil, nil, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, out)
	})
}

func transform(text []byte, by func(in, out *windows.DataBlob) error) ([]byte, error) {
	if len(text) == 0 {
		return nil, errEmpty
	}
	var out windows.DataBlob
	if err := by(&windows.DataBlob{Size: uint32(len(text)), Data: &text[0]}, &out); err != nil {
		return nil, err
	}
	defer windows.LocalFree(windows.Handle(unsafe.Pointer(out.Data)))
	return append([]byte(nil), unsafe.Slice(out.Data, out.Size)...), nil
}
