/** A piece of a path as it is meant; as it stands where it is no valid encoding. */
export function pathWord(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
