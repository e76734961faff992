import { Button, Input, type InputProps, makeStyles } from '@fluentui/react-components';
import { CalendarEmptyRegular } from '@fluentui/react-icons/svg/calendar-empty';
import { useRef, useState } from 'react';
import { useLocale } from '../i18n/locale-context.tsx';
import { parseDate, writeDate } from '../i18n/written-date.ts';

const useStyles = makeStyles({
  frame: { display: 'flex', position: 'relative', minWidth: 0 },
  input: { flexGrow: 1, minWidth: 0, '& input': { minWidth: 0 } },
  /** The browser's calendar hangs below it; nobody sees or reaches it otherwise. */
  calendar: {
    position: 'absolute',
    bottom: 0,
    right: 0,
    width: '1px',
    height: '1px',
    padding: 0,
    border: 0,
    opacity: 0,
    pointerEvents: 'none',
  },
});

interface DateInputProps extends Omit<InputProps, 'value' | 'onChange' | 'type' | 'className'> {
  /** As `parseDate` gives it, or what was typed where that is no date. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hasTime?: boolean;
}

/**
 * A date, typed in the order of the chosen language or picked in the browser's calendar. The browser's own field writes
 * it in the browser's language, which is another one for many.
 */
export function DateInput({ value, onChange, hasTime = false, ...frame }: DateInputProps) {
  const { t, dateSeparator } = useLocale();
  const styles = useStyles();
  const calendar = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  return (
    <span className={styles.frame}>
      <Input
        {...frame}
        className={styles.input}
        autoComplete="off"
        placeholder={hasTime ? t('form.dateTimePattern') : t('form.datePattern')}
        value={typed ?? writeDate(value, dateSeparator)}
        onChange={(_, to) => {
          setTyped(to.value);
          onChange(parseDate(to.value, hasTime) ?? to.value);
        }}
        onBlur={() => setTyped(undefined)}
        contentAfter={
          <Button
            appearance="transparent"
            size="small"
            icon={<CalendarEmptyRegular />}
            aria-label={t('form.calendar')}
            onClick={() => calendar.current?.showPicker()}
          />
        }
      />
      <input
        ref={calendar}
        className={styles.calendar}
        type={hasTime ? 'datetime-local' : 'date'}
        tabIndex={-1}
        aria-hidden="true"
        value={parseDate(value, hasTime) ?? ''}
        onChange={({ target }) => onChange(target.value)}
      />
    </span>
  );
}
