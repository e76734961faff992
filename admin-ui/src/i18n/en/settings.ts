/** Operators of the web app. */
export const settings = {
  'operators.title': 'Operators',
  'operators.new': 'New operator',
  'operators.role': 'Role',
  'operators.enabled': 'Enabled',
  'operators.password': 'Has a password',
  'operators.last': 'Last sign-in',
  'operators.link': 'New link',
  'operators.access': 'Access',
  'operators.disable': 'Disable',
  'operators.enable': 'Enable',
} as const;
