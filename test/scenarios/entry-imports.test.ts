import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

describe.each(HOSTS)('an entry in a folder in %s', (host) => {
  test('finds what an edit has it import, and all see one instance', async () => {
    const story = await createStory({ host })
    // Of the same name, where nobody asks for it.
    story.file('name.ts', `export const name = { text: 'of the root' }`)
    story.file('src/name.ts', `export const name = { text: 'one' }`)
    story.file('src/lib/index.ts', `export const lib = () => 'lib'`)
    const server = story.module(`export const probe = () => 'nothing'`, 'src/server.ts')
    await story.start(server)

    const added = await story.edit(server, (source) => {
      const imports = `import { lib } from './lib'\nimport { name } from './name.ts'\nexport const shown = () => name`
      return `${imports}\n${source.replace("'nothing'", 'name.text + lib()')}`
    })
    expect(added).not.toMatchObject({ rung: 'failed' })
    expect(await story.probe()).toStrictEqual({ value: 'onelib' })

    await story.save({
      'src/other.ts': `import { name } from './name.ts'\nexport const same = name`,
      'src/server.ts': `import { same } from './other.ts'\n${story.read('src/server.ts')}\nexport const isOne = () => same === name`,
    })
    expect(await story.call('isOne')).toBe(true)
    await story.edit('src/name.ts', ["'one'", "'two'"])
    expect(await story.probe()).toStrictEqual({ value: 'twolib' })
    expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
  })

  test('finds what it asks for by a computed specifier', async () => {
    const story = await createStory({ host })
    story.file('src/name.ts', `export const name = 'one'`)
    const server = story.module(
      `const wanted = 'name'
      const { name } = await import(/* @vite-ignore */ './' + wanted + '.ts')
      export const probe = () => name`,
      'src/server.ts',
    )
    await story.start(server)

    await story.edit('src/name.ts', ["'one'", "'two'"])

    expect(await story.probe()).toStrictEqual({ value: 'two' })
    expect({ answer: await story.probe() }).toStrictEqual(await story.cold())
  })
})
