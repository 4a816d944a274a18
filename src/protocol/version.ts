/** Raised when a record, an update or an outcome changes shape. A runtime refuses what it does not speak. */
export const PROTOCOL_VERSION = 7

/** The id under which a hot module imports the runtime. */
export const RUNTIME_ID = 'virtual:hot-node/runtime'

/** What the runtime is called in stack traces and by debuggers, whoever evaluates it. */
export const RUNTIME_SOURCE_URL = 'hot-node:runtime.js'

/** The entry of the package that modules import `keep` and `migrate` from. */
export const PACKAGE_ENTRY = 'vite-plugin-hot-node/runtime'

/** Custom events on the environment's hot channel. */
export const UPDATE_EVENT = 'hot-node:update'
/** Says that another update will follow the one under way. */
export const NEXT_EVENT = 'hot-node:next'
export const RECEIVED_EVENT = 'hot-node:received'
export const OUTCOME_EVENT = 'hot-node:outcome'
/** A module has invalidated itself, and what that came to. */
export const INVALIDATED_EVENT = 'hot-node:invalidated'
/** An update could not be made. */
export const FAILED_EVENT = 'hot-node:failed'

/** Under which symbol plugins of this process offer channels to runtimes whose host gives them none. */
export const LOCAL_CHANNELS = 'hot-node:channels'

/** Stands in the runtime's code for the key of the channel of the environment that loads it. */
export const CHANNEL_KEY = '__HOT_NODE_CHANNEL__'

/** Key of the one unit of a module that runs as a whole. */
export const OPAQUE_UNIT = '#opaque'

/** A query that makes a runner load a file again under another id. The plugin takes it off the module's own. */
export const RELOAD_QUERY = 'hot-reload'
