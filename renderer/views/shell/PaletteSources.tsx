import { visibleName } from '../../../shared/model/foreignText.ts'
import { navigate } from '../../state/navigation.ts'
import { filterSources, worstFirst } from '../../state/sources.ts'
import { useStream } from '../../transport/context.tsx'
import { useFinder } from '../../ui/keys/actions.ts'
import { KIND_WORDS } from '../sources/stateNames.ts'

const MOST = 20

/** Lets the palette find sources. Mounted with it, so that their list is sent only while somebody searches. */
export function PaletteSources() {
  const { item } = useStream('sources.health', {})
  const sources = item?.sources ?? []
  useFinder({
    id: 'sources',
    group: 'Sources',
    find: (query) =>
      worstFirst(filterSources(sources, { query, states: new Set() }))
        .slice(0, MOST)
        .map(({ id, name, kind }) => ({
          id: `source.${id}`,
          title: `${visibleName(name)} (${KIND_WORDS[kind]})`,
          group: 'Sources',
          run: () => navigate('sources', { source: id }),
        })),
  })
  return null
}
