#!/usr/bin/env node
import { type Stats, statSync } from 'node:fs'
import { close, url } from 'node:inspector'
import path from 'node:path'
import { configNotFound, entryNotFound, refuse, rootNotFound } from './command-error.ts'
import { parseCommandLine, type RunOptions } from './command-line.ts'
import { HELP, versionLine } from './help.ts'
import type { Task } from './messages.ts'
import { Supervisor } from './supervisor/supervisor.ts'

/** What a server's process has to know. Paths are absolute, as a restart must not depend on anything. */
function toTask({
  entry,
  args,
  root = '.',
  config,
  mode,
  include,
  envFiles,
  inspector,
}: RunOptions): Omit<Task, 'startsOn'> {
  const file = path.resolve(entry)
  const at = (name: string): Stats | undefined => statSync(name, { throwIfNoEntry: false })
  if (!at(file)?.isFile()) throw entryNotFound(entry)
  if (!at(root)?.isDirectory()) throw rootNotFound(root)
  if (config !== undefined && !at(config)?.isFile()) throw configNotFound(config)
  return {
    entry: file,
    args,
    root: path.resolve(root),
    ...(config !== undefined && { config: path.resolve(config) }),
    ...(mode !== undefined && { mode }),
    include,
    envFiles: envFiles.map((envFile) => path.resolve(envFile)),
    ...(inspector && { inspector }),
  }
}

// That of `NODE_OPTIONS` is for the server.
if (url() !== undefined) close()
try {
  const line = parseCommandLine(process.argv.slice(2))
  if (line.kind === 'help') process.stdout.write(HELP)
  else if (line.kind === 'version') console.log(versionLine())
  else new Supervisor(toTask(line.options), line.options).run()
} catch (error) {
  refuse(error)
}
