import { expect, test } from 'vitest'
import { ALL_HOSTS, eventually, startServer } from '../support/process/index.ts'

/** Listens to everything, and says what it hears. */
const ENTRY = `
import { near, far } from './src/hot/near.ts'
import './src/hot/side.ts'
import { size } from './src/hot/sizes.ts'
const hot = import.meta.hot!
const made = { size }
hot.accept('./src/hot/near.ts', async (next) => { await null; console.log('hot: near', next?.near()) })
hot.on('vite:beforeUpdate', ({ updates }) => console.log('hot: before', updates.map(({ path }) => path).join()))
hot.on('vite:beforePrune', ({ paths }) => console.log('hot: prune', paths.join()))
hot.on('vite:invalidate', ({ message }) => console.log('hot: invalidate', message))
hot.on('vite:error', ({ err }) => console.log('hot: error', typeof err.message))
const once = (answer: string) => { console.log('hot: answer', answer); hot.off('app:answer', once); hot.send('app:question', 'again') }
hot.on('app:answer', once)
hot.dispose((data) => { data.runs = (data.runs ?? 1) + 1; console.log('hot: dispose', data.runs) })
console.log('hot: runs', hot.data.runs ?? 1, made.size, near(), far)
hot.send('app:question', 'first')
`

const FILES = {
  'src/hot/near.ts': `export { far } from './far.ts'\nexport const near = () => 'one'\n`,
  'src/hot/far.ts': `export const far = 1\n`,
  'src/hot/side.ts': `import.meta.hot?.prune(() => console.log('hot: pruned'))\n`,
  'src/hot/sizes.ts': `export const size = 1\nexport const other = 1\nimport.meta.hot?.acceptExports(['size'], (next) => {
  if (next?.size > 2) import.meta.hot!.invalidate('too large')\n})\n`,
}

const CONFIG = `
import type { Plugin } from 'vite'
const answers: Plugin = {
  name: 'answers',
  configureServer({ environments }) {
    for (const { hot } of Object.values(environments))
      hot.on('app:question', (question, client) => { console.log('asked', question); client.send('app:answer', 'to ' + question) })
  },
}
`

test.for(ALL_HOSTS)('import.meta.hot is the same on every host: %s', async (host) => {
  const { project, log } = await startServer('http', {
    host,
    prepare: (copy) => {
      for (const [file, text] of Object.entries(FILES)) copy.save(file, text)
      copy.save('server.ts', `${copy.read('server.ts')}${ENTRY}`)
      copy.edit('vite.config.ts', 'export default', `${CONFIG}\nexport default`)
      copy.edit('vite.config.ts', 'hotNode()', 'hotNode(), answers')
    },
  })
  const hears = async (edit: () => void, ...lines: readonly string[]): Promise<void> => {
    const mark = log.mark()
    edit()
    // In any order: what goes by way of the main thread comes later.
    await eventually(() => {
      const heard = log.since(mark).match(/^(?:hot: .*|asked .*)$/gm) ?? []
      expect(heard.toSorted()).toEqual(lines.toSorted())
    })
  }

  await eventually(() => {
    expect(String(log)).toMatch(/^hot: runs 1 1 one 1$/m)
    expect(String(log)).toMatch(/^hot: answer to first$/m)
    // Off again: the second answer is heard by nobody.
    expect(String(log).match(/^asked .*$/gm)).toEqual(['asked first', 'asked again'])
  })
  await hears(() => project.edit('src/hot/near.ts', "'one'", "'two'"), 'hot: before /server.ts', 'hot: near two')
  await hears(() => project.edit('src/hot/near.ts', "'two'", "'three' ("), 'hot: error string', 'hot: near undefined')
  await hears(
    () => project.edit('src/hot/near.ts', "'three' (", "'three'"),
    'hot: before /server.ts',
    'hot: near three',
  )
  await hears(() => project.edit('src/hot/sizes.ts', 'size = 1', 'size = 2'), 'hot: before /src/hot/sizes.ts')
  await hears(
    () => project.edit('src/hot/sizes.ts', 'size = 2', 'size = 3'),
    'hot: before /src/hot/sizes.ts',
    'hot: invalidate too large',
    'hot: before /server.ts',
    'hot: dispose 2',
    'hot: runs 2 3 three 1',
    'asked first',
    'asked again',
    'hot: answer to first',
  )
  await log.waitForLine(/ \[hot-node\] src\/hot\/sizes\.ts invalidated itself: too large$/)
  await hears(
    () => project.edit('server.ts', "import './src/hot/side.ts'\n", ''),
    'hot: before /server.ts',
    'hot: prune /src/hot/side.ts',
    'hot: pruned',
  )
})
