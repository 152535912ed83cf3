// The floors of the house and what breaks them.

/** Folder under src/ -> floor. A folder may import itself and lower floors; two folders of one floor do not know each other. */
export const floors: Readonly<Record<string, number>> = {
  kit: 0,
  contract: 0,
  wire: 1,
  pool: 1,
  demo: 1,
  store: 2,
  upstream: 2,
  codex: 2,
  gateway: 3,
  accounts: 3,
  keys: 3,
  usage: 3,
  sessions: 3,
  sync: 3,
  admin: 4,
  jobs: 4,
  service: 5,
  cli: 6,
  shell: 6,
  "main.ts": 7,
};

/** Folders that may import less than their floor allows. */
const only: Readonly<Record<string, readonly string[]>> = { demo: ["kit"] };

/** Folders that do no I/O and read no clock, environment or randomness: all of that is passed in. */
export const pureFolders = ["wire", "pool", "contract"];

/** Parts of Node that only compute. */
export const pureModules = new Set(["node:buffer", "node:crypto", "node:url", "node:util", "node:string_decoder"]);

export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** `src/pool/x.ts` -> `pool`; null for what is not under src/. */
export function folderOf(path: string): string | null {
  return /^src\/([^/]+)/.exec(path)?.[1] ?? null;
}

/** Imports that climb: one line `file -> import: reason` for each. */
export function climbingImports(graph: ImportGraph): readonly string[] {
  return [...graph].flatMap(([file, imports]) =>
    imports.flatMap((target) => {
      const reason = objection(file, target);
      return reason === null ? [] : [`${file} -> ${target}: ${reason}`];
    }),
  );
}

function objection(file: string, target: string): string | null {
  if (!/^(?:src|test|scripts|bench|bin|web)\//.test(target)) return null;
  const from = folderOf(file);
  if (from === null) return null;
  const to = folderOf(target);
  if (to === null) return `src never imports ${target.split("/")[0]}`;
  if (from === to) return null;
  const [fromFloor, toFloor] = [floors[from], floors[to]];
  if (fromFloor === undefined || toFloor === undefined) return `${fromFloor === undefined ? from : to} has no floor`;
  if (toFloor >= fromFloor) return `${from} (floor ${fromFloor}) may not know ${to} (floor ${toFloor})`;
  const allowed = only[from];
  return allowed && !allowed.includes(to) ? `${from} imports only ${allowed.join(", ")}` : null;
}

/** Ways from a pure folder to a module that is not allowed there, each as `a.ts -> b.ts -> node:fs`. */
export function impureChains(graph: ImportGraph, isImpure: (module: string) => boolean): readonly string[] {
  const starts = [...graph.keys()].filter((file) => pureFolders.includes(folderOf(file) ?? ""));
  return starts.flatMap((start) => {
    const chain = chainTo(graph, start, isImpure);
    return chain === null ? [] : [chain.join(" -> ")];
  });
}

/** The shortest chain of imports from `start` to a module that matches. */
function chainTo(graph: ImportGraph, start: string, matches: (module: string) => boolean): readonly string[] | null {
  const seen = new Set([start]);
  const queue: (readonly string[])[] = [[start]];
  for (const chain of queue) {
    for (const target of graph.get(chain.at(-1) ?? "") ?? []) {
      if (matches(target)) return [...chain, target];
      if (!seen.has(target)) queue.push([...chain, target]);
      seen.add(target);
    }
  }
  return null;
}
