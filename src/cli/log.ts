import { styleText } from 'node:util'

/** Prints a line in the manner of Vite's log, as the plugin does. */
export function log(text: string, colour: 'green' | 'yellow' | 'red' | 'none' = 'none'): void {
  const stream = colour === 'red' ? process.stderr : process.stdout
  const paint = (style: Parameters<typeof styleText>[0], part: string): string =>
    isColoured(stream) ? styleText(style, part) : part
  const time = paint('dim', new Date().toLocaleTimeString())
  stream.write(`${time} ${paint(['cyan', 'bold'], '[hot-node]')} ${colour === 'none' ? text : paint(colour, text)}\n`)
}

/** Clears the terminal and what was scrolled away. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write('\u001B[2J\u001B[3J\u001B[H')
}

function isColoured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.hasColors()
}
