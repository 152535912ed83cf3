// Parts that a person, or a function, shows to the model.
// Facts: ai.google.dev/api/caching#Part. Files at Google are named by addresses of its own.

import { asText, type JsonObject } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";
import { fieldsOf } from "./fields.ts";

const GOOGLES_OWN = /^gs:|^files\/|^https:\/\/generativelanguage\.googleapis\.com\//;

/** The fields of a part that hold its content; there is one of them. */
const KINDS = new Set([
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
]);

/** Those that say something about it, and are either read or nobody's but the client's. */
const ABOUT = new Set(["thought", "thoughtSignature", "partMetadata"]);

/** Those that say something about it, and have no counterpart. */
const UNREAD = new Set(["videoMetadata", "mediaResolution"]);

export interface ReadPart {
  readonly fields: JsonObject;
  /** The field that holds the content; null for a part without any. */
  readonly kind: string | null;
  /** What was not understood beside it. */
  readonly dropped: readonly string[];
}

/** `place` is the path of the part in the request. */
export function readPart(value: unknown, place: string): ReadPart {
  const fields = fieldsOf(value);
  if (fields === null) throw new FaultyRequest(place, `\`${place}\` must be an object.`);
  const keys = Object.keys(fields).filter((key) => !ABOUT.has(key));
  const [known, second] = keys.filter((key) => KINDS.has(key));
  if (second !== undefined) throw new FaultyRequest(`${place}.${second}`, `\`${place}\` must hold one thing only.`);
  const kind = known ?? keys.find((key) => !UNREAD.has(key)) ?? null;
  return { fields, kind, dropped: keys.filter((key) => key !== kind) };
}

/** Empty for a part that says nothing. */
export function shownParts({ fields, kind }: ReadPart, place: string): readonly JsonObject[] {
  switch (kind) {
    case null:
      return [];
    case "text":
      return textParts(fields["text"], place);
    case "inlineData":
      return [inlinePart(fieldsOf(fields["inlineData"]) ?? {}, `${place}.inlineData`)];
    case "fileData":
      return [filePart(fieldsOf(fields["fileData"]) ?? {}, `${place}.fileData`)];
    default:
      throw unknownPart(kind, place);
  }
}

export function unknownPart(kind: string, place: string): FaultyRequest {
  return new FaultyRequest(`${place}.${kind}`, `A part with \`${kind.slice(0, 60)}\` is not supported at ${place}.`);
}

export function textOf(value: unknown, place: string): string {
  const text = asText(value);
  if (text === null) throw new FaultyRequest(`${place}.text`, `\`${place}.text\` must be a text.`);
  return text;
}

function textParts(value: unknown, place: string): readonly JsonObject[] {
  const text = textOf(value, place);
  return text === "" ? [] : [{ type: "input_text", text }];
}

function inlinePart(blob: JsonObject, place: string): JsonObject {
  const mime = mimeOf(blob, place);
  const content = asText(blob["data"]);
  if (content === null) throw new FaultyRequest(`${place}.data`, `\`${place}.data\` must be base64.`);
  const base64 = content.replaceAll("-", "+").replaceAll("_", "/");
  if (mime.startsWith("audio/")) {
    return { type: "input_audio", input_audio: { data: base64, format: audioFormat(mime) } };
  }
  const address = `data:${mime};base64,${base64}`;
  if (mime.startsWith("image/")) return { type: "input_image", detail: "auto", image_url: address };
  return { type: "input_file", filename: fileName(asText(blob["displayName"]), mime), file_data: address };
}

function filePart(file: JsonObject, place: string): JsonObject {
  const address = asText(file["fileUri"]) ?? "";
  if (address === "" || GOOGLES_OWN.test(address)) {
    const message = `\`${place}.fileUri\` must be the address of a public file: what is kept at Google is not asked here.`;
    throw new FaultyRequest(`${place}.fileUri`, message);
  }
  const isImage = asText(file["mimeType"])?.startsWith("image/") === true;
  return isImage
    ? { type: "input_image", detail: "auto", image_url: address }
    : { type: "input_file", file_url: address };
}

function mimeOf(blob: JsonObject, place: string): string {
  const mime = asText(blob["mimeType"])?.toLowerCase();
  if (mime !== undefined && /^[\w.+-]+\/[\w.+-]+/.test(mime)) return mime;
  throw new FaultyRequest(`${place}.mimeType`, `\`${place}.mimeType\` must be a type such as image/png.`);
}

function audioFormat(mime: string): string {
  const format = mime.slice("audio/".length).split(";")[0]?.replace(/^x-/, "") ?? "";
  return format === "mpeg" ? "mp3" : format;
}

/** The kind of a file is told by its name's ending. */
function fileName(name: string | null, mime: string): string {
  if (name !== null && name.includes(".")) return name;
  const ending = mime === "text/plain" ? "txt" : mime.replace(/^.*\//, "").replace(/\W.*$/, "");
  return `${name ?? "document"}.${ending}`;
}
