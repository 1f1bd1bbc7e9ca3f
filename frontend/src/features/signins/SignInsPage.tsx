export function SignInsPage() {
  return null;
}
