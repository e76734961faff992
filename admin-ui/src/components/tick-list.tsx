import { Checkbox, makeStyles } from '@fluentui/react-components';

const useStyles = makeStyles({
  ticks: { display: 'flex', flexDirection: 'column', maxHeight: '50vh', overflowY: 'auto' },
});

interface TickListProps {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly ticked: ReadonlySet<string>;
  readonly onChange: (ticked: ReadonlySet<string>) => void;
}

/** Some of a short list, chosen by ticks. */
export function TickList({ options, ticked, onChange }: TickListProps) {
  const styles = useStyles();
  const tick = (value: string, isTicked: boolean): void => {
    const next = new Set(ticked);
    if (isTicked) next.add(value);
    else next.delete(value);
    onChange(next);
  };
  return (
    <div className={styles.ticks}>
      {options.map(({ value, label }) => (
        <Checkbox
          key={value}
          label={label}
          checked={ticked.has(value)}
          onChange={(_, { checked }) => tick(value, checked === true)}
        />
      ))}
    </div>
  );
}
