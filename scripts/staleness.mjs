// Whether something that was made from files is older than one of them. Folders count too: theirs changes when a file goes.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Epoch ms of the last change; 0 for what is not there. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function withContent(path) {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, name))] : [path];
}

/** @param {string} made @param {readonly string[]} sources files, or folders with everything in them */
export function isStale(made, sources) {
  const madeAt = changedAt(made);
  return madeAt === 0 || sources.flatMap(withContent).some((path) => changedAt(path) > madeAt);
}
