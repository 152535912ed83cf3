// What a user message can ask the simulated model for: `[[shell echo hi]]`, `[[text 5000]]`, `[[events 500]]` and so on.

export type Marker =
  /** Call a tool with the rest of the marker as its input; "shell" and "patch" mean whatever tool of that kind is offered. */
  | { readonly kind: "tool"; readonly name: string; readonly input: string }
  /** A final text of so many characters. */
  | { readonly kind: "text"; readonly size: number }
  /** A final text in so many delta events. */
  | { readonly kind: "events"; readonly count: number }
  /** Exactly this final text. */
  | { readonly kind: "reply"; readonly text: string }
  /** Make all the tool calls that are asked for in one answer, instead of one after the other. */
  | { readonly kind: "together" }
  /** Pause between events in ms. */
  | { readonly kind: "pace"; readonly ms: number };

const MARKER = /\[\[(\w+)(?::([\w.-]+))?(?:\s+([\s\S]*?))?\]\]/g;

export function readMarkers(text: string): Marker[] {
  return Array.from(text.matchAll(MARKER)).flatMap((match) => {
    const marker = toMarker(match[1] ?? "", match[2], match[3] ?? "");
    return marker ? [marker] : [];
  });
}

function toMarker(word: string, name: string | undefined, rest: string): Marker | null {
  switch (word) {
    case "tool":
      return { kind: "tool", name: name ?? "shell", input: rest };
    case "shell":
    case "patch":
      return { kind: "tool", name: word, input: rest };
    case "custom":
      return { kind: "tool", name: /^\S*/.exec(rest)?.[0] ?? "", input: rest.replace(/^\S*\s*/, "") };
    case "text":
      return { kind: "text", size: Number(rest) || 0 };
    case "events":
      return { kind: "events", count: Number(rest) || 1 };
    case "reply":
      return { kind: "reply", text: rest };
    case "together":
      return { kind: "together" };
    case "pace":
      return { kind: "pace", ms: Number(rest) || 0 };
    default:
      return null;
  }
}
