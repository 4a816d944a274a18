import { copyFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'

/** Ways in which editors and tools bring a new text to disk. Each is given the file, which exists, and the text. */
const WAYS = {
  /** VS Code, nano: the file is emptied and written. */
  'in-place': (file, text) => writeFileSync(file, text),
  /** Formatters, `sed -i`: another file is written and takes the name. */
  'atomic-rename': (file, text) => {
    writeFileSync(`${file}.tmp`, text)
    renameSync(`${file}.tmp`, file)
  },
  /** Git: the file is deleted and written anew. */
  'unlink-and-write': (file, text) => {
    unlinkSync(file)
    writeFileSync(file, text)
  },
  /** Vim with `backupcopy=no`: it tries whether it may write, renames the old file, writes the new one, deletes the old. */
  'rename-and-write': (file, text) => {
    writeFileSync(`${file}.4913`, '')
    unlinkSync(`${file}.4913`)
    renameSync(file, `${file}~`)
    writeFileSync(file, text)
    unlinkSync(`${file}~`)
  },
  /** Vim with `backupcopy=yes`: the old file is copied, emptied and written, and the copy deleted. */
  'copy-and-write': (file, text) => {
    copyFileSync(file, `${file}~`)
    writeFileSync(file, text)
    unlinkSync(`${file}~`)
  },
  /** Emacs: the old file is renamed and stays as a backup, the new one written. */
  'leave-a-backup': (file, text) => {
    rmSync(`${file}~`, { force: true })
    renameSync(file, `${file}~`)
    writeFileSync(file, text)
  },
  /** JetBrains' "safe write": the new file is written, both are renamed, the old one deleted. */
  'rename-both': (file, text) => {
    writeFileSync(`${file}___jb_tmp___`, text)
    renameSync(file, `${file}___jb_old___`)
    renameSync(`${file}___jb_tmp___`, file)
    unlinkSync(`${file}___jb_old___`)
  },
} satisfies Record<string, (file: string, text: string) => void>

/** How an editor brings a new text to disk. */
export type Manner = keyof typeof WAYS

export const MANNERS: readonly Manner[] = Object.keys(WAYS) as Manner[]

/** Saves a file that exists. */
export function write(file: string, text: string, how: Manner): void {
  WAYS[how](file, text)
}
