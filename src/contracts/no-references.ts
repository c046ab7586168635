/** A zero width space: hosts of git do not take what is around it for a name, a number or an address. */
const NOTHING = '\u200b';

/**
 * Text from outside that refers to nothing on a host of git, in markdown and in commit messages: nobody is mentioned,
 * no issue is linked or closed, no commit is linked. It reads as before.
 */
export function noReferences(text: string): string {
  return text
    .replaceAll(/(@)(?=\S)|(#)(?=[\p{L}\p{N}])/gu, `$1$2${NOTHING}`)
    .replaceAll(/\bGH(?=-\d)/gi, `$&${NOTHING}`)
    .replaceAll(/(?<![\p{L}\p{N}])(?=[a-f]*\d)[\da-f]{7,64}(?![\p{L}\p{N}])/giu, broken);
}

/** No part is left that is as long as the shortest id of a commit that is linked: seven digits. */
function broken(id: string): string {
  return id.replaceAll(/.{6}(?=.)/g, `$&${NOTHING}`);
}
