import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import { OutputLog } from './output-log.ts'
import { Project } from './project.ts'

/** The command, as the package's `bin` names it. */
export const HOT_NODE: string = path.resolve(import.meta.dirname, '../../../dist/hot-node.js')

/** What became of a program. */
export interface Run {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly child: ChildProcess
  readonly log: OutputLog
  /** Resolves when the process has ended and its output is complete. */
  readonly run: Promise<Run>
}

export interface Manner {
  /** What the program reads from its standard input; nothing, at once, if it is absent. */
  readonly input?: string
  readonly variables?: NodeJS.ProcessEnv
}

/** Starts Node on a file or on the command. The process is killed when the test is over. */
export function startProgram(args: readonly string[], cwd: string, { input, variables }: Manner = {}): Program {
  const program = start(process.execPath, args, cwd, variables)
  program.child.stdin?.end(input ?? '')
  return program
}

/** A program at a terminal of its own, where somebody may type. */
export interface TerminalProgram extends Program {
  type(text: string): void
}

/** Whether there is a program that gives others a terminal. Debian's `bsdutils`, and so every Debian, has it. */
export const HAS_TERMINAL: boolean = spawnSync('script', ['--version']).status === 0

/** The same at a terminal. `script` ends as the program does, with 128 and the signal's number if that was a signal. */
export function startAtTerminal(args: readonly string[], cwd: string, variables?: NodeJS.ProcessEnv): TerminalProgram {
  const command = [process.execPath, ...args].map((arg) => `'${arg}'`).join(' ')
  // `exec`, so that no shell is between the terminal and the program.
  const program = start('script', ['-qfec', `exec ${command}`, '/dev/null'], cwd, variables)
  return { ...program, type: (text) => void program.child.stdin?.write(text) }
}

function start(file: string, args: readonly string[], cwd: string, variables: NodeJS.ProcessEnv = {}): Program {
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(file, args, {
    cwd,
    env: { PATH, HOME, TMPDIR, NO_COLOR: '1', ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const log = new OutputLog()
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk
      log.append(name, chunk)
    })
  child.stdin.on('error', () => undefined)
  const run = new Promise<Run>((resolve) => {
    child.on('close', (code, signal) => {
      log.end(`the process ended with ${signal ?? `code ${code}`}`)
      resolve({ code, signal, ...output })
    })
  })
  onTestFailed(() => console.error(`What ${args.join(' ')} printed:\n${log}`))
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await run
  })
  return { child, log, run }
}

/** A folder of the given files, removed when the test is over. */
export function projectOf(files: Readonly<Record<string, string>>): Project {
  const root = path.join(import.meta.dirname, '../../.tmp', `command-${process.pid}-${(projects += 1)}`)
  mkdirSync(root, { recursive: true })
  const project = new Project(root)
  onTestFinished(() => project.remove())
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(project.path(file)), { recursive: true })
    writeFileSync(project.path(file), text)
  }
  return project
}

/** Folders made by this process, so that each test gets its own. */
let projects = 0
