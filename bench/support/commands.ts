import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Files that `node` runs. The installed binaries themselves, so that no shell stands between a signal and its process. */
export const VITE_NODE: string = require.resolve('vite-node/cli')
export const TSX: string = require.resolve('tsx/cli')
