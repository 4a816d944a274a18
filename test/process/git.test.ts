import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Project, sendTraffic, type ServerProcess, startServer } from '../support/process/index.ts'
import { ANY_OUTCOME } from './expectations.ts'
import { LINES, linesSince, moduleOf, prepareVersions, toModule } from './many-modules.ts'

type Git = (...args: string[]) => void

test('a checkout of a branch that differs in 200 files is one update', async () => {
  const server = await startServer('http', {
    prepare: (project) => {
      const inGit = gitIn(project.root)
      prepareVersions(200)(project)
      inGit('init', '--quiet', '--initial-branch=one')
      inGit('add', '.')
      inGit('commit', '--quiet', '-m', 'one')
      inGit('checkout', '--quiet', '-b', 'two')
      for (let index = 0; index < 200; index++) project.save(moduleOf(index), toModule('two'))
      inGit('commit', '--quiet', '-a', '-m', 'two')
      inGit('checkout', '--quiet', 'one')
    },
  })
  const git = gitIn(server.project.root)

  for (const branch of ['two', 'one', 'two']) {
    const mark = server.log.mark()
    git('checkout', '--quiet', branch)
    await server.log.waitForLine(ANY_OUTCOME)
    for (let times = 0; times < 20; times++) expect((await server.get('/')).text).toBe(branch)
    expect(server.log.since(mark).match(LINES)).toHaveLength(1)
  }
  expect(await linesSince(server, server.log.mark())).toStrictEqual([])
})

/** How many modules there are where git changes all of them. */
const MODULES = 60

test('a stash and its return are one update each', async () => {
  const server = await startServer('http', { prepare: prepareRepository() })
  const git = gitIn(server.project.root)
  server.saveTogether(Array.from({ length: MODULES }, (_, index) => [moduleOf(index), toModule('two')]))
  await server.log.waitForLine(ANY_OUTCOME)
  expect((await server.get('/')).text).toBe('two')
  const mark = server.log.mark()

  await expectOneUpdate(server, () => git('stash', '--quiet'), ['two', 'one'])
  await expectOneUpdate(server, () => git('stash', 'pop', '--quiet'), ['one', 'two'])
  expect(await linesSince(server, mark)).toHaveLength(2)
})

test('a merge is one update', async () => {
  const server = await startServer('http', {
    prepare: prepareRepository((project, git) => {
      git('checkout', '--quiet', '-b', 'two')
      for (let index = 1; index < MODULES; index++) project.save(moduleOf(index), toModule('two'))
      git('commit', '--quiet', '-a', '-m', 'two')
      git('checkout', '--quiet', 'main')
      // So that there is something to merge.
      project.save(moduleOf(0), toModule('two'))
      git('commit', '--quiet', '-a', '-m', 'the first module')
    }),
  })
  const git = gitIn(server.project.root)
  const mark = server.log.mark()

  await expectOneUpdate(server, () => git('merge', '--quiet', '--no-edit', 'two'), ['two,one', 'two'])
  expect(await linesSince(server, mark)).toHaveLength(1)
})

test('a rebase of several commits is one update, and so is its undoing', async () => {
  const server = await startServer('http', { prepare: prepareRepository(prepareBranches) })
  const git = gitIn(server.project.root)
  const mark = server.log.mark()

  // As slow as one with many files between two commits.
  const rebase = (): void => git('rebase', '--quiet', '--exec', 'sleep 0.25', 'main')

  await expectOneUpdate(server, rebase, ['one,four', 'two,four'])
  await expectOneUpdate(server, () => git('reset', '--quiet', '--hard', 'ORIG_HEAD'), ['two,four', 'one,four'])
  expect(await linesSince(server, mark)).toHaveLength(2)
})

test('a pull with a rebase is one update', async () => {
  const upstream = mkdtempSync(path.join(tmpdir(), 'upstream-'))
  onTestFinished(() => rmSync(upstream, { recursive: true, force: true }))
  const server = await startServer('http', {
    prepare: prepareRepository((project, git) => {
      prepareBranches(project, git)
      git('clone', '--quiet', '--bare', '.', upstream)
      git('remote', 'add', 'upstream', upstream)
      git('branch', '--quiet', '-D', 'main')
    }),
  })
  const git = gitIn(server.project.root)
  const mark = server.log.mark()

  await expectOneUpdate(server, () => git('pull', '--quiet', '--rebase', 'upstream', 'main'), ['one,four', 'two,four'])
  expect(await linesSince(server, mark)).toHaveLength(1)
})

test.for([
  ['is taken back', (_, git) => git('rebase', '--abort'), 'feature,one'],
  [
    'is resolved',
    (project, git) => {
      project.save(moduleOf(0), toModule('both'))
      git('add', '.')
      git('-c', 'core.editor=true', 'rebase', '--continue')
    },
    'both,main,one',
  ],
] as [string, (project: Project, git: Git) => void, string][])(
  'a rebase that ends in a conflict fails, and the old code serves until it %s',
  async ([, end, answer]) => {
    const server = await startServer('http', {
      prepare: prepareRepository((project, git) => {
        git('checkout', '--quiet', '-b', 'feature')
        project.save(moduleOf(0), toModule('feature'))
        git('commit', '--quiet', '-a', '-m', 'feature')
        git('checkout', '--quiet', 'main')
        for (const index of [0, 1]) project.save(moduleOf(index), toModule('main'))
        git('commit', '--quiet', '-a', '-m', 'main')
        git('checkout', '--quiet', 'feature')
      }),
    })
    const { project, log } = server
    const git = gitIn(project.root)
    const before = (await server.get('/')).text
    expect(before).toBe('feature,one')
    const mark = log.mark()

    expect(() => git('rebase', '--quiet', 'main')).toThrow('Command failed')
    await log.waitForLine(/the running code is behind .*module-0\.ts/)

    expect(project.read(moduleOf(0))).toContain('<<<<<<<')
    expect(log.since(mark).match(LINES)).toStrictEqual([expect.stringContaining('update failed')])
    for (let times = 0; times < 20; times++) expect((await server.get('/')).text).toBe(before)

    end(project, git)
    await log.waitForLine(/up to date again$/)
    expect((await server.get('/')).text).toBe(answer)
    expect(await linesSince(server, mark)).toHaveLength(2)
  },
)

/** A repository whose one commit, on `main`, has every module at version `one`. */
function prepareRepository(more?: (project: Project, git: Git) => void): (project: Project) => void {
  return (project) => {
    const git = gitIn(project.root)
    prepareVersions(MODULES)(project)
    git('init', '--quiet', '--initial-branch=main')
    git('add', '.')
    git('commit', '--quiet', '-m', 'one')
    more?.(project, git)
  }
}

/** On `main`, the first half of the modules has version `two`; on the current branch, three commits change the others. */
function prepareBranches(project: Project, git: Git): void {
  git('checkout', '--quiet', '-b', 'feature')
  for (const version of ['two', 'three', 'four']) {
    for (let index = MODULES / 2; index < MODULES; index++) project.save(moduleOf(index), toModule(version))
    git('commit', '--quiet', '-a', '-m', version)
  }
  git('checkout', '--quiet', 'main')
  for (let index = 0; index < MODULES / 2; index++) project.save(moduleOf(index), toModule('two'))
  git('commit', '--quiet', '-a', '-m', 'two')
  git('checkout', '--quiet', 'feature')
}

/** Fails unless what git does is one update, and every answer is that before it or that after it. */
async function expectOneUpdate(
  server: ServerProcess,
  act: () => void,
  [before, after]: readonly [string, string],
): Promise<void> {
  expect((await server.get('/')).text).toBe(before)
  const check = (_: string, body: string): string | undefined => (body === before || body === after ? undefined : body)
  const stopTraffic = sendTraffic(server.url, { check, paceMs: 5 })
  const mark = server.log.mark()

  act()
  await server.log.waitForLine(ANY_OUTCOME)

  for (let times = 0; times < 20; times++) expect((await server.get('/')).text).toBe(after)
  expect((await stopTraffic()).failures).toStrictEqual([])
  expect(server.log.since(mark).match(LINES)).toHaveLength(1)
}

function gitIn(folder: string): Git {
  const settings = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'core.hooksPath=/dev/null']
  return (...args) => void execFileSync('git', ['-C', folder, ...settings, ...args], { stdio: 'pipe' })
}
