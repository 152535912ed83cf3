// Names of tools as upstreams accept them, and the way back.
// Facts: function names of the Responses API are at most 64 letters, digits, underscores and hyphens; tools of MCP
// servers are called `mcp__<server>__<tool>` by Claude Code and may be longer.

import { createHash } from "node:crypto";
import facts from "./responses/chatgpt-profile.json" with { type: "json" };

export const LONGEST_NAME = facts.longestName;
const FITTING = /^[\w-]{1,64}$/;

export class ToolNames {
  readonly #originals = new Map<string, string>();

  /** The same name always becomes the same short one, in tools, in the choice and in the history alike. */
  shorten(name: string): string {
    const short = fitting(name);
    this.#originals.set(short, name);
    return short;
  }

  /** The name the client gave to the tool that is called so upstream. */
  restore(short: string): string {
    return this.#originals.get(short) ?? short;
  }
}

function fitting(name: string): string {
  if (FITTING.test(name)) return name;
  const mark = `_${hashOf(name)}`;
  const tail = name.startsWith("mcp__") ? `mcp__${name.slice(name.lastIndexOf("__") + 2)}` : name;
  return tail.replaceAll(/[^\w-]/g, "_").slice(0, LONGEST_NAME - mark.length) + mark;
}

/** A call's id as upstreams and clients accept it: at most 64 letters, digits, underscores and hyphens. */
export function fittingCallId(id: string): string {
  if (FITTING.test(id)) return id;
  const mark = `_${hashOf(id)}`;
  return id.replaceAll(/[^\w-]/g, "_").slice(0, LONGEST_NAME - mark.length) + mark;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
