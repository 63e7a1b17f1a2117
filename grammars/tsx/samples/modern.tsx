// Valid TSX that must give no finding.
import type { FC, PropsWithChildren as P } from "react";

const Generic = <T extends object,>({ items }: { items: readonly T[] }) => <>{items.map((x) => <Row<T> key={`${x}`} {...x} />)}</>;
const View: FC<P<{ a?: string }>> = ({ children, a = "x" as const }) => (
  <svg:g data-a={a satisfies string} aria-hidden>
    {children ?? <b>{"text"} it's &amp; "fine"</b>}
    {/* nothing */}
  </svg:g>
);
export default function App(): JSX.Element { return <View a="1"><Generic items={[{}]} /></View>; }
