// Valid JSX that must give no finding.
export const View = ({ items = [], ...props }) => (
  <>
    <svg:path xlink:href="#a" data-x='y' {...props} />
    {/* a comment */}
    {items.length > 0 && <ul>{items.map((x) => <li key={x}>{x} &nbsp; it's "fine" here</li>)}</ul>}
    <Menu.Item render={() => <b>hi</b>} icon=<Icon /> disabled>{...items}</Menu.Item>
  </>
);
