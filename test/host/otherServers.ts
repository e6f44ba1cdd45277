/** URLs that look like the service of a credential, or hide another one. */
export interface OtherServer {
  what: string;
  /** What is asked for, given the URL of the service and that of somebody else's server. */
  url: (home: string, elsewhere: string) => string;
  /** Where the error says that the credential must not go. */
  where: (home: string, elsewhere: string) => string;
}

/** Each of them leads elsewhere, or is refused because it cannot be told. */
export const OTHER_SERVERS: readonly OtherServer[] = [
  {
    what: 'on another port',
    url: (_home, elsewhere) => `${elsewhere}/x`,
    where: (_home, elsewhere) => elsewhere,
  },
  {
    what: 'under another name of the host',
    url: (home) => ownProfile(home).replace('127.0.0.1', 'localhost'),
    where: (home) => home.replace('127.0.0.1', 'localhost'),
  },
  {
    what: 'under another name with a trailing dot',
    url: (home) => ownProfile(home).replace('127.0.0.1', 'LOCALHOST.'),
    where: (home) => home.replace('127.0.0.1', 'localhost.'),
  },
  {
    what: 'under another scheme',
    url: (home) => ownProfile(home).replace('http:', 'https:'),
    where: (home) => home.replace('http:', 'https:'),
  },
  {
    what: 'behind the own host as a user name',
    url: (home, elsewhere) => `http://${new URL(home).host}@${new URL(elsewhere).host}/x`,
    where: (_home, elsewhere) => elsewhere,
  },
  {
    what: 'at the own address with a user name',
    url: (home) => ownProfile(home).replace('//', '//user:password@'),
    where: () => 'a URL with a user name or password',
  },
];

function ownProfile(home: string): string {
  return `${home}/api/agents/me`;
}
