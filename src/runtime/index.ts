import { type PackedRecord, PROTOCOL_VERSION, unpackRecord } from '../protocol/index.ts'
import { connect, findChannel, type HotChannel } from './channel.ts'
import { HotScope } from './hot-scope.ts'
import type { ModuleHost } from './module.ts'
import { OpaqueModule } from './opaque-module.ts'
import { protocolMismatch } from './errors.ts'
import { installFunctionSource } from './function-source.ts'
import type { KeptValues } from './kept-values.ts'
import { Registry } from './registry.ts'
import { watchResources } from './resources/index.ts'
import { installStackTraces } from './stack-trace.ts'
import { Updater } from './update/updater.ts'

const registry = new Registry()

/** What `vite-plugin-hot-node/runtime` gives to modules of this process. */
export const keep: KeptValues['keep'] = registry.kept.keep
export { migrate } from './inert.ts'

installFunctionSource()
watchResources(registry.ownership)
const hot = findChannel((import.meta as { readonly hot?: HotChannel }).hot)
connect(new Updater(registry), hot)
if (hot) registry.events.connect(hot)

/**
 * Makes a module known to the runtime. Called by hot code, before anything of the module runs.
 *
 * @param json the module's record, packed
 * @param host what only code in the module's scope can do
 */
export function create(json: string, host: ModuleHost): HotScope | OpaqueModule {
  installStackTraces()
  const record = unpackRecord(JSON.parse(json) as PackedRecord)
  if (record.protocol !== PROTOCOL_VERSION) throw protocolMismatch(record.protocol, PROTOCOL_VERSION)
  const module = registry.add(record, host)
  return module instanceof OpaqueModule ? module : new HotScope(module)
}
