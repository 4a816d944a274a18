import type { FieldRecord, PeerRecord } from './record.ts'

const WIDTH = 940
const ROW = 34
const TOP = 96
const LABEL_X = 228
const PLOT = { from: 256, to: 572 }
const COLUMNS = { process: 644, state: 700, connections: 772, 'failed requests': 874 }
const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000]

const LEGEND = [
  { text: 'kept by every edit', share: 1, x: 644 },
  { text: 'in part', share: 0.5, x: 796 },
  { text: 'lost', share: 0, x: 876 },
]

/** Without variables, which not every renderer of images knows. The colours of an image follow the reader's scheme. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .soft { font-size: 12px; fill: #59636e; }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
  .card { fill: #ffffff; stroke: #d1d9e0; }
  .grid { stroke: #d1d9e0; stroke-dasharray: 2 4; }
  .span { stroke: #818b98; stroke-width: 4; stroke-linecap: round; opacity: 0.45; }
  .dot, .kept { fill: #818b98; }
  .mark { stroke: #818b98; stroke-width: 1.5; }
  .empty { fill: none; }
  .band { fill: #0969da; opacity: 0.09; }
  .own text { font-weight: 600; }
  .own .dot, .own .kept { fill: #0969da; }
  .own .span, .own .mark { stroke: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .soft { fill: #9198a1; }
    .card { fill: #0d1117; stroke: #3d444d; }
    .grid { stroke: #3d444d; }
    .band { opacity: 0.2; }
    .own .dot, .own .kept { fill: #4493f8; }
    .own .span, .own .mark { stroke: #4493f8; }
  }
`

/** Rows of the peers, the quickest first: median and p95 on a logarithmic scale, and what an edit keeps. */
export function toChart({ peers }: FieldRecord): string {
  const rows = peers.toSorted((a, b) => (a.latency?.p50 ?? Infinity) - (b.latency?.p50 ?? Infinity))
  const times = rows.flatMap(({ latency }) => (latency === undefined ? [] : [latency.p50, latency.p95]))
  const least = TICKS.findLast((tick) => tick <= Math.min(...times)) ?? 1
  const most = TICKS.find((tick) => tick >= Math.max(...times)) ?? 5_000
  const toX = (ms: number): number =>
    PLOT.from + ((PLOT.to - PLOT.from) * Math.log(ms / least)) / Math.log(most / least)
  const bottom = TOP + rows.length * ROW
  const grid = TICKS.filter((tick) => tick >= least && tick <= most).map(
    (tick) => `<path class="grid" d="M${round(toX(tick))} ${TOP - 8}V${bottom}"/>
<text class="soft middle" x="${round(toX(tick))}" y="${bottom + 18}">${tick}</text>`,
  )
  const heads = Object.entries(COLUMNS).map(
    ([name, x]) => `<text class="soft middle" x="${x}" y="${TOP - 18}">${name}</text>`,
  )
  const keys = LEGEND.map(
    ({ text, share, x }) =>
      `${toMark(x, bottom + 38, share)}<text class="soft" x="${x + 12}" y="${bottom + 42}">${text}</text>`,
  )
  const lines = [...grid, ...heads, ...rows.map((peer, index) => toRow(peer, TOP + (index + 0.5) * ROW, toX)), ...keys]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 64}" role="img">
<title>Milliseconds from a save to the new answer, and what each tool keeps</title>
<style>${STYLE}</style>
<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${bottom + 63}" rx="8"/>
<text class="title" x="24" y="38">From a save to the new answer, and what is still there</text>
<text class="soft" x="${PLOT.from}" y="${TOP - 18}">milliseconds, median and p95, logarithmic</text>
${lines.join('\n')}
</svg>
`
}

function toRow(peer: PeerRecord, y: number, toX: (ms: number) => number): string {
  const { latency, underLoad } = peer
  const isOwn = peer.name === 'hot-node'
  const label = `<text class="end" x="${LABEL_X}" y="${y + 4}">${escapeText(peer.label.replaceAll('`', ''))}</text>`
  const band = isOwn
    ? `<rect class="band" x="12" y="${y - ROW / 2 + 2}" width="${WIDTH - 24}" height="${ROW - 4}" rx="6"/>`
    : ''
  if (latency === undefined)
    return `<g>${label}<text class="soft" x="${PLOT.from}" y="${y + 4}">not measured</text></g>`
  const [p50, p95] = [round(toX(latency.p50)), round(toX(latency.p95))]
  return `<g${isOwn ? ' class="own"' : ''}>${band}${label}
<path class="span" d="M${p50} ${y}H${p95}"/><circle class="dot" cx="${p50}" cy="${y}" r="6"/>
<text x="${p95 + 10}" y="${y + 4}">${latency.p50 < 100 ? latency.p50.toFixed(1) : latency.p50.toFixed(0)}</text>
${toMark(COLUMNS.process, y, latency.process / latency.edits)}
${toMark(COLUMNS.state, y, latency.state.length / 4)}
${toMark(COLUMNS.connections, y, (latency.keptAlive + latency.stream) / latency.edits / 2)}
<text class="middle" x="${COLUMNS['failed requests']}" y="${y + 4}">${underLoad?.failed.toLocaleString('en-US') ?? '–'}</text></g>`
}

/** A circle that is full, half full or empty. */
function toMark(x: number, y: number, share: number): string {
  const circle = `<circle class="mark ${share === 1 ? 'kept' : 'empty'}" cx="${x}" cy="${y}" r="6"/>`
  if (share === 0 || share === 1) return circle
  return `${circle}<path class="kept" d="M${x} ${y - 6}a6 6 0 0 0 0 12z"/>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
