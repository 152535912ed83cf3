// Kinds of fields that RPC parameters and results are made of.

import { z } from "zod";

/** A text that must be there; `message` is the whole answer when it is not. */
export function required(message: string): z.ZodType<string> {
  return z.string(message).trim().min(1, message);
}

/** A text that may be left out; empty text counts as left out. */
export const optionalText = z
  .string()
  .trim()
  .nullish()
  .transform((text) => text || null);

/** A text where leaving it out and giving null or nothing differ: absent leaves alone, empty clears. */
export const changeableText = z
  .string()
  .trim()
  .nullish()
  .transform((text) => (text === "" ? null : text));

export const text = z.string();
export const textOrNull = z.string().nullable();
export const numberOrNull = z.number().nullable();

/** Unix seconds. */
export const seconds = z.number().describe("unix seconds");
export const secondsOrNull = seconds.nullable();
