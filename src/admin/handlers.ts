// All RPC handlers together. A method of the contract without one does not compile.

import type { AccountDeps } from "./handlers/account.ts";
import { accountHandlers } from "./handlers/account.ts";
import type { ModelSource } from "./handlers/api-key.ts";
import { apiKeyHandlers } from "./handlers/api-key.ts";
import type { GatewayHandlerDeps } from "./handlers/gateway.ts";
import { gatewayHandlers } from "./handlers/gateway.ts";
import type { JobList } from "./handlers/jobs.ts";
import { jobHandlers } from "./handlers/jobs.ts";
import type { ModelHandlerDeps } from "./handlers/models.ts";
import { modelHandlers } from "./handlers/models.ts";
import type { NoticeSource } from "./handlers/notices.ts";
import { noticeHandlers } from "./handlers/notices.ts";
import type { PoolDeps } from "./handlers/pool.ts";
import { poolHandlers } from "./handlers/pool.ts";
import type { ProviderDeps } from "./handlers/provider.ts";
import { providerHandlers } from "./handlers/provider.ts";
import { requestLogHandlers } from "./handlers/request-log.ts";
import type { SignInDeps } from "./handlers/sign-in.ts";
import { signInHandlers } from "./handlers/sign-in.ts";
import type { SystemDeps } from "./handlers/system.ts";
import { systemHandlers } from "./handlers/system.ts";
import type { UsageDeps } from "./handlers/usage.ts";
import { usageHandlers } from "./handlers/usage.ts";
import type { UsageSummaryDeps } from "./handlers/usage-summary.ts";
import { usageSummaryHandlers } from "./handlers/usage-summary.ts";
import type { Keys } from "../keys/keys.ts";
import type { Handlers } from "./handler.ts";

export interface HandlerDeps
  extends
    AccountDeps,
    SignInDeps,
    UsageSummaryDeps,
    UsageDeps,
    PoolDeps,
    ProviderDeps,
    Omit<SystemDeps, "settings" | "accounts" | "keys"> {
  readonly keys: Keys;
  readonly models: ModelSource;
  readonly jobs: JobList;
  readonly notices: NoticeSource | null;
  readonly settings: GatewayHandlerDeps["settings"] & SystemDeps["settings"];
  readonly isRoutable: GatewayHandlerDeps["isRoutable"];
  readonly explainRoute: GatewayHandlerDeps["explainRoute"];
  readonly explainModel: ModelHandlerDeps["explainModel"];
  readonly keySource: GatewayHandlerDeps["keySource"];
}

export function createHandlers(deps: HandlerDeps): Handlers {
  return {
    ...systemHandlers(deps),
    ...accountHandlers(deps),
    ...signInHandlers(deps),
    ...usageHandlers(deps),
    ...apiKeyHandlers(deps.keys, deps.models),
    ...gatewayHandlers(deps),
    ...modelHandlers(deps),
    ...poolHandlers(deps),
    ...providerHandlers(deps),
    ...requestLogHandlers(deps),
    ...usageSummaryHandlers(deps),
    ...jobHandlers(deps.jobs),
    ...noticeHandlers(deps.notices),
  } satisfies Handlers;
}
