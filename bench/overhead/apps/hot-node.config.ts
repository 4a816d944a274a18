import type { UserConfig } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'

export default { plugins: [hotNode()] } satisfies UserConfig
