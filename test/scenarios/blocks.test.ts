import { rerun, tell } from '../support/story/index.ts'

const files = {
  'log.ts': `
    export const log: string[] = []
    export const say = (word: string) => void log.push(word)
    export const later = async (word: string) => { await null; log.push(word) }`,
}

/** A call of what is imported is the first thing in a statement inside a block of the top level. */
const BLOCKS: Readonly<Record<string, string>> = {
  if: `if (true) { say('one'); say('two') }`,
  'if and else': `if (false) { say('none') } else { say('one') }`,
  'no semicolons': `if (true) {\n const word = 'one'\n say(word)\n say('two')\n }`,
  try: `try { say('one') } catch { say('none') } finally { later('end') }`,
  'for of': `for (const word of ['one', 'two']) { say(word) }`,
  switch: `switch (1) { case 1: say('one'); later('two') }`,
  'a block': `{ say('one'); void later('two') }`,
  'a namespace': `if (true) { all.say('one'); all.later('two') }`,
  'a part of the answer': `if (true) { names('two').length\n names('one').map(say) }\n function names(name) { return [name] }`,
}

tell(
  'calls of imports inside blocks of the top level',
  Object.entries(BLOCKS).map(([name, block]) => ({
    name,
    files,
    server: `
      import { later, log, say } from './log.ts'
      import * as all from './log.ts'
      void [later, all]
      ${block}
      export const probe = () => log`,
    edits: [rerun(["'one'", "'ONE'"])],
  })),
)
