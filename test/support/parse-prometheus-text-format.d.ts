/** The package has no types of its own. What the tests and the bench use of it. */
declare module 'parse-prometheus-text-format' {
  interface Sample {
    readonly value?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  interface Family {
    readonly name: string
    readonly help: string
    readonly type: string
    readonly metrics: readonly Sample[]
  }
  export default function parsePrometheusTextFormat(metrics: string): readonly Family[]
}
