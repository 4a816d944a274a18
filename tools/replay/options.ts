import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseProbe, type Probes, readProbes } from './probe.ts'

export interface Options {
  /** The repository. It is only read. */
  readonly repository: string
  /** As `git rev-list` takes it. */
  readonly range: string
  /** Commits of merged branches as well, and not only the merges. */
  readonly isEveryCommit: boolean
  /** Only commits that change something there. All, if there is none. */
  readonly paths: readonly string[]
  /** Runs the hot server, in a shell. */
  readonly start: string
  /** Runs a cold one. */
  readonly cold: string
  readonly probes: Probes
  /** The folder of the repository in which the commands run. Empty for its root. */
  readonly folder: string
  /** A Vite config in place of the repository's own. */
  readonly config: string | undefined
  /** Installs packages, in a shell. Without it the repository's `node_modules` are used. */
  readonly install: string | undefined
  /** Untracked files of the repository that the server needs, such as `.env`. */
  readonly copies: readonly string[]
  /** Where the server listens, if it cannot be told from `PORT` and what it prints. */
  readonly url: string | undefined
  /** How long a start or an update may take, in milliseconds. */
  readonly limitMs: number
  /** A file for all that the servers print. */
  readonly log: string | undefined
  readonly isJson: boolean
}

const HELP = `replay -- --start <command> --probe <request> [options]

  --repo <folder>      the git repository, which is only read (.)
  --range <range>      commits, as git log takes them; A..B starts the hot server at A (HEAD, all of them)
  --path <path>        only commits that change something there
  --every-commit       those of merged branches as well, not only the merges
  --start <command>    runs the hot server: "vite-node --watch server.ts"
  --cold <command>     runs a cold one (the start command without --watch and -w)
  --probe <request>    "GET /todos"; may be given several times
  --prepare <request>  "POST /todos {…}": sent to the hot server before each checkout, so that it has something to lose
  --ignore <place>     what to leave out of all answers: a path in their JSON, a /pattern/, "header <name>"
  --probes <file>      JSON with probes, prepare and ignore, where a probe may name its state
  --cwd <folder>       the folder of the repository in which the commands run (.)
  --config <file>      a Vite config in place of the repository's own
  --install <command>  "npm ci": once for each lock file in the range (the repository's node_modules are linked)
  --copy <file>        an untracked file of the repository that the server needs, such as .env
  --url <url>          where the server listens, if neither PORT nor what it prints tells
  --timeout <seconds>  how long a start or an update may take (20)
  --log <file>         all that the servers print
  --json               the result as JSON`

/** Throws, with the usage, for what is not an option or cannot be read. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        repo: { type: 'string', default: '.' },
        range: { type: 'string', default: 'HEAD' },
        path: { type: 'string', multiple: true, default: [] },
        'every-commit': { type: 'boolean', default: false },
        start: { type: 'string' },
        cold: { type: 'string' },
        probe: { type: 'string', multiple: true, default: [] },
        prepare: { type: 'string', multiple: true, default: [] },
        ignore: { type: 'string', multiple: true, default: [] },
        probes: { type: 'string' },
        cwd: { type: 'string', default: '' },
        config: { type: 'string' },
        install: { type: 'string' },
        copy: { type: 'string', multiple: true, default: [] },
        url: { type: 'string' },
        timeout: { type: 'string', default: '20' },
        log: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    if (values.start === undefined) throw new Error('--start is missing.')
    const repository = path.resolve(values.repo)
    if (!existsSync(repository)) throw new Error(`There is no folder ${repository}.`)
    const limitMs = Number(values.timeout) * 1000
    if (!(limitMs > 0)) throw new Error(`'${values.timeout}' is not a number of seconds.`)
    return {
      repository,
      range: values.range,
      isEveryCommit: values['every-commit'],
      paths: values.path,
      start: values.start,
      cold: values.cold ?? values.start.replaceAll(/\s(?:--watch|-w)(?=\s|$)/g, ''),
      probes: toProbes(values),
      folder: values.cwd,
      config: values.config && path.resolve(values.config),
      install: values.install,
      copies: values.copy,
      url: values.url,
      limitMs,
      log: values.log && path.resolve(values.log),
      isJson: values.json,
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}

interface ProbeValues {
  readonly probe: readonly string[]
  readonly prepare: readonly string[]
  readonly ignore: readonly string[]
  readonly probes?: string
}

/** Those of the file and those of the command line. */
function toProbes({ probe, prepare, ignore, probes: file }: ProbeValues): Probes {
  const read = file === undefined ? { probes: [], prepare: [] } : readProbes(file)
  const probes = [
    ...read.probes.map((one) => ({ ...one, ignore: [...one.ignore, ...ignore] })),
    ...probe.map((one) => parseProbe(one, ignore)),
  ]
  if (probes.length === 0) throw new Error('There is no --probe: nothing would be compared.')
  return { probes, prepare: [...read.prepare, ...prepare.map((one) => parseProbe(one))] }
}
