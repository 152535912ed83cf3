import { describe, expect, test } from "vitest";

import type { Place } from "./paths.ts";
import { applicationDirectory, resolveFrom } from "./paths.ts";

const linux: Place = { platform: "linux", env: {}, home: "/home/ada" };
const windows: Place = { platform: "win32", env: {}, home: "C:\\Users\\ada" };

describe("applicationDirectory", () => {
  test("follows XDG on Linux and ignores a relative value", () => {
    expect(applicationDirectory("app", linux)).toBe("/home/ada/.local/share/app");
    expect(applicationDirectory("app", { ...linux, env: { XDG_DATA_HOME: "/srv" } })).toBe("/srv/app");
    expect(applicationDirectory("app", { ...linux, env: { XDG_DATA_HOME: "here" } })).toBe(
      "/home/ada/.local/share/app",
    );
  });

  test("is Application Support on macOS", () => {
    expect(applicationDirectory("app", { platform: "darwin", env: {}, home: "/Users/ada" })).toBe(
      "/Users/ada/Library/Application Support/app",
    );
  });

  test("is the local AppData on Windows", () => {
    expect(applicationDirectory("app", windows)).toBe("C:\\Users\\ada\\AppData\\Local\\app");
    expect(applicationDirectory("app", { ...windows, env: { LOCALAPPDATA: "D:\\local" } })).toBe("D:\\local\\app");
  });
});

describe("resolveFrom", () => {
  test("takes relative paths from the folder and leaves absolute ones alone", () => {
    expect(resolveFrom("/srv/app", "x/y.db", linux)).toBe("/srv/app/x/y.db");
    expect(resolveFrom("/srv/app", "/tmp/y.db", linux)).toBe("/tmp/y.db");
    expect(resolveFrom("D:\\app", "y.db", windows)).toBe("D:\\app\\y.db");
  });

  test("reads a leading tilde as the home folder", () => {
    expect(resolveFrom("/srv/app", "~/y.db", linux)).toBe("/home/ada/y.db");
    expect(resolveFrom("/srv/app", "~", linux)).toBe("/home/ada");
  });
});
