package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
)

func TestCodesThatAreMadeAtTheSameTimeAreEachOfTheirOwnValueAndKey(t *testing.T) {
	t.Parallel()
	keys := []*dataKey{{raw: []byte("one")}, {raw: []byte("another")}}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for i := range 200 {
				key, value := keys[(n+i)%2], fmt.Append(nil, "value ", n, i)
				want := hmac.New(sha256.New, key.raw)
				want.Write(value)
				if !hmac.Equal(key.mac(value), want.Sum(nil)) {
					t.Errorf("the code of %s is another's", value)
				}
			}
		})
	}
	all.Wait()
}
