// Settings of the service's listeners and of stopping.

import { address, list, number, text } from "../kinds.ts";

const MIB = 1024 * 1024;

export const service = {
  address: address({
    default: "localhost:48760",
    env: "CODEXMANAGER_SERVICE_ADDR",
    level: "basic",
    en: "Where gateway and RPC listen; `localhost` means 127.0.0.1 and ::1. A name or address beyond loopback opens the gateway to the network.",
    zh: "网关与 RPC 的监听地址；`localhost` 同时监听 127.0.0.1 与 ::1。非回环地址表示向网络开放网关。",
  }),
  allowedHosts: list({
    maximumItems: 64,
    env: "CODEXMANAGER_ALLOWED_HOSTS",
    en: "Further host names under which requests are accepted, beside the loopback names and the bound addresses.",
    zh: "除回环名称与监听地址之外，允许出现在 Host 头中的其他主机名。",
  }),
  rpcToken: text({
    default: null,
    env: "CODEXMANAGER_RPC_TOKEN",
    isStorable: false,
    isSecret: true,
    en: "Token that `/rpc` asks for; without it the token file is read, or created with a random token.",
    zh: "`/rpc` 要求的令牌；未设置时读取令牌文件，文件不存在则写入随机令牌。",
  }),
  rpcTokenFile: text({
    default: "codexmanager.rpc-token",
    env: "CODEXMANAGER_RPC_TOKEN_FILE",
    isStorable: false,
    en: "File that holds the RPC token; a relative path is taken from the database's folder.",
    zh: "保存 RPC 令牌的文件；相对路径以数据库所在目录为准。",
  }),
  rpcMaxBodyBytes: number({
    default: 64 * MIB,
    minimum: 1024,
    unit: "bytes",
    env: "CODEXMANAGER_RPC_MAX_BODY_BYTES",
    en: "Largest body `/rpc` takes; imports arrive through it.",
    zh: "`/rpc` 请求体的最大字节数；账号导入也经由此处。",
  }),
  shutdownGraceSeconds: number({
    default: 20,
    minimum: 0,
    unit: "s",
    env: "CODEXMANAGER_SHUTDOWN_GRACE_SECS",
    en: "How long running streams may go on after the service was told to stop.",
    zh: "收到停止信号后，允许进行中的流继续的最长时间。",
  }),
};
