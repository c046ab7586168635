import { isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import { rangeOf } from './yaml-slot.ts';
import { columnOf, type YamlSource } from './yaml-source.ts';

interface Step {
  readonly holder: unknown;
  readonly kind: 'map' | 'seq';
  readonly columns: number;
}

/**
 * How far maps and sequences below a key are indented, in columns: as beside `near`,
 * else as at the first place in the document, else 2.
 */
export function blockSteps(source: YamlSource, near: Node | undefined): { mapStep: number; seqStep: number } {
  const steps = stepsIn(source);
  const pick = (kind: Step['kind']) => {
    const alike = steps.filter((step) => step.kind === kind);
    return (alike.find(({ holder }) => holder === near) ?? alike[0])?.columns;
  };
  const [map, seq] = [pick('map'), pick('seq')];
  return { mapStep: map ?? (seq || 2), seqStep: seq ?? map ?? 2 };
}

function stepsIn(source: YamlSource): Step[] {
  const steps: Step[] = [];
  visit(source.doc, {
    Pair: (_, { key, value }, parents) => {
      const isBlock = (isMap(value) || isSeq(value)) && !value.flow;
      if (!isBlock || !isScalar(key)) return;
      const columns = columnOf(source.text, rangeOf(value)[0]) - columnOf(source.text, rangeOf(key)[0]);
      steps.push({ holder: parents.at(-1), kind: isMap(value) ? 'map' : 'seq', columns });
    },
  });
  return steps;
}
