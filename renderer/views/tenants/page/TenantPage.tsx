export function TenantPage({ id }: { id: string }) {
  return <p>{id}</p>
}
