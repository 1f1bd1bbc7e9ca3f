package verify

import (
	"context"
	"maps"
	"slices"
)

const (
	keyDestroyedAction = "privacy.key_destroyed"
	subjectRole        = "subject"
	keyPage            = 1000
)

// Key is a stored data key, under which parts of entries are sealed.
type Key struct {
	Subject string `db:"subject"`
	// Usable says that its bytes are there and that it does not count as destroyed.
	Usable bool `db:"usable"`
}

// keyRecord is what the entries say of keys, by subject.
type keyRecord struct {
	// unusable are those that were destroyed before the head was read, so that an entry must say so.
	unusable []string
	// destroyed holds the entry that says it of each, used the first entry that has a part sealed under each.
	destroyed, used map[string]uint64
}

// readUnusable notes the keys that are destroyed as the verification begins.
func (v *verification) readUnusable(ctx context.Context) error {
	return v.eachKey(ctx, func(k Key) {
		if !k.Usable {
			v.keys.unusable = append(v.keys.unusable, k.Subject)
		}
	})
}

func (v *verification) eachKey(ctx context.Context, do func(Key)) error {
	for after := ""; ; {
		page, err := v.src.Keys(ctx, after, keyPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, k := range page {
			do(k)
		}
		after = page[len(page)-1].Subject
	}
}

// noteKeys remembers what an entry says of keys.
func (r *keyRecord) noteKeys(seq uint64, b *body) {
	for _, part := range b.Sealed {
		if _, known := r.used[part.Subject]; !known {
			r.used[part.Subject] = seq
		}
	}
	if b.Action != keyDestroyedAction {
		return
	}
	for _, ref := range b.Refs {
		if ref.Role == subjectRole {
			r.destroyed[ref.ID] = seq
		}
	}
}

// checkKeys holds the stored keys against what the entries say: one is destroyed if and only if an entry says so, and
// none is missing that something is sealed under. (Entries about keys are never pruned.)
func (v *verification) checkKeys(ctx context.Context) error {
	for _, subject := range v.keys.unusable {
		if _, said := v.keys.destroyed[subject]; !said {
			v.find(-1, "the key of %s was destroyed, and no entry says so: what is sealed under it can no longer be read", subject)
		}
	}
	missing := maps.Clone(v.keys.used)
	err := v.eachKey(ctx, func(k Key) {
		delete(missing, k.Subject)
		if seq, said := v.keys.destroyed[k.Subject]; said && k.Usable {
			v.find(int64(seq), "it says that the key of %s was destroyed, and the key is there", k.Subject)
		}
	})
	for _, subject := range slices.Sorted(maps.Keys(missing)) {
		v.find(int64(missing[subject]), "the key of %s is missing, under which a part of it is sealed", subject)
	}
	return err
}
