import { spawn } from 'node:child_process'
import { watch, watchFile } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { EDITION } from './edition.ts'

export const worker = new Worker('setInterval(() => {}, 1000)', { eval: true, workerData: EDITION })

export const child = spawn('sleep', [String(3600 + EDITION)], { stdio: 'ignore' })

export const watcher = watch('watched.txt', { encoding: EDITION < 0 ? 'hex' : 'utf8' }, () => EDITION)

watchFile('watched.txt', { interval: 1000 + EDITION }, () => EDITION)
