import type { Plugin } from 'vite'
import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

/** As Vite finds nothing of a file for a while that git deletes and writes. */
const HIDDEN_MS = 200

describe.each(HOSTS)('a file that Vite does not find at first in %s', (host) => {
  test('is looked for once more, where several are saved', async () => {
    let since: number | undefined
    let isHidden = false
    const hiding = (): Plugin => ({
      name: 'hiding',
      enforce: 'pre',
      resolveId(id) {
        if (!id.startsWith('./words.ts') || !isHidden) return undefined
        since ??= performance.now()
        return performance.now() - since < HIDDEN_MS ? '/nowhere.ts' : undefined
      },
    })
    const story = await createStory({ host, plugins: () => [hiding()] })
    story.file('words.ts', `export const words = () => 'one'`)
    story.file('news.ts', `export const news = () => 'none'`)
    await story.start(
      story.module(
        `import { words } from './words.ts'\nimport { news } from './news.ts'\nexport const probe = () => [words(), news()]`,
        'server.ts',
      ),
    )

    isHidden = true
    const outcome = await story.save({
      'words.ts': ["'one'", "'two'"],
      'news.ts': `import { words } from './words.ts'\nexport const news = () => words()`,
    })

    expect(outcome).toMatchObject({ rung: 'patch' })
    expect(await story.probe()).toMatchObject({ value: ['two', 'two'] })
  })
})
