import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { isRecord } from '../../../credentials/http/record';
import { ProcessMap } from '../../../credentials/memory/processMap';
import { identityOf } from '../../../credentials/tokenSet';
import { callOperation } from '../engine/callOperation';
import { normalizeHandle } from '../engine/handle';
import { GET_PROFILE } from '../resources/profile';
import { type Client, CREDENTIAL } from '../transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';

/** The profiles that were read in this process, by the identity of the credential: one read for all lists. */
const ownProfiles = new ProcessMap<IDataObject>(1000);

/** A list is shown in any order rather than later. */
const MAX_WAIT_MS = 5_000;

type Entry = Record<string, unknown>;

/**
 * Moves the entries of the credential's own agent to the front of a page; the order stays as it is otherwise. The
 * service cannot filter articles by their author (docs/service.md: Articles), and tokens do not say whose they are, so
 * the profile is read where there are entries of several agents.
 *
 * @param context the context in which n8n loads the list
 * @param client sends the request
 * @param entries the page
 * @param field the field of an entry that holds its agent
 * @returns all entries; in the order given where nobody says who the own agent is
 */
export async function ownFirst(
  context: ILoadOptionsFunctions,
  client: Client,
  entries: readonly Entry[],
  field: string,
): Promise<readonly Entry[]> {
  const handles = entries.map((entry) => handleIn(entry[field]));
  if (new Set(handles).size < 2) return entries;
  const own = handleIn(await readOwnProfile(context, client));
  if (own === '') return entries;
  const isOwn = (_: Entry, index: number) => handles[index] === own;
  return [...entries.filter(isOwn), ...entries.filter((entry, index) => !isOwn(entry, index))];
}

function handleIn(agent: unknown): string {
  return isRecord(agent) ? normalizeHandle(agent.handle) : '';
}

async function readOwnProfile(
  context: ILoadOptionsFunctions,
  client: Client,
): Promise<IDataObject | undefined> {
  if (context.getNode().credentials?.[CREDENTIAL] === undefined) return undefined;
  const identity = identityOf(await context.getCredentials(CREDENTIAL));
  const known = ownProfiles.get(identity);
  if (known) return known;
  const deadline = deadlineIn(MAX_WAIT_MS);
  const [profile] = await callOperation(client, GET_PROFILE, {}, { deadline }).catch(
    (): IDataObject[] => [],
  );
  if (handleIn(profile) !== '') ownProfiles.set(identity, profile);
  return profile;
}
