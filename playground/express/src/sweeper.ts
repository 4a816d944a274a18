import { shortener } from './services/shortener.ts'

const SWEEP_MS = 100

let sweeps = 0

export function countSweeps(): number {
  return sweeps
}

/** Lets links expire, for as long as the process lives. */
export function startSweeping(): void {
  setInterval(sweep, SWEEP_MS)
}

function sweep(): void {
  sweeps += 1
  shortener.expire(Date.now())
}
