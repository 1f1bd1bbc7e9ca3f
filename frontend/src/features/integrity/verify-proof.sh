#!/bin/bash
# Checks a proof that was downloaded from keytrail, with jq, openssl (3 or newer) and xxd only:
#   bash verify-proof.sh keytrail-proof-123.json ['the verifier key that you were given']
set -euo pipefail
proof=$1
sha256() { openssl dgst -sha256 -r | cut -d' ' -f1; }
hash_of() { printf %s "$1" | xxd -r -p | sha256; }
hex() { openssl base64 -d -A | xxd -p -c 256; }
field() { jq -er "$1" "$proof"; }
wrong() { echo "WRONG: $1"; exit 1; }
# The proof comes from whoever is to be checked: nothing in it is taken for a number or a hash before it looks like one.
# Bash would run a command that stands inside a number it computes with.
is_number() { [[ $1 =~ ^(0|[1-9][0-9]{0,17})$ ]]; }
is_hash() { [[ $1 =~ ^[0-9a-f]{64}$ ]]; }

entry=$(field .inclusionProof.seq)
size=$(field .inclusionProof.treeSize)
is_number "$entry" || wrong 'the number of the entry is none'
is_number "$size" || wrong 'the size of the tree is no number'
[ "$entry" -lt "$size" ] || wrong 'the entry is not in the tree'

# 1. The entry: SHA-256 of its bytes is the leaf's data.
if [ "$(jq -r '.body == null' "$proof")" = true ]; then
  bytes=no
  data=$(field .inclusionProof.leafData | hex)
  is_hash "$data" || wrong 'the hash of the entry does not have 32 bytes'
else
  bytes=yes
  data=$(jq -j .body "$proof" | sha256)
fi
# 2. The leaf: SHA-256 of 00 and the data (RFC 6962, section 2.1).
node=$(hash_of "00$data")
# 3. The way up to the root: SHA-256 of 01, left and right (RFC 9162, section 2.1.3.2).
place=$entry last=$((size - 1))
mapfile -t siblings < <(jq -r '.inclusionProof.hashes[]' "$proof")
for sibling in "${siblings[@]}"; do
  sibling=$(printf %s "$sibling" | hex)
  is_hash "$sibling" || wrong 'a hash of the proof does not have 32 bytes'
  [ "$last" -gt 0 ] || wrong 'the proof has too many hashes'
  if [ $((place % 2)) = 1 ] || [ "$place" = "$last" ]; then
    node=$(hash_of "01$sibling$node")
    while [ $((place % 2)) = 0 ] && [ "$place" != 0 ]; do place=$((place / 2)) last=$((last / 2)); done
  else
    node=$(hash_of "01$node$sibling")
  fi
  place=$((place / 2)) last=$((last / 2))
done
[ "$last" = 0 ] || wrong 'the proof has too few hashes'

# 4. The checkpoint: its second line is the size, its third the root.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
field .checkpoint.note > "$work/note"
sed '/^$/,$d' "$work/note" > "$work/text"
[ "$(sed -n 2p "$work/text")" = "$size" ] || wrong 'the checkpoint is of another size'
[ "$(sed -n 3p "$work/text" | hex)" = "$node" ] || wrong 'the way ends at another root than the signed one'
echo "entry $entry of $size leads to the root $node"

# 5. The signature: Ed25519 over the text (C2SP signed-note). The key has one byte for its kind in front, the signature
#    four for the key's hash.
key=${2:-$(field .checkpoint.verifierKey)}
{ echo 302a300506032b6570032100 | xxd -r -p; printf %s "${key#*+*+}" | openssl base64 -d -A | tail -c 32; } > "$work/key"
awk -v name="${key%%+*}" '$1 == "\342\200\224" && $2 == name { print $3; exit }' "$work/note" \
  | openssl base64 -d -A | tail -c 64 > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key" -keyform DER -rawin -in "$work/text" -sigfile "$work/signature"
printf 'signed with %q\n' "$key"
if [ "$bytes" = yes ]; then
  echo "Verified: entry $entry is in the ledger, unchanged."
else
  echo "Entry $entry: the hash is in the ledger; the bytes were not checked."
fi
