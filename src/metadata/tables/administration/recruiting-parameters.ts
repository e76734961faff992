import type { TableDefinition } from '../../table.ts';

/**
 * Parameters of recruiting, a row for each legal entity that differs from the defaults (ats-api 8: the product has them on
 * the tab Recruitment of its Human resources parameters). The names are ours.
 */
export const recruitingParameters: TableDefinition = {
  logicalName: 'recruitingparameter',
  schemaName: 'RecruitingParameter',
  entitySetName: 'RecruitingParameters',
  label: 'Recruiting parameters',
  labelNb: 'Rekrutteringsparametere',
  kind: 'administration',
  objectTypeCode: 12013,
  purpose: 'How a legal entity recruits.',
  primaryKey: 'rowid',
  primaryName: 'DataAreaId',
  naturalKey: ['DataAreaId'],
  columns: [
    {
      name: 'rowid',
      label: 'Row',
      description: 'Ours; the surface addresses rows by their readable key.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
      hidden: true,
    },
    {
      name: 'DataAreaId',
      label: 'Company',
      description: 'Legal entity code.',
      type: 'String',
      maxLength: 4,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'RequestWorkflow',
      label: 'Workflow of recruiting requests',
      description: '`Yes`: a request is submitted, reviewed and approved. `No`: whoever made it activates it.',
      type: 'String',
      maxLength: 3,
      access: 'read-write',
      required: true,
      default: 'No',
    },
    {
      name: 'RejectedCandidateRetentionDays',
      label: 'Days that rejected candidates are kept',
      description: 'Days after Not hired or Dismissed until the personal data is erased; 0 keeps it.',
      type: 'Integer',
      min: 0,
      max: 36500,
      access: 'read-write',
      required: true,
      default: 0,
    },
  ],
};
