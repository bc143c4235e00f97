/** The page of one tenant. */
export const tenant = {
  'tenant.waiting': 'Waiting for the figures of tenant {tenant}.',
  'tenant.waiting.next': 'They come within a few seconds; Esc goes back to all tenants.',
} as const
