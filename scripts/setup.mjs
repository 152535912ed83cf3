// Makes a fresh clone runnable: installs what the lockfile asks for, and only when it has changed since the last time.
// Plain JavaScript on purpose: it is the one file that runs under whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockfile = `${root}package-lock.json`
const installedLockfile = `${root}node_modules/.installed-lock.json`

function isInstalled() {
  return existsSync(installedLockfile) && readFileSync(installedLockfile).equals(readFileSync(lockfile))
}

if (existsSync(lockfile) && !isInstalled()) {
  console.error('CodexManager: installing dependencies (once, about half a minute) …')
  const npm = process.env.npm_execpath
  const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const result = spawnSync(command[0], [...command.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command.length === 1 && process.platform === 'win32',
  })
  if (result.status !== 0) {
    console.error('CodexManager: installing failed. Is the npm registry reachable? Then run the same command again.')
    process.exit(result.status ?? 1)
  }
  copyFileSync(lockfile, installedLockfile)
  console.error('CodexManager: dependencies installed.')
}
