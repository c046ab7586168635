import { describe, expect, test } from 'vitest';
import { pageLinks } from '../../../../src/forge/github/client/next-page.ts';
import { clientPlace } from './client-place.ts';
import type { Asked, Scripted } from './fake-github.ts';
import { listPulls } from './questions.ts';

type Pages = readonly (readonly number[])[];

/** Pages of a list with the links that GitHub sends. */
function paged(pages: Pages, links: (page: number) => string = (page) => usualLinks(page, pages.length)) {
  return ({ path }: Asked): Scripted => {
    const page = Number(new URL(path, 'http://h').searchParams.get('page') ?? 1);
    const body = (pages[page - 1] ?? []).map((number) => ({ id: number, number }));
    return { body, headers: { link: links(page) } };
  };
}

function usualLinks(page: number, last: number, host = 'https://api.github.com'): string {
  if (page >= last) return `<${host}/r?page=1>; rel="first"`;
  return `<${host}/r?page=${page + 1}>; rel="next", <${host}/r?page=${last}>; rel="last"`;
}

const numbers = (found: readonly { number: number }[]) => found.map(({ number }) => number);

describe('a list', () => {
  test('is read page after page, a hundred entries at a time, on the host of the API alone.', async () => {
    await using place = await clientPlace(paged([[1, 2], [3], [4, 5]]));

    expect(numbers(await place.open().list(listPulls))).toEqual([1, 2, 3, 4, 5]);
    expect(place.server.asked.map(({ path }) => path)).toEqual([
      '/repos/octo/mill/pulls?per_page=100&state=open',
      '/repos/octo/mill/pulls?per_page=100&state=open&page=2',
      '/repos/octo/mill/pulls?per_page=100&state=open&page=3',
    ]);
  });

  test('has each entry once when one slides onto the next page meanwhile.', async () => {
    await using place = await clientPlace(
      paged([
        [3, 2],
        [2, 1],
      ]),
    );

    expect(numbers(await place.open().list(listPulls))).toEqual([3, 2, 1]);
  });

  test('that is too long is an error, or is cut where the question allows it.', async () => {
    await using place = await clientPlace(paged([[1, 2], [3], [4]]));
    const cuts: number[] = [];
    const question = { ...listPulls, mostPages: 2 };
    await expect(place.open().list(question)).rejects.toMatchObject({
      code: 'github-bad-answer',
      message: expect.stringContaining('more than 2 pages'),
    });
    const cut = await place.open().list({ ...question, onCut: (entries) => cuts.push(entries) });
    expect(numbers(cut)).toEqual([1, 2, 3]);
    expect(cuts).toEqual([3]);
  });

  test('is read again when a page is missing, and is an error when it stays away.', async () => {
    const pages: Pages = [[1], [2], [3]];
    let truncated = true;
    await using place = await clientPlace(
      paged(pages, (page) => (page === 2 && truncated ? '' : usualLinks(page, 3))),
    );

    await expect(place.open().list(listPulls)).rejects.toMatchObject({
      code: 'github-bad-answer',
      message: expect.stringContaining('page 3 of 3 is missing'),
    });
    expect(place.server.asked).toHaveLength(4);
    truncated = false;
    expect(numbers(await place.open().list(listPulls))).toEqual([1, 2, 3]);
  });

  test('that has become shorter meanwhile is whole in the second reading.', async () => {
    let reading = 0;
    await using place = await clientPlace((asked) => {
      if (!asked.path.includes('&page=')) reading += 1;
      return paged(reading === 1 ? [[1], [2], [3]] : [[2], [3]], (page) =>
        reading === 1 ? usualLinks(page, page === 1 ? 3 : 2) : usualLinks(page, 2),
      )(asked);
    });

    expect(numbers(await place.open().list(listPulls))).toEqual([2, 3]);
  });

  test.each([
    ['a page that comes again', paged([[1], [1]]), /page 2 repeats an earlier one/],
    [
      'a link that leads back',
      paged([[1], [2]], () => '<http://h/r?page=2>; rel="next"'),
      /page 2 leads back/,
    ],
    ['a list without end', endless, /more than 4 pages/],
  ])('is not followed without end: %s.', async (_name, answer, message) => {
    await using place = await clientPlace(answer);

    await expect(place.open().list({ ...listPulls, mostPages: 4 })).rejects.toMatchObject({
      code: 'github-bad-answer',
      message: expect.stringMatching(message),
    });
  });

  test('ends early where the rest is of no interest.', async () => {
    await using place = await clientPlace(paged([[9, 8], [7, 6], [5]]));
    const goOn = ({ number }: { number: number }) => number > 7;

    expect(numbers(await place.open().list({ ...listPulls, goOn }))).toEqual([9, 8, 7, 6]);
    expect(place.server.asked).toHaveLength(2);
  });

  test('may lie within an answer.', async () => {
    await using place = await clientPlace(() => ({
      body: { total_count: 1, workflow_runs: [{ number: 1 }] },
    }));
    const question = { ...listPulls, within: 'workflow_runs' };

    expect(numbers(await place.open().list(question))).toEqual([1]);
  });

  test.each([{ body: {} }, { body: [{ number: 'x' }] }, { body: '[1' }])(
    'that is none is an error.',
    async (answer) => {
      await using place = await clientPlace(() => answer);

      await expect(place.open().list(listPulls)).rejects.toMatchObject({ code: 'github-bad-answer' });
    },
  );

  test('of a thousand entries is whole.', async () => {
    const pages = Array.from({ length: 10 }, (_, page) =>
      Array.from({ length: 100 }, (_, at) => page * 100 + at),
    );
    await using place = await clientPlace(paged(pages));

    expect(new Set(numbers(await place.open().list(listPulls))).size).toBe(1_000);
    expect(place.server.asked).toHaveLength(10);
  });
});

function endless({ path }: Asked): Scripted {
  const page = Number(new URL(path, 'http://h').searchParams.get('page') ?? 1);
  return {
    body: [{ id: page, number: page }],
    headers: { link: `<http://h/r?page=${page + 1}>; rel="next"` },
  };
}

describe('a link', () => {
  test.each([
    ['<https://evil.example/r?page=2&owner=x&baseUrl=y&per_page=1>; rel="next"', { page: '2' }],
    ['<https://h/r?after=Y3Vyc29y%3D>; rel=next', { after: 'Y3Vyc29y=' }],
    ['<https://h/r?page=2>; title="a"; rel="next", <https://h/r?page=9>; rel="last"', { page: '2' }],
    ['<https://h/r>; rel="next"', undefined],
    ['<nonsense>; rel="next"', undefined],
    ['<https://h/r?page=2>; rel="prev"', undefined],
    [undefined, undefined],
    ['<<<<>>>>;;;rel', undefined],
  ])('says where the next page begins, and nothing else counts: %s.', (header, next) => {
    expect(pageLinks(header).next).toEqual(next);
  });
});
