const UNSAFE = /[^\w/-]/g

export function toName(path: string): string {
  return path.replace(UNSAFE, '').slice(0, 40)
}
