// What a replayed repository gets as `vite-plugin-hot-node`: the plugin as built here, with somebody who listens to it.
// A cold server gets none.
import { hotNode as plugin } from '../../../../dist/index.js'
import { listener } from '../listener.mjs'

/** @param {import('../../../../dist/index.js').HotNodeOptions} [options] */
export function hotNode(options) {
  return process.env.HOT_NODE_REPLAY ? [plugin(options), listener()] : []
}
