import { type Bytes, concatenated, equal, fromBase64, sha256, toBase64, utf8 } from './bytes';

/** What became of the check of a signed note. */
export type NoteVerdict =
  | 'verified'
  /** No signature of the note was made with this key, or it does not fit the text. */
  | 'wrong-signature'
  /** Note or verifier key cannot be read. */
  | 'malformed'
  /** This browser's WebCrypto has no Ed25519. */
  | 'unsupported';

/** The text of a checkpoint: log name, number of entries, root hash. */
export interface CheckpointText {
  origin: string;
  size: bigint;
  rootHash: Bytes;
}

interface VerifierKey {
  name: string;
  hash: Bytes;
  key: Bytes;
}

const ed25519 = 1;
const signatureMark = '\u2014 ';

/**
 * Verifies a signed note (the format of golang.org/x/mod/sumdb/note) with a verifier key
 * `<name>+<hash>+<base64 of 0x01 and the ed25519 public key>`.
 */
export async function verifyNote(note: string, verifierKey: string): Promise<NoteVerdict> {
  const parts = splitNote(note);
  const verifier = await parseVerifierKey(verifierKey);
  if (!parts || !verifier) return 'malformed';
  const signature = signatureOf(parts.signatures, verifier);
  if (!signature) return 'wrong-signature';
  return verifyEd25519(verifier.key, signature, utf8(parts.text));
}

/** The text that is signed, its last newline included, and the lines of signatures; null when malformed. */
export function splitNote(note: string): { text: string; signatures: string[] } | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const signatures = note.slice(end + 2, -1).split('\n');
  if (!signatures.every((line) => line.startsWith(signatureMark))) return null;
  return { text: note.slice(0, end + 1), signatures };
}

/** Reads a checkpoint's text (C2SP tlog-checkpoint); null when it is none. */
export function parseCheckpoint(text: string): CheckpointText | null {
  const [origin, size, root] = text.split('\n');
  if (!origin || !size || !root || !/^(0|[1-9]\d*)$/.test(size)) return null;
  const rootHash = bytesOf(root);
  return rootHash?.length === 32 ? { origin, size: BigInt(size), rootHash } : null;
}

async function parseVerifierKey(line: string): Promise<VerifierKey | null> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(line.trim());
  const [, name, hash, encoded] = match ?? [];
  const typed = bytesOf(encoded ?? '');
  if (!name || !hash || typed?.length !== 33 || typed[0] !== ed25519) return null;
  const expected = (await sha256(concatenated(utf8(`${name}\n`), typed))).slice(0, 4);
  const given = Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return equal(expected, given) ? { name, hash: expected, key: typed.slice(1) } : null;
}

function signatureOf(lines: string[], verifier: VerifierKey): Bytes | null {
  for (const line of lines) {
    const [name, encoded] = line.slice(signatureMark.length).split(' ');
    const bytes = bytesOf(encoded ?? '');
    if (name === verifier.name && bytes?.length === 68 && equal(bytes.slice(0, 4), verifier.hash)) {
      return bytes.slice(4);
    }
  }
  return null;
}

async function verifyEd25519(key: Bytes, signature: Bytes, text: Bytes): Promise<NoteVerdict> {
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    const fits = await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, text);
    return fits ? 'verified' : 'wrong-signature';
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return 'unsupported';
    return 'malformed';
  }
}

/** Strictly canonical base64; null otherwise. */
function bytesOf(text: string): Bytes | null {
  try {
    const bytes = fromBase64(text);
    return text !== '' && toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
