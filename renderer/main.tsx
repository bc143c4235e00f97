import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startNavigation } from './state/navigation.ts'
import { startPreferences } from './state/preferences.ts'
import { followStatus, noteFault } from './state/status.ts'
import { createClient } from './transport/client.ts'
import { wireFactory } from './transport/connect.ts'
import { ClientProvider } from './transport/context.tsx'
import './ui/theme/theme.css'
import { Shell } from './views/shell/Shell.tsx'

startPreferences(window)
startNavigation(window)
const client = createClient({ connect: wireFactory(window), onFault: noteFault })
followStatus(client)

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <ClientProvider client={client}>
      <Shell />
    </ClientProvider>
  </StrictMode>,
)
