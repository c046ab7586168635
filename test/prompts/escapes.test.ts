import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fenceText } from '../../src/prompts/fence-text.ts';
import { loadTemplateEngine } from '../../src/prompts/template-engine.ts';
import { renderSample } from './prompt-folder.ts';

const head = 'variables: [text, list, thing]\noptional: [other]';
const variables = { text: 'abc', list: ['a', 'b'], thing: { name: 'x', __proto__x: 1 } };

describe('a template that reaches for the program', () => {
  test.each([
    "{{ range.constructor('return process.version')() }}",
    "{{ ''.constructor.constructor('return process')() }}",
    "{{ text.constructor.constructor('return process')() }}",
    "{{ cycler.constructor('return 1')() }}",
    '{{ joiner() }}',
    '{{ text.toUpperCase() }}',
    "{{ thing['const' + 'ructor'] }}",
    "{{ thing['constructor'] }}",
    '{{ thing.constructor }}',
    '{{ thing.__proto__ }}',
    '{{ list.prototype }}',
    '{{ thing[text] }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ process }}',
    "{{ list | map('constructor') }}",
    "{{ list | groupby('constructor') }}",
    "{{ list | sort(false, false, 'constructor') }}",
    '{{ thing | dump }}',
    '{{ text | safe }}',
    '{{ r/(a+)+$/ }}',
    '{{ text ** 99999 }}',
    "{% include 'millwright.yaml' %}",
    "{% extends 'millwright.yaml' %}",
    "{% import 'millwright.yaml' as x %}{{ x }}",
    '{% macro m() %}x{% endmacro %}{{ m() }}',
    '{% set x = text.constructor %}{{ x }}',
    '{% call text() %}{% endcall %}',
    '{% raw %}{% endraw %}{{ self }}',
    '{% filter upper %}{{ text }}{% endfilter %}',
    '{% for a, b in thing %}{{ a }}{% endfor %}',
    '{% asyncEach a in list %}{{ a }}{% endeach %}',
    '{% if text is callable %}x{% endif %}',
    '{{ [text] }}',
    '{{ {a: text} }}',
    '{{ loop.index }}',
    '{{ text if true else process }}',
  ])('is refused: %s', async (template) => {
    await expect(renderSample(head, template, variables)).rejects.toMatchObject({ code: 'bad-prompt' });
  });

  test('finds nothing even where the check of its text is not asked.', async () => {
    const engine = await loadTemplateEngine();
    for (const template of [
      "{{ text.constructor.constructor('return process')() }}",
      "{{ thing['__pro' + 'to__'] }}",
      "{{ range.constructor('return process')() }}",
      '{{ text.toUpperCase() }}',
      "{{ list['push'](1) }}",
      "{% include '/etc/hostname' %}",
    ])
      expect(() => engine.render(template, variables)).toThrow();
  });

  test('cannot use a value that is no data.', async () => {
    const behaving = { ...variables, thing: () => 'called' };
    await expect(renderSample(head, '{{ text }}', behaving)).rejects.toThrow('thing: expected texts');
    const instance = { ...variables, thing: { at: new Map([['a', 1]]) } };
    await expect(renderSample(head, '{{ text }}', instance)).rejects.toMatchObject({ code: 'bad-prompt' });
  });
});

test('whatever a variable holds comes out as it is, and no text closes its own fence.', async () => {
  const engine = await loadTemplateEngine();
  const seed = Math.floor(Math.random() * 2 ** 31);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('{{', '}}', '{%', '%}', '{#', '```', '\n', 'x', ' ', '7*7', '`'))
      .map((parts) => parts.join('')),
  );
  const property = fc.property(text, (value) => {
    expect(engine.render('[{{ value }}]', { value })).toBe(`[${value}]`);
    const [fence = '', ...rest] = fenceText(value).split('data\n');
    expect(fence).toMatch(/^`{3,}$/);
    const content = rest.join('data\n').slice(0, -fence.length);
    expect(content.includes(fence)).toBe(false);
  });
  fc.assert(property, { seed, numRuns: 300 });
});
