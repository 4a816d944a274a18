// The repository's Vite config, or the one given, with hotNode() if it has none.
import { loadConfigFromFile } from 'vite'

/** @param {import('vite').ConfigEnv} env */
export default async function addHotNode(env) {
  const own = await loadConfigFromFile(env, process.env.HOT_NODE_REPLAY_CONFIG, process.cwd())
  const config = own?.config ?? {}
  const plugins = (await Promise.all((config.plugins ?? []).flat(Infinity))).flat(Infinity)
  if (plugins.some((plugin) => plugin && plugin.name === 'hot-node')) return config
  // By an address that is computed: Vite would copy the plugin into the config.
  const { hotNode } = await import(new URL('package/index.js', import.meta.url).href)
  return { ...config, plugins: [...plugins, hotNode()] }
}
