import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { serviceEvent } from "../../src/contract/events.ts";
import { noticeCodes } from "../../src/contract/notice.ts";
import { settingEntries } from "../../src/contract/settings/table.ts";
import { root } from "./source-tree.ts";

const types = serviceEvent.options.map(({ shape }) => shape.type.value);
const settings = settingEntries.filter(({ area }) => area === "notices").map(({ key }) => key);

test.each(["en", "zh-CN"])("every event, notice and setting of notices stands in docs/%s/events.md", (language) => {
  const page = readFileSync(join(root, "docs", language, "events.md"), "utf8");
  expect([...types, ...noticeCodes, ...settings].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
