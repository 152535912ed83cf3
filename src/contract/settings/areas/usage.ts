// Settings of reading quotas; how often they are read is in jobs.ts.

import { url } from "../kinds.ts";

export const usage = {
  upstreamUrl: url({
    default: "https://chatgpt.com",
    env: "CODEXMANAGER_USAGE_BASE_URL",
    isStorable: false,
    en: "Where the quota of ChatGPT accounts is read. Used exactly as given.",
    zh: "读取 ChatGPT 账号额度的地址。按所给地址原样使用。",
  }),
};
