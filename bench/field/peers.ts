import { TSX, VITE_NODE } from '../support/commands.ts'
import { packageVersion, peerBinary, peerFile } from './packages.ts'

/** Of what a server runs on: each peer is compared with a plain server of its own engine. */
export type Engine = 'node' | 'bun' | 'deno'

/** What runs the app's server in one way or another. */
export interface Program {
  /** As `--only` takes it. */
  readonly name: string
  /** As the tables print it. */
  readonly label: string
  /** The file of the app that is run: as the documentation of the program has it. */
  readonly server: string
  /** `js`: runs no TypeScript by itself, and gets the same modules without their types. */
  readonly language: 'ts' | 'js'
  /** Where the app has to lie to find the packages that it or its configuration imports. */
  readonly packages: 'root' | 'field'
  readonly engine: Engine
  /** Node, if nothing else. */
  readonly command?: () => string
  readonly args: (server: string) => readonly string[]
}

/** A way to get an edit into a running server. */
export interface Peer extends Program {
  readonly version: () => string
}

const bun = (): string => peerBinary('bun', 'bin/bun')
const deno = (): string => peerBinary('deno', 'deno')
const DENO_RUN = ['run', '-A', '--no-lock', '--v8-flags=--expose-gc']

const onNode = { server: 'server', language: 'js', packages: 'root', engine: 'node' } as const

export const peers: readonly Peer[] = [
  {
    ...onNode,
    name: 'hot-node',
    label: '`hotNode()`',
    language: 'ts',
    args: (server) => [VITE_NODE, '--config', 'hot-node.config.ts', '--watch', server],
    version: () => `Vite ${packageVersion('vite')}, vite-node ${packageVersion('vite-node')}`,
  },
  {
    ...onNode,
    name: 'node-watch',
    label: '`node --watch`',
    args: (server) => ['--watch', '--watch-preserve-output', server],
    version: () => `Node ${process.versions.node}`,
  },
  {
    ...onNode,
    name: 'nodemon',
    label: 'nodemon',
    args: (server) => [peerFile('nodemon/bin/nodemon.js'), server],
    version: () => `nodemon ${packageVersion('nodemon')}`,
  },
  {
    ...onNode,
    name: 'tsx-watch',
    label: '`tsx watch`',
    language: 'ts',
    args: (server) => [TSX, 'watch', '--clear-screen=false', server],
    version: () => `tsx ${packageVersion('tsx')}`,
  },
  {
    ...onNode,
    name: 'vite-node',
    label: 'plain `vite-node --watch`',
    language: 'ts',
    server: 'server.vite-node',
    args: (server) => [VITE_NODE, '--watch', server],
    version: () => `vite-node ${packageVersion('vite-node')}`,
  },
  {
    ...onNode,
    name: 'bun-hot',
    label: '`bun --hot`',
    language: 'ts',
    server: 'server.bun',
    engine: 'bun',
    command: bun,
    args: (server) => ['--hot', '--no-clear-screen', server],
    version: () => `Bun ${packageVersion('bun')}`,
  },
  {
    ...onNode,
    name: 'vite-runner',
    label: "Vite's module runner, `accept`",
    language: 'ts',
    server: 'server.vite-runner',
    args: () => ['vite-runner.mjs'],
    version: () => `Vite ${packageVersion('vite')}`,
  },
  {
    ...onNode,
    name: 'dynohot',
    label: 'dynohot',
    server: 'server.dynohot',
    packages: 'field',
    args: (server) => ['--enable-source-maps', '--import', 'dynohot/register', server],
    version: () => `dynohot ${packageVersion('dynohot')}`,
  },
  {
    ...onNode,
    name: 'hot-hook',
    label: 'hot-hook',
    server: 'server.hot-hook',
    packages: 'field',
    args: (server) => [
      peerFile('@hot-hook/runner/build/bin/run.js'),
      '--no-clear-screen',
      '--node-args=--import=hot-hook/register',
      server,
    ],
    version: () => `hot-hook ${packageVersion('hot-hook')}`,
  },
  {
    ...onNode,
    name: 'webpack',
    label: 'webpack HMR',
    server: 'server.webpack',
    packages: 'field',
    args: () => [peerFile('webpack-cli/bin/cli.js'), '--watch'],
    version: () => `webpack ${packageVersion('webpack')}`,
  },
  {
    ...onNode,
    name: 'deno-hmr',
    label: '`deno run --watch-hmr`',
    language: 'ts',
    server: 'server.deno',
    engine: 'deno',
    command: deno,
    args: (server) => [...DENO_RUN, '--watch-hmr', '--no-clear-screen', server],
    version: () => `Deno ${packageVersion('deno')}`,
  },
]

/** The same servers without anything that watches. */
export const plainPrograms: Readonly<Record<Engine, Program>> = {
  node: { ...onNode, name: 'node', label: 'node', args: (server) => [server] },
  bun: {
    ...onNode,
    name: 'bun',
    label: 'bun',
    language: 'ts',
    server: 'server.bun',
    engine: 'bun',
    command: bun,
    args: (server) => [server],
  },
  deno: {
    ...onNode,
    name: 'deno',
    label: 'deno',
    language: 'ts',
    server: 'server.deno',
    engine: 'deno',
    command: deno,
    args: (server) => [...DENO_RUN, server],
  },
}
