// JSON Schema as a person reads it: a TypeScript-like notation, a field's description as a comment behind it.

import { z } from "zod";

/** As much of JSON Schema as zod makes of the contract. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

export function schemaText(schema: z.ZodType, io: "input" | "output"): string {
  return typeText(z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema, "");
}

function typeText(schema: Schema, indent: string): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map((each) => typeText(each, indent)).join(" | ");
  if (schema.type === "array") return arrayText(typeText(schema.items ?? {}, indent));
  if (schema.type === "object") return objectText(schema, indent);
  return [schema.type ?? "any"].flat().join(" | ");
}

function arrayText(item: string): string {
  return item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}

function objectText({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const deeper = `${indent}  `;
  const fields = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) && field.default === undefined ? "" : "?";
    return `${deeper}${name}${mark}: ${typeText(field, deeper)}${comment(field)}`;
  });
  if (typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0) {
    fields.push(`${deeper}[name]: ${typeText(additionalProperties, deeper)}`);
  }
  return fields.length === 0 ? "{}" : `{\n${fields.join("\n")}\n${indent}}`;
}

function comment({ description, default: standard }: Schema): string {
  const fallback = standard === undefined ? null : `default ${JSON.stringify(standard)}`;
  const parts = [description, fallback].filter((part) => part !== null && part !== undefined);
  return parts.length === 0 ? "" : ` // ${parts.join("; ")}`;
}
