import { parseArgs } from 'node:util'
import { check } from './check.ts'

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    path: { type: 'string' },
  },
})
const programs = Number(values.programs)
const seed = Number(values.seed)
if (!Number.isInteger(programs) || programs < 1) throw new RangeError('--programs takes a whole number from 1 on.')
if (!Number.isInteger(seed)) throw new RangeError('--seed takes a whole number.')

console.log(`${programs} programs with seed ${seed}`)
const { counts, counterExample } = await check({ programs, seed, path: values.path })
for (const [what, count] of [...counts].toSorted(([one], [other]) => one.localeCompare(other)))
  console.log(`${String(count).padStart(7)} ${what}`)
if (counterExample !== undefined) {
  console.log(`\n${counterExample}`)
  process.exitCode = 1
}
