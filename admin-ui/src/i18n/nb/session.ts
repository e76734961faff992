import type { session as english } from '../en/session.ts';
import type { Translated } from '../message.ts';

export const session = {
  'signIn.title': 'Logg på',
  'signIn.name': 'Navn',
  'signIn.password': 'Passord',
  'signIn.submit': 'Logg på',
  'signIn.passkey': 'Logg på med passnøkkel',
  'signIn.openId': 'Logg på med {name}',
  'signIn.or': 'eller',
  'setUp.title': 'Sett opp tilgangen din',
  'setUp.first': 'Du er den første administratoren i denne installasjonen. Velg et navn og et passord.',
  'setUp.invited': 'Du er invitert som «{name}» med rollen {role}. Velg et passord.',
  'setUp.reset': 'Velg et nytt passord, {name}.',
  'setUp.password': 'Nytt passord',
  'setUp.repeat': 'Gjenta passordet',
  'setUp.passwordHint': 'Minst 12 tegn. En setning er lettere å huske enn en gåte.',
  'setUp.submit': 'Lagre passordet og logg på',
  'setUp.passkey': 'Bruk en passnøkkel i stedet',
  'setUp.passkeyHint': 'Passnøkkelen på denne enheten lages når du velger dette.',
  'setUp.different': 'De to passordene er ulike.',
  'setUp.noToken': 'Adressen mangler koden i lenken. Åpne hele lenken slik du fikk den.',
  'setUp.needed':
    'Ingen kan logge på ennå. Serveren skrev en lenke på konsollen sin; åpne den for å sette opp den første administratoren.',
  'problem.wrongPassword': 'Navn og passord passer ikke sammen.',
  'problem.wrongPasskey': 'Passnøkkelen ble ikke godtatt.',
  'problem.openIdRefused': 'Påloggingen et annet sted ble ikke godtatt.',
  'problem.noOperator': 'Du er pålogget et annet sted, men ingen har gitt deg tilgang her.',
  'problem.linkInvalid': 'Lenken er brukt eller utløpt. Be om en ny.',
  'problem.passkeyCancelled': 'Ingen passnøkkel ble valgt.',
  'problem.authorityOff': 'Autoriteten på denne serveren er slått av, så ingen kan logge på.',
} as const satisfies Translated<typeof english>;
