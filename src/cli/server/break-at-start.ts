import { decodedMappings, type EncodedSourceMap, TraceMap } from '@jridgewell/trace-mapping'

/**
 * Makes a module stop where its first statement stands in the source. Imports and exports come before that, in a line of which
 * the source has no counterpart.
 *
 * @param code with its source map
 * @param offset lines that whoever evaluates it puts before it
 */
export function breakAtStart(code: string, offset: number): string {
  const lines = code.split('\n')
  const first = firstMappedLine(code) - offset
  const line = lines[first]
  if (line === undefined) return `debugger;${code}`
  lines[first] = `debugger;${line}`
  return lines.join('\n')
}

function firstMappedLine(code: string): number {
  const encoded = /\/\/# sourceMappingURL=data:[^,]*;base64,(\S+)\s*$/.exec(code)?.[1]
  if (encoded === undefined) return -1
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as EncodedSourceMap
  return decodedMappings(new TraceMap(map)).findIndex((segments) => segments.some(({ length }) => length > 1))
}
