import { expect, test } from 'vitest'
import { HOSTS, type Project } from '../../support/process/index.ts'
import { Words } from './server.ts'

/** What a package manager does: it writes the package, and then notes it. */
function install(project: Project, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) project.save(`node_modules/late-package/${file}`, text)
  // Saved, and not created, where it is there: Vite does not look for packages again because of that.
  project.save('package-lock.json', JSON.stringify(files))
}

const IMPORTER = `import { says } from 'late-package'\n\nexport function words(): string {\n  return says()\n}\n`

const MANIFEST = JSON.stringify({ name: 'late-package', version: '1.0.0', exports: './index.mjs' })
const COMMONJS = JSON.stringify({ name: 'late-package', version: '1.0.0', exports: './index.js' })

const INSTALLED = {
  'package.json': MANIFEST,
  'index.mjs': `let count = 0\nexport const says = () => 'said ' + (count += 1)\n`,
}

const INSTALLED_COMMONJS = {
  'package.json': COMMONJS,
  'index.js': `let count = 0\nexports.says = () => 'said ' + (count += 1)\n`,
}

const BROKEN = [
  { what: 'is missing', before: {}, after: INSTALLED },
  { what: 'is missing, and CommonJS', before: {}, after: INSTALLED_COMMONJS },
  { what: 'is half there', before: { 'package.json': MANIFEST }, after: INSTALLED },
  {
    what: 'throws',
    before: { 'package.json': MANIFEST, 'index.mjs': `throw new Error('not yet')\n` },
    after: INSTALLED,
  },
  {
    what: 'throws, and CommonJS',
    before: { 'package.json': COMMONJS, 'index.js': `throw new Error('not yet')\n` },
    after: INSTALLED_COMMONJS,
  },
  { what: 'cannot be parsed', before: { 'package.json': MANIFEST, 'index.mjs': 'export const =\n' }, after: INSTALLED },
  {
    what: 'lacks a package',
    before: { 'package.json': MANIFEST, 'index.mjs': `import 'another-late-package'\n` },
    after: INSTALLED,
  },
]

const AXES = HOSTS.flatMap((host) => BROKEN.map((package_) => ({ host, ...package_ })))

test.for(AXES)('a package that $what when it is first imported: $host', async ({ host, before, after }) => {
  const server = await Words.start({ host, prepare: (project) => install(project, before) })
  const { project } = server
  expect(await server.answer()).toBe('first')

  const failed = await server.change(() => project.save('src/words.ts', IMPORTER))
  expect(failed).toEqual([
    expect.stringMatching(/^update failed: src\/words\.ts imports "late-package", which did not load/),
  ])
  expect(await server.answer()).toBe('first')
  // The importer is not saved again.
  const installed = await server.change(() => install(project, after))
  expect(installed).toEqual(['patched src/words.ts: words() · kept everything · up to date again'])
  expect(await server.answer()).toBe('said 1')

  // Another module that imports it gets the same.
  const other = await server.change(() => {
    project.save('src/other.ts', `export { says } from 'late-package'\n`)
    const imports = `import { says as other } from './other.ts'\n`
    project.save('src/words.ts', imports + IMPORTER.replace('says()', `says() + ', ' + other()`))
  })
  expect(other).toEqual(['patched src/words.ts: words() · kept everything'])
  expect(await server.answer()).toBe('said 2, said 3')
})
