#!/usr/bin/env node
// The original's name for `codexmanager service`.
process.argv.splice(2, 0, "service");
await import("./codexmanager.js");
