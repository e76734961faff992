/** Human Resources: users and the applications that act as them. */
export const humanResources = {
  'hrUsers.title': 'Users',
  'hrUsers.userId': 'User ID',
  'hrUsers.userIdHint': 'It cannot be changed simply afterwards.',
  'hrUsers.userName': 'User name',
  'hrUsers.provider': 'Provider',
  'hrUsers.email': 'Email',
  'hrUsers.serviceHint': 'For a user of an application any word will do; the same in Email and Provider.',
  'hrUsers.company': 'Company',
  'hrUsers.enabled': 'Enabled',
  'hrUsers.role': 'Role',
  'hrUsers.new': 'New user',
  'hrUsers.roleHint': 'Recruiting application is what an ATS needs.',
  'hrLinks.title': 'Azure Active Directory applications',
  'hrLinks.new': 'New application link',
  'hrLinks.clientId': 'Client ID',
  'hrLinks.name': 'Name',
} as const;
