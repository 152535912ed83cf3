// nginx as a yardstick, when it is installed: forwards and streams without buffering, logs nothing.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "./left-over.ts";
import { startPinned, stop } from "./pinned.ts";
import { freePort, type Subject, whenListening } from "./subject.ts";

const commands = ["nginx", "/usr/sbin/nginx", "/opt/homebrew/bin/nginx"];

/** The version of nginx, null when there is none. */
export function findNginx(): { command: string; version: string } | null {
  for (const command of commands) {
    const { status, stderr } = spawnSync(command, ["-v"], { encoding: "utf8" });
    if (status === 0) return { command, version: /nginx\/\S+/.exec(stderr)?.[0] ?? "nginx" };
  }
  return null;
}

export async function startNginx(command: string, upstreamPort: number): Promise<Subject> {
  const folder = temporaryFolder();
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration({ folder, port, upstreamPort }));
  const child = startPinned(command, ["-p", folder, "-e", join(folder, "error.log"), "-c", file], { core: "subject" });
  await whenListening(port, child);
  return { name: "nginx", child, target: { port, secret: "none" }, stop: () => stop(child) };
}

interface Places {
  readonly folder: string;
  readonly port: number;
  readonly upstreamPort: number;
}

function configuration({ folder, port, upstreamPort }: Places): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
worker_rlimit_nofile 20000;
events { worker_connections 15000; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  access_log off;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_buffer_size 2m;
  upstream mock { server 127.0.0.1:${upstreamPort}; keepalive 512; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=8192;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 600s;
    }
  }
}
`;
}
