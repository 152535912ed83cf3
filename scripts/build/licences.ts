// The licences of the packages that ended up in the bundle, which their terms ask to be passed on.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

const manifestShape = z.object({ name: z.string(), version: z.string(), license: z.string() });
const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

/** One text for all packages that the given files belong to, sorted by name. */
export function licencesOf(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => packageFolder.exec(file)?.[0] ?? []));
  const sections = [...folders].map(licenceOf).toSorted((a, b) => a.localeCompare(b));
  return `${sections.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

function licenceOf(folder: string): string {
  const { name, version, license } = manifestShape.parse(
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8")),
  );
  const texts = globSync("{LICENSE,LICENCE,license,licence,NOTICE}*", { cwd: folder }).toSorted();
  const text = texts.map((path) => readFileSync(join(folder, path), "utf8").trim()).join("\n\n");
  return `${name} ${version} (${license})\n\n${text}`.trimEnd();
}
