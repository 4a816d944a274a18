import { describe, expect, test } from 'vitest'
import { createStory, HOSTS } from '../support/story/index.ts'

describe.each(HOSTS)('code that began before an update ends as it began, in %s', (host) => {
  test('with a function, a class and values that the update removes', async () => {
    const story = await createStory({ host })
    const server = story.module(`
      const sign = '€'
      const rates = new Map([['one', 2]])
      let open = () => {}
      export const gate = new Promise((resolve) => { open = resolve })
      function format(amount) { return sign + amount }
      class Basket { total = 3 }
      export async function pay() {
        await gate
        return format(rates.get('one') * new Basket().total)
      }
      export const release = () => open()
      export const probe = () => 'old'`)
    await story.start(server)
    const begun = story.call('pay')

    await story.edit(server, (source) =>
      source
        .replace(/const sign.*\n.*const rates.*\n/, '')
        .replace(/function format.*\n.*class Basket.*\n/, '')
        .replace(/return format.*/, `return typeof format + typeof rates`)
        .replace("'old'", "'new'"),
    )
    await story.call('release')

    expect(await begun).toBe('€6')
    expect(await story.call('pay')).toBe('undefinedundefined')
    expect(await story.probe()).toStrictEqual({ value: 'new' })
  })

  test('with a function that the update moves to another module', async () => {
    const story = await createStory({ host })
    const live = story.module(`
      import { EventEmitter } from 'node:events'
      export const sockets = new EventEmitter()
      export const heard = []
      export function attach(emitter) { emitter.on('message', (text) => heard.push(reply(text))) }
      function reply(text) { return 'echo ' + text }`)
    const server = story.module(`
      import { attach, heard, sockets } from ${live}
      export const connect = () => attach(sockets)
      export const say = (text) => (sockets.emit('message', text), heard.join())
      export const probe = () => 'up'`)
    await story.start(server)
    await story.call('connect')

    await story.save({
      'reply.ts': `export function reply(text) { return 'echo ' + text }`,
      [live.path]: `import { reply } from './reply.ts'\n${story.read(live.path).replace(/function reply.*/, '')}`,
    })

    expect(await story.call('say', 'yo')).toBe('echo yo')
  })
})
