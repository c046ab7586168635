import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MaskedLines } from '../../src/programs/masked-lines.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;

test('a secret is masked wherever the stream is cut.', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const text = Buffer.from(`before äöü\nuse ${token} now\r\nafter`);
  const cuts = fc.array(fc.nat(text.length), { maxLength: 5 });
  const property = fc.property(cuts, (places) => {
    const at = [0, ...places.sort((a, b) => a - b), text.length];
    const lines = new MaskedLines();
    const out = at.slice(1).map((end, index) => lines.feed(text.subarray(at[index], end)));
    expect(out.join('') + lines.end()).toBe('before äöü\nuse [a GitHub token] now\nafter');
  });
  fc.assert(property, { seed, numRuns: 100 });
});

test('every line of a private key is masked, and what comes after it is not.', () => {
  const body = ['MIIEowIBAAKCAQEA', 'abc/def+ghi='].join('\n');
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\n`;
  const lines = new MaskedLines();
  const out = lines.feed(Buffer.from(`key:\n${key}done\n`)) + lines.end();
  expect(out).not.toMatch(/MIIE|abc\/def/);
  expect(out).toMatch(/^key:\n\[a private key\]/);
  expect(out).toMatch(/\ndone\n$/);
});
