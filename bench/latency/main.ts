import { describeMachine } from '../support/machine.ts'
import type { AppSize } from './app.ts'
import { contenders, hotNode, viteFloor } from './contenders.ts'
import { isChosen, type Options, parseOptions } from './options.ts'
import { type Lane, race } from './race.ts'
import { toComparison, toFloor, toGrowth } from './report.ts'

/** At this size a module that all others import is edited, too: the worst case for whatever walks the importers. */
const SHARING_SIZE = 1_000

const options = parseOptions(process.argv.slice(2))

console.log(`# Latency of an edit\n\n${describeMachine()}; ${options.edits} edits each\n`)
await compare(options)
if (options.only.includes('growth')) await grow(options)

async function compare({ edits, modules: [least = 10], ...rest }: Options): Promise<void> {
  const chosen = contenders.filter((contender) => isChosen({ edits, modules: [least], ...rest }, contender))
  if (chosen.length === 0) return
  const lanes = chosen.map((contender): Lane => ({ contender, size: { modules: least, sharing: false } }))
  const results = await race(lanes, edits)
  console.log(`## ${least} modules\n\n${toComparison(results)}\n`)
  const floor = toFloor(results)
  if (floor !== undefined) console.log(`${floor}\n`)
}

async function grow({ edits, modules }: Options): Promise<void> {
  const sizes: AppSize[] = modules.map((count) => ({ modules: count, sharing: false }))
  if (modules.includes(SHARING_SIZE)) sizes.push({ modules: SHARING_SIZE, sharing: true })
  const lanes = sizes.flatMap((size): Lane[] => [
    { contender: hotNode, size },
    { contender: viteFloor, size },
  ])
  const results = await race(lanes, edits)
  console.log(`## hotNode() as the graph grows\n\n${toGrowth(results)}\n`)
}
