// Whether the lockfile can be installed on every platform, told from the lockfile alone. `npm install` leaves out, without a
// word, a binding that the registry at hand does not hold yet, and `npm ci` then fails on the machines that need it.

import { z } from "zod";

const dependencies = z.record(z.string(), z.string()).optional();
const lockedPackage = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  dependencies,
  optionalDependencies: dependencies,
  devDependencies: dependencies,
  peerDependencies: dependencies,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).optional(),
});
const lockfileShape = z.object({ packages: z.record(z.string(), lockedPackage) });
const manifestShape = z.object({ dependencies, devDependencies: dependencies, optionalDependencies: dependencies });

type LockedPackage = z.infer<typeof lockedPackage>;

/** Sentences about what is missing or should not be there; none when the lockfile is complete. */
export function lockfileProblems(lockfile: unknown, manifest: unknown): readonly string[] {
  const { packages } = lockfileShape.parse(lockfile);
  const entries = Object.entries(packages);
  return [
    ...entries.flatMap(([path, entry]) => missingDependencies(path, entry, packages)),
    ...entries.filter(([path]) => path !== "").flatMap(([path, entry]) => badEntry(path, entry)),
    ...outOfStep(packages[""] ?? {}, manifestShape.parse(manifest)),
  ];
}

function missingDependencies(path: string, entry: LockedPackage, packages: Record<string, LockedPackage>): string[] {
  const isNeededPeer = ([name]: [string, string]) => entry.peerDependenciesMeta?.[name]?.optional !== true;
  const peers = Object.fromEntries(Object.entries(entry.peerDependencies ?? {}).filter(isNeededPeer));
  const needed = {
    ...peers,
    ...entry.dependencies,
    ...entry.optionalDependencies,
    ...(path === "" ? entry.devDependencies : {}),
  };
  return Object.entries(needed).flatMap(([name, range]) => {
    const found = resolve(path, name, packages);
    if (found === undefined) return [`${name}@${range}, needed by ${path || "package.json"}, is not in the lockfile`];
    const isExact = /^\d+\.\d+\.\d+/.test(range);
    return isExact && found !== range ? [`${name} is ${found}, but ${path || "package.json"} needs ${range}`] : [];
  });
}

/** Node's own search: from the package's folder upwards. */
function resolve(from: string, name: string, packages: Record<string, LockedPackage>): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const version = packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`]?.version;
    if (version !== undefined || folder === "") return version;
  }
}

function badEntry(path: string, { resolved, integrity }: LockedPackage): string[] {
  return [
    ...(resolved === undefined ? [] : [`${path} names the host it came from (${resolved})`]),
    ...(integrity === undefined ? [`${path} has no integrity`] : []),
  ];
}

function outOfStep(root: LockedPackage, manifest: z.infer<typeof manifestShape>): string[] {
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"] as const;
  return kinds.flatMap((kind) => {
    const [locked, wanted] = [root[kind] ?? {}, manifest[kind] ?? {}];
    const names = new Set([...Object.keys(locked), ...Object.keys(wanted)]);
    return [...names]
      .filter((name) => locked[name] !== wanted[name])
      .map((name) => `package.json and the lockfile disagree about ${name} in ${kind}`);
  });
}
