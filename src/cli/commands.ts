// The table of commands. Another one is a file under commands/ and an entry here; its code is loaded only when it runs.

import type { Run } from "./context.ts";
import { providerCommands } from "./provider-commands.ts";
import type { Words } from "./words/en.ts";

export interface CommandEntry {
  readonly path: readonly [string, string] | readonly [string];
  readonly help: keyof Words["commands"];
  /** As commander writes them: `<file...>`, `[key]`. */
  readonly args?: string;
  readonly options?: readonly { readonly flags: string; readonly help: keyof Words["options"] }[];
  /** The same command under another path. */
  readonly alias?: readonly [string, string];
  readonly load: () => Promise<{ readonly run: Run }>;
}

const serviceAddr = { flags: "--service-addr <address>", help: "serviceAddr" } as const;
const webAddr = { flags: "--web-addr <address>", help: "webAddr" } as const;
const noOpen = { flags: "--no-open", help: "noOpen" } as const;

export const commands: readonly CommandEntry[] = [
  {
    path: ["start"],
    help: "start",
    options: [serviceAddr, webAddr, noOpen],
    load: () => import("./commands/start.ts"),
  },
  { path: ["service"], help: "service", options: [serviceAddr], load: () => import("./commands/service.ts") },
  {
    path: ["web"],
    help: "web",
    options: [serviceAddr, webAddr, noOpen],
    load: () => import("./commands/web.ts"),
  },
  {
    path: ["demo"],
    help: "demo",
    options: [{ flags: "--no-traffic", help: "noTraffic" }],
    load: () => import("./commands/demo.ts"),
  },
  { path: ["status"], help: "status", load: () => import("./commands/status.ts") },
  { path: ["watch"], help: "watch", load: () => import("./commands/watch.ts") },
  {
    path: ["account", "import"],
    help: "accountImport",
    args: "<files...>",
    load: () => import("./commands/account-import.ts"),
  },
  {
    path: ["account", "login"],
    help: "accountLogin",
    args: "[account]",
    options: [
      { flags: "--code", help: "signInCode" },
      { flags: "--paste <address>", help: "signInPaste" },
      { flags: "--workspace <id>", help: "signInWorkspace" },
      noOpen,
    ],
    load: () => import("./commands/account-login.ts"),
  },
  { path: ["account", "list"], help: "accountList", load: () => import("./commands/account-list.ts") },
  {
    path: ["account", "set"],
    help: "accountSet",
    args: "<account>",
    options: [
      { flags: "--priority <number>", help: "priority" },
      { flags: "--mark <mark>", help: "mark" },
      { flags: "--max-inflight <number>", help: "accountMaxInflight" },
      { flags: "--group <name>", help: "group" },
      { flags: "--tags <names>", help: "tags" },
      { flags: "--note <text>", help: "note" },
      { flags: "--label <text>", help: "label" },
    ],
    load: () => import("./commands/account-set.ts"),
  },
  {
    path: ["account", "enable"],
    help: "accountEnable",
    args: "<account>",
    load: () => import("./commands/account-enable.ts"),
  },
  {
    path: ["account", "disable"],
    help: "accountDisable",
    args: "<account>",
    load: () => import("./commands/account-disable.ts"),
  },
  {
    path: ["route", "strategy"],
    help: "routeStrategy",
    args: "[name]",
    load: () => import("./commands/route-strategy.ts"),
  },
  {
    path: ["route", "manual"],
    help: "routeManual",
    args: "[account]",
    options: [{ flags: "--clear", help: "clearManual" }],
    load: () => import("./commands/route-manual.ts"),
  },
  {
    path: ["account", "reset-credit"],
    help: "accountResetCredit",
    args: "<account>",
    load: () => import("./commands/account-reset-credit.ts"),
  },
  {
    path: ["key", "create"],
    help: "keyCreate",
    options: [
      { flags: "--group <names>", help: "keyGroup" },
      { flags: "--tag <names>", help: "keyTag" },
      { flags: "--plan <names>", help: "keyPlan" },
      { flags: "--max-inflight <number>", help: "keyMaxInflight" },
      { flags: "--name <name>", help: "name" },
      { flags: "--model <model>", help: "model" },
      { flags: "--effort <effort>", help: "effort" },
    ],
    load: () => import("./commands/key-create.ts"),
  },
  { path: ["key", "list"], help: "keyList", load: () => import("./commands/key-list.ts") },
  ...providerCommands,
  {
    path: ["explain", "route"],
    help: "explainRoute",
    options: [
      { flags: "--key <id>", help: "routeKey" },
      { flags: "--model <model>", help: "routeModel" },
      { flags: "--conversation <name>", help: "routeConversation" },
    ],
    load: () => import("./commands/explain-route.ts"),
  },
  {
    path: ["explain", "model"],
    help: "explainModel",
    args: "<name>",
    options: [
      { flags: "--key <id>", help: "routeKey" },
      { flags: "--codex", help: "asCodex" },
    ],
    load: () => import("./commands/explain-model.ts"),
  },
  {
    path: ["explain", "request"],
    help: "explainRequest",
    args: "<trace>",
    load: () => import("./commands/explain-request.ts"),
  },
  { path: ["forecast"], help: "forecast", load: () => import("./commands/forecast.ts") },
  {
    path: ["explain", "config"],
    alias: ["config", "explain"],
    help: "explainConfig",
    args: "[key]",
    load: () => import("./commands/explain-config.ts"),
  },
];

/** What the first words of two-word commands are about. */
export const nouns: Readonly<Record<string, keyof Words["commands"]>> = {
  account: "account",
  key: "key",
  provider: "provider",
  route: "route",
  explain: "explain",
  config: "config",
};
