import { describeMachine } from '../support/machine.ts'
import { measureEdits, measureFiles, measureStarts } from './measure.ts'
import { parseOptions } from './options.ts'
import { toMemory, toStarts, toUpdates } from './report.ts'
import { SMALLEST } from './shape.ts'

const options = parseOptions(process.argv.slice(2))
const { only, sizes, rounds, edits } = options

console.log(`# Scale\n\n${describeMachine()}; ${rounds} starts, ${edits} edits each\n`)

if (only.includes('modules')) {
  const starts = await measureStarts(options)
  console.log(`## Start-up, by modules\n\n${toStarts(starts)}\n`)
  console.log(`## Memory, by modules\n\n${toMemory(starts)}\n`)
  const updates = await measureEdits(sizes.modules, (modules) => ({ ...SMALLEST, modules }), options)
  console.log(`## Updates, by modules\n\n${toUpdates(updates, 'modules')}\n`)
}
if (only.includes('importers')) {
  const modules = Math.max(SMALLEST.modules, ...sizes.importers)
  const updates = await measureEdits(sizes.importers, (importers) => ({ ...SMALLEST, modules, importers }), options)
  console.log(
    `## Updates, by importers of the edited module, in ${modules} modules\n\n${toUpdates(updates, 'importers')}\n`,
  )
}
if (only.includes('heap')) {
  const updates = await measureEdits(sizes.heap, (heapMib) => ({ ...SMALLEST, heapMib }), options)
  console.log(`## Updates, by heap\n\n${toUpdates(updates, 'MiB')}\n`)
}
if (only.includes('files')) {
  const updates = await measureFiles(options)
  console.log(`## One update, by files saved at once\n\n${toUpdates(updates, 'files')}\n`)
}
