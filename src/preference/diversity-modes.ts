/** The five directions in which a thought is tried. */
export const diversityModes = [
  {
    mode: 'conservative',
    instruction:
      'Stay close to what the repository already does. Take the most usual reading of the thought, reuse existing pieces, and change as little as makes it work.',
  },
  {
    mode: 'different_motion',
    instruction:
      'Keep layout and content as the most usual reading would have them, and change how things move: another timing, another easing, another trigger, another order in time.',
  },
  {
    mode: 'different_positioning',
    instruction:
      'Keep behaviour and motion as the most usual reading would have them, and change where things stand: another arrangement, another hierarchy, another use of space.',
  },
  {
    mode: 'combination',
    instruction:
      'Join two ideas that are already in the repository, or one of them and one of your own, into something that neither is alone.',
  },
  {
    mode: 'bold',
    instruction:
      'Take the freest reading of the thought that still serves it. Break a habit of the repository on purpose, and say which one; rules of the constitution are not habits.',
  },
] as const;
