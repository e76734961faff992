import type { Session } from '../session.ts';
import { type Kind, type Step, sameName } from './kind.ts';
import { applicationLinks } from './kinds/application-links.ts';
import { applicationUsers } from './kinds/application-users.ts';
import { applications } from './kinds/applications.ts';
import { choices } from './kinds/choices.ts';
import { hrRoles } from './kinds/hr-roles.ts';
import { hrUsers } from './kinds/hr-users.ts';
import { legalEntities } from './kinds/legal-entities.ts';
import { securityRoles } from './kinds/security-roles.ts';
import type { Setup } from './setup.ts';

/** A kind whose items are hidden, so that kinds of different items stand in one list. */
interface AnyKind {
  plan(session: Session, setup: Setup): Promise<readonly Step[]>;
  export(session: Session): Promise<Partial<Setup>>;
}

function hide<Item>(kind: Kind<Item>): AnyKind {
  const itemsOf = (setup: Setup) => setup[kind.kind] as readonly Item[] | undefined;
  return {
    async plan(session, setup) {
      const items = itemsOf(setup);
      if (items === undefined || items.length === 0) return [];
      const all = await kind.read(session);
      return (kind.order?.(items) ?? items).flatMap((wanted): Step[] => {
        const name = kind.nameOf(wanted);
        const current = all.find((each) => sameName(kind.nameOf(each), name));
        const differences = kind.compare(wanted, current);
        if (current !== undefined && differences.length === 0) return [];
        const action = current === undefined ? 'create' : 'change';
        return [{ kind: kind.kind, name, action, differences, run: () => kind.apply(session, wanted, current) }];
      });
    },
    async export(session) {
      const items = [...(await kind.read(session))];
      items.sort((one, other) => (kind.nameOf(one) < kind.nameOf(other) ? -1 : 1));
      return { [kind.kind]: items };
    },
  };
}

/** In the order in which they need each other. */
const kinds: readonly AnyKind[] = [
  hide(legalEntities),
  hide(applications),
  hide(securityRoles),
  hide(applicationUsers),
  hide(hrRoles),
  hide(hrUsers),
  hide(applicationLinks),
  hide(choices),
];

/** What has to be done so that the server is as the file says. Nothing is changed. */
export async function planSetup(session: Session, setup: Setup): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const kind of kinds) steps.push(...(await kind.plan(session, setup)));
  return steps;
}

/** The file that describes what is there; sorted by names, so that two of them can be compared. */
export async function exportSetup(session: Session): Promise<Setup> {
  let setup: Setup = { version: 1 };
  for (const kind of kinds) setup = { ...setup, ...(await kind.export(session)) };
  return setup;
}
