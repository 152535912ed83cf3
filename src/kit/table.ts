// Plain-text tables for terminals. Chinese, Japanese and Korean characters and most symbols take two columns.

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many terminal columns a text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Columns as wide as their widest cell, two blanks apart, no blanks at line ends. Cells must be single lines. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_title, column) =>
    Math.max(...[header, ...rows].map((row) => textWidth(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? "";
        return cell + " ".repeat(width - textWidth(cell));
      })
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line).join("\n");
}
