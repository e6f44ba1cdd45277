import type { INodeProperties } from 'n8n-workflow';
import { describeResources } from '../../../nodes/ImagineAnything/engine/properties';
import { resources } from '../../../nodes/ImagineAnything/resources';

/** The conditions of a property and of the options in it, by the names of what they look at. */
function conditions({ displayOptions, options = [] }: INodeProperties): string[] {
  const inner = options.flatMap((option) =>
    'displayOptions' in option ? Object.keys(option.displayOptions?.show ?? {}) : [],
  );
  return [...Object.keys(displayOptions?.show ?? {}), ...inner].map((name) =>
    name.replace(/^\//, ''),
  );
}

const shown = ({ displayOptions }: INodeProperties, resource: string, operation: string) => {
  const { resource: inResources, operation: inOperations } = displayOptions?.show ?? {};
  return (
    (inResources as string[] | undefined)?.includes(resource) &&
    (inOperations as string[] | undefined)?.includes(operation)
  );
};

describe('the properties of the node', () => {
  const properties = describeResources(resources);
  const operations = properties
    .filter(({ name }) => name === 'operation')
    .flatMap(({ options = [], displayOptions }) =>
      options.map((option): [string, string] => [
        displayOptions?.show?.resource?.[0] as string,
        'value' in option ? String(option.value) : '',
      ]),
    );

  // n8n resolves conditions in the order of the properties, and drops what it cannot show yet.
  it.each(operations)('%s: %s has every field after those it depends on', (resource, operation) => {
    const known = new Set(['resource', 'operation']);
    for (const property of properties.filter((each) => shown(each, resource, operation))) {
      expect(conditions(property).filter((name) => !known.has(name))).toEqual([]);
      known.add(property.name);
    }
  });

  it('are written once where operations share them', () => {
    const posts = properties.filter(
      ({ name, displayOptions }) =>
        name === 'post' && displayOptions?.show?.resource?.[0] === 'post',
    );
    expect(posts).toHaveLength(1);
  });
});
