import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toChart } from '../../../bench/field/chart.ts'
import type { FieldAnswer } from '../../../bench/field/lanes.ts'
import { summarize } from '../../../bench/field/latency.ts'
import { peers } from '../../../bench/field/peers.ts'
import { putBetweenMarkers, toSection } from '../../../bench/field/readme.ts'
import { type FieldRecord, type PeerRecord, readRecord } from '../../../bench/field/record.ts'
import { toEditTable, toMarkdown, toServerTable } from '../../../bench/field/report.ts'

const ROOT = join(import.meta.dirname, '../../..')

function answer(pid: number, state: Partial<FieldAnswer['state']> = {}): FieldAnswer {
  return { text: '', pid, state: { entry: 1, aside: 1, importer: 1, edited: 1, ...state } }
}

function answered(ms: number, before: FieldAnswer, after: FieldAnswer, survivors = { keptAlive: true, stream: true }) {
  return { kind: 'answered', ms, writtenAt: 0, before, answer: after, failedRequests: 0, ...survivors } as const
}

describe('what the edits of a peer come to', () => {
  const before = answer(1, { entry: 5, aside: 5, importer: 5, edited: 5 })

  test('a place is kept whose counter has gone on', () => {
    const after = answer(1, { entry: 6, aside: 6 })
    expect(summarize([answered(10, before, after)])).toMatchObject({ process: 1, state: ['entry', 'aside'] })
  })

  test('a counter that is higher in another process is not kept', () => {
    const after = answer(2, { entry: 6, aside: 6, importer: 6, edited: 6 })
    expect(summarize([answered(10, before, after)])).toMatchObject({ process: 0, state: [] })
  })

  test('a place that one edit has lost is not kept', () => {
    const kept = answer(1, { entry: 6, aside: 6, importer: 6, edited: 6 })
    const lost = answer(1, { entry: 6, aside: 6, importer: 6, edited: 1 })
    const { state } = summarize([answered(10, before, kept), answered(10, before, lost)])
    expect(state).toEqual(['entry', 'aside', 'importer'])
  })

  test('edits that were not answered count as missed, and not in the times', () => {
    const missed = { kind: 'missed', failedRequests: 3, keptAlive: true, stream: true } as const
    const summary = summarize([missed, answered(10, before, answer(1)), answered(30, before, answer(1))])
    expect(summary).toMatchObject({ edits: 3, missed: 1, p50: 10, p95: 30, keptAlive: 2, stream: 2 })
  })
})

const load = { rate: 1_500, cpu: 30 }
const peer: PeerRecord = {
  name: 'peer',
  label: 'a peer',
  version: 'Peer 1.2.3',
  engine: 'node',
  hmrLines: 3,
  latency: { edits: 4, missed: 1, p50: 12.34, p95: 345.6, process: 4, keptAlive: 0, stream: 3, state: ['entry'] },
  underLoad: { edits: 10, missed: 0, requests: 5_000, failed: 1_234 },
  valueEdits: { edits: 3, answered: 0, state: [] },
  memory: { edits: 20, missed: 0, megabytes: 99.6, growth: 2_048 },
  steady: load,
  coldStart: 250,
}
const record: FieldRecord = {
  command: 'npm run it',
  machine: 'a machine',
  peers: [peer],
  plain: [{ name: 'node', steady: { rate: 3_000, cpu: 10 }, coldStart: 50 }],
  failures: [],
}

function toCells(table: string, row: number): readonly string[] {
  const line = table.split('\n')[row + 2] ?? ''
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
}

describe('the tables', () => {
  test('an edit', () => {
    const cells = [
      'a peer',
      '12.3',
      '346',
      'kept',
      '1 of 4',
      'not shown',
      'stream 3 of 4, kept-alive lost',
      '1,234',
      '3',
    ]
    expect(toCells(toEditTable(record), 0)).toEqual(cells)
  })

  test('a server, beside a plain one of its engine', () => {
    const other: PeerRecord = { ...peer, memory: { edits: 500, missed: 0, megabytes: 50, growth: undefined } }
    const table = toServerTable({ ...record, peers: [peer, other] })
    expect(table).toContain('MB after 500 edits')
    expect(toCells(table, 0)).toEqual(['a peer', '100 (20)', '2.0', '1,500', '0.50', '3.00', '250'])
    expect(toCells(table, 1).slice(1, 3)).toEqual(['50', '–'])
    expect(toCells(table, 2)).toEqual(['node, nothing watched', '–', '–', '3,000', '1', '1', '50.0'])
  })

  test('what was not measured is a dash, and what failed is told', () => {
    const { name, label, version, engine, hmrLines } = peer
    const failed: FieldRecord = {
      ...record,
      peers: [{ name, label, version, engine, hmrLines }],
      failures: [{ peer: 'peer', part: 'edits', message: 'Error: it did not listen\nat once' }],
    }
    expect(toCells(toEditTable(failed), 0)).toEqual(['a peer', '–', '–', '–', '–', '–', '–', '–', '3'])
    expect(toMarkdown(failed)).toContain('\n- peer, edits: Error: it did not listen\n')
    expect(toMarkdown(failed)).toContain('\n- Memory: not in this record.\n')
    expect(toChart(failed)).toContain('not measured')
  })

  test('a busy machine is told', () => {
    const busy = 'Node v20, linux x64, 2 × Some Processor, load '
    expect(toMarkdown({ ...record, machine: `${busy}2.5` })).toContain('- Other work kept the machine busy')
    expect(toMarkdown({ ...record, machine: `${busy}1.9` })).not.toContain('- Other work kept the machine busy')
  })

  test('missed edits are told', () => {
    expect(toMarkdown(record)).toContain('- a peer: 1 of 4 edits were not answered in 5 s.')
  })
})

describe('the README', () => {
  test('has a section between its markers, and only that is replaced', () => {
    const text = 'a\n<!-- bench:field -->\nold\n<!-- /bench:field -->\nb'
    const replaced = 'a\n<!-- bench:field -->\n\nnew\n\n<!-- /bench:field -->\nb'
    expect(putBetweenMarkers(text, 'new')).toBe(replaced)
  })

  test.each(['no markers', '<!-- bench:field --> no end', '<!-- /bench:field --><!-- bench:field -->'])(
    'is not written without them: %s',
    (text) => expect(() => putBetweenMarkers(text, 'new')).toThrow('have to be there once'),
  )

  test('and the chart show the last record, of all peers', () => {
    const last = readRecord()
    expect(last.peers.map(({ name }) => name)).toEqual(peers.map(({ name }) => name))
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(toSection(last))
    expect(readFileSync(join(ROOT, 'docs/field.svg'), 'utf8')).toBe(toChart(last))
  })
})
