import { useState, type ReactNode } from "react";
import * as UI from "./ui.js";

interface Props<T> {
  readonly items: readonly T[];
  render(item: T): ReactNode;
  onPick?: (item: T) => void;
}

const EMPTY = "nothing here";

export function Panel<T,>({ items, render, onPick = () => undefined }: Props<T>): ReactNode {
  const [open, setOpen] = useState<boolean>(false);
  const first: T | undefined = items[0];

  if (!first) {
    const label = EMPTY;
    return <p title={label}>{label} &amp; more</p>;
  }
  return (
    <>
      <UI.Button<T> onClick={() => setOpen(!open)} data-open={open}>
        Toggle
      </UI.Button>
      <ul {...UI.listProps}>
        {items.map((item, index) => (
          <li key={index} onClick={(event: React.MouseEvent) => onPick(item)}>
            {render(item)}
          </li>
        ))}
      </ul>
      <Footer note="end" />
    </>
  );
}

const Footer = ({ note }: { note: string }) => <footer>{note as string}</footer>;

class Boundary extends React.Component<Props<string>, { failed: boolean }> {
  state = { failed: false };

  componentDidCatch(error: Error) {
    this.setState({ failed: error !== null });
  }

  override render() {
    return this.state.failed ? <Footer note={EMPTY} /> : this.props.children;
  }
}
