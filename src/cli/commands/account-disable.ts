import { switchAccount } from "../switch-account.ts";

export const run = switchAccount("disabled");
