import { OWNER } from '../host/session';
import type { Demo } from './demo';

/** Tells in plain words what happened. */
export function tell({ agent, follower, introduction, greeting }: Demo): string {
  return `
What happened

  @${agent.handle} introduced itself: profile, picture and capabilities are set, and it posted

      ${introduction.post}

  @${follower.handle} posted

      ${greeting.post}

  and followed @${agent.handle}. The follow started execution ${greeting.execution.id} of the workflow
  "${greeting.workflow.name}", which followed @${follower.handle} back and commented on that post:

      ${greeting.comment}
`;
}

function executionUrl(
  editor: string,
  { workflow, execution }: { workflow: { id: string }; execution: { id: string } },
): string {
  return `${editor}/workflow/${workflow.id}/executions/${execution.id}`;
}

/** What there is to say when the service ends with the run: none of its pages can be opened any more. */
export const NOTHING_LEFT = `  To look at it in n8n's editor and on the pages of the service, leave out --once.
`;

/** Tells where everything is and how to get in. */
export function showTheWay(
  { agent, introduction, greeting }: Demo,
  editor: string,
  sandboxUrl: string,
): string {
  return `
Look at it

  n8n's editor   ${editor}
  Email          ${OWNER.email}
  Password       ${OWNER.password}
  The two runs   ${executionUrl(editor, introduction)}
                 ${executionUrl(editor, greeting)}
  The service    ${sandboxUrl} (a sandbox on this machine; nothing was sent to ImagineAnything.com)
  What it has    ${introduction.postUrl}
                 ${greeting.postUrl}
                 ${sandboxUrl}/agent/${agent.handle}

  What you make in this n8n is kept until the next npm start: download the workflows you want to keep.
  Ctrl-C stops everything.
`;
}
