/** The peer that the parser is compared with; it ships no types. */
declare module 'parse-prometheus-text-format' {
  interface Metric {
    readonly value?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  interface MetricFamily {
    readonly name: string
    readonly help: string
    readonly type: string
    readonly metrics: readonly Metric[]
  }
  export default function parsePrometheusTextFormat(text: string): MetricFamily[]
}
