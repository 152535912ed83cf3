// The pages of docs/ that are generated. Another page is one line in this table.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { cliPage } from "./cli-page.ts";
import { rpcPage } from "./rpc-page.ts";
import type { Language } from "./settings-page.ts";
import { settingsPage } from "./settings-page.ts";

const pages: readonly { readonly file: string; readonly render: (language: Language) => string }[] = [
  { file: "settings.md", render: settingsPage },
  { file: "rpc.md", render: rpcPage },
  { file: "cli.md", render: cliPage },
];

const folders: Readonly<Record<Language, string>> = { en: "docs/en", zh: "docs/zh-CN" };

interface Page {
  /** Relative to the package's root. */
  readonly path: string;
  readonly text: string;
}

function renderAll(): readonly Page[] {
  return (Object.keys(folders) as Language[]).flatMap((language) =>
    pages.map(({ file, render }) => ({ path: `${folders[language]}/${file}`, text: render(language) })),
  );
}

/** Paths of the generated pages that do not say what the tables say now. */
export function stalePages(root: string): readonly string[] {
  return renderAll().flatMap(({ path, text }) => (written(join(root, path)) === text ? [] : [path]));
}

/** Writes the pages that are stale and returns their paths. */
export function writePages(root: string): readonly string[] {
  const stale = stalePages(root);
  for (const { path, text } of renderAll().filter((page) => stale.includes(page.path))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return stale;
}

function written(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
