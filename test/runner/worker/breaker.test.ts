import { describe, expect, test } from 'vitest';
import { Breaker } from '../../../src/runner/worker/breaker.ts';

describe('a worker', () => {
  test('goes on after one slot that breaks, and after two with a result between them.', () => {
    const breaker = new Breaker();
    for (const reason of ['a', 'b', 'c', 'd']) {
      breaker.broke(reason, 'agent-failed');
      breaker.finished();
      expect(breaker.why).toBeUndefined();
    }
  });

  test('stops when three slots in a row break, and says what the last one said.', () => {
    const breaker = new Breaker();
    breaker.broke('first', 'agent-failed');
    breaker.broke('second', undefined);
    expect(breaker.why).toBeUndefined();
    breaker.broke('not logged in', 'agent-failed');
    expect(breaker.why).toMatchObject({
      code: 'worker-stopped',
      message: expect.stringContaining('not logged in'),
      hint: expect.any(String),
    });
  });

  test.each(['command-not-found', 'push-refused', 'remote-credentials', 'no-base-branch', 'disk-full'])(
    'stops at once on %s, which every slot would meet.',
    (code) => {
      const breaker = new Breaker();
      breaker.broke('the reason', code);
      expect(breaker.why).toMatchObject({ code: 'worker-stopped', data: { code } });
    },
  );
});
