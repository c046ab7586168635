export type PlotMark = 'bar' | 'line' | 'dot';

/** What to draw: rows of a query, and which of their columns go where. */
export interface PlotRequest {
  /** Numbers, bigints, decimals as text, ISO text or `Date` for time, text. Null is left out, and counted. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** A column of time, numbers or text. */
  readonly x: string;
  /** A column of numbers. */
  readonly y: string;
  /** A column whose values become series, each with its colour. */
  readonly color?: string;
  /** Columns of numbers: the bounds of an interval around y, drawn as a thin line. Given together. */
  readonly low?: string;
  readonly high?: string;
  /** By default: time gives lines, numbers give dots, text gives bars. */
  readonly mark?: PlotMark;
  readonly title?: string;
  /** Pixels, 200 to 4000. By default 720. */
  readonly width?: number;
  /** Pixels, 120 to 8000. By default as high as the data needs. */
  readonly height?: number;
}
