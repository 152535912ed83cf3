#!/usr/bin/env node
// The original's name for `codexmanager web`.
process.argv.splice(2, 0, "web");
await import("./codexmanager.js");
