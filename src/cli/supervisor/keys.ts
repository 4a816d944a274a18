import { createInterface } from 'node:readline'

/** What keys are for. */
interface Actions {
  restart(): void
  update(): void
  quit(): void
  /** A line that is no key, or the end of all lines. */
  input(text: string | undefined): void
}

const KEYS: readonly { readonly key: string; readonly meaning: string; readonly act: (actions: Actions) => void }[] = [
  { key: 'r', meaning: 'restart the server', act: (actions) => actions.restart() },
  { key: 'u', meaning: 'update now: apply what is saved and is not yet applied', act: (actions) => actions.update() },
  { key: 'q', meaning: 'quit', act: (actions) => actions.quit() },
]

/**
 * Reads lines from the terminal, as Vite does: a key and Enter. All other lines are for the program, which reads them as its
 * standard input.
 */
export function readKeys(actions: Actions, { areOn }: { readonly areOn: boolean }): void {
  if (areOn) process.stdout.write('  press h + enter to show help\n')
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const typed = line.trim().toLowerCase()
    const key = areOn ? KEYS.find((one) => one.key === typed) : undefined
    if (key) key.act(actions)
    else if (areOn && typed === 'h') process.stdout.write(help())
    else actions.input(`${line}\n`)
  })
  lines.on('close', () => actions.input(undefined))
}

function help(): string {
  const lines = KEYS.map(({ key, meaning }) => `  press ${key} + enter to ${meaning}\n`)
  return `\n  Shortcuts\n${lines.join('')}`
}
