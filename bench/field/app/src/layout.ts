import { renderSection, type Section } from './section.ts'
import { EDITION, toTitle } from './title.ts'

export interface Layout extends Section {
  readonly title: string
  readonly edition: string
}

const masthead = { edition: EDITION }

export function renderLayout(name: string): Layout {
  const section = renderSection(name)
  return { ...section, title: toTitle(section.words), edition: masthead.edition }
}
