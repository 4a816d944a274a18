import { parseOptions } from './options.ts'
import { replay } from './replay.ts'
import { toLine, toMarkdown } from './report.ts'
import { hasFailed } from './result.ts'

const options = parseOptions(process.argv.slice(2))
const results = await replay(options, (result) => console.error(toLine(result)))
console.log(options.isJson ? JSON.stringify(results, null, 2) : `\n${toMarkdown(results)}`)
process.exitCode = hasFailed(results) ? 1 : 0
