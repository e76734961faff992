import { Button, Checkbox, Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { type FormEvent, useState } from 'react';
import { Lookup } from '../../components/lookup.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { heldBy, isWhole, type RoleChange, type RoleGate, rolesOf } from './role-change.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '40rem' },
  lost: {
    listStyleType: 'none',
    margin: `${tokens.spacingVerticalS} 0 0`,
    padding: 0,
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
  },
  name: { overflowWrap: 'anywhere', minWidth: 0 },
});

interface RoleChangeFormProps {
  readonly change: RoleChange;
  readonly onAsk: (change: RoleChange) => void;
}

/** Which role would lose what, or be gone. */
export function RoleChangeForm({ change, onAsk }: RoleChangeFormProps) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const [thought, setThought] = useState(change);
  const set = (part: Partial<RoleChange>): void => setThought({ ...thought, ...part });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(thought);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t('simulate.gate')}>
        <Select value={thought.gate} onChange={(_, { value }) => set({ gate: value as RoleGate, role: '', loses: [] })}>
          <option value="dataverse">{t('simulate.gate.dataverse')}</option>
          <option value="human-resources">{t('simulate.gate.hr')}</option>
        </Select>
      </Field>
      <Field label={t('simulate.role')} required>
        <Lookup
          key={thought.gate}
          source={rolesOf(thought.gate, language)}
          value={thought.role}
          onChange={(role) => set({ role, loses: [] })}
        />
      </Field>
      <Checkbox
        label={t('simulate.deleted')}
        checked={thought.isDeleted}
        onChange={(_, { checked }) => set({ isDeleted: checked === true })}
      />
      {thought.isDeleted || thought.role === '' ? null : (
        <Losses change={thought} onChange={(loses) => set({ loses })} />
      )}
      <div>
        <Button type="submit" appearance="primary" disabled={!isWhole(thought)}>
          {t('simulate.ask')}
        </Button>
      </div>
    </form>
  );
}

interface LossesProps {
  readonly change: RoleChange;
  readonly onChange: (loses: readonly string[]) => void;
}

/** One after the other is chosen of what the role has. */
function Losses({ change, onChange }: LossesProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const { loses } = change;
  return (
    <div>
      <Field label={t('simulate.loses')} hint={t('simulate.loses.hint')}>
        <Lookup
          key={loses.length}
          source={heldBy(change)}
          value=""
          onChange={(name) => {
            if (name !== '' && !loses.includes(name)) onChange([...loses, name]);
          }}
        />
      </Field>
      {loses.length === 0 ? null : (
        <ul className={styles.lost} aria-label={t('simulate.loses')}>
          {loses.map((name) => (
            <li key={name}>
              <Button
                size="small"
                icon={<DismissRegular />}
                iconPosition="after"
                className={styles.name}
                aria-label={t('simulate.keeps', { name })}
                onClick={() => onChange(loses.filter((each) => each !== name))}
              >
                {name}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
