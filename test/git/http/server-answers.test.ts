import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import { goesThroughProxy } from '../../../src/git/http/proxy.ts';
import { retryAfter } from '../../../src/git/http/retry-after.ts';
import { ServerClock } from '../../../src/git/http/server-clock.ts';

const date = 'Tue, 03 Mar 2026 10:00:00 GMT';

describe('a busy server is waited for', () => {
  test.each([
    [429, { 'retry-after': '7' }, 7000],
    [503, { 'retry-after': '0' }, 0],
    [503, { 'retry-after': 'Tue, 03 Mar 2026 10:00:20 GMT', date }, 20_000],
    [503, { 'retry-after': 'Tue, 03 Mar 2026 09:00:00 GMT', date }, 0],
    [503, { 'retry-after': '61' }, undefined],
    [503, { 'retry-after': 'soon', date }, undefined],
    [503, {}, undefined],
    [500, { 'retry-after': '7' }, undefined],
    [200, { 'retry-after': '7' }, undefined],
  ])('after %i with %j for %s ms.', (status, headers, expected) => {
    expect(retryAfter({ status, headers })).toBe(expected);
  });
});

describe("the server's clock", () => {
  test('lies between the second that it wrote and one second and the way back later, and goes on.', () => {
    let nowMs = 5000;
    const clock = new ServerClock({ ...systemClock, monotonicMs: () => nowMs });
    expect(clock.now()).toBeUndefined();
    clock.observe({ headers: { date }, sentMs: 4700, answeredMs: 5000 });
    nowMs = 7000;
    const at = Date.parse(date);
    expect(clock.now()).toEqual({ earliest: new Date(at + 2000), latest: new Date(at + 3300) });
    clock.observe({ headers: { date: 'yesterday' }, sentMs: 6000, answeredMs: 7000 });
    clock.observe({
      headers: { date: new Date(0).toUTCString(), age: '3600' },
      sentMs: 6000,
      answeredMs: 7000,
    });
    expect(clock.now()?.earliest).toEqual(new Date(at + 2000));
  });
});

describe('a proxy of the environment', () => {
  const http = new URL('http://git.example.com/x.git');
  const https = new URL('https://git.example.com/x.git');

  test.each([
    [{ http_proxy: 'p' }, http],
    [{ https_proxy: 'p' }, https],
    [{ HTTPS_PROXY: 'p' }, https],
    [{ ALL_PROXY: 'p' }, http],
    [{ all_proxy: 'p', no_proxy: 'other.com,ample.com' }, https],
    [{ http_proxy: 'p', NO_PROXY: '10.0.0.0/8' }, new URL('http://10.0.0.7/x.git')],
  ])('is used: %j for %s', (env, url) => {
    expect(goesThroughProxy(env, url)).toBe(true);
  });

  test.each([
    [{}, http],
    [{ HTTP_PROXY: 'p' }, http],
    [{ https_proxy: 'p' }, http],
    [{ http_proxy: 'p', no_proxy: '*' }, http],
    [{ http_proxy: 'p', no_proxy: 'localhost, .example.com' }, http],
    [{ https_proxy: 'p', NO_PROXY: 'GIT.example.com:443' }, https],
    [{ http_proxy: 'p', no_proxy: '127.0.0.1' }, new URL('http://127.0.0.1:80/x.git')],
  ])('is not used: %j for %s', (env, url) => {
    expect(goesThroughProxy(env, url)).toBe(false);
  });
});
