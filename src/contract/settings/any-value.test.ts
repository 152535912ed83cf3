import fc from "fast-check";
import { expect, test } from "vitest";

import { checkSetting } from "./check.ts";
import { resolveSettings } from "./resolve.ts";
import { settingEntries, settingValue } from "./table.ts";

const entry = fc.constantFrom(...settingEntries);
const variables = settingEntries.flatMap(({ setting }) =>
  [...setting.env, setting.offSwitch].filter((name) => name !== null),
);
const text = fc.oneof(fc.string(), fc.integer().map(String), fc.webUrl(), fc.constantFrom("1", "off", "::1:1", "a,b"));

test("whatever the environment says, every value in force is one its setting accepts", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...variables), text, { maxKeys: 8 }), (env) => {
      const resolved = resolveSettings({ env });
      if (!resolved.ok) throw new Error(resolved.message);
      for (const { key, setting } of settingEntries) {
        const value = settingValue(resolved.values, key);
        expect(setting.schema.parse(value)).toEqual(value);
      }
    }),
  );
});

test("a value that was accepted is accepted again as it is stored, unchanged", () => {
  fc.assert(
    fc.property(entry, fc.oneof(text, fc.jsonValue()), ({ key }, given) => {
      const first = checkSetting(key, given);
      if (!first.ok) return;
      const reread: unknown = JSON.parse(JSON.stringify(first.value));
      expect(checkSetting(key, reread)).toMatchObject({ ok: true, value: first.value });
    }),
  );
});
