import { describeMachine } from '../support/machine.ts'
import { parseOptions } from './options.ts'
import { toHeap, toLatencies, toVerdict } from './report.ts'
import { soak } from './soak.ts'

const options = parseOptions(process.argv.slice(2))

console.log(`# ${options.updates} updates of one process\n\n${describeMachine()}\n`)

const soaked = await soak(options)

console.log(`${toHeap(soaked)}\n\n${toLatencies(soaked)}\n\n${toVerdict(soaked)}`)
