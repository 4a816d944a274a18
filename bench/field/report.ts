import { toFixed, toTable } from '../support/markdown.ts'
import { type Place, PLACES } from './lanes.ts'
import type { FieldRecord, PeerRecord } from './record.ts'

const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** The parts that a record may lack: those that a run that was broken off has not come to, or that were taken out. */
const PARTS = { latency: 'Edits', underLoad: 'Edits under load', steady: 'Steady state', memory: 'Memory' }

/** All that is said of a run: two tables, what could not be measured, and where the numbers are from. */
export function toMarkdown(record: FieldRecord): string {
  const notes = toNotes(record)
  const parts = [toEditTable(record), toServerTable(record), ...(notes.length > 0 ? [notes.join('\n')] : [])]
  return `${parts.join('\n\n')}\n\n${toOrigin(record)}`
}

/** What an edit takes, and what it costs. */
export function toEditTable({ peers }: FieldRecord): string {
  const rows = peers.map((peer) => [
    peer.label,
    toMs(peer.latency?.p50),
    toMs(peer.latency?.p95),
    peer.latency === undefined ? '–' : toShare(peer.latency.process, peer.latency.edits),
    toState(peer.latency?.state),
    toValueEdits(peer),
    toConnections(peer),
    peer.underLoad === undefined ? '–' : COUNT.format(peer.underLoad.failed),
    String(peer.hmrLines),
  ])
  return toTable(
    ['', 'p50 ms', 'p95 ms', 'process', 'state', 'state, value', 'connections', 'failed requests', 'HMR lines'],
    rows,
  )
}

/** What a server costs that is edited now and then. */
export function toServerTable({ peers, plain }: FieldRecord): string {
  const most = Math.max(...peers.map(({ memory }) => memory?.edits ?? 0))
  const rows = peers.map((peer) => {
    const base = plain.find(({ name }) => name === peer.engine)
    const { memory, steady } = peer
    return [
      peer.label,
      memory === undefined ? '–' : `${toFixed(memory.megabytes, 0)}${memory.edits < most ? ` (${memory.edits})` : ''}`,
      memory?.growth === undefined ? '–' : toFixed(memory.growth / 1024, 1),
      steady === undefined ? '–' : COUNT.format(steady.rate),
      toFixed(steady && base?.steady && steady.rate / base.steady.rate, 2),
      toFixed(steady && base?.steady && steady.cpu / base.steady.cpu, 2),
      toMs(peer.coldStart),
    ]
  })
  const plainRows = plain.map(({ name, steady, coldStart }) => [
    `${name}, nothing watched`,
    '–',
    '–',
    steady === undefined ? '–' : COUNT.format(steady.rate),
    '1',
    '1',
    toMs(coldStart),
  ])
  const head = [
    '',
    most === 0 ? 'MB' : `MB after ${most} edits`,
    'KB per edit',
    'requests/s',
    '× plain',
    'CPU × plain',
    'cold start ms',
  ]
  return toTable(head, [...rows, ...plainRows])
}

/** What the cells cannot say. */
function toNotes({ machine, peers, failures }: FieldRecord): readonly string[] {
  const missed = peers.flatMap(({ label, latency, underLoad, memory }) =>
    [latency, underLoad, memory].flatMap((part) =>
      part && part.missed > 0 ? [`- ${label}: ${part.missed} of ${part.edits} edits were not answered in 5 s.`] : [],
    ),
  )
  const failed = failures.map(({ peer, part, message }) => `- ${peer}, ${part}: ${message.split('\n', 1)[0]}`)
  const unmeasured = Object.entries(PARTS).flatMap(([part, title]) =>
    peers.some((peer) => peer[part as keyof typeof PARTS] !== undefined) ? [] : [`- ${title}: not in this record.`],
  )
  const busy = isBusy(machine)
    ? ['- Other work kept the machine busy: the numbers are to be read beside each other, not by themselves.']
    : []
  return [...missed, ...failed, ...unmeasured, ...busy]
}

/** Whether more was to do, when the run began, than the machine has processors. */
function isBusy(machine: string): boolean {
  const [, processors, load] = /(\d+) × .*load ([\d.]+)$/.exec(machine) ?? []
  return Number(load) > Number(processors)
}

function toOrigin({ command, machine, peers }: FieldRecord): string {
  const versions = [...new Set(peers.flatMap(({ version }) => version.split(', ')))]
  return `Measured by \`${command}\` on ${machine}, with ${versions.join(', ')}.`
}

function toMs(value: number | undefined): string {
  return toFixed(value, value !== undefined && value < 100 ? 1 : 0)
}

/** `kept`, `lost`, or how often. */
function toShare(some: number, all: number): string {
  if (some === all) return 'kept'
  return some === 0 ? 'lost' : `${some} of ${all}`
}

function toState(places: readonly Place[] | undefined): string {
  if (places === undefined) return '–'
  return places.length === 0 ? 'lost' : `${places.length} of ${PLACES.length}`
}

function toValueEdits({ valueEdits }: PeerRecord): string {
  if (valueEdits === undefined || valueEdits.answered === valueEdits.edits) return toState(valueEdits?.state)
  return valueEdits.answered === 0 ? 'not shown' : `${valueEdits.answered} of ${valueEdits.edits} shown`
}

function toConnections({ latency }: PeerRecord): string {
  if (latency === undefined) return '–'
  const keptAlive = toShare(latency.keptAlive, latency.edits)
  const stream = toShare(latency.stream, latency.edits)
  return keptAlive === stream ? keptAlive : `stream ${stream}, kept-alive ${keptAlive}`
}
