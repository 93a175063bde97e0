"use client";

import { useTranslations } from "use-intl";

type Props = { title: string; columns: string[]; rows: { key: string; cells: string[] }[] };

/** The figures of a chart for those who would rather read them. */
export function Table({ title, columns, rows }: Props) {
  const t = useTranslations("analytics");
  return (
    <details className="mt-4 text-sm">
      <summary className="w-fit rounded py-1 text-muted hover:text-ink">{t("table", { title })}</summary>
      {/* It scrolls by itself, so the keyboard must be able to get there. */}
      <div tabIndex={0} role="region" aria-label={t("table", { title })} className="mt-2 max-h-72 overflow-auto rounded-lg border border-line">
        <table className="w-full border-collapse text-left tabular-nums">
          <caption className="sr-only">{title}</caption>
          <thead className="bg-sunken">
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="px-3 py-1.5 font-medium">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells: [first, ...others] }) => (
              <tr key={key} className="border-t border-line">
                <th scope="row" className="px-3 py-1.5 font-normal [overflow-wrap:anywhere]">
                  {first}
                </th>
                {others.map((cell, index) => (
                  <td key={columns[index + 1]} className="px-3 py-1.5">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
