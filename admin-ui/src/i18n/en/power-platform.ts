/** Power Platform and Microsoft Entra: applications, application users, security roles, tables. */
export const powerPlatform = {
  'appRegistrations.title': 'App registrations',
  'appRegistrations.new': 'New registration',
  'appRegistrations.name': 'Display name',
  'appRegistrations.clientId': 'Application (client) ID',
  'appRegistrations.objectId': 'Object ID',
  'appRegistrations.created': 'Created',
  'appRegistrations.audience': 'Supported account types',
  'appRegistrations.audience.one': 'This directory only',
  'appRegistrations.audience.many': 'Any directory',
  'appRegistrations.credentials': 'Certificates & secrets',
  'appRegistrations.empty': 'No app registrations yet. Create the first one.',
} as const;
