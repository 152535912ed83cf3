// Counts the tokens of one text piece by piece, in a time that grows with its length and no faster, whatever it holds.

export type CountPiece = (text: string) => number;

const PIECE = 32 * 1024;
/** Nobody's words are longer; base64, hashes and minified code are. They cost a tokenizer most, up to the square of it. */
const LONGEST_WORD = 256;
/** So much of such text is counted, the rest is taken to be like it. */
const DENSE_SAMPLE = 64 * 1024;

const LONG_WORD = new RegExp(`\\S{${LONGEST_WORD}}`);

export function countText(text: string, count: CountPiece): number {
  let tokens = 0;
  const dense = { tokens: 0, counted: 0, skipped: 0 };
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start, PIECE);
    const piece = text.slice(start, end);
    if (!LONG_WORD.test(piece)) tokens += count(piece);
    else if (dense.counted >= DENSE_SAMPLE) dense.skipped += piece.length;
    else {
      dense.tokens += countDense(piece, count);
      dense.counted += piece.length;
    }
    start = end;
  }
  return tokens + Math.ceil(dense.tokens + (dense.tokens * dense.skipped) / Math.max(1, dense.counted));
}

function countDense(piece: string, count: CountPiece): number {
  let tokens = 0;
  for (let start = 0; start < piece.length;) {
    const end = endOfPiece(piece, start, LONGEST_WORD);
    tokens += count(piece.slice(start, end));
    start = end;
  }
  return tokens;
}

/** Between two words, where there are any: hardly a token reaches over a blank. */
function endOfPiece(text: string, start: number, most: number): number {
  if (text.length - start <= most) return text.length;
  const limit = start + most;
  const blank = Math.max(text.lastIndexOf(" ", limit), text.lastIndexOf("\n", limit));
  const end = blank > start + most / 2 ? blank : limit;
  const isInsidePair = /[\uD800-\uDBFF]/.test(text[end - 1] ?? "");
  return isInsidePair ? end - 1 : end;
}
