import { EDITION } from './edition.ts'

setInterval(() => undefined, 1000 + EDITION)
setTimeout(() => undefined, 3_600_000 + EDITION)

/** A timer that sets itself again. */
function again(): void {
  setTimeout(again, 50 + EDITION)
}
again()
