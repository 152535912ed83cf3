// Turns a wish ("run this", "write that file") into a call of a tool that the request really offers.

import { type Fields, isFields, type OfferedTool } from "./request.ts";
import { sampleValue } from "./sample-value.ts";

export interface ToolCall {
  readonly type: "function_call" | "custom_tool_call";
  readonly name: string;
  readonly namespace?: string;
  /** JSON text for a function, free text for a custom tool. */
  readonly input: string;
}

/** Null when no offered tool can do it. `wish` is "shell", "patch" or the name of a tool. */
export function toolCall(wish: string, input: string, tools: readonly OfferedTool[]): ToolCall | null {
  if (wish === "shell") return shellCall(input, tools);
  if (wish === "patch") return patchCall(input, tools);
  const tool = tools.find((offered) => offered.name === wish);
  if (!tool) return null;
  return tool.type === "custom" ? customCall(tool, input) : functionCall(tool, argumentsFor(tool, input));
}

/** A call of any offered function or custom tool, for requests that demand one. */
export function anyToolCall(name: string | null, tools: readonly OfferedTool[]): ToolCall | null {
  const callable = tools.filter((tool) => tool.type === "function" || tool.type === "custom");
  const tool = name ? callable.find((offered) => offered.name === name) : callable[0];
  if (!tool) return null;
  return tool.type === "custom" ? customCall(tool, "demo") : functionCall(tool, argumentsFor(tool, ""));
}

/** Other agents' shells: Claude Code's, opencode's, Gemini CLI's; all take a `command`, the first two a description too. */
const OTHER_SHELLS: ReadonlySet<string> = new Set(["Bash", "bash", "run_shell_command"]);

/** Codex has named its shell differently over time: `exec` (code mode), `exec_command`, `shell_command`, `shell`. */
function shellCall(command: string, tools: readonly OfferedTool[]): ToolCall | null {
  const find = (name: string): OfferedTool | undefined => tools.find((tool) => tool.name === name);
  const script = find("exec");
  if (script?.type === "custom") {
    const code = `const result = await tools.exec_command(${JSON.stringify({ cmd: command })});\ntext(result.output);`;
    return customCall(script, code);
  }
  const exec = find("exec_command");
  if (exec) return functionCall(exec, { cmd: command });
  const shellCommand = find("shell_command");
  if (shellCommand) return functionCall(shellCommand, { command });
  const shell = find("shell");
  if (shell) return functionCall(shell, { command: ["bash", "-lc", command] });
  const other = tools.find(({ name }) => OTHER_SHELLS.has(name));
  return other ? functionCall(other, { command, description: "Runs a command" }) : null;
}

/** The input is a file name and, after a space, the line to write into it. */
function patchCall(input: string, tools: readonly OfferedTool[]): ToolCall | null {
  const [, file = "demo.txt", line = ""] = /^(\S+)\s*([\s\S]*)$/.exec(input) ?? [];
  const patch = `*** Begin Patch\n*** Add File: ${file}\n+${line}\n*** End Patch`;
  const script = tools.find((tool) => tool.name === "exec" && tool.type === "custom");
  if (script)
    return customCall(script, `const result = await tools.apply_patch(${JSON.stringify(patch)});\ntext(result);`);
  const tool = tools.find((offered) => offered.name === "apply_patch");
  if (!tool) return shellCall(`apply_patch <<'EOF'\n${patch}\nEOF`, tools);
  return tool.type === "custom" ? customCall(tool, `${patch}\n`) : functionCall(tool, { input: patch });
}

function customCall(tool: OfferedTool, input: string): ToolCall {
  return { type: "custom_tool_call", name: tool.name, ...(tool.namespace && { namespace: tool.namespace }), input };
}

function functionCall(tool: OfferedTool, args: unknown): ToolCall {
  const input = JSON.stringify(args);
  return { type: "function_call", name: tool.name, ...(tool.namespace && { namespace: tool.namespace }), input };
}

function argumentsFor(tool: OfferedTool, input: string): unknown {
  // Some clients escape the quotes of what they are given.
  return parseFields(input) ?? parseFields(input.replaceAll('\\"', '"')) ?? sampleValue(tool.parameters ?? {});
}

function parseFields(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
