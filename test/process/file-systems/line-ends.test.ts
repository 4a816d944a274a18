import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HOSTS, type Project } from '../../support/process/index.ts'
import { Words } from './server.ts'

const BYTE_ORDER_MARK = '\uFEFF'

/** TypeScript is printed anew before the plugin sees it, JavaScript comes as it is. */
const AXES = HOSTS.flatMap((host) => ['ts', 'js'].map((extension) => ({ host, extension })))

/** What stands in templates has the line ends of ECMAScript, whatever those of the file are. */
const TEXT = `const greeting = 'hello'

const TEMPLATE = \`one
two\`

/**
 * Says it.
 */
export function words() {
  /* nothing
     that runs */
  if (greeting === 'throw') {
    throw new Error('thrown')
  }
  return \`\${greeting} \${TEMPLATE.length} \${String.raw\`a
b\`.length}\`
}

console.log(words(),
  'at start-up')
`

const ANSWER = 'hello 7 3'

function toCrlf(text: string): string {
  return text.replaceAll('\n', '\r\n')
}

function prepareWith(extension: string, text: string): (project: Project) => void {
  return (project) => {
    rmSync(project.path('src/words.ts'))
    project.save(`src/words.${extension}`, text)
    project.edit('server.ts', './src/words.ts', `./src/words.${extension}`)
  }
}

test.for(AXES)('how lines end is no change: $host, $extension', async ({ host, extension }) => {
  const server = await Words.start({ host, prepare: prepareWith(extension, TEXT) })
  expect(await server.answer()).toBe(ANSWER)

  for (const [what, text] of [
    ['CRLF', toCrlf(TEXT)],
    ['LF', TEXT],
    ['a byte order mark', `${BYTE_ORDER_MARK}${TEXT}`],
    ['a byte order mark and CRLF', `${BYTE_ORDER_MARK}${toCrlf(TEXT)}`],
    ['no line end at the end', TEXT.trimEnd()],
    ['a comment', `// a comment\n${TEXT}`],
    ['another comment', `/* another\r\n comment */\n${TEXT}`],
    ['another comment within', TEXT.replace('nothing', 'not anything')],
    ['as it was', TEXT],
  ] as const) {
    const printed = await server.changeQuietly(() => server.project.save(`src/words.${extension}`, text))
    expect({ what, printed }).toEqual({ what, printed: [] })
    expect(await server.answer()).toBe(ANSWER)
  }
})

test.for(AXES)('a file with CRLF and a byte order mark is patched: $host, $extension', async ({ host, extension }) => {
  const file = `src/words.${extension}`
  const server = await Words.start({
    host,
    prepare: (project) => {
      prepareWith(extension, BYTE_ORDER_MARK + toCrlf(TEXT.replace(/console.log[^]*/, '')))(project)
      project.edit('server.ts', 'words: words()', 'words: attempt()')
      project.save('server.ts', toCrlf(project.read('server.ts') + ATTEMPT))
    },
  })
  const { project } = server
  expect(await server.answer()).toBe(ANSWER)

  for (const word of ['edited', 'again']) {
    const text = project.read(file).replace(/return `\w*/, `return \`${word}`)
    const printed = await server.change(() => project.save(file, text))
    expect(printed).toEqual([`patched ${file}: words() · kept everything`])
    expect(await server.answer()).toBe(`${word}${ANSWER}`)
  }
  expect(project.read(file)).toContain('\r\n')

  await server.change(() => project.edit(file, `if (greeting === 'throw')`, 'if (greeting)'))
  expect(await server.answer()).toContain(project.locate(file, 'new Error'))
  // Those of code that was patched, too, and of the module beside it.
  await server.change(() => project.edit('server.ts', 'return words()', "return words() + ''"))
  expect(await server.answer()).toContain(project.locate('server.ts', "words() + ''"))
})

test.for(HOSTS)('a file that is emptied, and written again: %s', async (host) => {
  const server = await Words.start({
    host,
    prepare: (project) => {
      project.save('src/effect.ts', '')
      project.save('src/words.ts', `import './effect.ts'\n${TEXT}`)
    },
  })
  const { project } = server
  expect(await server.answer()).toBe(ANSWER)

  expect(await server.changeQuietly(() => project.save('src/effect.ts', '\n'))).toEqual([])
  for (const _ of [1, 2]) {
    const filled = await server.change(() => project.save('src/effect.ts', `console.log('effect')`))
    expect(filled).toEqual([expect.stringMatching(/^re-ran src\/effect\.ts: console\.log\("effect"\) · .* is new/)])
    const emptied = await server.change(() => project.save('src/effect.ts', ''))
    expect(emptied).toEqual([expect.stringMatching(/^re-ran src\/effect\.ts: removed console\.log\("effect"\) · /)])
  }

  const missing = await server.change(() => project.save('src/words.ts', ''))
  expect(missing).toEqual([expect.stringMatching(/^update failed: .*words/)])
  expect(await server.answer()).toBe(ANSWER)
  const back = await server.change(() =>
    project.save('src/words.ts', `import './effect.ts'\n${TEXT.replace('hello', 'bye')}`),
  )
  expect(back).toEqual([expect.stringMatching(/^(?:re-ran|patched) src\/words\.ts: .* · up to date again$/)])
  expect(await server.answer()).toBe('bye 7 3')
})

/** Appended to the entry: what a stack trace says. */
const ATTEMPT = `
function attempt(): string {
  try {
    return words()
  } catch (error) {
    return String((error as Error).stack)
  }
}
`
