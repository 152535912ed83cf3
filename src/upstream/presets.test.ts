import { expect, test } from "vitest";
import { keyPlaces, providerFormats, providerKinds } from "../contract/provider.ts";
import { kinds } from "./kinds.ts";
import { findPreset, presets, presetsVersion } from "./presets.ts";

const LOOPBACK = /^http:\/\/localhost:\d+\//;

test("each preset has a name of its own, titles in both languages, and pages that its facts are from", () => {
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  expect(presetsVersion).toMatch(/^\d{4}-\d\d-\d\d$/);
  for (const { id, title, sources } of presets) {
    expect(id).toMatch(/^[a-z0-9-]+$/);
    expect(title.en && title.zh, id).toBeTruthy();
    expect(sources.length, id).toBeGreaterThan(0);
    for (const source of sources) expect(URL.parse(source)?.protocol, source).toBe("https:");
  }
});

test("each preset says in words of the contract how it is asked", () => {
  for (const { id, kind, format, keyPlace } of presets) {
    expect(providerKinds, id).toContain(kind);
    expect(providerFormats, id).toContain(format);
    expect(keyPlaces, id).toContain(keyPlace);
  }
});

test("an address is either known or shown by an example, and goes over TLS unless it is on this computer", () => {
  for (const { id, baseUrl, addressExample, isOnMyNetwork } of presets) {
    expect(baseUrl === null, id).toBe(addressExample !== null);
    if (baseUrl === null) continue;
    expect(LOOPBACK.test(baseUrl), id).toBe(isOnMyNetwork);
    if (!isOnMyNetwork) expect(baseUrl, id).toMatch(/^https:\/\//);
  }
});

test("what runs on this computer costs nothing, and everything else is taken to cost money", () => {
  for (const { id, isPaid, isOnMyNetwork } of presets) expect(isPaid, id).toBe(!isOnMyNetwork);
});

test("the presets of vendors with a kind of their own have the address that the kind knows", () => {
  for (const { kind, baseUrl } of presets) if (kind !== "compatible") expect(baseUrl).toBe(kinds[kind].baseUrl);
});

test("a preset is found by its name", () => {
  expect(findPreset("deepseek-anthropic")).toMatchObject({ format: "messages", keyPlace: "x-api-key" });
  expect(findPreset("nobody")).toBeNull();
});
