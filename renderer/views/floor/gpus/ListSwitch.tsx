import { say } from '../../../../shared/messages/format.ts'
import { useFloor } from '../../../state/floor.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Chip } from '../../../ui/form/Chip.tsx'
import { Say } from '../../../ui/text/Say.tsx'

interface ListSwitchProps {
  readonly list: 'findings' | 'gpus'
  /** null before the engine's first judgement. */
  readonly findings: number | null
  readonly gpus: number
}

/** What is wrong, or every GPU with it in front; `l` turns from one to the other. */
export function ListSwitch({ list, findings, gpus }: ListSwitchProps) {
  return (
    <div className="list-switch" role="group" aria-label={say('floor.list')}>
      <Chip on={list === 'findings'} onToggle={() => useFloor.setState({ list: 'findings' })}>
        <Say
          id="floor.list.findings"
          values={{
            count: (
              <Figure
                label={say('floor.list.findings.count')}
                value={findings}
                kind="count"
                quiet
                reason={say('floor.list.findings.unknown')}
              />
            ),
          }}
        />
      </Chip>
      <Chip on={list === 'gpus'} onToggle={() => useFloor.setState({ list: 'gpus' })}>
        <Say
          id="floor.list.gpus"
          values={{
            count: <Figure label={say('floor.list.gpus.count')} value={gpus} kind="count" quiet />,
          }}
        />
      </Chip>
    </div>
  )
}
