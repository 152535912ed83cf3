#!/usr/bin/env node
// The original's name for `codexmanager start`.
process.argv.splice(2, 0, "start");
await import("./codexmanager.js");
