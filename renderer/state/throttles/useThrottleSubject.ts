import { useEffect } from 'react'
import { type ThrottleSubject, useThrottleSheet } from './sheet.ts'

/** Says whom `t` is about while the component is mounted; null says nothing. */
export function useThrottleSubject(subject: ThrottleSubject | null): void {
  const key = subject === null ? null : JSON.stringify(subject)
  useEffect(() => {
    if (key === null) return undefined
    const own = JSON.parse(key) as ThrottleSubject
    useThrottleSheet.setState({ subject: own })
    return () => useThrottleSheet.setState(({ subject: now }) => (now === own ? { subject: null } : {}))
  }, [key])
}
