/** A server by one URL, which may name several hosts as libpq has it: whichever of them takes writes is meant. */
export interface Addresses {
  /** A URL of each host, in order. */
  readonly urls: readonly string[];
  /** A host that takes no writes will not do: there are others, or the URL says so. */
  readonly mustTakeWrites: boolean;
}

/** What URLs of a server that is written to may ask of a session; of two words that libpq tells apart both do here. */
const writingSessions = ['read-write', 'primary'];
const sessionParameter = 'target_session_attrs';
const urlForm = /^(postgres(?:ql)?:\/\/)((?:[^@/?#]*@)?)([^/?#]*)([^?#]*)(?:\?([^#]*))?$/;
/** A host, which may be an IPv6 address in brackets, and perhaps a port. */
const placeForm = /^(?:\[[\da-fA-F:.]+\]|[^:[\]]*)(?::\d{0,5})?$/;

interface Parts {
  readonly scheme: string;
  /** User and password with `@`, or nothing. */
  readonly login: string;
  /** Before the path: `host` or `host:port` each. */
  readonly places: readonly string[];
  readonly path: string;
  readonly parameters: URLSearchParams;
}

function partsOf(url: string): Parts | undefined {
  const [, scheme, login, places, path, query = ''] = urlForm.exec(url) ?? [];
  if (scheme === undefined || login === undefined || places === undefined || path === undefined) return undefined;
  return { scheme, login, places: places.split(','), path, parameters: new URLSearchParams(query) };
}

/** The hosts of a URL; what is no such URL is given back as it is, for the driver to refuse. */
export function addressesOf(url: string): Addresses {
  const parts = partsOf(url);
  if (parts === undefined) return { urls: [url], mustTakeWrites: false };
  const count = countHosts(parts);
  const asked = parts.parameters.has(sessionParameter);
  if (count === 1 && !asked) return { urls: [url], mustTakeWrites: false };
  return { urls: Array.from({ length: count }, (_, at) => urlOf(parts, at)), mustTakeWrites: true };
}

/** What is wrong with the hosts of a URL, as one line that says how it must be; `undefined`: nothing. */
export function findAddressFault(url: string): string | undefined {
  const parts = partsOf(url);
  const form = 'postgres://user:password@host:port/database, or several of `host:port` separated by commas';
  if (parts === undefined || !parts.places.every((place) => placeForm.test(place))) return form;
  const count = countHosts(parts);
  const isEmpty = count > 1 && hostsOf(parts).some((host) => /^(?::\d*)?$/.test(host));
  if (isEmpty) return 'a host before and after each comma';
  if (!isWhole(url)) return form;
  const asked = parts.parameters.get(sessionParameter);
  if (asked !== null && !writingSessions.includes(asked)) {
    return `${sessionParameter} must be read-write or primary, or be left out: rows are written there`;
  }
  const ports = listOf(parts, 'port');
  if (ports.length > 1 && ports.length !== count) return `as many ports as hosts (${count}), or one port for all`;
  return undefined;
}

/** The hosts and the database of a URL for messages, without user and password. */
export const describeAddresses = (url: string): string => describe(url, (parts) => `${hostsText(parts)}${parts.path}`);

/** The host of a URL alone, likewise. */
export const describeHost = (url: string): string => describe(url, hostsText);

function describe(url: string, inWords: (parts: Parts) => string): string {
  const parts = partsOf(url);
  return parts === undefined ? '(its address is not a URL)' : inWords(parts);
}

const hostsText = (parts: Parts): string => hostsOf(parts).join(',');

/** Can the driver read it? It takes a URL without a host, where that is a parameter. */
const isWhole = (url: string): boolean =>
  addressesOf(url).urls.every((each) => URL.canParse(each) || URL.canParse(each.replace('@/', '@host/')));

const listOf = ({ parameters }: Parts, name: string): readonly string[] => {
  const value = parameters.get(name);
  return value === null || value === '' ? [] : value.split(',');
};

/** The parameter `host` counts before what stands in front of the path. */
function hostsOf(parts: Parts): readonly string[] {
  const named = listOf(parts, 'host');
  return named.length > 0 ? named : parts.places;
}

const countHosts = (parts: Parts): number => hostsOf(parts).length;

function urlOf({ scheme, login, places, path, parameters }: Parts, at: number): string {
  const own = new URLSearchParams(parameters);
  own.delete(sessionParameter);
  for (const name of ['host', 'port']) {
    const values = own.get(name)?.split(',') ?? [];
    const value = values.length === 1 ? values[0] : values[at];
    if (value !== undefined) own.set(name, value);
  }
  const place = places.length === 1 ? places[0] : places[at];
  const query = own.toString().replaceAll('+', '%20');
  return `${scheme}${login}${place ?? ''}${path}${query === '' ? '' : `?${query}`}`;
}
