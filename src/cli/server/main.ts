import { realpathSync } from 'node:fs'
import { createServerModuleRunner, isRunnableDevEnvironment, normalizePath } from 'vite'
import { notRunnable } from '../command-error.ts'
import type { Task } from '../messages.ts'
import { EntryEvaluator } from './entry-evaluator.ts'
import { tellOfFailures } from './failures.ts'
import { openSupervisorChannel } from './supervisor-channel.ts'
import { createViteServer } from './vite-server.ts'

// The process that runs the server: Vite, the module runner, and the program in it.
const task = JSON.parse(process.argv[2] ?? '') as Task
process.argv.splice(1, Infinity, task.entry, ...task.args)
const supervisor = openSupervisorChannel()
const failures = tellOfFailures(supervisor)

const vite = await createViteServer(task)
const { ssr } = vite.environments
if (!isRunnableDevEnvironment(ssr)) throw notRunnable()
const entry = normalizePath(realpathSync(task.entry))
const runner = createServerModuleRunner(ssr, {
  evaluator: new EntryEvaluator(entry, task),
  // It would say that it is connected.
  hmr: { logger: { debug: () => undefined, error: (error) => ssr.logger.error(String(error), { timestamp: true }) } },
})

failures.begin()
// As Node ends when the evaluation of the entry throws.
runner.import(entry).then(failures.settle, failures.throwUncaught)
