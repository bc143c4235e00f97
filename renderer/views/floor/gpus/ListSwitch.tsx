import { useFloor } from '../../../state/floor.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Chip } from '../../../ui/form/Chip.tsx'

interface ListSwitchProps {
  readonly list: 'findings' | 'gpus'
  /** null before the engine's first judgement. */
  readonly findings: number | null
  readonly gpus: number
}

/** What is wrong, or every GPU with it in front; `l` turns from one to the other. */
export function ListSwitch({ list, findings, gpus }: ListSwitchProps) {
  return (
    <div className="list-switch" role="group" aria-label="List">
      <Chip on={list === 'findings'} onToggle={() => useFloor.setState({ list: 'findings' })}>
        Abnormal{' '}
        <Figure
          label="Findings"
          value={findings}
          kind="count"
          quiet
          reason="The engine has not judged the floor yet."
        />
      </Chip>
      <Chip on={list === 'gpus'} onToggle={() => useFloor.setState({ list: 'gpus' })}>
        GPUs <Figure label="GPUs listed" value={gpus} kind="count" quiet />
      </Chip>
    </div>
  )
}
