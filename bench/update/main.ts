import { describeMachine } from '../support/machine.ts'
import { type Lane, startFloor, startHotNode } from './apps.ts'
import { parseOptions } from './options.ts'
import { toReport } from './report.ts'
import { run } from './run.ts'

const { edits, modules } = parseOptions(process.argv.slice(2))

console.log(`# Where the time of an update goes\n\n${describeMachine()}; ${edits} edits each, ${modules} modules\n`)
const lanes: Lane[] = []
try {
  lanes.push(await startHotNode(modules), await startFloor())
  const [own = [], floor = []] = await run(lanes, edits)
  console.log(`${toReport(own, floor)}\n`)
} finally {
  await Promise.all(lanes.map(({ process }) => process.stop()))
}
