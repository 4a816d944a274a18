import { describeMachine } from '../support/machine.ts'
import { measureNanoseconds } from './nanoseconds.ts'
import { parseOptions } from './options.ts'
import { toCosts, toProcessorTimes, toRates } from './report.ts'
import { measureThroughput } from './throughput.ts'

const { rounds, seconds, only } = parseOptions(process.argv.slice(2))

console.log(`# Overhead of code that can be replaced\n\n${describeMachine()}\n`)

for (const app of ['http', 'hono'] as const) {
  if (!only.includes(app)) continue
  const measured = await measureThroughput(app, rounds, seconds)
  console.log(`## ${app}\n\n${toRates(measured)}\n\n${toProcessorTimes(measured)}\n`)
}

if (only.includes('nanoseconds')) {
  console.log(`## Nanoseconds of one operation\n\n${toCosts(await measureNanoseconds())}\n`)
}
