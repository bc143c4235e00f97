import { GLOSSARY } from '../../../shared/glossary/glossary.ts'
import type { Term } from '../../../shared/glossary/term.ts'

export const GLOSSARY_PAGE = 'docs/glossary.md'

/** docs/glossary.md: every term with what it is, its formula, unit and source. */
export function glossaryPage(): string {
  return [
    '# Glossary',
    'Every term and figure of the console, once. Made of `shared/glossary` by `npm run glossary`; the screens take their explanations from there as well, so change it there.',
    ...GLOSSARY.flatMap(({ title, intro, terms }) => [
      `## ${title}`,
      intro,
      ['| term | what it is | formula | unit | source |', '|---|---|---|---|---|']
        .concat(Object.values(terms).map(lineOf))
        .join('\n'),
    ]),
  ]
    .join('\n\n')
    .concat('\n')
}

function lineOf({ name, short, meaning, formula = '', unit = '', source }: Term): string {
  const heading = short === undefined || short === name ? `**${name}**` : `**${name}** (${short})`
  return `| ${[heading, meaning, formula, unit, source].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
