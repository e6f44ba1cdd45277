import type { NodeHint } from 'n8n-workflow';
import { toValue } from './names';
import type { Resource } from './operation';

/**
 * Creates the hints that the editor shows next to the output of operations.
 *
 * @param resources everything that the node offers
 */
export function describeHints(resources: readonly Resource[]): NodeHint[] {
  return resources.flatMap(({ name, operations }) =>
    operations.flatMap((operation): NodeHint[] =>
      operation.hint === undefined
        ? []
        : [
            {
              message: operation.hint,
              type: 'warning',
              location: 'outputPane',
              whenToDisplay: 'always',
              displayCondition: `={{ $parameter["resource"] === "${toValue(name)}" && $parameter["operation"] === "${toValue(operation.name)}" }}`,
            },
          ],
    ),
  );
}
