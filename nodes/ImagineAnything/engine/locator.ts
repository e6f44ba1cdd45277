import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** The modes of a resource locator, worded as in n8n's own nodes. */
export const MODES = {
  list: { displayName: 'From List', name: 'list' },
  id: { displayName: 'By ID', name: 'id' },
  slug: { displayName: 'By Slug', name: 'slug' },
  handle: { displayName: 'By Handle', name: 'handle' },
  url: { displayName: 'By URL', name: 'url' },
} as const;

/** The mode for the URL of a page of ImagineAnything, such as `/post/ID`. */
export function page(segment: string, last: string): INodePropertyMode {
  return {
    ...MODES.url,
    type: 'string',
    placeholder: `e.g. https://imagineanything.com/${segment}/${last}`,
  };
}

/** A resource locator; a text field when there is only one mode and no list. */
export function locator(
  parameter: { search?: string; searchDependsOn?: readonly string[] },
  modes: INodePropertyMode[],
): Pick<INodeProperties, 'type' | 'default'> & Partial<INodeProperties> {
  if (modes.length === 1 && !parameter.search) return { type: 'string', default: '' };
  const list: INodePropertyMode[] = parameter.search
    ? [
        {
          ...MODES.list,
          type: 'list',
          typeOptions: { searchListMethod: parameter.search, searchable: true },
        },
      ]
    : [];
  const all = [...list, ...modes];
  return {
    type: 'resourceLocator',
    default: { mode: all[0].name, value: '' },
    modes: all,
    ...(parameter.searchDependsOn
      ? { typeOptions: { loadOptionsDependsOn: [...parameter.searchDependsOn] } }
      : {}),
  };
}
