import './withoutEval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { followMe } from './state/access/me.ts'
import { startNavigation } from './state/navigation.ts'
import { startPreferences } from './state/preferences.ts'
import { followStatus, noteFault } from './state/status.ts'
import { createClient, type WireFactory } from './transport/client.ts'
import { ClientProvider } from './transport/context.tsx'
import './ui/theme/theme.css'
import { keepEarlyKeys } from './ui/keys/early.ts'
import { Shell } from './views/shell/Shell.tsx'

/** Puts the console into a page, over whatever line it is given. */
export function start(page: Window & typeof globalThis, connect: WireFactory): void {
  const root = page.document.getElementById('root')
  if (root === null) throw new Error('The page has no #root.')
  startPreferences(page)
  startNavigation(page)
  keepEarlyKeys(page)
  const client = createClient({ connect, onFault: noteFault })
  followStatus(client)
  followMe(client, page)
  createRoot(root).render(
    <StrictMode>
      <ClientProvider client={client}>
        <Shell />
      </ClientProvider>
    </StrictMode>,
  )
}
