import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Json, sliceOf } from './slice-of.ts';
import { slicedPaths } from './sliced-paths.ts';

describe("the slice of GitHub's description", () => {
  it('has every path that is wanted, everything that they refer to, and nothing else.', async () => {
    const slice = JSON.parse(await readFile(new URL('./slice.json', import.meta.url), 'utf8'));
    expect(new Set(Object.keys(slice.paths))).toEqual(new Set(slicedPaths));
    // Cutting it again takes nothing away and finds every reference.
    expect(JSON.stringify(sliceOf(slice, slicedPaths))).toBe(JSON.stringify(slice));
  });

  it('keeps what is reached, in order, drops words for people, and keeps a property of that name.', () => {
    const whole: Json = {
      openapi: '3.0.3',
      info: { version: '1' },
      paths: {
        '/b': { get: { summary: 'B', responses: { 204: { description: 'nothing' } } } },
        '/a': { get: { responses: { 200: { $ref: '#/components/responses/one' } } } },
        '/c': { get: { responses: {} } },
      },
      components: {
        responses: { one: { description: 'One', schema: { $ref: '#/components/schemas/x' } } },
        schemas: { x: { properties: { description: { type: 'string' } } }, y: {} },
      },
    };
    const slice = sliceOf(whole, ['/b', '/a']) as Record<string, Record<string, Json>>;
    expect(Object.keys(slice.paths ?? {})).toEqual(['/a', '/b']);
    expect(slice.paths?.['/b']).toEqual({ get: { responses: { 204: { description: '' } } } });
    expect(slice.components).toEqual({
      responses: { one: { schema: { $ref: '#/components/schemas/x' } } },
      schemas: { x: { properties: { description: { type: 'string' } } } },
    });
  });

  it('refuses a path that the description does not have.', () => {
    expect(() => sliceOf({ paths: {} }, ['/gone'])).toThrow('the description has no paths > /gone');
  });
});
