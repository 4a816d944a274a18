import { expect, test } from 'vitest'
import { type Lane, sendTraffic, type ServerProcess, startServer } from '../../support/process/index.ts'
import { expectOneTimer, STAMP } from '../expectations.ts'
import { PLAYGROUNDS, type PlaygroundAxis, statusOf } from '../playgrounds.ts'
import { chat } from './chat.ts'
import { addVersions, filesOf, findMixture, SETS, withEdition } from './versions.ts'

/** Each is an edit of every set, two edits of the entry, and a broken save that is repaired. */
const FULL_ROUNDS = 50

/** The chat room gets all of them, unless with `TRAFFIC=short`; the others as many with `TRAFFIC=full`: see README.md. */
const roundsOf = ({ name }: PlaygroundAxis): number => {
  const { TRAFFIC } = process.env
  return TRAFFIC === 'full' || (name === 'http' && TRAFFIC !== 'short') ? FULL_ROUNDS : FULL_ROUNDS / 10
}

const LANES: readonly Lane[] = [
  { name: 'new connections 1', paths: ['/parts', '/edition'], keepsAlive: false },
  { name: 'new connections 2', paths: ['/edition', '/status'], keepsAlive: false },
  { name: 'kept alive 1', paths: ['/parts', '/edition'], keepsAlive: true },
  { name: 'kept alive 2', paths: ['/edition', '/parts'], keepsAlive: true },
  { name: 'slow, new connections', paths: ['/slow'], keepsAlive: false },
  { name: 'slow, kept alive', paths: ['/slow'], keepsAlive: true },
]

test.for(PLAYGROUNDS)(
  'no request fails or mixes versions while $name is edited',
  { timeout: 300_000 },
  async (playground) => {
    const server = await startServer(playground.name, { prepare: (project) => addVersions(project, playground) })
    const rounds = roundsOf(playground)
    // Only one playground has WebSockets.
    const talkers = playground.name === 'http' ? ['Ada', 'Grace', 'Edsger'] : []
    const stopTraffic = sendTraffic(server.url, {
      lanes: LANES,
      paceMs: 4,
      check: (path, body, previous) => (path === '/status' ? undefined : findMixture(path, body, previous)),
    })
    const stopChat = await chat(server.url, talkers)

    const editor = new Editor(server)
    for (let round = 1; round <= rounds; round += 1) await editor.round(round)

    const { answered, failures } = await stopTraffic()
    expect(failures).toEqual([])
    // Every update had requests about.
    expect(answered).toBeGreaterThan(rounds * 7 * LANES.length)
    const { said, closed, problems } = await stopChat()
    expect(problems).toEqual([])
    expect(closed).toBe(0)
    expect(said).toBeGreaterThanOrEqual(rounds * 7 * talkers.length)
    expect(editor.wrong).toEqual([])
    const status = await statusOf(server)
    expect(status.pid).toBe(server.pid)
    await expectOneTimer(server, 100)
    expect(String(server.log)).not.toMatch(/EADDRINUSE|MaxListenersExceededWarning/)
  },
)

/** Saves files, and waits for the line that says what came of it. */
class Editor {
  /** What was not as it should be. Filled by `round`. */
  readonly wrong: string[] = []
  readonly #server: ServerProcess
  #edition = 0

  constructor(server: ServerProcess) {
    this.#server = server
  }

  /** The order keeps two saves of one file apart: Vite's watcher drops a change within 50 ms of another. */
  async round(number: number): Promise<void> {
    await this.#editSet(0, number)
    await this.#editEntry()
    await this.#editSet(1, number)
    await this.#editSet(2, number)
    await this.#editEntry()
    await this.#editSet(3, number)
    await this.#breakAndRepair(number)
    await this.#expectAnswers('/parts', number)
    await this.#expectAnswers('/edition', this.#edition)
  }

  async #editSet(set: number, version: number): Promise<void> {
    const { log } = this.#server
    this.#server.saveTogether(filesOf(set, version))
    const [line] = await log.waitForLine(new RegExp(`${STAMP} (?:patched|re-ran|update failed).*`))
    for (const [file] of filesOf(set, version))
      if (!line.includes(` patched `) || !line.includes(`${file}: `)) this.wrong.push(`${file} ${version}: ${line}`)
  }

  async #editEntry(): Promise<void> {
    const { project, log } = this.#server
    this.#edition += 1
    project.save('server.ts', withEdition(project.read('server.ts'), this.#edition))
    const [line] = await log.waitForLine(new RegExp(`${STAMP} (?:patched|re-ran|update failed).*`))
    if (!line.includes(' re-ran server.ts: ')) this.wrong.push(`edition ${this.#edition}: ${line}`)
  }

  async #breakAndRepair(round: number): Promise<void> {
    const { project, log } = this.#server
    const breakage = BREAKAGES[round % BREAKAGES.length] as Breakage
    const good = project.read(breakage.file)
    project.save(breakage.file, breakage.toBroken(good))
    await log.waitForLine(new RegExp(`${STAMP} update failed: `))
    await log.waitForLine(/ the running code is behind /)
    project.save(breakage.file, good)
    await log.waitForLine(/ up to date again$/)
  }

  async #expectAnswers(path: string, version: number): Promise<void> {
    const { text } = await this.#server.get(path)
    const lists = JSON.parse(text) as number[][]
    if (lists.flat().some((one) => one !== version)) this.wrong.push(`${path} is ${text}, not ${version}`)
  }
}

interface Breakage {
  readonly file: string
  readonly toBroken: (good: string) => string
}

const BREAKAGES: readonly Breakage[] = [
  { file: `src/parts/page-${SETS[3]}.ts`, toBroken: (good) => `${good}const broken = {\n` },
  { file: 'server.ts', toBroken: (good) => `${good}\nthrow new Error('after it listens')\n` },
  { file: `src/parts/page-${SETS[1]}.ts`, toBroken: (good) => `import { gone } from './gone.ts'\n${good}\ngone()\n` },
  { file: 'server.ts', toBroken: (good) => `${good}\nawait Promise.reject(new Error('after an await'))\n` },
  {
    file: `src/parts/page-${SETS[2]}.ts`,
    toBroken: (good) => `import { wrong } from './page-0.ts'\n${good}\nexport const other = (): unknown => wrong\n`,
  },
]
