import type { ApplicationUser } from '../dataverse/application-user.ts';
import type { AppRegistration, ServicePrincipal } from '../directory/entities.ts';
import type { ApplicationLink, HrUser } from '../hr/hr-user.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { ClientId, TenantId } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import type { EnvironmentView, Subject } from './environment-view.ts';

/** What one explanation is about, with what its conditions look up again and again. */
export class Facts {
  readonly view: EnvironmentView;
  readonly subject: Subject;
  readonly shapes: readonly RequestShape[];

  constructor(view: EnvironmentView, subject: Subject, shapes: readonly RequestShape[]) {
    this.view = view;
    this.subject = subject;
    this.shapes = shapes;
  }

  get tenantId(): TenantId {
    return this.subject.tenantId ?? this.view.tenantId;
  }

  /** The application user of the client id, whether enabled or not. */
  get user(): ApplicationUser | undefined {
    const { clientId } = this.subject;
    return clientId && this.view.dataverse.usersByClientId.get(clientId);
  }

  /** The user that the second gate sees: the one in whose name the request is made. */
  get asker(): ApplicationUser | undefined {
    const { asUserId } = this.subject;
    return asUserId === undefined ? this.user : this.view.dataverse.users.get(asUserId);
  }

  /** The client id whose application link counts. */
  get linkedClientId(): ClientId | undefined {
    return this.asker?.clientId ?? this.subject.clientId;
  }

  get application(): AppRegistration | undefined {
    const { clientId } = this.subject;
    return clientId && this.view.directory.findApplication(clientId);
  }

  get principal(): ServicePrincipal | undefined {
    const { clientId } = this.subject;
    return clientId && this.view.directory.findServicePrincipal(this.tenantId, clientId);
  }

  get link(): ApplicationLink | undefined {
    return this.view.hr.links.get(this.linkedClientId ?? '');
  }

  get hrUser(): HrUser | undefined {
    const { link } = this;
    return link?.userId === undefined ? undefined : this.view.hr.findUser(link.userId);
  }

  /** The table that the request is about; `undefined` where nothing is known of it. */
  get table(): Table | undefined {
    return this.view.model.table.get(this.shapes[0]?.table ?? '');
  }
}
