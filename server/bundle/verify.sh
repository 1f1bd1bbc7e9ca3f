#!/bin/bash
# Verifies a case bundle of a keytrail log with bash, jq, openssl (3 or newer), xxd, awk, sed and coreutils:
#   bash verify.sh 'THE PUBLIC KEY' [FOLDER or BUNDLE.zip]
# The public key has to come from somewhere else than the bundle. Without a folder, the one of this script is meant.
#
# The bundle comes from whoever is to be checked. Every line of it must have its exact form before anything in it is
# taken for a number or a hash, and nothing of it is ever evaluated, split or used as a name.
set -euo pipefail
export LC_ALL=C
wrong() { printf 'WRONG: %s\n' "$1"; exit 1; }
trap 'printf "WRONG: the check broke off in line %s\n" "$LINENO"' ERR
[ $# -ge 1 ] && [ $# -le 2 ] || wrong "say: bash verify.sh 'THE PUBLIC KEY' [FOLDER or BUNDLE.zip]"
key=$1 from=${2:-$(dirname -- "${BASH_SOURCE[0]}")}
for tool in jq openssl xxd awk sed grep sha256sum split base64; do
  command -v "$tool" > /dev/null || wrong "the program $tool is needed"
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

most=10000                        # entries in a bundle
files='case.json checkpoint entries.ndjson proofs.ndjson vkey'
everything=$'README.txt\ncase.json\ncheckpoint\nentries.ndjson\nproofs.ndjson\nreadable.ndjson\nverify.sh\nvkey'
sizes=(1048576 1048576 402653184 67108864 1048576) # the most bytes of each of the files

# 0. The files, each no longer than it can be.
mkdir "$work/in"
if [ -f "$from" ]; then
  command -v unzip > /dev/null || wrong 'the program unzip is needed: unpack the bundle with what you have, and name the folder'
  names=$(unzip -Z1 -- "$from" 2> /dev/null | head -n 20 | sort) || wrong 'it is no ZIP file'
  [ "$names" = "$everything" ] || wrong 'the ZIP file does not hold exactly the files of a case bundle'
fi
at=0
for file in $files; do
  if [ -f "$from" ]; then
    unzip -P none -p -- "$from" "$file" 2> /dev/null | head -c $((sizes[at] + 1)) > "$work/in/$file" || wrong "the file $file cannot be unpacked, or is too long"
  else
    [ -f "$from/$file" ] && [ ! -L "$from/$file" ] || wrong "the file $file is missing"
    head -c $((sizes[at] + 1)) < "$from/$file" > "$work/in/$file"
  fi
  at=$((at + 1))
done
cd "$work/in"
at=0
for size in $(stat -c %s $files); do
  [ "$size" -gt 0 ] && [ "$size" -le "${sizes[at]}" ] || wrong 'a file is empty, or longer than any that keytrail writes'
  at=$((at + 1))
done
[ "$(cat case.json checkpoint vkey | tr -dc '\000' | wc -c)" = 0 ] || wrong 'a text holds a zero byte'
[ "$(tail -q -c 1 $files | xxd -p)" = 0a0a0a0a0a ] || wrong 'the last line of a file has no end'

# Base64 that can be written in one way only, of 32 bytes and of any length.
b64='[A-Za-z0-9+/]'
base64_any="($b64{4})*($b64[AQgw]==|$b64{2}[AEIMQUYcgkosw048]=)?"
base64_32="$b64{42}[AEIMQUYcgkosw048]="
number='(0|[1-9][0-9]{0,14})'     # all below 2^53
hash='[0-9a-f]{64}'
hex() { base64 -d | xxd -p -c 256; }
# These count instead of asking, so that a grep that fails, or is cut off, is never taken for one that found nothing.
none_but() { [ "$(grep -avc "$@" || true)" = 0 ]; }
none_with() { [ "$(grep -ac "$@" || true)" = 0 ]; }
lines_are() { none_but -E -e "^($2)\$" "$1"; }

# 1. The key: NAME+HASH+BASE64, where HASH begins SHA-256(name, line end, 01, 32 bytes).
[[ $key =~ ^([^+[:space:][:cntrl:]]+)\+([0-9a-f]{8})\+(A$b64{43})$ ]] || wrong 'this is no verifier key: it is one line that begins with the name of the log'
name=${BASH_REMATCH[1]} keyhash=${BASH_REMATCH[2]}
public=$(printf %s "${BASH_REMATCH[3]}" | hex)
[[ $public =~ ^01[0-9a-f]{64}$ ]] || wrong 'this is no verifier key of Ed25519'
own=$({ printf '%s\n' "$name"; printf %s "$public" | xxd -r -p; } | sha256sum)
[ "${own:0:8}" = "$keyhash" ] || wrong 'this is no verifier key: it was mistyped'
printf '%s\n' "$key" | cmp -s - vkey || wrong 'the bundle names another public key than yours'

# 2. The checkpoint: name, size, root, an empty line and one signature, which is Ed25519 over the first three lines.
[ "$(wc -l < checkpoint)" = 5 ] || wrong 'the checkpoint does not have five lines'
mapfile -t note < checkpoint
[ "${note[0]}" = "$name" ] || wrong 'the checkpoint is of another log'
[[ ${note[1]} =~ ^$number$ ]] || wrong 'the checkpoint has no size'
[[ ${note[2]} =~ ^$base64_32$ ]] || wrong 'the checkpoint has no root'
[ -z "${note[3]}" ] || wrong 'the checkpoint is none'
size=${note[1]} root=$(printf %s "${note[2]}" | hex)
signer=$(printf '\342\200\224 %s ' "$name")
signature=${note[4]#"$signer"}
[ "$signer$signature" = "${note[4]}" ] && [[ $signature =~ ^$b64{90}[AEIMQUYcgkosw048]=$ ]] || wrong 'the checkpoint bears no signature of this log'
signature=$(printf %s "$signature" | hex)
[ "${signature:0:8}" = "$keyhash" ] || wrong 'the checkpoint was signed with another key than yours'
head -n 3 checkpoint > "$work/text"
printf %s "${signature:8}" | xxd -r -p > "$work/signature"
printf %s "302a300506032b6570032100${public:2}" | xxd -r -p > "$work/key"
openssl pkeyutl -verify -pubin -inkey "$work/key" -keyform DER -rawin -in "$work/text" -sigfile "$work/signature" > /dev/null 2>&1 ||
  wrong 'the signature of the checkpoint is not valid: it was changed after it was signed'

# 3. The form of each line.
lines_are entries.ndjson "\\{\"seq\":$number,\"leafIndex\":$number,\"leafHash\":\"$hash\",(\"body\":\"$base64_any\"|\"leafData\":\"$hash\",\"prunedBy\":$number)\\}" ||
  wrong 'a line of entries.ndjson is no entry'
lines_are proofs.ndjson "\\{\"seq\":$number,\"leafIndex\":$number,\"treeSize\":$number,\"hashes\":\\[(\"$hash\"(,\"$hash\")*)?\\]\\}" ||
  wrong 'a line of proofs.ndjson is no proof'
count=$(wc -l < entries.ndjson)
[ "$count" -le "$most" ] || wrong 'there are more entries than a bundle holds'
[ "$count" = "$(wc -l < proofs.ndjson)" ] || wrong 'there are not as many proofs as entries'

# 4. Numbers: strictly ascending, each its place in the tree, and the same in both files.
cut -d, -f1 entries.ndjson | cut -d: -f2 > "$work/seqs"
cut -d, -f2 entries.ndjson | cut -d: -f2 | cmp -s - "$work/seqs" || wrong 'an entry does not stand at the place of its number'
awk 'NR > 1 && $1 <= last { exit 1 } { last = $1 }' "$work/seqs" || wrong 'the numbers of the entries do not ascend'
awk -v size="$size" '$1 >= size { exit 1 }' "$work/seqs" || wrong 'an entry lies behind the end of the tree'
cut -d, -f1 proofs.ndjson | cut -d: -f2 | cmp -s - "$work/seqs" || wrong 'the proofs are not those of the entries'
cut -d, -f2 proofs.ndjson | cut -d: -f2 | cmp -s - "$work/seqs" || wrong 'a proof is of another place than its entry'
cut -d, -f3 proofs.ndjson | cut -d: -f2 > "$work/treesizes"
none_but -xF -e "$size" "$work/treesizes" || wrong 'a proof is of another size than the checkpoint'

# 5. What the case says of itself: one object, no field twice, and what the rest of the bundle says.
pruned=$(grep -c '"prunedBy":' entries.ndjson) || true
[ "$pruned" -ge 0 ] || wrong 'the pruned entries cannot be counted'
[ "$(head -c 1 case.json)" = '{' ] || wrong 'case.json is no object'
[ "$(tr -dc '\000-\037' < case.json | xxd -p)" = 0a ] || wrong 'case.json is not one line, or holds control characters'
sed 's/\\\\//g' case.json > "$work/plain"
none_with -i -e '\\ud[89a-f]' "$work/plain" || wrong 'case.json holds half a character'
sed 's/\\"//g; s/"[^"]*"//g' "$work/plain" > "$work/bare" # without its texts
none_but -E -e '^[][{}:,]+((-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null)[][{}:,]+)*$' "$work/bare" ||
  wrong 'case.json holds what only some programs read'
tr -dc '[]{}' < "$work/bare" |
  awk -v RS='.' '{ for (i = 1; i <= length($0); i++) { depth += index("[{", substr($0, i, 1)) ? 1 : -1; if (depth > 64) exit 1 } }' ||
  wrong 'case.json is nested deeper than keytrail writes it'
jq -se --arg origin "$name" --arg size "$size" --arg root "$root" --arg entries "$count" --arg pruned "$pruned" '
  length == 1 and (.[0] | type == "object" and keys == ["asked", "entries", "format", "origin", "pruned", "root", "treeSize"]
  and .format == "keytrail-case/1" and .origin == $origin and .treeSize == $size and .root == $root
  and .entries == $entries and .pruned == $pruned and (.asked | type == "object" and length > 0))' case.json > /dev/null 2>&1 ||
  wrong 'case.json does not say what the bundle holds'
{ jq -c --stream 'select(length == 2 and (.[0] | length) == 1)' case.json | wc -l | grep -qx 6 &&
  jq -c --stream 'select(length == 1 and (.[0] | length) == 2)' case.json | wc -l | grep -qx 1; } || wrong 'case.json says something twice'

# hashes gives SHA-256 of each line of hexadecimal digits; all stand for as many bytes.
hashes() {
  rm -rf -- "$work/parts"
  mkdir "$work/parts"
  xxd -r -p | split -b "$1" -a 6 -d - "$work/parts/"
  (cd "$work/parts" && printf '%s\0' * | xargs -0 sha256sum) | cut -c1-64
}

# 6. Entries: SHA-256 of the body is the leaf's data, and SHA-256 of 00 and the data the leaf's hash.
#    A body is JSON without line ends, so that each is a line here; one that is not has another hash.
mkdir "$work/bodies"
: > "$work/digests"
if [ "$pruned" -lt "$count" ]; then
  # What is no UTF-8, jq would put other bytes in place of.
  jq -en 'all(inputs; .body == null or .body == (.body | @base64d | @base64))' entries.ndjson > /dev/null 2>&1 || wrong 'the body of an entry is no text'
  jq -r '.body // empty | @base64d' entries.ndjson > "$work/texts" 2> /dev/null || wrong 'the body of an entry cannot be read'
  [ "$(tr -dc '\000' < "$work/texts" | wc -c)" = 0 ] || wrong 'the body of an entry holds a zero byte'
  [ "$(wc -l < "$work/texts")" = $((count - pruned)) ] || wrong 'the body of an entry has several lines'
  awk -v folder="$work/bodies" 'BEGIN { ORS = "" } { file = sprintf("%s/%06d.raw", folder, NR - 1); print $0 > file; close(file) }' "$work/texts"
  (cd "$work/bodies" && printf '%s\0' *.raw | xargs -0 sha256sum) | cut -c1-64 > "$work/digests"
  [ "$(wc -l < "$work/digests")" = $((count - pruned)) ] || wrong 'the body of an entry is none'
fi
awk -F'"' -v digests="$work/digests" '$10 == "body" { if ((getline line < digests) < 1) exit 1; print "00" line; next } { print "00" $12 }' \
  entries.ndjson | hashes 33 > "$work/leaves"
cut -d'"' -f8 entries.ndjson | cmp -s - "$work/leaves" || wrong 'an entry does not have the hash of its leaf: it was changed'

# 7. The way up to the root, all entries a step at a time and what several share once: SHA-256 of 01, left and right (RFC 9162, section 2.1.3.2).
cut -d'[' -f2 proofs.ndjson | tr -d '"]}' | tr , ' ' > "$work/siblings"
awk -v size="$size" '{ printf "%.0f %.0f\n", $1, size - 1 }' "$work/seqs" > "$work/places"
cp "$work/leaves" "$work/nodes"
for ((step = 1; step <= 64; step++)); do
  paste -d' ' "$work/places" "$work/nodes" "$work/siblings" > "$work/state"
  awk -v n=$((step + 3)) 'NF >= n { found = 1; exit } END { exit !found }' "$work/state" || break
  awk -v n=$((step + 3)) -v places="$work/places" -v pairs="$work/pairs" '
    BEGIN { printf "" > pairs; printf "" > places }
    NF < n { printf "%.0f %.0f\n", $1, $2 > places; next }
    $2 == 0 { exit 1 }
    {
      place = $1; last = $2
      if (place % 2 == 1 || place == last) {
        print "01" $n $3 > pairs
        while (place % 2 == 0 && place != 0) { place /= 2; last = int(last / 2) }
      } else print "01" $3 $n > pairs
      printf "%.0f %.0f\n", int(place / 2), int(last / 2) > places
    }' "$work/state" || wrong 'a proof has too many hashes'
  sort -u "$work/pairs" > "$work/unique"
  hashes 65 < "$work/unique" > "$work/parents"
  paste -d' ' "$work/unique" "$work/parents" > "$work/hashed"
  awk -v n=$((step + 3)) -v pairs="$work/pairs" '
    NR == FNR { parent[$1] = $2; next }
    NF >= n { if ((getline pair < pairs) < 1 || !(pair in parent)) exit 1; print parent[pair]; next }
    { print $3 }' "$work/hashed" "$work/state" > "$work/nodes"
done
awk '$2 != 0 { exit 1 }' "$work/places" || wrong 'a proof has too few hashes'
[ "$(wc -l < "$work/nodes")" = "$count" ] || wrong 'not every proof was followed'
none_but -xF -e "$root" "$work/nodes" || wrong 'the proof of an entry ends at another root than the signed one'

# 8. What was pruned: an entry of this bundle, further on, says so. Its bytes are proven by now.
if [ "$pruned" -gt 0 ]; then
  { grep '"prunedBy":' entries.ndjson || true; } | tr -d '}' | awk -F'[:,]' '{ print $NF, $2 }' > "$work/claims"
  [ "$(wc -l < "$work/claims")" = "$pruned" ] || wrong 'the pruned entries cannot be read'
  awk '$1 <= $2 { exit 1 }' "$work/claims" || wrong 'an entry was pruned by one that lies in front of it'
  grep '"body":' entries.ndjson | cut -d, -f1 | cut -d: -f2 > "$work/whole" || true
  cut -d' ' -f1 "$work/claims" | sort -u > "$work/claimed"
  while IFS= read -r by; do
    at=$(grep -nxF -e "$by" "$work/whole" | cut -d: -f1) || wrong "the entry $by, which says what was pruned, is not in the bundle"
    awk -v by="$by" '$1 == by { print $2 }' "$work/claims" | jq -s . > "$work/gone"
    jq -e --slurpfile gone "$work/gone" --argjson by "$by" '
      def whole: type == "number" and . >= 0 and . == floor and . <= 9007199254740991;
      .action == "log.pruned" and .stream == "system" and .source == "keytrail"
      and (.details.ranges | type == "array" and all(.[]; type == "array" and length == 2 and all(.[]; whole) and .[0] < .[1]))
      and (.details.ranges as $r | all(range(1; $r | length); $r[. - 1][1] <= $r[.][0]) and ($r | length > 0 and last[1] <= $by)
      and all($gone[0][]; . as $seq | any($r[]; .[0] <= $seq and $seq < .[1])))' \
      "$(printf '%s/bodies/%06d.raw' "$work" $((at - 1)))" > /dev/null 2>&1 || wrong "the entry $by does not say that what it is named for was pruned"
  done < "$work/claimed"
fi

printf 'Verified: %d entries (%d of them pruned) are in the log %s of %s entries, unchanged, under the root %s.\n' "$count" "$pruned" "$name" "$size" "$root"
echo 'Not verified, since no hash covers it: readable.ndjson, and whether other entries fit what was asked for.'
