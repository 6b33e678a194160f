import { formatCount } from '../time/format';
import { stepName } from './bars';
import { barTimes } from './bar-tip';
import type { HistogramData } from './use-histogram';

/** The histogram as a table, for those who do not see it: bars with entries only. */
export function BarTable({ data }: { data: HistogramData }) {
  const groups = data.groups.map(({ key }) => key);
  return (
    <div className="visually-hidden">
      <table>
        <caption>
          Entries by {stepName(data.step)} and type, in the time zone {data.timeZone}. Times without entries
          are left out.
        </caption>
        <thead>
          <tr>
            {['Time', 'Entries', ...groups, 'Other types'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.bars
            .filter(({ count }) => count > 0)
            .map((bar) => (
              <tr key={bar.start}>
                <th scope="row">
                  {barTimes(bar, data.timeZone)}
                  {bar.partial && ', partial'}
                </th>
                <td>{formatCount(bar.count)}</td>
                {groups.map((key) => (
                  <td key={key}>{formatCount(bar.groups.get(key) ?? 0)}</td>
                ))}
                <td>{formatCount(bar.otherCount)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
