import { EDITION } from './edition.ts'
import { bus } from './live.ts'

/** Makes a listener for an edition: another function each time. */
const hear = (edition: number) => (): number => edition

process.on('SIGHUP', hear(EDITION))
process.on('exit', hear(EDITION))
process.on('uncaughtExceptionMonitor', hear(EDITION))
process.on('warning', hear(EDITION))
bus.on('order', hear(EDITION))
bus.once('never', hear(EDITION))
for (const event of ['open', 'close']) bus.prependListener(event, hear(EDITION))

const target = new EventTarget()
export const heard = (): number => EDITION
target.addEventListener('order', hear(EDITION))
