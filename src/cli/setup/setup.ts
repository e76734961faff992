/**
 * A set-up as a file describes it: what must be there. What it does not name is left alone; of what it names, lists are
 * whole (a role has these privileges and no others). Names are compared without regard to case, as the product does.
 */
export interface Setup {
  readonly version: 1;
  readonly legalEntities?: readonly LegalEntitySetup[];
  readonly applications?: readonly ApplicationSetup[];
  readonly securityRoles?: readonly SecurityRoleSetup[];
  readonly applicationUsers?: readonly ApplicationUserSetup[];
  readonly hrRoles?: readonly HrRoleDefinitionSetup[];
  readonly hrUsers?: readonly HrUserSetup[];
  readonly applicationLinks?: readonly ApplicationLinkSetup[];
  readonly choices?: readonly ChoiceSetup[];
}

/** A company of Human Resources. */
export interface LegalEntitySetup {
  readonly id: string;
  readonly name: string;
}

/** An app registration with its service principal. Credentials are not in the file: they are secrets. */
export interface ApplicationSetup {
  readonly name: string;
  readonly audience?: 'AzureADMyOrg' | 'AzureADMultipleOrgs';
}

/** A security role of the root business unit. */
export interface SecurityRoleSetup {
  readonly name: string;
  readonly privileges: readonly PrivilegesSetup[];
}

/** Rights on tables, or privileges by their names, at one depth. */
export interface PrivilegesSetup {
  readonly tables?: readonly string[];
  readonly rights?: readonly Right[];
  readonly names?: readonly string[];
  readonly depth?: Depth;
}

export const rights = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'] as const;
export type Right = (typeof rights)[number];

export const depths = ['Basic', 'Local', 'Deep', 'Global'] as const;
export type Depth = (typeof depths)[number];

/** An application by its name in the tenant, or by a client id where it is another tenant's. */
interface OfApplication {
  readonly application?: string;
  readonly clientId?: string;
}

export interface ApplicationUserSetup extends OfApplication {
  readonly businessUnit?: string;
  readonly isDisabled?: boolean;
  readonly securityRoles?: readonly string[];
}

/** A role of Human Resources, by its identifier, with all that it holds by itself. */
export interface HrRoleDefinitionSetup {
  readonly role: string;
  readonly name?: string;
  /** What policies of roles with one property look at. */
  readonly contextString?: string;
  readonly duties?: readonly string[];
  readonly privileges?: readonly string[];
  readonly childRoles?: readonly string[];
}

export interface HrUserSetup {
  readonly userId: string;
  readonly name?: string;
  readonly email?: string;
  readonly provider?: string;
  /** Where rows go that name no legal entity; a user may have none. */
  readonly company?: string;
  readonly language?: string;
  readonly isEnabled?: boolean;
  readonly roles?: readonly HrRoleSetup[];
}

/** A role by its identifier; in all legal entities where none is named. */
export interface HrRoleSetup {
  readonly role: string;
  readonly legalEntities?: readonly string[];
}

export interface ApplicationLinkSetup extends OfApplication {
  readonly name: string;
  readonly hrUser: string;
}

/** A choice that tables share. */
export interface ChoiceSetup {
  readonly name: string;
  readonly label: string;
  readonly options: readonly OptionSetup[];
}

export interface OptionSetup {
  readonly value: number;
  readonly label: string;
}
