// Writes the generated pages of docs/; with --check only says which are stale and exits 1.

import { stalePages, writePages } from "./docs/pages.ts";

const root = `${import.meta.dirname}/..`;
const isCheck = process.argv.includes("--check");
const paths = isCheck ? stalePages(root) : writePages(root);

for (const path of paths) console.log(isCheck ? `stale: ${path} (npm run docs writes it)` : `written: ${path}`);
if (!isCheck && paths.length === 0) console.log("all generated pages are up to date");
process.exitCode = isCheck && paths.length > 0 ? 1 : 0;
