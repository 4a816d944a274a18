import { parseOptions } from './options.ts'
import { installPeers } from './packages.ts'
import { measure } from './measure.ts'
import { publish } from './readme.ts'
import { type FieldRecord, readRecord, writeRecord } from './record.ts'
import { toMarkdown } from './report.ts'

const options = parseOptions(process.argv.slice(2))

if (options.render) publish(readRecord())
else {
  installPeers()
  let last: FieldRecord | undefined
  for await (const record of measure(options)) {
    last = record
    // After every part, so that a run that is broken off has left what it measured.
    if (options.write) writeRecord(record)
  }
  if (last !== undefined) console.log(`# The field\n\n${toMarkdown(last)}`)
  if (last !== undefined && options.write) publish(last)
}
