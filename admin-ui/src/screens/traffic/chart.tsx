import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useTheme } from '../../theme/theme-context.tsx';

const height = 180;

const useStyles = makeStyles({
  figure: { margin: 0, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, minWidth: 0 },
  plot: { width: '100%', minWidth: 0, overflow: 'hidden' },
  legend: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL },
  entry: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  line: { width: '18px', height: '0', borderTopWidth: '3px' },
  first: { borderTopStyle: 'solid', borderTopColor: tokens.colorBrandForeground1 },
  second: { borderTopStyle: 'dashed', borderTopColor: tokens.colorPaletteDarkOrangeForeground1 },
  third: { borderTopStyle: 'dotted', borderTopColor: tokens.colorPaletteRedForeground1 },
});

/** Colours of the component library, by the name of their variable; and how each line is drawn, for who sees no colours. */
const lines = [
  { variable: '--colorBrandForeground1', dash: [], style: 'first' },
  { variable: '--colorPaletteDarkOrangeForeground1', dash: [6, 4], style: 'second' },
  { variable: '--colorPaletteRedForeground1', dash: [2, 3], style: 'third' },
] as const;

export interface Series {
  readonly name: string;
  /** The newest value, in words. */
  readonly latest: string;
  readonly values: readonly number[];
}

interface ChartProps {
  readonly title: string;
  /** Seconds since 1970, oldest first. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** Lines over time. What it shows is said in words beside it. */
export function Chart({ title, times, series }: ChartProps) {
  const styles = useStyles();
  const { appearance } = useTheme();
  const { language, time, number } = useLocale();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const count = series.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another appearance has other colours, another language other words
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const colour = (variable: string): string => getComputedStyle(element).getPropertyValue(variable).trim();
    const axis = (write: (value: number) => string): UPlot.Axis => ({
      stroke: colour('--colorNeutralForeground2'),
      grid: { stroke: colour('--colorNeutralStroke3') },
      values: (_, splits) => splits.map(write),
    });
    const made = new UPlot(
      {
        ...{ width: element.clientWidth, height, legend: { show: false }, cursor: { show: false } },
        scales: { y: { range: (_, _low, high) => [0, Math.max(1, high * 1.1)] } },
        axes: [{ ...axis((seconds) => time(new Date(1000 * seconds))), space: 80 }, axis(number)],
        series: [
          {},
          ...lines.slice(0, count).map(({ variable, dash }) => ({
            ...{ stroke: colour(variable), width: 2, dash: [...dash], points: { show: false } },
          })),
        ],
      },
      [[], ...lines.slice(0, count).map(() => [])],
      element,
    );
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [count, appearance, language]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot that was made anew has no lines yet
  useEffect(() => {
    plot.current?.setData([[...times], ...series.map(({ values }) => [...values])]);
  }, [times, series, count, appearance, language]);
  const words = series.map(({ name, latest }) => `${name} ${latest}`).join(', ');
  return (
    <figure className={styles.figure}>
      <figcaption>
        <Text weight="semibold">{title}</Text>
      </figcaption>
      <div ref={place} className={styles.plot} role="img" aria-label={`${title}: ${words}`} />
      <div className={styles.legend}>
        {series.map(({ name, latest }, at) => (
          <span key={name} className={styles.entry}>
            <span className={`${styles.line} ${styles[lines[at]?.style ?? 'first']}`} />
            <Text>
              {name} {latest}
            </Text>
          </span>
        ))}
      </div>
    </figure>
  );
}
