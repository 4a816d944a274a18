import { readFileSync } from 'node:fs'

export const HELP = `Usage: hot-node [options] <file> [--] [arguments of the program]

Runs a server and replaces its code in place when a file is saved.

  -c, --config <file>            Vite config (default: vite.config.* in the root)
  -r, --root <folder>            Vite's root (default: the working directory)
  -m, --mode <mode>              Vite's mode (default: development)
      --env-file <file>          variables of the process, as in Node; a change starts the process anew
      --include <pattern>        more files on whose change the process is started anew
      --inspect[=[host:]port]    open Node's inspector
      --inspect-brk[=[host:]port]  the same, and stop at the first statement of the file
      --clear-screen             clear the terminal when the process is started anew
      --wait, --no-wait          when the server has failed, wait for a save (default: at a terminal)
  -h, --help                     print this
  -v, --version                  print the version

At a terminal: r + enter restarts, u updates now, h shows help, q quits.
`

/** The package's version, Node's, and what they run on. */
export function versionLine(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
  return `hot-node/${version} ${process.platform}-${process.arch} node-${process.version}`
}
