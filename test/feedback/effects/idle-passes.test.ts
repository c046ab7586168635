import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openHistory } from '../../../src/history/open-history.ts';
import { mergedShop } from './effects-shop.ts';

// The real one, counted.
vi.mock('../../../src/history/open-history.ts', { spy: true });

test('the outcomes are counted once for each change of them, and not at all before there is one.', async () => {
  await using shop = await mergedShop();
  const opened = async () => {
    vi.mocked(openHistory).mockClear();
    const { changed, failures } = await shop.measure();
    expect(failures).toEqual([]);
    return { opened: vi.mocked(openHistory).mock.calls.length, changed };
  };
  expect(await opened()).toEqual({ opened: 0, changed: false });
  await shop.work(30, (_version, n) => n % 4 !== 0);
  // Fewer than ten pairs are not worth a record, so the record cannot be what is remembered.
  await shop.measure();
  const recorded = await shop.measurements();
  expect(await opened()).toEqual({ opened: 0, changed: false });
  await shop.work(6, (_version, n) => n % 4 !== 0);
  expect(await opened()).toEqual({ opened: 1, changed: false });
  expect(await opened()).toEqual({ opened: 0, changed: false });
  expect(await shop.measurements()).toEqual(recorded);
  await rm(join(shop.folder.dir, '.millwright'), { recursive: true });
  expect(await opened()).toEqual({ opened: 1, changed: false });
});
