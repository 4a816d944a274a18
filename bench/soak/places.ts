/** What of the app is edited, in turn, and the rung that takes. */
export const PLACES = {
  function: 'patch',
  pool: 're-run',
  method: 'patch',
  middleware: 're-run',
  setting: 'patch',
  ticker: 're-run',
  handler: 'patch',
  server: 're-run',
  listener: 'patch',
} as const

export type Place = keyof typeof PLACES

/** The app with a version at a place. */
export function withVersion(text: string, place: Place, version: number): string {
  return text.replace(new RegExp(`(?<=/\\* ${place} \\*/ )\\d+`), `${version}`)
}
