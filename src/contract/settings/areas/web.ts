// Settings of the web listener.

import { address, text, toggle } from "../kinds.ts";

export const web = {
  address: address({
    default: "localhost:48761",
    env: "CODEXMANAGER_WEB_ADDR",
    level: "basic",
    en: "Where the web pages listen. Beyond loopback a password is demanded.",
    zh: "网页的监听地址。非回环地址必须使用密码。",
  }),
  root: text({
    default: null,
    env: "CODEXMANAGER_WEB_ROOT",
    isStorable: false,
    en: "Folder of web pages to serve instead of the built-in ones; it counts when it holds an `index.html`.",
    zh: "用于替代内置网页的目录；目录中有 `index.html` 时生效。",
  }),
  password: text({
    default: null,
    env: "CODEXMANAGER_WEB_PASSWORD",
    isStorable: false,
    isSecret: true,
    en: "Password of the web pages when they are reachable beyond loopback; without it one is generated and printed at each start.",
    zh: "网页可从回环之外访问时的密码；未设置时每次启动生成一个并打印。",
  }),
  opensBrowser: toggle({
    default: true,
    offSwitch: "CODEXMANAGER_WEB_NO_OPEN",
    isStorable: false,
    en: "Whether starting opens the browser. Off when the variable is present, whatever its value.",
    zh: "启动时是否打开浏览器。只要该变量存在（不论取值）即关闭。",
  }),
  startsService: toggle({
    default: true,
    offSwitch: "CODEXMANAGER_WEB_NO_SPAWN_SERVICE",
    isStorable: false,
    en: "Whether `web` alone starts the service when none answers. Off when the variable is present, whatever its value.",
    zh: "单独运行 `web` 且服务未响应时，是否自动启动服务。只要该变量存在（不论取值）即关闭。",
  }),
  desktopStartsService: toggle({
    default: true,
    offSwitch: "CODEXMANAGER_NO_SERVICE",
    isStorable: false,
    en: "Whether the desktop window starts its own service.",
    zh: "桌面窗口是否自带服务。",
    none: { en: "this version has no desktop window", zh: "本版本没有桌面窗口" },
  }),
};
