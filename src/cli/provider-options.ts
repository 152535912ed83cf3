// What the options of commands say about a provider, as the service takes it.

import type { InputOf } from "../contract/rpc/table.ts";
import type { Options } from "./context.ts";
import { CommandError } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Words } from "./words/en.ts";

type Edit = Omit<InputOf<"provider/create">, "preset" | "keys">;

/** What was given; the service says what it does not accept. */
export function providerEdit(options: Options, words: Words): Edit {
  const { name, kind, format, address, models, modelNames, apiVersion, proxy, sort } = options;
  const wanted = {
    name: text(name),
    kind: text(kind),
    format: text(format),
    baseUrl: text(address),
    models: text(models)?.split(",").filter(Boolean),
    modelNames: pairs(text(modelNames)),
    apiVersion: orNull(text(apiVersion)),
    isPaid: yesOrNo(options, "paid", words),
    isOnMyNetwork: yesOrNo(options, "onMyNetwork", words),
    isEnabled: yesOrNo(options, "enabled", words),
    proxyUrl: orNull(text(proxy)),
    sort: text(sort) === undefined ? undefined : Number(text(sort)),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

export function text(value: Options[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function orNull(value: string | undefined): string | null | undefined {
  return value === "none" ? null : value;
}

function pairs(value: string | undefined): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  const entries = value.split(",").filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const [ours = "", ...theirs] = entry.split("=");
      return [ours.trim(), theirs.join("=").trim()];
    }),
  );
}

function yesOrNo(options: Options, name: string, words: Words): boolean | undefined {
  const value = text(options[name]);
  if (value === undefined) return undefined;
  if (value === "yes" || value === "no") return value === "yes";
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CommandError(words.providers.yesOrNo(flag), exitCodes.usage);
}
