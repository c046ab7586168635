import { BufferType, Data, type DataType } from 'apache-arrow';
import { bitmap } from './bitmap.ts';

type Buffers = Partial<Record<BufferType, ArrayBufferView>>;

/** A column as Arrow lays it out: the buffers that are given, and which values are null (undefined is too). */
export function arrowData(
  type: DataType,
  values: readonly unknown[],
  buffers: Buffers,
  children: readonly Data[] = [],
): Data {
  const nulls = values.reduce<number>(
    (sum, value) => sum + (value === null || value === undefined ? 1 : 0),
    0,
  );
  const valid =
    nulls === 0 ? new Uint8Array() : bitmap(values, (value) => value !== null && value !== undefined);
  return new Data(type, 0, values.length, nulls, { ...buffers, [BufferType.VALIDITY]: valid }, [...children]);
}
