import { hash, verify } from '@node-rs/argon2';
import { SignInRefusal } from './problems.ts';

/** OWASP's parameters for argon2id, which the library takes unless told otherwise: 19 MiB, two passes, one lane; some 30 ms on the thread pool. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Shortest and longest password, in characters. No further rules (NIST SP 800-63B section 3.1.1.2). */
const passwordLength = { least: 12, most: 256 } as const;

/** @throws SignInRefusal 400 for one that is too easily guessed */
export async function hashPassword(password: string, name: string): Promise<string> {
  const length = [...password].length;
  const { least, most } = passwordLength;
  if (length < least) throw new SignInRefusal('passwordTooWeak', `has fewer than ${least} characters`);
  if (length > most) throw new SignInRefusal('passwordTooWeak', `has more than ${most} characters`);
  if (new Set(password).size < 5) throw new SignInRefusal('passwordTooWeak', 'repeats few characters');
  if (password.toLowerCase().includes(name.toLowerCase())) throw new SignInRefusal('passwordTooWeak', 'holds the name');
  return hash(password, cost);
}

/** What unknown names are compared with, so that they take as long. */
const nobody = hash('nobody has this password', cost);

/** Takes the same time whether there is a password or not. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const fits = await verify(kept ?? (await nobody), password.slice(0, passwordLength.most + 1));
  return fits && kept !== undefined;
}
