import { once } from 'node:events'
import { appendFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { ask } from './answer.ts'
import type { Cold } from './cold.ts'
import { type Answers, compareState, findDifferences } from './compare.ts'
import { type Commit, listChanges, listCommits } from './history.ts'
import { HotServer, startCold, type Surroundings } from './hot-server.ts'
import { ListeningPost, type Settled } from './listening-post.ts'
import type { Options } from './options.ts'
import { listOutside } from './outside-modules.ts'
import type { Probe } from './probe.ts'
import type { CommitResult, Verdict } from './result.ts'
import { Workplace } from './workplace.ts'

/**
 * Goes through a history twice, in a clone. First a cold server is started at each commit, and asked. Then a hot one is
 * started at the first, and commit after commit is checked out under it. So there is one server at a time, and both kinds
 * may listen on the same port.
 *
 * @param onCommit called as soon as it is known how a commit went
 */
export async function replay(options: Options, onCommit: (result: CommitResult) => void): Promise<CommitResult[]> {
  const commits = await listCommits(options)
  const place = await Workplace.create(options)
  const post = await ListeningPost.open()
  const log = toLog(options.log)
  const run = new Replay({ options, place, port: await findFreePort(), onOutput: log }, post)
  try {
    const results: CommitResult[] = []
    const colds = await askColdServers(run.surroundings, commits, log)
    await place.clean()
    for (const [index, commit] of commits.entries()) {
      log(`\n── hot at ${commit.hash.slice(0, 7)} ──\n`)
      const result = await run.goTo(commit, colds[index] ?? { kind: 'fails', why: 'it was not started' })
      results.push(result)
      onCommit(result)
    }
    return results
  } finally {
    await run.stop()
    post.close()
  }
}

async function askColdServers(
  surroundings: Surroundings,
  commits: readonly Commit[],
  log: (text: string) => void,
): Promise<Cold[]> {
  const { options, place } = surroundings
  const colds: Cold[] = []
  for (const { hash } of commits) {
    log(`\n── cold at ${hash.slice(0, 7)} ──\n`)
    try {
      await place.checkOut(hash)
      await place.clean()
      const packages = await place.packagesOf(hash)
      await place.install(packages)
      place.link(packages)
      const server = await startCold(surroundings)
      try {
        const answers = await askAll(server.url, options.probes.probes)
        colds.push({ kind: 'answers', answers, again: await askAll(server.url, options.probes.probes) })
      } finally {
        await server.stop()
      }
    } catch (error) {
      colds.push({ kind: 'fails', why: toMessage(error) })
    }
  }
  return colds
}

/** What a comparison comes to. */
type Comparison = Pick<CommitResult, 'verdict' | 'differences' | 'state'>

class Replay {
  readonly surroundings: Surroundings
  readonly #post: ListeningPost
  /** Undefined until one could be started, and after one that must not go on. */
  #hot: HotServer | undefined
  /** What is checked out. */
  #at: string | undefined
  /** Files outside the modules that have changed since the hot server was started, and the last commit that did. */
  #outside = new Map<string, string>()

  constructor(surroundings: Surroundings, post: ListeningPost) {
    this.surroundings = surroundings
    this.#post = post
  }

  async goTo(commit: Commit, cold: Cold): Promise<CommitResult> {
    const { probes } = this.surroundings.options.probes
    const base = {
      commit,
      isUpdate: this.#hot !== undefined,
      outcomes: [],
      untold: [],
      compared: cold.kind === 'answers' ? probes.length : 0,
      differences: [],
      state: [],
      coldFailure: cold.kind === 'fails' ? cold.why : undefined,
    }
    if (!this.#hot) return { ...base, ...(await this.#begin(commit, cold)) }

    const { url } = this.#hot
    await askAll(url, this.surroundings.options.probes.prepare)
    const before = await askAll(url, probes)
    let settled: Settled
    try {
      settled = await this.#checkOut(this.#hot, commit)
    } catch (error) {
      return { ...base, verdict: await this.#bury(error) }
    }
    const after = await askAll(url, probes)
    const compared = await this.#compare({ before, after, cold, settled })
    const { verdict } = compared
    if (cold.kind === 'answers' && this.#outside.size > 0 && verdict.kind !== 'equal') {
      // What changed long before may have nothing to do with it.
      const because = [...this.#outside].map(([file, hash]) =>
        hash === commit.hash ? file : `${file} of ${hash.slice(0, 7)}`,
      )
      const again = await this.#startAnew(cold)
      if (again.verdict.kind === 'equal') {
        const needed: Comparison = { ...compared, verdict: { kind: 'needed-restart', because } }
        return { ...base, ...settled, ...needed }
      }
    }
    // So that what differs once is reported once.
    if (verdict.kind === 'differs') await this.stop()
    return { ...base, ...settled, ...compared }
  }

  async stop(): Promise<void> {
    await this.#hot?.stop()
    this.#hot = undefined
  }

  async #begin(commit: Commit, cold: Cold): Promise<Pick<CommitResult, 'verdict'> & Partial<Comparison>> {
    const { place } = this.surroundings
    await place.checkOut(commit.hash)
    this.#at = commit.hash
    if (cold.kind === 'fails') return { verdict: { kind: 'no-server' } }
    place.link(await place.packagesOf(commit.hash))
    const compared = await this.#startAnew(cold)
    return compared.verdict.kind === 'equal' ? { verdict: { kind: 'started' } } : compared
  }

  /** Starts the hot server at what is checked out: it must answer as a cold one from the beginning. */
  async #startAnew(cold: Cold & { kind: 'answers' }): Promise<Comparison> {
    const { probes } = this.surroundings.options.probes
    await this.stop()
    this.#outside = new Map()
    try {
      this.#hot = await HotServer.start(this.surroundings, this.#post)
    } catch (error) {
      const why = `it does not start: ${toMessage(error)}`
      return { verdict: { kind: 'died', why }, differences: [], state: [] }
    }
    const after = await askAll(this.#hot.url, probes)
    return this.#compare({ before: after, after, cold, settled: { outcomes: [], untold: [] } })
  }

  async #checkOut(hot: HotServer, { hash }: Commit): Promise<Settled> {
    const { place } = this.surroundings
    const changes = await listChanges(place.root, this.#at ?? hash, hash)
    for (const file of listOutside(changes)) this.#outside.set(file, hash)
    place.link(await place.packagesOf(hash))
    this.#at = hash
    return hot.update(changes, () => place.checkOut(hash))
  }

  /** The process has ended, or has to. */
  async #bury(error: unknown): Promise<Verdict> {
    const output = this.#hot?.complaint ?? ''
    await this.stop()
    await this.surroundings.place.checkOut(this.#at ?? 'HEAD')
    return { kind: 'died', why: `${toMessage(error)}\n${output}` }
  }

  async #compare({
    before,
    after,
    cold,
    settled,
  }: {
    before: Answers
    after: Answers
    cold: Cold
    settled: Settled
  }): Promise<Comparison> {
    const { place, options } = this.surroundings
    const { probes } = options.probes
    const isCold = cold.kind === 'answers'
    const expected = isCold ? cold.answers : before
    const again = isCold ? cold.again : before
    const differences = await findDifferences(probes, { expected, actual: after, again }, place)
    const state = compareState(probes, { before, after, cold: isCold ? cold.answers : undefined })
    const isFailed = settled.outcomes.at(-1)?.rung === 'failed'
    if (differences.length > 0) return { verdict: { kind: 'differs' }, differences, state }
    if (!isCold) return { verdict: { kind: 'old-code-served' }, differences, state }
    return { verdict: { kind: isFailed ? 'update-failed' : 'equal' }, differences, state }
  }
}

async function askAll(url: string, probes: readonly Probe[]): Promise<Answers> {
  const answers = []
  for (const probe of probes) answers.push(await ask(url, probe))
  return answers
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function toLog(file: string | undefined): (text: string) => void {
  if (file === undefined) return () => undefined
  writeFileSync(file, '')
  return (text) => appendFileSync(file, text)
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
