import { type INode, type INodeParameters, NodeHelpers } from 'n8n-workflow';
import { ImagineAnythingTrigger } from '../../../nodes/ImagineAnything/ImagineAnythingTrigger.node';

const { description } = new ImagineAnythingTrigger();
const notice = description.properties.find(({ type }) => type === 'notice');

test.each<[shown: boolean, when: string, options: INodeParameters]>([
  [true, 'is turned off', { verifySignature: false }],
  [false, 'is turned on', { verifySignature: true }],
  [false, 'is not among the options', { deduplicationWindow: 0 }],
  [false, 'is on as nothing was changed', {}],
])('The notice about verification is shown: %s, when the option %s', (shown, _, options) => {
  const node: Pick<INode, 'typeVersion'> = { typeVersion: 1 };
  const values: INodeParameters = { events: ['*'], options };
  if (!notice) throw new Error('The trigger has no warning');

  expect(notice.displayName).toContain('not verified');
  expect(NodeHelpers.displayParameter(values, notice, node, description)).toBe(shown);
});
