// Opens a page of ours in the user's browser, when there is a screen to show it on.

import { spawn } from "node:child_process";

import type { Terminal } from "./context.ts";

export function openBrowser({ place, isInteractive }: Terminal, url: string): void {
  if (!isInteractive || !hasScreen(place.platform, place.env)) return;
  const [command, ...args] = opener(place.platform);
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {}); // the address is printed in any case
  child.unref();
}

function hasScreen(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.SSH_CONNECTION) return false;
  return platform === "win32" || platform === "darwin" || Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);
}

function opener(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === "darwin") return ["open"];
  return platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}
