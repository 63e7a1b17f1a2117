export function Panel({ title }: { title: string }) {
  return (
    <section>
      <h1>{title</h1>
      <p>text</div>
    </section>
  );
}
