import { readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { transformWithOxc } from 'vite'
import type { Measured } from './measured.ts'

/**
 * The least that replacing code can take: a bare watcher, one file read, one type-strip and one `eval`. It keeps
 * nothing, finds no error, and could not tell which function changed.
 */
const [file = ''] = process.argv.slice(2)
let last = readFileSync(file, 'utf8')

watch(dirname(file), () => {
  const seen = performance.now()
  const source = readFileSync(file, 'utf8')
  // The watcher tells of the file being emptied, too.
  if (source === '' || source === last) return
  last = source
  void replace(source, seen)
})
process.send?.('ready')

async function replace(source: string, seen: number): Promise<void> {
  const read = performance.now()
  const { code } = await transformWithOxc(source, file, { sourcemap: false })
  const stripped = performance.now()
  // oxlint-disable-next-line no-eval -- it is what is measured
  const message = (0, eval)(`(() => { ${code.replaceAll(/^export /gm, '')}; return message })()`) as () => string
  const evaluated = performance.now()
  const { user, system } = process.cpuUsage()
  const measured: Measured = {
    startedAt: performance.timeOrigin + seen,
    spans: { read: read - seen, transform: stripped - read, apply: evaluated - stripped },
    total: evaluated - seen,
    processor: (user + system) / 1000,
    says: message(),
  }
  process.send?.(measured)
}
