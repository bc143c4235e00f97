import { say } from '../../../shared/messages/format.ts'
import { navigate, useNavigation } from '../../state/navigation.ts'
import { AccountsTab } from './AccountsTab.tsx'
import { AuditTab } from './AuditTab.tsx'
import './audit.css'

const TABS = ['audit', 'accounts'] as const

/** Who did what, and who may. */
export function AuditView() {
  const asked = useNavigation(({ params }) => params['tab'])
  const tab = TABS.find((name) => name === asked) ?? 'audit'
  return (
    <div className="audit-view">
      <nav className="audit-tabs" aria-label={say('audit.tabs')}>
        {TABS.map((name) => (
          <a
            key={name}
            href={`#/audit?tab=${name}`}
            aria-current={name === tab ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault()
              navigate('audit', { tab: name })
            }}
          >
            {say(`audit.tab.${name}`)}
          </a>
        ))}
      </nav>
      {tab === 'audit' ? <AuditTab /> : <AccountsTab />}
    </div>
  )
}
