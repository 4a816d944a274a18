import { expect, test } from 'vitest'
import { Debugger, startServer } from '../support/process/index.ts'
import { patchedLine } from './expectations.ts'

const ROOMS = 'src/routes/rooms.ts'
const ROOM = 'src/services/room.ts'

test('breakpoints of the TypeScript source are hit, before an edit and after several', async () => {
  let debug: Debugger | undefined
  const server = await startServer('http', {
    nodeOptions: ['--inspect=127.0.0.1:0'],
    whileStarting: async ({ log }) => {
      const [, url] = await log.waitForLine(/^Debugger listening on (ws:\S+)$/)
      debug = await Debugger.attach(String(url))
    },
  })
  const { project, log } = server

  /** Breaks where a text stands in a file, and expects a request to stop there. */
  const expectStop = async (file: string, text: string, path: string): Promise<void> => {
    const line = Number(project.locate(file, text).split(':')[1])
    await debug?.breakAt(file, line)
    debug?.takeStops()
    expect((await server.get(path)).status).toBe(200)
    expect(debug?.takeStops()).toContainEqual({ file: expect.stringMatching(file), line })
  }
  const expectStops = async (): Promise<void> => {
    await expectStop(ROOMS, 'history: room.history }', '/rooms/lobby')
    await expectStop(ROOM, 'return `${this.name}: ', '/rooms')
  }

  await expectStops()
  for (const version of [1, 2, 3]) {
    // What is added above moves the rest.
    project.edit(
      ROOMS,
      'function showRoom({ params }: Context): object {\n',
      `interface Version${version} {\n  number: number\n}\n\nfunction showRoom({ params }: Context): object {\n  void ${version}\n`,
    )
    await log.waitForLine(patchedLine(ROOMS))
    project.edit(
      ROOM,
      '  summary(): string {\n',
      `  summary(): string {\n    const v${version}: number = 1\n    void v${version}\n`,
    )
    await log.waitForLine(patchedLine(ROOM))
    await expectStops()
  }

  // One that was not patched stays where it was loaded.
  await expectStop(ROOMS, 'return allRooms()', '/rooms')
})
