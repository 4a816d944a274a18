import { expect, test } from 'vitest'
import { CommandError } from '../../src/cli/command-error.ts'
import { parseCommandLine } from '../../src/cli/command-line.ts'

const DEFAULTS = { entry: 'server.ts', args: [], envFiles: [], include: [], clearScreen: false }

test.each([
  ['server.ts', {}],
  ['server.ts --port 3000', { args: ['--port', '3000'] }],
  ['server.ts -- --port 3000', { args: ['--port', '3000'] }],
  ['server.ts -- -- x', { args: ['--', 'x'] }],
  ['server.ts a -- b', { args: ['a', '--', 'b'] }],
  ['-- server.ts --help', { args: ['--help'] }],
  ['server.ts --config x -h', { args: ['--config', 'x', '-h'] }],
  ['--config vite.api.ts server.ts', { config: 'vite.api.ts' }],
  ['-c vite.api.ts --root=api -m staging server.ts', { config: 'vite.api.ts', root: 'api', mode: 'staging' }],
  ['--mode one --mode two server.ts', { mode: 'two' }],
  ['--inspect server.ts', { inspector: { address: '', waits: false } }],
  ['--inspect=0.0.0.0:9230 server.ts', { inspector: { address: '0.0.0.0:9230', waits: false } }],
  ['--inspect-brk=0 server.ts', { inspector: { address: '0', waits: true } }],
  ['--env-file .env --env-file=.env.local server.ts', { envFiles: ['.env', '.env.local'] }],
  ['--include *.sql --include=data/** server.ts', { include: ['*.sql', 'data/**'] }],
  ['--clear-screen --wait server.ts', { clearScreen: true, wait: true }],
  ['--no-wait server.ts', { wait: false }],
])('hot-node %s', (line, options) => {
  expect(parseCommandLine(line.split(' '))).toEqual({ kind: 'run', options: { ...DEFAULTS, ...options } })
})

test.each([
  ['-h', 'help'],
  ['--help', 'help'],
  ['--mode x -h server.ts', 'help'],
  ['-v', 'version'],
  ['--version', 'version'],
])('hot-node %s asks for %s', (line, kind) => {
  expect(parseCommandLine(line.split(' '))).toEqual({ kind })
})

test.each([
  ['', 'missing_entry', 'No file'],
  ['--inspect', 'missing_entry', 'No file'],
  ['--port 3000 server.ts', 'unknown_option', '--port'],
  ['-x server.ts', 'unknown_option', '-x'],
  ['--config', 'missing_value', '--config'],
  ['--mode= server.ts', 'missing_value', '--mode'],
  ['--clear-screen=no server.ts', 'unexpected_value', 'no'],
])('hot-node %s is refused: %s', (line, code, offender) => {
  const parse = (): unknown => parseCommandLine(line === '' ? [] : line.split(' '))
  expect(parse).toThrow(CommandError)
  expect(parse).toThrow(expect.objectContaining({ code, message: expect.stringContaining(offender) as string }))
})
