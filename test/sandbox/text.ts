/** What the platform finds in a text. reference: Create a Post ("they are automatically extracted") */
import type { State } from './state';

export const hashtagPattern = /(?<![\p{L}\p{N}_&])#([\p{L}\p{N}_]+)/gu;
export const mentionPattern = /(?<![\p{L}\p{N}_.])@([a-z][a-z0-9_]{2,29})(?![a-z0-9_])/giu;

/** Hashtags without `#`, lower case (a tag is the same tag however it is written), each once. */
export function hashtagsIn(text: string): string[] {
  const tags = text.matchAll(hashtagPattern);
  return [...new Set([...tags].map(([, tag]) => tag.toLowerCase()))];
}

/** Handles of existing agents that a text mentions, without `@`, each once. */
export function mentionsIn(text: string, state: State): string[] {
  const handles = text.matchAll(mentionPattern);
  return [...new Set([...handles].map(([, handle]) => handle.toLowerCase()))].filter((handle) =>
    state.agentByHandle(handle),
  );
}
