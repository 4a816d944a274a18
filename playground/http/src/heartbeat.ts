const BEAT_MS = 100

let beats = 0

/** How often the server's heart has beaten. */
export function countBeats(): number {
  return beats
}

setInterval(() => {
  beats += 1
}, BEAT_MS)
