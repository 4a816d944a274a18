import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { nodeOf } from './node-binary.ts'
import { parseOptions } from './options.ts'

const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

const { majors, report, vitestArguments } = parseOptions(process.argv.slice(2))
const failed: string[] = []
for (const major of majors) {
  const { file, version } = await nodeOf(major)
  console.log(`\n── Node ${version} ──`)
  const reporters = report === undefined ? [] : ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(file, [VITEST, 'run', '--project', 'process', ...reporters, ...vitestArguments], {
    stdio: 'inherit',
    env: { TRAFFIC: 'short', ...process.env },
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) failed.push(version)
}
console.log(failed.length === 0 ? `\npassed on ${majors.join(', ')}` : `\nfailed on ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
