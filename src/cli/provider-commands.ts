// The commands about providers.

import type { CommandEntry } from "./commands.ts";

const keyEnv = { flags: "--key-env <name>", help: "providerKeyEnv" } as const;
const noKey = { flags: "--no-key", help: "providerNoKey" } as const;
const group = { flags: "--group <name>", help: "providerGroup" } as const;
const label = { flags: "--label <text>", help: "providerKeyLabel" } as const;

const place = [
  { flags: "--kind <kind>", help: "providerKind" },
  { flags: "--format <format>", help: "providerFormat" },
  { flags: "--address <url>", help: "providerAddress" },
  { flags: "--api-version <version>", help: "providerApiVersion" },
  { flags: "--on-my-network <answer>", help: "providerOnMyNetwork" },
  { flags: "--proxy <url>", help: "providerProxy" },
] as const;

const terms = [
  { flags: "--name <name>", help: "providerName" },
  { flags: "--models <names>", help: "providerModels" },
  { flags: "--model-names <pairs>", help: "providerModelNames" },
  { flags: "--paid <answer>", help: "providerPaid" },
  { flags: "--sort <number>", help: "providerSort" },
] as const;

export const providerCommands: readonly CommandEntry[] = [
  {
    path: ["provider", "presets"],
    help: "providerPresets",
    load: () => import("./commands/provider-presets.ts"),
  },
  { path: ["provider", "list"], help: "providerList", load: () => import("./commands/provider-list.ts") },
  {
    path: ["provider", "add"],
    help: "providerAdd",
    args: "[preset]",
    options: [...place, ...terms, keyEnv, noKey, group, label],
    load: () => import("./commands/provider-add.ts"),
  },
  {
    path: ["provider", "set"],
    help: "providerSet",
    args: "<provider>",
    options: [
      ...place.filter(({ help }) => help !== "providerKind"),
      ...terms,
      { flags: "--enabled <answer>", help: "providerEnabled" },
    ],
    load: () => import("./commands/provider-set.ts"),
  },
  {
    path: ["provider", "test"],
    help: "providerTest",
    args: "[provider]",
    options: [
      { flags: "--preset <id>", help: "providerPreset" },
      { flags: "--account <account>", help: "providerAccount" },
      { flags: "--model <name>", help: "providerModel" },
      ...place,
      keyEnv,
      noKey,
    ],
    load: () => import("./commands/provider-test.ts"),
  },
  {
    path: ["provider", "key-add"],
    help: "providerKeyAdd",
    args: "<provider>",
    options: [keyEnv, group, label],
    load: () => import("./commands/provider-key-add.ts"),
  },
  {
    path: ["provider", "models"],
    help: "providerModels",
    args: "<provider>",
    options: [{ flags: "--keep", help: "providerKeepModels" }],
    load: () => import("./commands/provider-models.ts"),
  },
  {
    path: ["provider", "remove"],
    help: "providerRemove",
    args: "<provider>",
    load: () => import("./commands/provider-remove.ts"),
  },
];
