import { defineConfig } from 'tsdown'
import { writeReadyRuntime } from './src/plugin/hooks/ready-runtime.ts'
import { RUNTIME_SOURCE_URL } from './src/protocol/index.ts'

export default defineConfig([
  {
    entry: { index: 'src/index.ts' },
    platform: 'node',
    target: 'node20.19',
    dts: { oxc: true },
    clean: true,
    fixedExtension: false,
  },
  // What modules import by the package's name. The plugin puts the runtime's own in its place.
  {
    entry: { inert: 'src/runtime/inert.ts' },
    platform: 'node',
    target: 'node20.19',
    dts: { oxc: true },
    clean: false,
    fixedExtension: false,
  },
  // The command, and what it has another process run. Both use the package as anybody does.
  {
    entry: { 'hot-node': 'src/cli/main.ts', 'hot-node-server': 'src/cli/server/main.ts' },
    platform: 'node',
    target: 'node20.19',
    dts: false,
    clean: false,
    fixedExtension: false,
    deps: { neverBundle: ['vite-plugin-hot-node'] },
  },
  // One self-contained file: the plugin serves its text as a virtual module, so it may import nothing but Node's own.
  {
    entry: { runtime: 'src/runtime/index.ts' },
    platform: 'node',
    target: 'node20.19',
    dts: false,
    clean: false,
    fixedExtension: false,
    plugins: [
      {
        name: 'ready-runtime',
        async generateBundle(_options, bundle) {
          const { 'runtime.js': runtime } = bundle
          if (runtime?.type !== 'chunk') throw new Error('There is no runtime.js.')
          // Vite's module runner would evaluate it without a name.
          runtime.code += `//# sourceURL=${RUNTIME_SOURCE_URL}\n`
          this.emitFile({ type: 'asset', fileName: 'runtime.ready.js', source: await writeReadyRuntime(runtime.code) })
        },
      },
    ],
  },
])
