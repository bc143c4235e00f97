/** Full at the limit; what is beyond it is said by the figure beside it. */
export function UsedBar({ used }: { used: number }) {
  return (
    <span className="used-bar" aria-hidden="true">
      <span style={{ inlineSize: `${Math.min(1, Math.max(0, used)) * 100}%` }} />
    </span>
  )
}
