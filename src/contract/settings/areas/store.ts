// Settings that say where everything is kept. They are needed before the database is open, so they are never stored in it.

import { text } from "../kinds.ts";

export const store = {
  directory: text({
    default: null,
    env: "CODEXMANAGER_DATA_DIR",
    isStorable: false,
    level: "basic",
    en: "Data directory; without it the platform's own place for application data is used.",
    zh: "数据目录；未设置时使用操作系统约定的应用数据目录。",
  }),
  databasePath: text({
    default: "codexmanager.db",
    env: "CODEXMANAGER_DB_PATH",
    isStorable: false,
    en: "The database file; a relative path is taken from the data directory. Token file, key file and trace log lie beside it.",
    zh: "数据库文件；相对路径以数据目录为准。令牌文件、密钥文件与跟踪日志与其同目录。",
  }),
  databaseUrl: text({
    default: null,
    env: "CODEXMANAGER_DATABASE_URL",
    isStorable: false,
    isSecret: true,
    en: "PostgreSQL address for running several replicas.",
    zh: "用于多副本运行的 PostgreSQL 地址。",
    none: {
      en: "this version keeps everything in SQLite, whatever this says",
      zh: "本版本只使用 SQLite",
    },
  }),
  secretKey: text({
    default: null,
    env: "CODEXMANAGER_SECRET_KEY",
    isStorable: false,
    isSecret: true,
    en: "Key that encrypts stored credentials; without it a key file (mode 0600) is created beside the database.",
    zh: "加密已存凭据的密钥；未设置时在数据库旁创建密钥文件（权限 0600）。",
  }),
};
